package plan

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/dsl"
)

// TestJoinInvertsSplit takes random bytes apart by random plans and puts them together
// again, as the oracle does, and codes the plans.
func TestJoinInvertsSplit(t *testing.T) {
	r := newSampler(5)
	var m Machine
	used := map[dsl.Op]int{}
	for range 3000 {
		streams := 0
		p := &dsl.Program{Nodes: r.plan(r.IntN(5), &streams)}
		p.Out = len(p.Nodes) - 1
		src := make([]byte, 60+r.IntN(400))
		for i := range src {
			src[i] = byte(r.Uint32())
		}
		if !wantInverse(t, &m, p, src) {
			continue
		}
		for _, n := range p.Nodes {
			used[n.Op]++
		}
	}
	for i := range rows {
		if op := dsl.Op(i); op.In(dsl.Plan) && op != dsl.Records && op != dsl.Expand && op != dsl.Kinds && op != dsl.Lines && op != dsl.Lookup && op != dsl.Letters && op != dsl.Distinct && used[op] < 50 {
			t.Errorf("%v was used %d times", op, used[op])
		}
	}
}

// TestRecords groups records of several kinds, with every width of length.
func TestRecords(t *testing.T) {
	r := newSampler(6)
	var m Machine
	for _, element := range []int32{1, 2, 4, -2, -4, 0} {
		size := int(max(element, -element))
		var src []byte
		records := 0
		for range 200 {
			head := make([]byte, 6)
			kind := r.IntN(5)
			length := 6 + 5*kind
			for k := range size {
				at := k
				if element < 0 {
					at = size - 1 - k
				}
				head[1+at] = byte((length - 3) >> (8 * k))
			}
			head[1+size] = byte(kind)
			src = append(src, head...)
			for range length - 6 {
				src = append(src, byte(r.Uint32()))
			}
			records++
		}
		list := []int32{1, element, 3}
		if element == 0 {
			for kind := range int32(5) {
				list = append(list, kind, 3+5*kind)
			}
		}
		p := &dsl.Program{Nodes: []dsl.Node{
			{Op: dsl.Payload}, {Op: dsl.Between, Nums: [3]int32{0, int32(6 * records)}}, {Op: dsl.Payload, Nums: [3]int32{1}},
			{Op: dsl.Records, Refs: [2]int{1, 2}, Nums: [3]int32{6}, List: list}}, Out: 3}
		parts, err := m.Split(src, p)
		if err != nil {
			t.Fatal(err)
		}
		dst := make([]byte, len(src))
		if err := m.Join(dst, p, parts); err != nil || !bytes.Equal(dst, src) {
			t.Fatalf("%s\n%v: joined to something else", p, err)
		}
		if o := (&oracle{p, parts}); !bytes.Equal(o.list(p.Out), src) {
			t.Fatalf("%s\nthe oracle joins to something else", p)
		}
		if _, err := m.Split(src[:len(src)-1], p); !errors.Is(err, dsl.ErrExecution) {
			t.Errorf("a record cut short: %v", err)
		}
	}
}

// TestPack packs two samples as the definition of each order says.
func TestPack(t *testing.T) {
	elements := []byte{0x34, 0x12, 0xBC, 0xFA} // 0x234, 0xABC of 12 bits
	join, split := &Machine{direction: joining}, &Machine{direction: splitting}
	for order, want := range [][]byte{{0x34, 0xC2, 0xAB}, {0x23, 0x4A, 0xBC}, {0x34, 0xA2, 0xBC}} {
		got, back := make([]byte, 3), make([]byte, 4)
		n := &dsl.Node{Op: dsl.Pack, Nums: [3]int32{-12, int32(order)}}
		if pack(join, n, lists{got, [2][]byte{elements}}); !bytes.Equal(got, want) {
			t.Errorf("order %d: got %x, want %x", order, got, want)
		}
		if pack(split, n, lists{got, [2][]byte{back}}); !bytes.Equal(back, []byte{0x34, 0x02, 0xBC, 0xFA}) {
			t.Errorf("order %d: unpacked to %x", order, back)
		}
		n.Nums[0] = 12
		if pack(split, n, lists{got, [2][]byte{back}}); !bytes.Equal(back, []byte{0x34, 0x02, 0xBC, 0x0A}) {
			t.Errorf("order %d: unpacked to %x", order, back)
		}
		if o := (&oracle{}).pack(n, elements); !bytes.Equal(o, want) {
			t.Errorf("order %d: the oracle packs %x, want %x", order, o, want)
		}
	}
}

