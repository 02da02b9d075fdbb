package plan

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/dsl"
)

// wantSpread spreads random costs by p, which makes src of streams, and wants their sum to stay in each list.
func (r sampler) wantSpread(t *testing.T, m *Machine, p *dsl.Program, src []byte, streams [][]byte) {
	t.Helper()
	costs, sum := make([][]uint16, len(streams)), uint64(0)
	for k, s := range streams {
		costs[k] = make([]uint16, len(s))
		for i := range s {
			costs[k][i] = uint16(r.IntN(200))
		}
		sum += total(costs[k])
	}
	got, err := m.Spread(len(src), p, streams, costs, func(x *Made) error {
		if len(x.List) != len(x.Costs) {
			return fmt.Errorf("list %d has %d bytes and %d costs", x.Node, len(x.List), len(x.Costs))
		}
		if x.Node == p.Out && !bytes.Equal(x.List, src) {
			return errors.New("another segment")
		}
		for k, ref := range p.Nodes[x.Node].Refs[:p.Nodes[x.Node].Op.Lists()] {
			if rowOf(p.Nodes[x.Node].Op).place == separate && p.Nodes[ref].Op == dsl.Payload && !bytes.Equal(x.Args[k], streams[p.Nodes[ref].Nums[0]]) {
				return fmt.Errorf("argument %d is not what it was", k)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatalf("%s\n%v", p, err)
	}
	if len(src) > 0 && (len(got) != len(src) || total(got) != sum) {
		t.Fatalf("%s\n%d bytes cost %d, want %d and %d", p, len(got), total(got), len(src), sum)
	}
}

// TestSpreadKeepsSums spreads costs by random plans of every operation.
func TestSpreadKeepsSums(t *testing.T) {
	r := newSampler(71)
	var m Machine
	used := map[dsl.Op]int{}
	want := func(p *dsl.Program, src []byte) {
		streams, err := m.Split(src, p)
		if errors.Is(err, dsl.ErrLimit) || errors.Is(err, dsl.ErrExecution) {
			return // lists in lists that are too short for them
		}
		r.wantSpread(t, &m, p, src, streams)
		for _, n := range p.Nodes {
			used[n.Op]++
		}
	}
	layouts(t, 1000, func(p *dsl.Program, size int) {
		src := make([]byte, size)
		for i := range src {
			src[i] = byte(r.Uint32())
		}
		want(p, src)
	})
	for range 1000 {
		want(r.kinds())
		n, a, b, src, err := r.lines(r.IntN(40))
		if err != nil {
			t.Fatal(err)
		}
		p, streams := linesPlan(n, a, b)
		r.wantSpread(t, &m, p, src, streams)
		used[dsl.Lines]++
		src, copies := r.repetitive(3)
		p, streams = copyPlan(src, copies, 3)
		r.wantSpread(t, &m, p, src, streams)
		used[dsl.Expand]++
	}
	for range 200 {
		text := []byte(">first\n")
		for range r.IntN(30) {
			for range r.IntN(90) {
				text = append(text, "ACGTacgt"[r.IntN(4)+4*(len(text)/100%2)])
			}
			text = append(text, '\n')
		}
		for _, alphabet := range []string{"ACGT", "0123456789abcdef"} {
			n, packed, runs, err := LettersNode(text, alphabetOf(alphabet))
			if err != nil {
				t.Fatal(err)
			}
			p, streams := linesPlan(n, packed, runs)
			r.wantSpread(t, &m, p, text, streams)
		}
		used[dsl.Letters]++
		groups := make([]byte, 600)
		for i := range groups {
			groups[i] = byte(r.IntN(2))
		}
		w := []int{1, 2, 4, 8}[r.IntN(4)]
		count := map[string]bool{}
		for g := range slices.Chunk(groups, w) {
			count[string(g)] = true
		}
		for _, op := range []dsl.Op{dsl.Distinct, dsl.Lookup} {
			want(&dsl.Program{Nodes: []dsl.Node{{Op: dsl.Payload}, {Op: dsl.Payload, Nums: [3]int32{1}},
				{Op: dsl.Between, Refs: [2]int{1}, Nums: [3]int32{0, int32(w * len(count))}},
				{Op: op, Refs: [2]int{0, 2}, Nums: [3]int32{int32(w), 2}}}, Out: 3}, groups)
		}
	}
	for i := range rows {
		if op := dsl.Op(i); op.In(dsl.Plan) && (int(op) >= len(spreads) || spreads[op] == nil) {
			t.Errorf("%v has no row in spreads", op)
		}
		if op := dsl.Op(i); op.In(dsl.Plan) && used[op] < 20 && op != dsl.Records {
			t.Errorf("%v was used %d times", op, used[op])
		}
	}
}

// TestSpread wants what the bytes cost that operations make.
func TestSpread(t *testing.T) {
	for _, c := range []struct {
		plan    string // after sequence_1 and sequence_3, which are payloads, and sequence_2 and sequence_4, these with their lengths
		streams [2]string
		costs   [2][]uint16
		want    []uint16
	}{
		{"transpose(sequence_1, 1, 3)", [2]string{"abcdefg"}, [2][]uint16{{1, 2, 3, 4, 5, 6, 7}}, []uint16{1, 4, 6, 2, 5, 7, 3}},
		{"transpose(sequence_1, 2, 2)", [2]string{"aabbccd"}, [2][]uint16{{1, 2, 3, 4, 5, 6, 7}}, []uint16{1, 2, 5, 6, 3, 4, 7}},
		{"fields(sequence_1, [1, 2])", [2]string{"abccddx"}, [2][]uint16{{1, 2, 3, 4, 5, 6, 7}}, []uint16{1, 3, 4, 2, 5, 6, 7}},
		{"reverse_list(sequence_1)", [2]string{"abc"}, [2][]uint16{{1, 2, 3}}, []uint16{3, 2, 1}},
		{"interleave(sequence_2, sequence_4)", [2]string{"abc", "xy"}, [2][]uint16{{1, 2, 3}, {8, 9}}, []uint16{1, 8, 2, 9, 3}},
		{"concatenate(sequence_2, sequence_4)", [2]string{"abc", "xy"}, [2][]uint16{{1, 2, 3}, {8, 9}}, []uint16{1, 2, 3, 8, 9}},
		{"concatenate(sequence_2, sequence_1)", [2]string{"abc"}, [2][]uint16{{1, 2, 5}}, []uint16{0, 1, 2, 1, 1, 3}}, // a stream that is used twice
		{"zigzag(sequence_1, 2)", [2]string{"abcde"}, [2][]uint16{{1, 2, 7, 0, 9}}, []uint16{1, 2, 3, 4, 9}},
		{"predict(sequence_1, -2, 0, [1, 1])", [2]string{"abcd"}, [2][]uint16{{10, 0, 0, 2}}, []uint16{5, 5, 1, 1}},
		{"scan_add(sequence_1)", [2]string{"ab"}, [2][]uint16{{1, 2}}, []uint16{1, 2}},
		// The columns of a number of 2 bytes, its low bytes first, of bytes, and of text.
		{"columns(sequence_1, [-2, 1, 0, 1, 0, 0, 2, 7, 0])", [2]string{"aabbcdeeffg"}, [2][]uint16{{10, 20, 0, 6, 3, 4, 5, 6, 7, 8, 9}},
			[]uint16{5, 5, 3, 5, 6, 13, 13, 4, 7, 8, 9}},
		// Records of 2 and 3 bytes, whose heads have their length.
		{"records(sequence_2, sequence_4, 1, [0, 1, 0])", [2]string{"\x02\x03\x02\x03", "abccdd"}, [2][]uint16{{1, 2, 3, 4}, {10, 20, 30, 31, 40, 41}},
			[]uint16{1, 10, 2, 30, 40, 3, 20, 4, 31, 41}},
		{"kinds(sequence_2, sequence_4, 1, [0, 1, 1, 0, 1, 1, 0, 0, 3, 1, 2, 1, 0])", [2]string{"\x02\x03\x02\x03", "abccdd"}, [2][]uint16{{1, 2, 3, 4}, {10, 20, 30, 31, 40, 42}},
			[]uint16{1, 10, 2, 35, 35, 3, 20, 4, 36, 37}},
		// "ab", a copy of 4 bytes, and "c".
		{"expand(sequence_2, sequence_4, 3, [1, 1, 1])", [2]string{"abc", "\x02\x01\x05"}, [2][]uint16{{7, 8, 9}, {1, 2, 7}}, []uint16{7, 8, 2, 3, 2, 3, 9}},
		{"lookup(sequence_2, sequence_4, 2, 1)", [2]string{"\x00\x01", "aabb"}, [2][]uint16{{7, 8}, {1, 1, 1, 1}}, []uint16{4, 5, 5, 5}},
		{"distinct(sequence_2, sequence_4, 2, 1)", [2]string{"\x00\x01\x00", "aabb"}, [2][]uint16{{2, 4, 6}, {1, 1, 3, 3}}, []uint16{2, 2, 2, 2, 6, 6}},
		{"pack(sequence_1, 12, 0)", [2]string{"\x01\x00\x02\x00"}, [2][]uint16{{3, 3, 3, 6}}, []uint16{5, 5, 5}},
		{"letters(sequence_2, sequence_4, [65, 67, 71, 84])", [2]string{"\x1b\x1b", "\x20"}, [2][]uint16{{8, 16}, {0}}, []uint16{3, 3, 3, 3, 3, 3, 3, 3}},
		// Residuals of 2 rows of 2 numbers; the second row has an exception, which a cell prints. Each length of cells costs 1.
		{"lines(sequence_2, sequence_4, 10, 2, [1])", [2]string{"\x02\x00\x01\xff\x03\x04", "%u1,%u1\nx\n"}, [2][]uint16{{1, 1, 10, 20, 30, 40}, {0, 0, 0, 0, 0, 0, 0, 0, 4, 5}},
			[]uint16{10, 0, 30, 1, 29, 0, 40, 1}},
	} {
		text := fmt.Sprintf("sequence_1 = payload(0)\nsequence_2 = get_subsequence_between_indices(sequence_1, 0, %d)\nsequence_3 = payload(1)\n"+
			"sequence_4 = get_subsequence_between_indices(sequence_3, 0, %d)\nsequence_5 = %s\noutput = sequence_5", len(c.streams[0]), len(c.streams[1]), c.plan)
		streams, costs := [][]byte{[]byte(c.streams[0]), []byte(c.streams[1])}, c.costs[:]
		if !strings.Contains(c.plan, "sequence_4") {
			streams, costs = streams[:1], costs[:1]
		}
		got, err := new(Machine).Spread(len(c.want), mustParse(t, text), streams, costs, nil)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, %v, want %v", c.plan, got, err, c.want)
		}
	}
}

// TestSpreadRefuses wants errors of lists and costs of other lengths, and those of who looks.
func TestSpreadRefuses(t *testing.T) {
	var m Machine
	p := dsl.Identity()
	stop := errors.New("stop")
	for _, c := range []struct {
		streams [][]byte
		costs   [][]uint16
		want    error
	}{
		{nil, nil, dsl.ErrExecution},
		{[][]byte{{1}}, [][]uint16{{1, 2}}, dsl.ErrExecution},
		{[][]byte{{1, 2}}, nil, dsl.ErrExecution},
		{[][]byte{{1, 2}}, [][]uint16{{1}}, dsl.ErrExecution},
		{[][]byte{{1, 2}}, [][]uint16{{1, 2}}, stop},
	} {
		if _, err := m.Spread(2, p, c.streams, c.costs, func(*Made) error { return stop }); !errors.Is(err, c.want) {
			t.Errorf("%v, %v: got %v, want %v", c.streams, c.costs, err, c.want)
		}
	}
	many := []uint16{65535, 65535}
	if got, err := m.Spread(2, p, [][]byte{{1, 2}}, [][]uint16{many}, nil); err != nil || !slices.Equal(got, many) {
		t.Errorf("got %v, %v", got, err)
	}
}
