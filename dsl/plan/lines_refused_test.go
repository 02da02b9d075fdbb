package plan

import (
	"bytes"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/internal/mutate"
)

// TestLinesRefused joins lists that no rows have.
func TestLinesRefused(t *testing.T) {
	const text = "%u1,%s\n"
	join := func(n dsl.Node, s, t []byte, size int) error {
		p, streams := linesPlan(n, s, t)
		return new(Machine).Join(make([]byte, size), p, streams)
	}
	valid := dsl.Node{Op: dsl.Lines, Nums: [3]int32{'\n', 2}, List: []int32{1}}
	for _, c := range []struct {
		name, s, t string
		size       int
		valid      bool
	}{
		{"7,a and an exception, x,b", "\x02\x04\x07\xff", "x\na\nb\n", 8, true},
		{"the last end is missing", "\x02\x04\x07\xff", "x\na\nb\n", 7, true},
		{"rows that are too long", "\x02\x04\x07\xff", "x\na\nb\n", 6, false},
		{"rows that are too short", "\x02\x04\x07\xff", "x\na\nb\n", 9, false},
		{"no exception", "\x00\x04\x07\xff", "a\nb\n", 8, false},
		{"an exception too many", "\x02\x04\x07\x07", "x\na\nb\n", 8, false},
		{"a cell too many", "\x00\x06\x07\x07", "a\nb\nc\n", 8, false},
		{"a cell too few", "\x00\x02\x07\x07", "a\n", 8, false},
		{"cells beyond the list", "\x00\x05\x07\x07", "a\nb\n", 8, false},
		{"cells far beyond the list", "\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x07\x07", "a\nb\n", 8, false},
		{"a uvarint that is too long", "\x00\x84\x00\x07\x07", "a\nb\n", 8, false},
		{"cells without their end", "\x00\x03\x07\x07", "a\nb", 8, false},
		{"bytes after the cells", "\x00\x04\x07\x07", "a\nb\nc\n", 8, false},
		{"a column too short", "\x00\x04\x07", "a\nb\n", 8, false},
		{"a column too long", "\x00\x04\x07\x07\x07", "a\nb\n", 8, false},
		{"no columns", "", "a\nb\n", 8, false},
	} {
		err := join(valid, []byte(c.s), []byte(text+c.t), c.size)
		if c.valid && err != nil || !c.valid && !errors.Is(err, dsl.ErrExecution) {
			t.Errorf("%s: %v, valid is %t", c.name, err, c.valid)
		}
	}
	for _, c := range []struct {
		what, s, t string
		list       []int32
		rows, size int
	}{
		{"a template that is not there", "\x00\x02", "a\nb\n", []int32{2}, 2, 4},
		{"template 2 of 3 of 256", "\x02", strings.Repeat("a\n", 2), []int32{2}, 1, 2},
		{"no end of the templates", "", "a", []int32{1}, 1, 1},
		{"more sets than templates", "", "a\n", []int32{1, 1}, 1, 1},
		{"word 1 before word 0", "\x04\x01\x00", "%w1\na\nb\n", []int32{1}, 2, 4},
		{"a word that is not taken", "\x04\x00\x00", "%w1\na\nb\n", []int32{1}, 2, 4},
		{"a time beyond its day", "\x00\x18", "%[H]1\n", []int32{1}, 1, 2},
		{"a time before its day", "\x00\xfe", "%[H]1\n", []int32{1}, 1, 2},
		{"a day beyond the year", "\x00\x6e\x01", "%[m-d]2\n", []int32{1}, 1, 5},
		{"a year beyond 2099", "\x00\x7a\xb9", "%[y-m-d]2\n", []int32{1}, 1, 8},
		{"a year beyond 9999", "\x00\xa1\xc0\x2c\x00", "%[Y-m-d]4\n", []int32{1}, 1, 10},
		{"a sum of other than digits", "", ":0%:\n", []int32{1}, 1, 5},
		{"a sum of nothing", "", "%:\n", []int32{1}, 1, 3},
		{"a sum of a letter that is no digit", "", ":0g%;\n", []int32{1}, 1, 6},
		{"an S-record of other than digits", "", "S1x0%M\n", []int32{1}, 1, 7},
		{"an S-record of half a byte", "", "S10%m\n", []int32{1}, 1, 6},
		{"an S-record without a type", "", "S%M\n", []int32{1}, 1, 4},
		{"too many instances", "", strings.Repeat("%<2>", 9) + "\n\n", []int32{1, 1}, 9, 9},
		{"instances by the million", "", strings.Repeat("%<2>", 500) + "\n" + strings.Repeat("%<3>", 500) + "\n\n", []int32{1, 1, 1}, 100, 4000},
	} {
		n := dsl.Node{Op: dsl.Lines, Nums: [3]int32{'\n', int32(c.rows)}, List: c.list}
		if err := join(n, []byte(c.s), []byte(c.t), c.size); !errors.Is(err, dsl.ErrExecution) {
			t.Errorf("%s: %v", c.what, err)
		}
	}
	for _, c := range []struct {
		end, rows int32
		list      []int32
	}{{-1, 1, []int32{1}}, {256, 1, []int32{1}}, {10, 0, []int32{1}}, {10, -1, []int32{1}}, {10, 4, []int32{1}}, {10, math.MaxInt32, []int32{1}}, {10, 1, nil}, {10, 1, []int32{0}}, {10, 1, []int32{-1, 2}}, {10, 1, []int32{257}}} {
		n := dsl.Node{Op: dsl.Lines, Nums: [3]int32{c.end, c.rows}, List: c.list}
		if err := join(n, nil, []byte("\n"), 2); !errors.Is(err, dsl.ErrExecution) {
			t.Errorf("%+v: %v", c, err)
		}
	}
	p := mustParse(t, "sequence_1 = payload(0)\nsequence_2 = lines(sequence_1, sequence_1, 10, 1, [1])\noutput = sequence_2")
	if _, err := NewLayout(p, 5); !errors.Is(err, dsl.ErrExecution) {
		t.Errorf("lists without stated lengths: %v", err)
	}
}

