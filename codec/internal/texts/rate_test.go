package texts

import "testing"

// TestRateFallsWithWhatIsAdded adds components to parameters: none makes them faster.
func TestRateFallsWithWhatIsAdded(t *testing.T) {
	r := newSampler(41)
	for range 300 {
		p := r.params()
		for k, add := range []func(p *Params){
			func(p *Params) {
				p.Contexts = append(p.Contexts[:len(p.Contexts):len(p.Contexts)], Context{Kind: Order, A: 3})
			},
			func(p *Params) { p.Sets |= p.Sets + 1 },
			func(p *Params) { p.Log++ },
			func(p *Params) { p.Matches = append(p.Matches[:len(p.Matches):len(p.Matches)], 9) },
			func(p *Params) { p.Shaped = false },
		} {
			more := *p
			if add(&more); more.Check() != nil {
				continue
			}
			if was, is := p.Rate(), more.Rate(); is > was || is < 1000 {
				t.Errorf("case %d, %+v: %d bytes a second, before %d", k, more, is, was)
			}
		}
	}
}
