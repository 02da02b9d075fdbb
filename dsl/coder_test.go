package dsl

import (
	"math"
	"testing"
)

// TestBitCost compares the table of prices with the logarithm.
func TestBitCost(t *testing.T) {
	for i, c := range bitCost {
		if want := -math.Log2((float64(i) + 0.5) / 4096); math.Abs(c.Bits()-want) > 1.0/256 {
			t.Errorf("bitCost[%d] is %f, want %f", i, c.Bits(), want)
		}
	}
}

// TestModels checks that no run of bits takes a model out of its range.
func TestModels(t *testing.T) {
	for _, b := range []uint32{0, 1} {
		m := model{p: 1 << 15}
		for range 5000 {
			m.update(b)
			if m.p < pMin || int(m.p) > 65536-pMin || m.n > nMax {
				t.Fatalf("%+v", m)
			}
		}
		if m.cost(b) >= m.cost(1-b) {
			t.Errorf("after 5000 bits %d, it costs %d, the other %d", b, m.cost(b), m.cost(1-b))
		}
	}
}
