package search

import (
	"encoding/binary"
	"math/bits"
)

// Promising reports whether block holds enough elements in arithmetic
// progression, in a row or at every other place, for a search to be worth its
// time. It looks at the first MaxBlock elements.
func (e *Enumerator) Promising(block []byte) bool {
	score := 0
	for len(block) >= 24 {
		part := block[:min(len(block), 64+16)]
		score += progressions(part)
		if score >= 6 {
			return true
		}
		block = block[min(len(block), 64):]
	}
	return false
}

const (
	lowBits  = 0x7f7f7f7f7f7f7f7f
	highBits = 0x8080808080808080
)

// progressions counts the first 64 places of part at which a progression of 5
// elements starts, of stride 1 or 2. Progressions are modulo 256.
func progressions(part []byte) int {
	var m1, m2 uint64
	for i := 0; i+12 <= len(part) && i < 64; i += 8 {
		x := binary.LittleEndian.Uint64(part[i:])
		t := uint64(binary.LittleEndian.Uint32(part[i+8:]))
		x1, x2 := x>>8|t<<56, x>>16|t<<48
		x4 := x>>32 | t<<32
		m1 |= zeros(subtract(x1, x)^subtract(x2, x1)) << i
		m2 |= zeros(subtract(x2, x)^subtract(x4, x2)) << i
	}
	return bits.OnesCount64(m1&(m1>>1)&(m1>>2)) + bits.OnesCount64(m2&(m2>>2)&(m2>>4))
}

// subtract is x-y byte by byte.
func subtract(x, y uint64) uint64 {
	return ((x | highBits) - (y & lowBits)) ^ ((x ^ ^y) & highBits)
}

// zeros has a bit for each byte of x, set where that is 0.
func zeros(x uint64) uint64 {
	t := (x & lowBits) + lowBits
	t = ^(t | x | lowBits)
	return (t >> 7) * 0x0102040810204080 >> 56
}
