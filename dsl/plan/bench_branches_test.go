package plan

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/internal/dsltest"
	"github.com/ktzip/ktzip/dsl/plan/internal/code"
)

// denseCode is an instruction of each architecture that has a target.
var denseCode = map[int][]byte{
	code.X86: {0xe8, 1, 0, 0, 0}, code.X86Wide: {0x8d, 0x05, 1, 0, 0, 0}, code.ARM: {0, 0, 0, 0xeb}, code.Thumb: {0, 0xf0, 0, 0xf8},
	code.ARM64: {1, 0, 0, 0x90}, code.RISCV: {0x17, 0x15, 0, 0, 0x13, 0x05, 0x05, 0xff}, code.Xtensa: {5, 0, 0},
	code.XtensaLoads: {0x21, 0, 0}, code.PowerPC: {1, 0, 0, 0x48},
	-code.ARM: {0xeb, 0, 0, 0}, -code.Thumb: {0xf0, 0, 0xf8, 0}, -code.Xtensa: {0x50, 0, 0}, -code.XtensaLoads: {0x10, 0, 0}, -code.PowerPC: {0x48, 0, 0, 1},
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
