package dsl

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkHostilePlan executes the longest plans that a segment may have.
func BenchmarkHostilePlan(b *testing.B) {
	taps := strings.Repeat("1, -3, ", maxTaps/2-1) + "1, 5"
	near, far := "1", "1"
	for k := 2; k <= maxLMSTaps; k++ {
		near += fmt.Sprint(", ", k)
		far += fmt.Sprint(", ", k*500)
	}
	for _, call := range []string{"zigzag(S, -2)", "paeth(S, 1, 1, 2)", "paeth(S, -2, 1, 2)", "median(S, 1, 1, 2)",
		"predict(S, 1, 3, [" + taps + "])", "predict(S, -2, 3, [" + taps + "])", "scan_xor(S, -8, 1)", "transpose(S, 1, 1448)", "pack(S, 9, 0)",
		"lms(S, 1, 1, 8, [" + near + "])", "lms(S, 1, 1, 8, [" + far + "])", "lms(S, -2, 64, 8, [" + near + "])", "lms(S, 1, 1, 8, [1])", "fields(S, [1, 1, 1])"} {
		b.Run(call[:strings.IndexByte(call, ',')]+call[strings.LastIndexByte(call, ','):], func(b *testing.B) {
			p := &Program{}
			var m Planner
			dst := make([]byte, MaxPlanned)
			streams := [][]byte{make([]byte, MaxPlanned)}
			for i := range streams[0] {
				streams[0][i] = byte(i * i >> 3)
			}
			for n := 33; ; n-- { // as many as the budget has steps for
				text := "sequence_1 = payload(0)\n"
				for k := range n {
					text += fmt.Sprintf("sequence_%d = %s\n", k+2, strings.ReplaceAll(call, "S", fmt.Sprintf("sequence_%d", k+1)))
				}
				p, _ = Parse(text+fmt.Sprintf("output = sequence_%d", n+1), Plan)
				if m.Join(dst, p, streams) == nil {
					break
				}
			}
			b.SetBytes(MaxPlanned)
			for b.Loop() {
				if err := m.Join(dst, p, streams); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(p.Nodes)-1), "operations")
		})
	}
}
