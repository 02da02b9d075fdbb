package programs

import (
	"encoding/binary"
	"math/bits"
)

// Promising reports whether a search in block is worth its time: whether
// progressions of 5 elements or more, in a row or at every other place, make so
// much of it that a program may be shorter than what GZIP makes of it.
func (e *Finder) Promising(block []byte) bool {
	n, rows := len(block), 0
	if n < 8 {
		return false
	}
	size := 0 // estimate, bits
	for part := block; len(part) > 0; part = part[min(len(part), window):] {
		s, r := estimate(part[:min(len(part), window)])
		size += s
		rows += r
	}
	const literal = 8
	if size > n*literal*25/32 {
		d, wide := different(block)
		return wide && (d >= 56 && rows*16 > n && size < n*literal*29/32 || d >= 12 && repetitive(block))
	}
	if rows*11 < n && size > n*literal*16/32 {
		return false // one byte of two is a constant, as in 16-bit samples
	}
	if n < 16 {
		return true
	}
	d, _ := different(block)
	return d >= 24 || d >= 8 && size < n*literal*12/32
}

// repetitive reports whether two of three places, far from the start, hold
// what a place before does.
func repetitive(block []byte) bool {
	const width = 8
	if len(block) < 12*width {
		return false
	}
	block = block[:min(len(block), window)]
	found := 0
	for k := 1; k <= 3; k++ {
		at := len(block) - width - (3-k)*len(block)/4
		want := binary.LittleEndian.Uint64(block[at:])
		for i := 0; i < at; i++ {
			if binary.LittleEndian.Uint64(block[i:]) == want {
				found++
				break
			}
		}
	}
	return found >= 2
}

const window = 128

// estimate is a size in bits of a program of block, of at most window elements,
// and the number of elements in progressions in a row.
func estimate(block []byte) (size, rows int) {
	var m1, m2 set // where progressions modulo 256 of 3 elements start
	var tail [16]byte
	k := 0
	for ; k+12 <= len(block); k += 8 {
		a, b := steady(binary.LittleEndian.Uint64(block[k:]), uint64(binary.LittleEndian.Uint32(block[k+8:])))
		m1[k>>6] |= a << (k & 63)
		m2[k>>6] |= b << (k & 63)
	}
	for rest := len(block) - k; rest > 2; rest, k = rest-8, k+8 {
		clear(tail[copy(tail[:], block[k:]):])
		a, b := steady(binary.LittleEndian.Uint64(tail[:]), uint64(binary.LittleEndian.Uint32(tail[8:])))
		m1[k>>6] |= a & (1<<(rest-2) - 1) << (k & 63)
		if rest > 4 {
			m2[k>>6] |= b & (1<<(rest-4) - 1) << (k & 63)
		}
	}
	s1 := m1.and(m1.down(1)).and(m1.down(2))
	s2 := m2.and(m2.down(2)).and(m2.down(4))
	c1 := s1.or(s1.up(1)).or(s1.up(2))
	c1 = c1.or(c1.up(2)) // 5 elements from each start
	c2 := s2.or(s2.up(2)).or(s2.up(4))
	c2 = c2.or(c2.up(4))
	pieces := s1.without(s1.up(1)).count() + s2.without(s2.up(2)).without(c1).count()
	const piece, literal = 20, 8
	return pieces*piece + (len(block)-c1.or(c2).count())*literal, c1.count()
}

// steady has bit k set in a where elements k, k+1 and k+2 of the 12 in x and t
// are in progression, in b where k, k+2 and k+4 are; k is below 8.
func steady(x, t uint64) (a, b uint64) {
	x1, x2, x4 := x>>8|t<<56, x>>16|t<<48, x>>32|t<<32
	return zeros(subtract(x1, x) ^ subtract(x2, x1)), zeros(subtract(x2, x) ^ subtract(x4, x2))
}

const (
	lowBits  = 0x7f7f7f7f7f7f7f7f
	highBits = 0x8080808080808080
)

// subtract is x-y byte by byte.
func subtract(x, y uint64) uint64 {
	return ((x | highBits) - (y & lowBits)) ^ ((x ^ ^y) & highBits)
}

// zeros has a bit for each byte of x, set where that is 0.
func zeros(x uint64) uint64 {
	t := ^((x&lowBits + lowBits) | x | lowBits)
	return (t >> 7) * 0x0102040810204080 >> 56
}

// A set is one of elements of a window.
type set [window / 64]uint64

func (s set) up(n int) set      { return set{s[0] << n, s[1]<<n | s[0]>>(64-n)} }
func (s set) down(n int) set    { return set{s[0]>>n | s[1]<<(64-n), s[1] >> n} }
func (s set) and(t set) set     { return set{s[0] & t[0], s[1] & t[1]} }
func (s set) or(t set) set      { return set{s[0] | t[0], s[1] | t[1]} }
func (s set) without(t set) set { return set{s[0] &^ t[0], s[1] &^ t[1]} }
func (s set) count() int        { return bits.OnesCount64(s[0]) + bits.OnesCount64(s[1]) }

// different is the number of different elements of block, and whether one is
// above 127. GZIP is good at blocks that have few, and at text.
func different(block []byte) (n int, wide bool) {
	var seen [4]uint64
	for _, v := range block {
		seen[v>>6] |= 1 << (v & 63)
	}
	for _, s := range seen {
		n += bits.OnesCount64(s)
	}
	return n, seen[2]|seen[3] != 0
}
