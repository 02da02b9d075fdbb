package mix

import "testing"

// TestRateFallsWithWhatIsAdded adds components to parameters: none makes them faster.
func TestRateFallsWithWhatIsAdded(t *testing.T) {
	r := newSampler(61)
	for range 500 {
		p := r.samples()
		p.Decisions = 1 + r.IntN(MaxDecisions-1)
		for _, add := range []func(p *Samples){
			func(p *Samples) { p.NLMS = append(p.NLMS, NLMS{16, 8}) },
			func(p *Samples) { p.Contexts |= p.Contexts + 1 },
			func(p *Samples) { p.Values |= p.Values + 1 },
			func(p *Samples) { p.OLS.Own++ },
			func(p *Samples) { p.OLS.Every-- },
			func(p *Samples) { p.Decisions++ },
		} {
			more := *p
			add(&more)
			if more.Check() != nil || more.OLS.Every < p.OLS.Every-1 || p.OLS.Every == 1 {
				continue
			}
			if was, is := p.Rate(), more.Rate(); is > was || is < 1000 {
				t.Errorf("%+v: %d bytes a second; %+v: %d", p, was, more, is)
			}
		}
	}
}

// TestRateKnowsTheTask holds Rate of texts of known speed to what they were measured to do on
// the reference processor, in kB/s, within a quarter.
func TestRateKnowsTheTask(t *testing.T) {
	for _, c := range measured {
		if got := c.p.Rate() / 1000; got < c.rate*3/4 || got > c.rate*5/4 {
			t.Errorf("%+v: %d kB/s, measured were %d", c.p, got, c.rate)
		}
	}
}

var measured = []struct {
	p    Samples
	rate int64
}{
	{Samples{Width: 2, Channels: 1, NLMS: []NLMS{{32, 8}, {16, 8}, {8, 7}}, Decisions: 20}, 11000},
	{Samples{Width: 2, Channels: 1, OLS: OLS{Own: 16, Fade: 4, Every: 8}, NLMS: []NLMS{{32, 9}, {16, 8}}, Contexts: 7, Decisions: 20}, 3900},
	{Samples{Width: 2, Channels: 1, OLS: OLS{Own: 18, Fade: 6, Every: 3}, NLMS: []NLMS{{256, 11}, {32, 9}, {16, 8}}, Contexts: 3, Decisions: 20}, 2550},
	{Samples{Width: 1, Channels: 1, OLS: OLS{Own: 20, Fade: 4, Every: 8}, NLMS: []NLMS{{32, 10}, {16, 9}}, Contexts: 7, Values: 3, Decisions: 10}, 2000},
	{Samples{Width: 2, Channels: 12, OLS: OLS{Own: 4, Other: 3, Fade: 9, Every: 16}, NLMS: []NLMS{{32, 10}, {16, 10}}, Contexts: 31, Decisions: 15}, 2900},
	{Samples{Width: 2, Channels: 1, Row: 512, OLS: OLS{Own: 3, Rings: 3, Fade: 7, Every: 16}, Decisions: 12}, 12000},
	{Samples{Width: 4, Kind: Float, Precision: 24, Channels: 2, OLS: OLS{Own: 16, Other: 8, Fade: 6, Every: 8}, NLMS: []NLMS{{32, 10}, {16, 9}}, Contexts: 23, Decisions: 28}, 5000},
}
