package records

import (
	"bytes"
	"testing"

	"github.com/ktzip/ktzip/internal/second"
)

// components returns those of p.
func components(p *Params) []second.Component {
	f := p.Frame
	list := []int{}
	if f.Head > 0 {
		list = append(list, f.Head, f.At, f.Element, f.Unit, f.Plus, f.Align, len(f.Keys))
		list = append(list, f.Keys...)
		for _, t := range f.Types {
			list = append(list, t.Byte, t.Length, t.From)
		}
	}
	return []second.Component{
		{9, []any{f.First, f.Length, list}},
		{11, []uint{p.Contexts}},
		{12, []uint{p.Experts}},
		{13, []int{p.Match}},
		{22, []any{p.Log, 0, []int{}}},
	}
}

// TestSecondDecoder restores members, some of which were changed, with a decoder that shares no code
// with this package.
func TestSecondDecoder(t *testing.T) {
	r := newSampler(78)
	var m Machine
	var d second.Decoder
	for i := range 24 {
		p := r.params()
		src := r.logged(r.IntN([]int{300, 60, 600}[i%3]))
		switch r.IntN(4) {
		case 0:
			p.Frame = loggedFrame
		case 1:
			src = bytes.Repeat(src[:min(len(src), 40)], 9)
		}
		member := encode(t, &m, src, p)
		var err error
		if len(member) > 0 && r.chance(4) {
			member[r.IntN(len(member))] ^= 1 << r.IntN(8)
			err = m.Decode(src, member, p)
		}
		d.Add(t, components(p), member, src, err)
	}
	d.Check(t, "records")
}
