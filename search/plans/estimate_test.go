package plans

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"testing"
)

// TestEstimate compares estimate with a loop that compares every match byte by byte.
func TestEstimate(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for range 300 {
		b := make([]byte, r.IntN(3000))
		for i := range b {
			switch x := r.IntN(40); {
			case i < 4 || x == 0:
				b[i] = byte(r.Uint32())
			case x < 30:
				b[i] = b[i-1]
			default:
				b[i] = b[i-4]
			}
		}
		if got, want := estimate(b), slowEstimate(b); got != want {
			t.Errorf("%d bytes: %d, want %d", len(b), got, want)
		}
	}
}

// TestMatchesAreComparedOnce holds that the matches of a stream of one byte take as many
// comparisons as it has bytes.
func TestMatchesAreComparedOnce(t *testing.T) {
	var m match
	zeros := make([]byte, 100_000)
	for i := 1; i < len(zeros); i++ {
		m.length(zeros, i-1, i)
	}
	if m.compared > len(zeros) {
		t.Errorf("%d bytes compared of %d", m.compared, len(zeros))
	}
}

// slowEstimate is the oracle of estimate.
func slowEstimate(stream []byte) int {
	var table [1 << 12]int32
	size := 0.0 // bits
	half := len(stream)/2 + 1
	for i := 0; i < len(stream); {
		end := min(len(stream), (i/half+1)*half)
		var count [256]int
		for _, c := range stream[i:end] {
			count[c]++
		}
		each := entropy(&count, end-i) / float64(end-i)
		count = [256]int{}
		n := 0
		for i < end {
			if i+4 <= len(stream) {
				u := binary.LittleEndian.Uint32(stream[i:])
				h := u * 0x9E3779B1 >> (32 - 12)
				at := int(table[h]) - 1
				table[h] = int32(i + 1)
				if at >= 0 && binary.LittleEndian.Uint32(stream[at:]) == u {
					k := 4
					for i+k < len(stream) && stream[at+k] == stream[i+k] {
						k++
					}
					if cost := 20 + math.Log2(float64(1+k/8)); cost < each*float64(k) {
						i += k
						size += cost
						continue
					}
				}
			}
			count[stream[i]]++
			n++
			i++
		}
		size += entropy(&count, n)
	}
	return int(size / 8)
}