// TestPlansRefused executes plans that no segment of their size has.
func TestPlansRefused(t *testing.T) {
	doubled := &strings.Builder{}
	doubled.WriteString("sequence_1 = payload(0)\n")
	for i := range 60 {
		doubled.WriteString(strings.ReplaceAll(strings.ReplaceAll("sequence_J = concatenate(sequence_I, sequence_I)\n", "J", strconv.Itoa(i+2)), "I", strconv.Itoa(i+1)))
	}
	doubled.WriteString("output = sequence_61")
	for _, c := range []struct {
		text string
		size int
		err  error
	}{
		{"sequence_1 = payload(64)\noutput = sequence_1", 8, dsl.ErrLimit},
		{"sequence_1 = payload(-1)\noutput = sequence_1", 8, dsl.ErrLimit},
		{"sequence_1 = payload(1)\noutput = sequence_1", 8, dsl.ErrExecution},
		{"sequence_1 = payload(0)\noutput = sequence_1", dsl.MaxPlanned + 1, dsl.ErrLimit},
		{"sequence_1 = payload(0)\nsequence_2 = zigzag(sequence_1, 3)\noutput = sequence_2", 8, dsl.ErrExecution},
		{"sequence_1 = payload(0)\nsequence_2 = predict(sequence_1, 2, 31, [])\noutput = sequence_2", 8, dsl.ErrExecution},
		{"sequence_1 = payload(0)\nsequence_2 = predict(sequence_1, 2, 0, [1])\noutput = sequence_2", 8, dsl.ErrExecution},
		{"sequence_1 = payload(0)\nsequence_2 = predict(sequence_1, 2, 0, [0, 1])\noutput = sequence_2", 8, dsl.ErrExecution},
		{"sequence_1 = payload(0)\nsequence_2 = lms(sequence_1, 8, 1, 8, [1])\noutput = sequence_2", 8, dsl.ErrExecution},
		{"sequence_1 = payload(0)\nsequence_2 = lms(sequence_1, 2, 0, 8, [1])\noutput = sequence_2", 8, dsl.ErrExecution},
		{"sequence_1 = payload(0)\nsequence_2 = lms(sequence_1, 2, 1, 31, [1])\noutput = sequence_2", 8, dsl.ErrExecution},
		{"sequence_1 = payload(0)\nsequence_2 = lms(sequence_1, 2, 1, 8, [])\noutput = sequence_2", 8, dsl.ErrExecution},
		{"sequence_1 = payload(0)\nsequence_2 = lms(sequence_1, 2, 1, 8, [16385])\noutput = sequence_2", 8, dsl.ErrExecution},
		{"sequence_1 = payload(0)\nsequence_2 = lms(sequence_1, 2, 4097, 8, [1])\noutput = sequence_2", 8, dsl.ErrExecution},
		{"sequence_1 = payload(0)\nsequence_2 = pack(sequence_1, 8, 0)\noutput = sequence_2", 8, dsl.ErrExecution},
		{"sequence_1 = payload(0)\nsequence_2 = pack(sequence_1, 10, 2)\noutput = sequence_2", 8, dsl.ErrExecution},
		{"sequence_1 = payload(0)\nsequence_2 = paeth(sequence_1, 1, 1, 0)\noutput = sequence_2", 8, dsl.ErrExecution},
		{"sequence_1 = payload(0)\nsequence_2 = transpose(sequence_1, 0, 2)\noutput = sequence_2", 8, dsl.ErrExecution},
		{"sequence_1 = payload(0)\nsequence_2 = fields(sequence_1, [])\noutput = sequence_2", 8, dsl.ErrExecution},
		{"sequence_1 = payload(0)\nsequence_2 = concatenate(sequence_1, sequence_1)\noutput = sequence_2", 8, dsl.ErrExecution},
		{"sequence_1 = payload(0)\nsequence_2 = get_subsequence_between_indices(sequence_1, 0, 9)\nsequence_3 = concatenate(sequence_2, sequence_1)\noutput = sequence_3", 8, dsl.ErrExecution},
		{"sequence_1 = payload(0)\nsequence_2 = get_subsequence_between_indices(sequence_1, 0, 3)\nsequence_3 = concatenate(sequence_2, sequence_1)\noutput = sequence_3", 8, dsl.ErrExecution},
		{"sequence_1 = payload(0)\nsequence_2 = records(sequence_1, sequence_1, 2, [0, 2, 0])\noutput = sequence_2", 8, dsl.ErrExecution},
		{"sequence_1 = payload(0)\nsequence_2 = get_subsequence_between_indices(sequence_1, 0, 2)\nsequence_3 = payload(1)\nsequence_4 = records(sequence_2, sequence_3, 2, [0, -1, 4])\noutput = sequence_4", 4, dsl.ErrExecution}, // elements of -1 byte
		{"sequence_1 = payload(0)\nsequence_2 = median(sequence_1, -1, 1, 1)\noutput = sequence_2", 4, dsl.ErrExecution},
		{"sequence_1 = payload(0)\nsequence_2 = get_subsequence_between_indices(sequence_1, 0, 2)\nsequence_3 = records(sequence_2, sequence_2, 2, [0, 0, 0, 256, 2])\noutput = sequence_3", 4, dsl.ErrExecution},
		{"sequence_1 = payload(0)\nsequence_2 = get_subsequence_between_indices(sequence_1, 0, 2)\nsequence_3 = records(sequence_2, sequence_2, 2, [0, 0, 0, 25])\noutput = sequence_3", 4, dsl.ErrExecution},
		{"sequence_1 = payload(0)\nsequence_2 = get_subsequence_between_indices(sequence_1, 0, 2)\nsequence_3 = records(sequence_2, sequence_2, 2, [0, 1, 0, 25, 2])\noutput = sequence_3", 4, dsl.ErrExecution},
		{doubled.String(), 1 << 20, dsl.ErrExecution},
	} {
		p := mustParse(t, c.text)
		if l, err := NewLayout(p, c.size); err == nil {
			var parts [][]byte
			for _, n := range l.Streams {
				parts = append(parts, make([]byte, n))
			}
			if err = new(Machine).Join(make([]byte, c.size), p, parts); !errors.Is(err, c.err) {
				t.Errorf("%s\njoined: %v", c.text, err)
			}
		} else if !errors.Is(err, c.err) {
			t.Errorf("%s\n%v", c.text, err)
		}
	}
	// Lists used twice take their steps twice.
	p := chain(oneStream, 40, twice(dsl.Interleave))
	if err := new(Machine).Join(nil, p, [][]byte{nil}); !errors.Is(err, dsl.ErrLimit) {
		t.Errorf("2^40 lists of no bytes: %v", err)
	}
	// A plan has no earlier lists.
	for _, p := range []*dsl.Program{{Out: -1}, {Nodes: []dsl.Node{{Op: dsl.ScanAdd, Refs: [2]int{-1}}}}} {
		if _, err := NewLayout(p, 8); !errors.Is(err, errEarlier) {
			t.Errorf("%s\n%v, want %v", p, err, errEarlier)
		}
	}
}

// TestRows holds the table to the operations that package dsl allows in plans.
func TestRows(t *testing.T) {
	for op := dsl.Op(0); op < 255; op++ {
		if has := rowOf(op) != nil; has != op.In(dsl.Plan) {
			t.Errorf("operation %d: in the table is %t, in plans %t", op, has, !has)
		}
	}
}

// TestLists wants the list of every node of a plan, arguments first.
func TestLists(t *testing.T) {
	p, err := dsl.Parse("sequence_1 = payload(0)\nsequence_2 = zigzag(sequence_1, 1)\nsequence_3 = predict(sequence_2, 1, 0, [1, 1])\noutput = sequence_3\n", dsl.Plan)
	if err != nil {
		t.Fatal(err)
	}
	got := make(map[int][]byte)
	err = new(Machine).Lists(3, p, [][]byte{{10, 4, 1}}, func(i int, list []byte) {
		if len(got) != i {
			t.Errorf("list %d is list number %d", i, len(got))
		}
		got[i] = bytes.Clone(list)
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range [][]byte{{10, 4, 1}, {5, 2, 255}, {5, 7, 6}} {
		if !bytes.Equal(got[i], want) {
			t.Errorf("list %d: got %v, want %v", i, got[i], want)
		}
	}
}
