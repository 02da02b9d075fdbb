package plan

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/internal/dsltest"
)

// denseCode is an instruction of each architecture that has a target.
var denseCode = map[int][]byte{
	CodeX86: {0xe8, 1, 0, 0, 0}, CodeX86Wide: {0x8d, 0x05, 1, 0, 0, 0}, CodeARM: {0, 0, 0, 0xeb}, CodeThumb: {0, 0xf0, 0, 0xf8},
	CodeARM64: {1, 0, 0, 0x90}, CodeRISCV: {0x17, 0x15, 0, 0, 0x13, 0x05, 0x05, 0xff}, CodeXtensa: {5, 0, 0},
	CodeXtensaLoads: {0x21, 0, 0}, CodePowerPC: {1, 0, 0, 0x48},
	-CodeARM: {0xeb, 0, 0, 0}, -CodeThumb: {0xf0, 0, 0xf8, 0}, -CodeXtensa: {0x50, 0, 0}, -CodeXtensaLoads: {0x10, 0, 0}, -CodePowerPC: {0x48, 0, 0, 1},
}

// BenchmarkHostileBranches converts code of nothing but calls, of bytes that may be some, and of one
// byte.
func BenchmarkHostileBranches(b *testing.B) {
	for _, a := range Architectures() {
		for name, src := range map[string][]byte{
			"calls":   bytes.Repeat(denseCode[a], dsl.FullPlanned/len(denseCode[a])),
			"telling": newSampler(5).code(dsl.FullPlanned),
			"first":   bytes.Repeat(denseCode[a][:1], dsl.FullPlanned),
			"zeros":   make([]byte, dsl.FullPlanned),
		} {
			b.Run(fmt.Sprintf("%d/%s", a, name), func(b *testing.B) {
				p := branchPlan(a, 0)
				l, err := NewLayout(p, len(src))
				if err != nil {
					b.Fatal(err)
				}
				dst := make([]byte, len(src))
				var m Machine
				b.SetBytes(int64(len(src)))
				start := dsltest.CPUTime()
				for b.Loop() {
					if err := m.Join(dst, p, [][]byte{src}); err != nil {
						b.Fatal(err)
					}
				}
				took := float64(dsltest.CPUTime()-start) / float64(b.N)
				b.ReportMetric(took/float64(len(src)), "ns/byte")
				b.ReportMetric(took/float64(l.Steps), "ns/step")
			})
		}
	}
}
