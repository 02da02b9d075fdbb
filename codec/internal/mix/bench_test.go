package mix

import (
	"context"
	"testing"
)

// kinds are texts of each kind, with what they are to code.
var kinds = []struct {
	name   string
	signal int
	p      Samples
}{
	{"fast", 5, Samples{Width: 2, Channels: 1, NLMS: []NLMS{{32, 8}, {16, 8}}, Decisions: MaxDecisions}},
	{"fast-ols", 5, Samples{Width: 2, Channels: 1, OLS: OLS{Own: 16, Fade: 5, Every: 16}, NLMS: []NLMS{{16, 8}}, Decisions: MaxDecisions}},
	{"mixed", 5, Samples{Width: 2, Channels: 1, OLS: OLS{Own: 16, Fade: 4, Every: 8}, NLMS: []NLMS{{32, 9}, {16, 8}}, Contexts: 7, Decisions: MaxDecisions}},
	{"long", 5, Samples{Width: 2, Channels: 1, OLS: OLS{Own: 8, Fade: 6, Every: 8}, NLMS: []NLMS{{512, 11}, {16, 8}}, Contexts: 7, Decisions: MaxDecisions}},
	{"solved", 5, Samples{Width: 2, Channels: 1, OLS: OLS{Own: 32, Fade: 6, Every: 4}, Decisions: MaxDecisions}},
	{"image", 11, Samples{Width: 1, Channels: 1, Row: 64, OLS: OLS{Own: 3, Rings: 3, Fade: 7, Every: 8}, Contexts: 19, Values: 3, Decisions: MaxDecisions}},
	{"channels", 8, Samples{Width: 2, Channels: 12, OLS: OLS{Own: 4, Other: 2, Fade: 8, Every: 16}, NLMS: []NLMS{{16, 10}}, Contexts: 31, Decisions: MaxDecisions}},
	{"float", 5, Samples{Width: 4, Kind: Float, Precision: 24, Channels: 1, OLS: OLS{Own: 16, Fade: 6, Every: 8}, Contexts: 7, Decisions: MaxDecisions}},
}

// BenchmarkCode measures each kind in both directions. "of Rate" is the measured speed over
// that of Rate, near 1 on the reference processor.
func BenchmarkCode(b *testing.B) {
	for _, k := range kinds {
		src := signals[k.signal].bytes(newSampler(51), &k.p, 200_000)
		var m Machine
		member, err := m.Encode(context.Background(), nil, src, &k.p)
		if err != nil {
			b.Fatal(err)
		}
		k.p.Decisions = m.Decisions()
		report := func(b *testing.B) {
			b.SetBytes(int64(len(src)))
			speed := float64(len(src)) * float64(b.N) / b.Elapsed().Seconds()
			b.ReportMetric(speed/float64(k.p.Rate()), "of-Rate")
			b.ReportMetric(float64(len(member))/float64(len(src)), "share")
		}
		b.Run(k.name+"/encode", func(b *testing.B) {
			out := make([]byte, 0, 2*len(src))
			for b.Loop() {
				if _, err := m.Encode(context.Background(), out, src, &k.p); err != nil {
					b.Fatal(err)
				}
			}
			report(b)
		})
		b.Run(k.name+"/decode", func(b *testing.B) {
			dst := make([]byte, len(src))
			for b.Loop() {
				if err := m.Decode(dst, member, &k.p); err != nil {
					b.Fatal(err)
				}
			}
			report(b)
		})
	}
}
