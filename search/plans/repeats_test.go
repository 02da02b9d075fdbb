package plans

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
)

// far returns noise that comes twice, with noise of its own between and after.
func far(r *rand.Rand, size int) []byte {
	b := make([]byte, size)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	copy(b[size/2:], b[:size/3])
	return b
}

// TestRepeatsBecomeCopies takes what repeats out of a segment and out of the streams of a plan.
func TestRepeatsBecomeCopies(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	src := far(r, 300_000)
	two, err := dsl.Parse("sequence_1 = payload(0)\nsequence_2 = payload(1)\nsequence_3 = interleave(sequence_2, sequence_1)\noutput = sequence_3", dsl.Plan)
	if err != nil {
		t.Fatal(err)
	}
	zeros := make([]byte, len(src))
	woven := make([]byte, 2*len(src))
	var m plan.Machine
	if err := m.Join(woven, two, [][]byte{src, zeros}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		src  []byte
		d    plan.Division
		most int // bytes of all streams
	}{
		{"a segment", src, plan.Division{Plan: dsl.Identity(), Streams: [][]byte{src}}, len(src)*2/3 + 1000},
		{"two streams", woven, plan.Division{Plan: two, Streams: [][]byte{src, zeros}}, len(src)*5/3 + 1000},
	} {
		for _, level := range []int{4, 6, 9} {
			got, ok := New(level).Repeats(context.Background(), c.d, estimate, 0)
			if !ok {
				t.Errorf("%s, level %d: no repeats", c.name, level)
				continue
			}
			total := 0
			for _, s := range got.Streams {
				total += len(s)
			}
			dst := make([]byte, len(c.src))
			if err := m.Join(dst, got.Plan, got.Streams); err != nil || !bytes.Equal(dst, c.src) || total > c.most {
				t.Errorf("%s, level %d: %d bytes of streams, at most %d; joined %v\n%s", c.name, level, total, c.most, err, got.Plan)
			}
		}
	}
	if got, ok := New(9).Repeats(context.Background(), plan.Division{Plan: dsl.Identity(), Streams: [][]byte{src[:100_000]}}, estimate, 0); ok {
		t.Errorf("noise has repeats\n%s", got.Plan)
	}
}

// mergedTable returns size bytes of a table with numbers in wide columns, of which half of the records
// came before: what a merge of tables has.
func mergedTable(r *rand.Rand, size int) (b []byte) {
	const columns, minWidth, maxBits = 20, 12, 11
	var records [][]byte
	for len(b) < size {
		if len(records) > 200 && r.IntN(2) == 0 {
			b = append(b, records[r.IntN(len(records))]...)
			continue
		}
		var record []byte
		for k := range columns {
			record = fmt.Appendf(record, "%*d", minWidth+k*5%7, r.IntN(2<<r.IntN(maxBits)))
		}
		records = append(records, record)
		b = append(b, record...)
	}
	return b[:size]
}

// TestDeeperRepeatsAreNoLarger holds that copies of level 9 leave no more than those of level 6
// of a table of which its parse alone leaves more.
func TestDeeperRepeatsAreNoLarger(t *testing.T) {
	src := mergedTable(rand.New(rand.NewPCG(2, 7)), 300_000)
	size := func(level int) (n int) {
		got, ok := New(level).Repeats(context.Background(), plan.Division{Plan: dsl.Identity(), Streams: [][]byte{src}}, estimate, 0)
		if !ok {
			t.Fatalf("level %d: no repeats", level)
		}
		for _, s := range got.Streams {
			n += estimate(s)
		}
		return n
	}
	_, literals, columns := contract(context.Background(), src, repeatEfforts[9].parse)
	low, high, alone := size(6), size(9), estimate(literals)+estimate(columns)
	if high > low {
		t.Errorf("%d bytes at level 9, %d at 6", high, low)
	}
	if alone <= low {
		t.Errorf("the parse of level 9 alone takes %d bytes, no more than %d: another table is needed", alone, low)
	}
}

// TestTooManyCopies leaves out short copies if a plan cannot have so many.
func TestTooManyCopies(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var copies []plan.Copy
	size := 0
	for size < 30<<20 {
		c := plan.Copy{Run: uint32(r.IntN(9)), Length: uint32(3 + r.IntN(12)), Distance: uint32(1 + r.IntN(size+1))}
		size += int(c.Run + c.Length)
		copies = append(copies, c)
	}
	kept, least := affordable(copies, size)
	n, columns := plan.CopyNode(kept, least)
	p := &draft{}
	literals := size
	for _, c := range kept {
		literals -= int(c.Length)
	}
	p.Out = p.add(n, p.stream(literals), p.stream(len(columns)))
	if _, err := plan.NewLayout(p.Canonical(), size); err != nil || len(kept) < 500_000 || least < 8 {
		t.Errorf("%d copies of at least %d bytes: %v", len(kept), least, err)
	}
}

// TestLengthens asks for longer segments if what is far repeats.
func TestLengthens(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	src := far(r, 300_000)
	for level, want := range map[int]bool{1: false, 6: true, 9: true} {
		if got := New(level).Lengthens(src, 8); got != want {
			t.Errorf("level %d: %t, want %t", level, got, want)
		}
	}
	if New(9).Lengthens(src[:150_000], 32) {
		t.Error("noise that does not repeat")
	}
}
