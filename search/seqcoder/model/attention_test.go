package model

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestSoftmax compares both implementations with math.Exp.
func TestSoftmax(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 3))
	for n := 1; n < 70; n++ {
		list := make([]float32, (n+15)/16*16)
		for i := range list {
			list[i] = (r.Float32() - 0.5) * 100
		}
		scale, largest, sum := r.Float32()+0.01, math.Inf(-1), 0.0
		for _, x := range list[:n] {
			largest = max(largest, float64(x))
		}
		want := make([]float64, len(list))
		for i, x := range list[:n] {
			want[i] = math.Exp((float64(x) - largest) * float64(scale))
			sum += want[i]
		}
		for name, f := range map[string]func([]float32, int, float32) float32{"softmax": softmax, "softmaxSlowly": softmaxSlowly} {
			got := append([]float32(nil), list...)
			if s := f(got, n, scale); !(math.Abs(float64(s)-sum) < 1e-4*sum) {
				t.Fatalf("%s: sum of %d numbers: got %g, want %g", name, n, s, sum)
			}
			for i, x := range got {
				if !(math.Abs(float64(x)-want[i]) <= 3e-5*want[i]+1e-30) {
					t.Fatalf("%s: number %d of %d: got %g, want %g", name, i, n, x, want[i])
				}
			}
		}
	}
}
