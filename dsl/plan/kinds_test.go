package plan

import (
	"bytes"
	"errors"
	"maps"
	"slices"
	"testing"

	"github.com/ktzip/ktzip/dsl"
)

// frame returns a random framing, without schemas, and the records that it tells apart.
func (r sampler) frame() (n dsl.Node, records [][]byte) {
	element := []int32{0, 0, 1, 2, 3, 4, -2, -3, -4, varintElement}[r.IntN(10)]
	size := int(max(element, -element, 1))
	if element == varintElement {
		size = maxVarint
	}
	h := size + r.IntN(9)
	pos := r.IntN(h - size + 1)
	unit := []int32{1, 1, 2, 4, 7}[r.IntN(5)]
	added, align := int32(r.IntN(40)-15), []int32{1, 1, 1, 2, 4, 8, 3}[r.IntN(7)]
	n = dsl.Node{Op: dsl.Kinds, Nums: [3]int32{int32(h)}, List: []int32{int32(pos), element, unit, added, align, 0}}
	for range r.IntN(maxKeys + 1) {
		n.List = append(n.List, int32(r.IntN(h)))
		n.List[5]++
	}
	types := []int32{}
	count, wanted := 1+r.IntN(60), 1+r.IntN(4)
	if element == 0 {
		for first := 0; first <= count; first += r.IntN(30) {
			types = append(types, int32(r.IntN(wanted+1)), int32(h+r.IntN(40)), int32(first))
		}
	}
	n.List = append(append(n.List, int32(len(types)/typeNumbers)), types...)
	f := frameFrom(&n)
	for tries := 0; len(records) < count && tries < 10_000; tries++ {
		head := make([]byte, h)
		for k := range head {
			head[k] = byte(r.IntN(wanted))
		}
		stated := r.IntN(60) >> r.IntN(6)
		for k := range size {
			at := pos + k
			if element < 0 {
				at = pos + size - 1 - k
			}
			if head[at] = byte(stated >> (8 * k)); element == varintElement {
				head[at] = []byte{128 + byte(stated&127), byte(r.IntN(2))}[k]
				if stated%2 == 0 && k == 0 {
					head[at] = byte(stated)
				}
			}
		}
		if element == 0 {
			head[pos] = byte(r.IntN(wanted + 1))
		}
		if _, length := f.of(len(records), head); length >= h && length < 1000 {
			records = append(records, append(head, make([]byte, length-h)...))
		}
	}
	step := byte(r.Uint32()) >> r.IntN(8)
	for i, record := range records {
		for k := h; k < len(record); k++ {
			record[k] = byte(i*k) + byte(r.Uint32())&step
		}
	}
	return n, records
}

// kinds returns a plan of random records of kinds, for some of which it has schemas, and what it
// makes.
func (r sampler) kinds() (*dsl.Program, []byte) {
	n, records := r.frame()
	f := frameFrom(&n)
	schemas := map[int32][]int32{} // with their keys and lengths
	h := int(n.Nums[0])
	for i, record := range records {
		key, _ := f.of(i, record[:h])
		if r.IntN(3) > 0 {
			fields := r.fields(r.IntN(7))
			schemas[int32(key)] = append([]int32{int32(key), int32(len(fields) / fieldNumbers)}, fields...)
		}
	}
	if r.IntN(2) == 0 {
		schemas[otherKinds] = append([]int32{otherKinds, 2}, r.fields(2)...)
	}
	for _, key := range slices.Sorted(maps.Keys(schemas)) {
		n.List = append(n.List, schemas[key]...)
	}
	streams := 0
	nodes := r.plan(r.IntN(3), &streams)
	nodes = append(nodes, dsl.Node{Op: dsl.Between, Refs: [2]int{len(nodes) - 1}, Nums: [3]int32{0, int32(h * len(records))}})
	n.Refs[0] = len(nodes) - 1
	for _, x := range r.plan(r.IntN(2), &streams) {
		for k := range x.Op.Lists() {
			x.Refs[k] += n.Refs[0] + 1
		}
		nodes = append(nodes, x)
	}
	n.Refs[1] = len(nodes) - 1
	return &dsl.Program{Nodes: append(nodes, n), Out: len(nodes)}, slices.Concat(records...)
}

// TestKinds takes random records of kinds apart and puts them together again, as the oracle does,
// and codes the plans.
func TestKinds(t *testing.T) {
	r := newSampler(31)
	var m Machine
	elements := map[int32]int{}
	for range 4000 {
		p, src := r.kinds()
		if len(src) == 0 {
			continue
		}
		if wantInverse(t, &m, p, src) {
			elements[p.Nodes[p.Out].List[1]]++
		}
		if _, err := m.Split(src[:len(src)-1], p); err == nil {
			t.Fatalf("%s\ntakes a record that is cut short", p)
		}
	}
	for _, e := range []int32{0, 1, 2, 3, 4, -2, -3, -4, varintElement} {
		if elements[e] < 100 {
			t.Errorf("element %d was used %d times", e, elements[e])
		}
	}
}

// wantInverse takes src apart by p and puts it together again, as the oracle does, and codes p.
// It returns false if no plan of this layout is for segments of this size.
func wantInverse(t *testing.T, m *Machine, p *dsl.Program, src []byte) bool {
	t.Helper()
	if _, err := NewLayout(p, len(src)); errors.Is(err, dsl.ErrExecution) {
		return false // lists in lists that are too short for them
	}
	parts, err := m.Split(src, p)
	if errors.Is(err, dsl.ErrLimit) {
		return false
	}
	if err != nil {
		t.Fatalf("%s\n%v", p, err)
	}
	dst := make([]byte, len(src))
	if err := m.Join(dst, p, parts); err != nil || !bytes.Equal(dst, src) {
		t.Fatalf("%s\n%v: joined to something else", p, err)
	}
	if o := (&oracle{p, parts}); !bytes.Equal(o.list(p.Out), src) {
		t.Fatalf("%s\nthe oracle joins to something else", p)
	}
	p = p.Canonical()
	e := dsl.NewEncoder(dsl.Edition2)
	e.Plan(p)
	if got, err := dsl.NewDecoder(e.Finish(), dsl.Edition2).Plan(); err != nil || !same(got, p) {
		t.Fatalf("%s\nread as\n%v, %v", p, got, err)
	}
	if got, err := dsl.Parse(p.String(), dsl.Plan); err != nil || !same(got, p) {
		t.Fatalf("%s\nparsed as\n%v, %v", p, got, err)
	}
	return true
}
