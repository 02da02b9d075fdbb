package arith

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The oracles here are functions in floating point of what the package computes in whole numbers.

// TestLogistic compares the tables with the functions that they stand for.
func TestLogistic(t *testing.T) {
	MakeTables()
	for logit := int32(-MaxLogit); logit <= MaxLogit; logit++ {
		want := 65536 / (1 + math.Exp(-float64(logit)/256))
		if got := float64(Squash(logit)); math.Abs(got-want) > 2 {
			t.Fatalf("Squash(%d) is %f, want %f", logit, got, want)
		}
	}
	for p := uint32(1); p < 65536; p++ {
		x := (float64(p>>4) + 0.5) / stretches
		want := 256 * math.Log(x/(1-x))
		if got := float64(Stretch(p)); math.Abs(got-want) > 2 {
			t.Fatalf("Stretch(%d) is %f, want %f", p, got, want)
		}
	}
}

// TestCounters compares a counter with the share of what it saw.
func TestCounters(t *testing.T) {
	MakeTables()
	r := rand.New(rand.NewPCG(33, 22))
	for range 100 {
		c, truth := EvenCounter, r.Float64()
		p := 0.5
		for n := range 1000 {
			bit := bitIf(r.Float64() < truth)
			c.Update(bit)
			p += (float64(bit) - p) / (float64(min(n, counterLimit)) + counterDoubt/2.0)
			if got := float64(c.P()) / 65536; math.Abs(got-p) > 0.002 {
				t.Fatalf("after %d: %f, want %f", n, got, p)
			}
		}
	}
}

// TestCurvesChangeNothingAtFirst holds a curve that has seen nothing to the probability given.
func TestCurvesChangeNothingAtFirst(t *testing.T) {
	MakeTables()
	var a Curve
	a.Reset(3)
	for logit := int32(-MaxLogit); logit <= MaxLogit; logit++ {
		// Lines between points of a bent function are at most this far away.
		if got, want := int(a.Refine(1, logit)), int(Squash(logit)); max(got-want, want-got) > 400 {
			t.Fatalf("logit %d: %d, want %d", logit, got, want)
		}
	}
}

// TestCoderIsNearEntropy compares the length of a member with what its probabilities say.
func TestCoderIsNearEntropy(t *testing.T) {
	r := rand.New(rand.NewPCG(34, 22))
	var c Coder
	c.Encode(nil)
	entropy := 0.0
	var bits []int
	var ps []uint32
	for range 100000 {
		p := uint32(1 + r.IntN(65535))
		if r.IntN(2) == 0 {
			p = []uint32{1, 65535, 32768, 60000}[r.IntN(4)]
		}
		bit := bitIf(r.IntN(65536) < int(p))
		bits, ps = append(bits, bit), append(ps, p)
		c.Bit(bit, p)
		if bit == 0 {
			p = 65536 - p
		}
		entropy -= math.Log2(float64(p) / 65536)
	}
	member := c.Flush()
	if got, want := float64(len(member)), entropy/8; got > want*1.0001+2 || got < want-1 {
		t.Errorf("%f bytes, want %f", got, want)
	}
	c.Decode(member)
	for i, p := range ps {
		if c.Bit(0, p) != bits[i] {
			t.Fatalf("decision %d of %d", i, len(ps))
		}
	}
	if err := c.Finish(); err != nil {
		t.Error(err)
	}
}

// bitIf returns 1 if yes is true, else 0.
func bitIf(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
