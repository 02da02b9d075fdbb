package arith

import (
	"math"
	"testing"
)

func TestLog2(t *testing.T) {
	for _, v := range []uint64{1, 2, 3, 255, 256, 1000, 1<<31 + 12345, 1<<32 - 1, 1 << 32} {
		if got, want := float64(log2(v))/16, math.Log2(float64(v)); got > want || got < want-0.07 {
			t.Errorf("%d: %f, want %f", v, got, want)
		}
	}
}

// TestCharged wants each byte charged what the coder knows of its bits.
func TestCharged(t *testing.T) {
	var c Coder
	c.Encode(nil)
	const n = 1000
	for i := range 8 * n {
		bit := 0
		if i%80 == 0 {
			bit = 1
		}
		c.Bit(bit, 1<<16/80)
	}
	member := c.Flush()
	costs := make([]uint16, n)
	c.Charge(costs)
	c.Decode(member)
	c.Charged(0)
	for i := range n {
		for range 8 {
			c.Bit(0, 1<<16/80)
		}
		c.Charged(1)
		want := 8 * -math.Log2(79./80)
		if i%10 == 0 {
			want += math.Log2(79)
		}
		if got := float64(costs[i]) / 16; math.Abs(got-want) > 0.2 {
			t.Errorf("byte %d costs %f, want %f", i, got, want)
		}
	}
	c.Charged(3) // beyond the end: nothing
	sum := 0
	for _, k := range costs {
		sum += int(k)
	}
	if math.Abs(float64(sum)/128-float64(len(member))) > 2 {
		t.Errorf("bytes cost %d of %d", sum/128, len(member))
	}
}
