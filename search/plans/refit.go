package plans

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
	"github.com/ktzip/ktzip/search/plans/internal/text"
)

// A plan for records of several kinds, or for rows of text, states how many there are. For the next
// segment of the same data it is fitted anew, which takes much less than a search.

const (
	// refitStarts is how many bytes of a segment the first of its records may start in.
	refitStarts = 64 << 10
	// refitPercent is the least share of a segment that must be records.
	refitPercent = 90
	// refitRecords is how many records may be followed in vain, for each byte of the segment one
	// in so many.
	refitRecords = 4
)

// Refit returns the plan p, which was found for another segment, with the numbers of records that
// src has; nil if it has no records or they are not those of p. It implements codec.Refitter.
func (f *Finder) Refit(p *dsl.Program, src []byte) *dsl.Program {
	if plan.Check(p) != nil { // p may be of any file
		return nil
	}
	if k := slices.IndexFunc(p.Nodes, func(n dsl.Node) bool { return n.Op == dsl.Lines }); k >= 0 {
		return refitLines(p, k, src)
	}
	k := slices.IndexFunc(p.Nodes, func(n dsl.Node) bool { return n.Op == dsl.Kinds })
	if k < 0 {
		return nil
	}
	n := p.Nodes[k]
	heads := p.Nodes[p.Nodes[n.Refs[0]].Refs[0]]
	if heads.Op != dsl.Columns {
		return nil
	}
	r, ok := framingOf(&n)
	if !ok || !r.find(src) || r.tooShort() {
		return nil
	}
	n.Refs = [2]int{}
	return r.around(len(src), n, heads.List)
}

// refitLines is Refit for a plan whose line k prints rows by templates.
func refitLines(p *dsl.Program, k int, src []byte) *dsl.Program {
	if !isText(src) {
		return nil
	}
	n := &p.Nodes[k]
	m := text.Templates{Text: n.Text, End: byte(n.Nums[0])}
	for _, count := range n.List {
		m.Sets = append(m.Sets, int(count))
	}
	var alphabet []int32
	if k := slices.IndexFunc(p.Nodes, func(n dsl.Node) bool { return n.Op == dsl.Letters }); k >= 0 {
		alphabet = p.Nodes[k].List
	}
	return linesPlan(src, m, numbersAsStream, func(d *draft, cells []byte) int {
		n, packed, runs, err := plan.LettersNode(cells, alphabet)
		if err != nil {
			return d.payload()
		}
		return d.packed(n, packed, runs, asStream)
	})
}

// framingOf returns the framing that n, a Kinds, states. ok is false if its types change.
func framingOf(n *dsl.Node) (f framing, ok bool) {
	list := n.List
	number := func() (x int) {
		x, list = int(list[0]), list[1:]
		return x
	}
	f = framing{off: number(), element: number(), unit: number(), add: number(), align: number(), head: int(n.Nums[0])}
	list = list[1+list[0]:] // keys
	for range number() {
		t := typeLength{int32(number()), int32(number()), int32(number())}
		if t.from > 0 {
			return f, false
		}
		f.types = append(f.types, t)
	}
	return f, true
}

// find sets the records of src, if they are most of it.
func (f *framing) find(src []byte) bool {
	if f.element == 0 {
		return f.findTypes(src)
	}
	s := &stepper{}
	from := len(src) / 2
	for _, l := range lengthRanges {
		if l.element == f.element {
			s.read(src[from:min(from+l.middleBytes, len(src))], l.element)
		}
	}
	lengths := *f // as if nothing came before them
	lengths.off = 0
	start, count, _ := s.longest(&lengths)
	start += from - f.off
	if count < minRun || start < 0 {
		return false
	}
	g, ok := f.whole(src, start)
	f.spans = g.spans
	return ok && f.bytes()*100 >= len(src)*refitPercent
}

// findTypes is find for records of types.
func (f *framing) findTypes(src []byte) bool {
	vain := 0
	for start := range min(refitStarts, len(src)*(100-refitPercent)/100) {
		f.spans = f.chain(src, start)
		if f.bytes()*100 >= len(src)*refitPercent {
			return true
		}
		if vain += len(f.spans); vain*refitRecords > len(src) {
			break
		}
	}
	return false
}