// TestSplitLinesRefused takes apart what the plan's templates do not print, or not with the
// lengths that it states.
func TestSplitLinesRefused(t *testing.T) {
	n, a, b, err := LinesNode([]byte("1\n2\n"), "%u1\n", '\n', []int{1})
	if err != nil {
		t.Fatal(err)
	}
	p, _ := linesPlan(n, a, b)
	for _, src := range []string{"1\n2", "1\n23", "1\n25x", "1\n\n2", "1234", "12\n\n", ""} {
		if _, err := new(Machine).Split([]byte(src), p); !errors.Is(err, dsl.ErrExecution) && src != "1\n2" && src != "1\n23" {
			t.Errorf("%q: %v", src, err)
		}
	}
	p.Nodes[4].Text = ""
	if _, err := new(Machine).Split([]byte("1\n2\n"), p); !errors.Is(err, dsl.ErrExecution) {
		t.Errorf("without templates: %v", err)
	}
	if _, _, _, err := LinesNode([]byte("1\nx,\n"), "%u1\n%s.\n", '\n', []int{2}); err != nil {
		t.Errorf("an exception: %v", err)
	}
	if _, _, _, err := LinesNode([]byte("1\nx\n"), "a%u1\n", '\n', []int{1}); !errors.Is(err, dsl.ErrExecution) {
		t.Errorf("rows of no template: %v", err)
	}
}

// FuzzLines prints rows from any lists; and takes rows apart by any templates.
func FuzzLines(plain *testing.F) {
	f := mutate.Of(plain)
	r := newSampler(62)
	for range 40 {
		n, s, t, src, err := r.lines(r.IntN(12))
		if err != nil {
			f.Fatal(err)
		}
		sets := make([]byte, len(n.List))
		for k, x := range n.List {
			sets[k] = byte(x)
		}
		f.Add(n.Text, byte('\n'), sets, n.Nums[1], s, t[len(n.Text):], src)
	}
	f.Fuzz(func(t *testing.T, text string, end byte, sets []byte, rows int32, s, cells, src []byte) {
		n := dsl.Node{Op: dsl.Lines, Nums: [3]int32{int32(end), rows}}
		var counts []int
		for _, x := range sets {
			n.List, counts = append(n.List, int32(x)), append(counts, int(x))
		}
		isRefusal := func(err error) bool { return errors.Is(err, dsl.ErrExecution) || errors.Is(err, dsl.ErrLimit) }
		var m Machine
		p, streams := linesPlan(n, s, append([]byte(text), cells...))
		dst := make([]byte, len(src))
		if err := m.Join(dst, p, streams); err != nil && !isRefusal(err) {
			t.Fatal(err)
		} else if err == nil {
			if got := (&oracle{p, streams}).list(p.Out); !bytes.Equal(got[:len(dst)], dst) {
				t.Fatalf("%q %d %v: joined to %q, by the oracle to %q", text, end, sets, dst, got)
			}
		}
		n, a, b, err := LinesNode(src, text, end, counts)
		if err != nil {
			if !isRefusal(err) {
				t.Fatal(err)
			}
			return
		}
		p, streams = linesPlan(n, a, b)
		if err := m.Join(dst, p, streams); err != nil && !errors.Is(err, dsl.ErrLimit) || err == nil && !bytes.Equal(dst, src) {
			t.Fatalf("%q %d %v: %q joined to %q: %v", text, end, sets, src, dst, err)
		}
	})
}
