package plans

import (
	"encoding/binary"
	"math/bits"

	"github.com/ktzip/ktzip/dsl"
)

// roughly is about how many bytes GZIP needs for a short stream, at a tenth of the
// time: strings that came before for a flat price, the other bytes by their entropy,
// each half by itself, since planes are not alike.
func roughly(stream []byte) int {
	const (
		tableBits = 12
		least     = 4    // bytes of a string
		price     = 20.0 // bits
	)
	var table [1 << tableBits]int32
	size := 0.0
	half := len(stream)/2 + 1
	var last repeat
	for i := 0; i < len(stream); {
		end := min(len(stream), (i/half+1)*half)
		var count [256]int
		for _, c := range stream[i:end] {
			count[c]++
		}
		each := entropy(&count, end-i) / float64(end-i) // of a byte
		count = [256]int{}
		n := 0
		for i < end {
			if i+least <= len(stream) {
				u := binary.LittleEndian.Uint32(stream[i:])
				h := u * 0x9E3779B1 >> (32 - tableBits)
				at := int(table[h]) - 1
				table[h] = int32(i + 1)
				if at >= 0 && binary.LittleEndian.Uint32(stream[at:]) == u {
					k := last.length(stream, at, i)
					if cost := price + dsl.Log2(float64(1+k/8)); cost < each*float64(k) {
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

// A repeat is a string that came before: up to byte end the stream is what it was distance
// bytes before.
type repeat struct {
	distance, end int
	compared      int // bytes, in all
}

// length returns how many bytes of stream from i on are those from at on. A string that did
// not pay is met again at each of its bytes: what is known of it is not compared again, so
// that a stream of one byte, in which none pays, takes as long as any.
func (c *repeat) length(stream []byte, at, i int) int {
	if c.distance != i-at || c.end <= i {
		n := common(stream[at:], stream[i:])
		*c = repeat{i - at, i + n, c.compared + n}
	}
	return c.end - i
}

// common is how many bytes a and b have in common at their starts; b is the shorter one.
func common(a, b []byte) (n int) {
	for len(b)-n >= 8 {
		if x := binary.LittleEndian.Uint64(a[n:]) ^ binary.LittleEndian.Uint64(b[n:]); x != 0 {
			return n + bits.TrailingZeros64(x)>>3
		}
		n += 8
	}
	for n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}
