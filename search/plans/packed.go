package plans

import (
	"math"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
)

// packing returns how the samples of a segment are packed: the operation, and the bytes
// before the first group. Samples of a packing are alike at a distance that is a whole
// number of groups, as bytes, and more so as numbers.
func (t *trial) packing(ev *evidence) (best dsl.Node, head int, ok bool) {
	const common = 840 // every group's bytes divide it
	at := len(t.src) / 2
	at -= at % common
	part := t.src[at:min(len(t.src), at+glimpse/2)]
	simplest := func(src []byte, recipes ...recipe) float64 {
		s := trial{long: []excerpt{{0, src}}, meter: t.meter}
		least := math.Inf(1)
		for _, r := range recipes {
			least = min(least, s.entropy(r))
		}
		return least
	}
	plain := []recipe{{}}
	for _, lag := range ev.near {
		plain = append(plain, planes(recipe{ops: []dsl.Node{predict(1, 0, int32(lag), 1)}}))
		if lag%2 == 0 {
			plain = append(plain, planes(recipe{ops: []dsl.Node{predict(2, 0, int32(lag/2), 1)}}))
		}
	}
	least := 0.0 // set when something may be packed
	for _, bits := range [...]int{12, 10, 14, 24} {
		group, width := bits/2, 2
		switch bits {
		case 12:
			group = 3
		case 24:
			group, width = 3, 4
		}
		if ev.near[0]%group != 0 {
			continue
		}
		if least == 0 {
			least = simplest(part, plain...) * 31 / 32
		}
		lag := int32(ev.near[0] * 8 / bits)
		for _, order := range [...]int{plan.PackLow, plan.PackHigh, plan.Pack212} {
			if order == plan.Pack212 && bits != 12 {
				continue
			}
			for _, k := range [...]int{bits, -bits} {
				n := dsl.Node{Op: dsl.Pack, Nums: [3]int32{int32(k), int32(order)}}
				for skip := range group {
					s := unpacked(&t.machine, n, part[skip:])
					if s == nil {
						continue
					}
					r := planes(recipe{ops: []dsl.Node{predict(width, 0, lag, 1)}})
					if c := simplest(s, r); c < least {
						best, head, ok, least = n, skip, true, c
					}
				}
			}
		}
	}
	return best, head, ok
}

// unpacked are the elements of which n packs src.
func unpacked(m *plan.Machine, n dsl.Node, src []byte) []byte {
	d := &draft{}
	n.Refs[0] = d.payload()
	d.Out = d.add(n)
	streams, err := m.Split(src, &d.Program)
	if err != nil {
		return nil
	}
	return streams[0]
}

// packed are plans for the elements of which src is packed, and their packing.
func (t *trial) packed(ev *evidence) (plans []*dsl.Program) {
	n, head, ok := t.packing(ev)
	if !ok {
		return nil
	}
	s := unpacked(&t.machine, n, t.src[head:])
	if len(s) > dsl.MaxPlanned {
		return nil
	}
	inner := gather(s, t.effort)
	if inner == nil {
		return nil
	}
	for _, p := range newTrial(t.effort, s, t.cost, t.meter).plans(inner) {
		d := &draft{}
		if head > 0 {
			d.Out = d.state(d.payload(), head)
		}
		first := d.Out
		n.Refs[0] = d.embed(p)
		d.Out = d.add(n)
		if head > 0 {
			d.Out = d.add(dsl.Node{Op: dsl.Concatenate, Refs: [2]int{first, d.Out}})
		}
		plans = append(plans, d.Program.Canonical())
	}
	return plans
}
