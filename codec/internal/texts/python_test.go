package texts

import (
	"testing"

	"github.com/ktzip/ktzip/internal/second"
)

// numbers are those of components of contexts (container/FORMAT.md, section 12).
var numbers = [kinds]int{
	Order: 14, Masked: 15, Word: 16, Followed: 17, Column: 18, Above: 19, Nucleotide: 20, Opcode: 21, Foretold: 23, Repeated: 24,
}

// components returns those of p.
func components(p *Params) []second.Component {
	list := []second.Component{{10, []int{}}}
	for _, c := range p.Contexts {
		args := []any{c.A}
		switch c.Kind {
		case Masked:
			masks := []int{}
			for _, m := range c.Masks {
				masks = append(masks, int(m))
			}
			args = []any{masks}
		case Column, Above:
			args = append(args, c.B)
		}
		list = append(list, second.Component{numbers[c.Kind], args})
	}
	for _, n := range p.Matches {
		list = append(list, second.Component{13, []int{n}})
	}
	shaped := 0
	if p.Shaped {
		shaped = 1
	}
	return append(list, second.Component{22, []any{p.Log, shaped, []uint{p.Sets}}})
}

// TestSecondDecoder restores members, some of which were changed, with a decoder that shares no code
// with this package.
func TestSecondDecoder(t *testing.T) {
	r := newSampler(79)
	var m Machine
	var d second.Decoder
	for range 40 {
		p, src := r.params(), r.bytes(r.IntN(400))
		member := encoded(t, &m, src, p)
		var err error
		if len(member) > 0 && r.IntN(4) == 0 {
			member[r.IntN(len(member))] ^= 1 << r.IntN(8)
			err = m.Decode(src, member, p)
		}
		d.Add(t, components(p), member, src, err)
	}
	d.Check(t, "texts")
}
