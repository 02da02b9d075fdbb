package records

import (
	"context"
	"testing"
)

// kinds are texts of bytes. What they are to code is what logged returns.
var kinds = []struct {
	name string
	p    Params
}{
	{"few", Params{Frame: loggedFrame, Contexts: 0x40b, Experts: 3, Buckets: 16, Match: 4}},
	{"records", Params{Frame: loggedFrame, Contexts: 0x1440f, Experts: 31, Buckets: 18, Match: 4}},
	{"all", Params{Frame: loggedFrame, Contexts: 0xfd440f, Experts: 63, Buckets: 18, Match: 4}},
	{"unframed", Params{Contexts: 0x7c0000, Buckets: 18, Match: 5}},
}

// BenchmarkCode measures encoding, which takes as long as decoding. "of-Rate" is the measured
// speed over that of Rate, near 1 on the reference processor.
func BenchmarkCode(b *testing.B) {
	src := newSampler(91).logged(300_000)
	var m Machine
	for _, k := range kinds {
		b.Run(k.name, func(b *testing.B) {
			out := make([]byte, 0, 2*len(src))
			b.SetBytes(int64(len(src)))
			for b.Loop() {
				if _, err := m.Encode(context.Background(), out, src, &k.p); err != nil {
					b.Fatal(err)
				}
			}
			speed := float64(len(src)) * float64(b.N) / b.Elapsed().Seconds()
			b.ReportMetric(speed/float64(k.p.Rate()), "of-Rate")
		})
	}
}
