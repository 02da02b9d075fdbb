package mix

import (
	"testing"

	"github.com/ktzip/ktzip/internal/second"
)

// components returns those of p.
func components(p *Samples) (list []second.Component) {
	width := p.Width
	source := map[Kind]int{Signed: 0, Unsigned: 1, Float: 2, FloatIBM: 3}[p.Kind]
	switch p.Packing {
	case PackedRun:
		source, width = 4, 1
	case Packed212:
		source, width = 4, 2
	}
	if p.BigEndian {
		width = -width
	}
	list = append(list, second.Component{source, []int{width, p.Channels, p.Row}})
	if p.Precision > 0 {
		list = append(list, second.Component{5, []int{p.Precision}})
	}
	if o := p.OLS; o.Every > 0 {
		list = append(list, second.Component{6, []any{o.Fade, o.Every, []int{o.Own, o.Other, o.Rings}}})
	}
	for _, f := range p.NLMS {
		list = append(list, second.Component{7, []int{f.Taps, f.Shift}})
	}
	return append(list, second.Component{8, []uint{p.Contexts, p.Values, uint(p.Decisions)}})
}

// TestSecondDecoder restores members with a decoder that shares no code with this package.
func TestSecondDecoder(t *testing.T) {
	r := newSampler(77)
	var m Machine
	var d second.Decoder
	for i := range 40 {
		p, s := r.samples(), signals[r.IntN(len(signals))]
		if p.Packing != Unpacked {
			p.Kind = Signed // as the format has them
		}
		src := s.bytes(r, p, r.IntN([]int{800, 100, 2000}[i%3]))
		if r.chance(6) {
			src = r.random(len(src))
		}
		member := encode(t, &m, src, p)
		if member == nil {
			continue
		}
		d.Add(t, components(p), member, src, nil)
	}
	d.Check(t, "mix")
}
