package programs

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// What Promising goes by. Shares are in 32nds of the block as a literal. The
// thresholds were fitted to 807 generated blocks of 128 elements whose programs are
// smaller than what GZIP makes of them; without more false alarms than before, of 10,000
// blocks of text, DNA and speech. Of 1,345 such blocks, among them 538 others, 97.0 % are
// promising (before, 96.4 %). The figures of other files are in TestPromising
// (November 2026).
const (
	literalBits = 8  // of an element in a literal
	rangeBits   = 21 // of a progression: operation, start and end

	minPromising = 8  // elements of the shortest promising block (arbitrary)
	surelyShort  = 16 // elements below which the number of values tells nothing (arbitrary)

	// If the program is estimated at more than dearShare, values must go beyond
	// those of text, 127, and the block must be either repetitive or of many
	// values with progressions.
	dearShare   = 23
	dearestOnes = 28 // largest share with progressions
	dearValues  = 50 // fewest values with progressions
	dearRows    = 22 // one element per so many is in a progression in a row
	fewValues   = 5  // fewest values if repetitive

	// If it is estimated at more than halfShare, one element per halfRows must be
	// in a progression in a row. Otherwise one byte of two is a constant, as in
	// 16-bit samples.
	halfShare = 16
	halfRows  = 16

	// GZIP is good at blocks of few values. If there are fewer than manyValues, the
	// estimate must be below cheapShare and there must be minValues.
	manyValues = 22
	cheapShare = 16
	minValues  = 13
)

// Promising reports whether block is worth a search: whether progressions of 5
// elements or more, in a row or at every other position, make so much of it that a
// program may be shorter than what GZIP makes of it.
func (f *Finder) Promising(block []byte) bool {
	n, rows := len(block), 0
	if n < minPromising {
		return false
	}
	size := 0 // estimate, bits
	for at := 0; at < n; at += setSize {
		s, r := estimate(block[at:min(at+setSize, n)])
		size += s
		rows += r
	}
	below := func(share int) bool { return size <= n*literalBits*share/32 }
	if !below(dearShare) {
		values, wide := different(block)
		return wide && (values >= dearValues && rows*dearRows > n && size < n*literalBits*dearestOnes/32 ||
			values >= fewValues && repetitive(block))
	}
	if !below(halfShare) && rows*halfRows < n {
		return false
	}
	if n < surelyShort {
		return true
	}
	values, _ := different(block)
	return values >= manyValues || values >= minValues && size < n*literalBits*cheapShare/32
}

// repetitive reports whether two of three places, far from the start, hold what an
// earlier place does.
func repetitive(block []byte) bool {
	const width = 8 // bytes that are the same
	if len(block) < 12*width {
		return false
	}
	block = block[:min(len(block), setSize)]
	found := 0
	for k := range 3 { // before the last half, the last quarter and the end
		pos := len(block) - width - (2-k)*len(block)/4
		want := binary.LittleEndian.Uint64(block[pos:])
		for i := range pos {
			if binary.LittleEndian.Uint64(block[i:]) == want {
				found++
				break
			}
		}
	}
	return found >= 2
}

// estimate returns a size in bits of a program of block, of at most setSize
// elements, and the number of elements in progressions in a row.
func estimate(block []byte) (size, rows int) {
	var m1, m2 set // starts of progressions modulo 256 of 3 elements: in a row, at every other position
	var tail [16]byte
	k := 0
	for ; k+12 <= len(block); k += 8 {
		a, b := steady(binary.LittleEndian.Uint64(block[k:]), uint64(binary.LittleEndian.Uint32(block[k+8:])))
		m1[k>>6] |= a << (k & 63)
		m2[k>>6] |= b << (k & 63)
	}
	for n := len(block) - k; n > 2; n, k = n-8, k+8 {
		clear(tail[copy(tail[:], block[k:]):])
		a, b := steady(binary.LittleEndian.Uint64(tail[:]), uint64(binary.LittleEndian.Uint32(tail[8:])))
		m1[k>>6] |= a & (1<<(n-2) - 1) << (k & 63)
		if n > 4 {
			m2[k>>6] |= b & (1<<(n-4) - 1) << (k & 63)
		}
	}
	s1 := m1.and(m1.down(1)).and(m1.down(2)) // starts of 5 elements
	s2 := m2.and(m2.down(2)).and(m2.down(4))
	c1 := s1.or(s1.up(1)).or(s1.up(2))
	c1 = c1.or(c1.up(2)) // the 5 elements from each start
	c2 := s2.or(s2.up(2)).or(s2.up(4))
	c2 = c2.or(c2.up(4))
	ranges := s1.without(s1.up(1)).count() + s2.without(s2.up(2)).without(c1).count()
	return ranges*rangeBits + (len(block)-c1.or(c2).count())*literalBits, c1.count()
}

// steady sets bit k of a if elements k, k+1 and k+2 of the 12 in x and t are in
// progression, of b if k, k+2 and k+4 are; k is below 8.
func steady(x, t uint64) (a, b uint64) {
	x1, x2, x4 := x>>8|t<<56, x>>16|t<<48, x>>32|t<<32
	return zeros(subtract(x1, x) ^ subtract(x2, x1)), zeros(subtract(x2, x) ^ subtract(x4, x2))
}

const (
	lowBits  = 0x7f7f7f7f7f7f7f7f
	highBits = 0x8080808080808080
)

// subtract returns x-y byte by byte.
func subtract(x, y uint64) uint64 {
	return ((x | highBits) - (y & lowBits)) ^ ((x ^ ^y) & highBits)
}

// zeros returns a bit for each byte of x, set if that is 0.
func zeros(x uint64) uint64 {
	t := ^((x&lowBits + lowBits) | x | lowBits)
	return (t >> 7) * 0x0102040810204080 >> 56
}

// setSize is the number of elements that estimate looks at together.
const setSize = 128

// A set is one of elements of a block.
type set [setSize / 64]uint64

func (s set) up(n int) set      { return set{s[0] << n, s[1]<<n | s[0]>>(64-n)} }
func (s set) down(n int) set    { return set{s[0]>>n | s[1]<<(64-n), s[1] >> n} }
func (s set) and(t set) set     { return set{s[0] & t[0], s[1] & t[1]} }
func (s set) or(t set) set      { return set{s[0] | t[0], s[1] | t[1]} }
func (s set) without(t set) set { return set{s[0] &^ t[0], s[1] &^ t[1]} }
func (s set) count() int        { return bits.OnesCount64(s[0]) + bits.OnesCount64(s[1]) }

// different returns the number of different elements of block, and whether one is
// above 127.
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

// Worth returns the weight of a sequence among those that share a budget: the steps
// that a search of it deserves, in an arbitrary unit, at least 1.
//
// A search takes longer per state the longer the sequence is, and can save more the
// more elements are in no progression, or only in one of every other or every fourth
// element, which is what interleaves leave. The fourth root of the product of their
// counts was fitted to what searches of 800 drawn sequences found in so many steps.
// Dividing a budget by the square of the length, plus 2,000, instead takes 2.0 % more
// bits at 3 ms, 1.5 % at 10 ms and 0.6 % at 20 ms (November 2026).
func Worth(sequence []byte) int64 {
	v := sequence[:min(len(sequence), MaxBlock)]
	var strides [3]int // elements in progressions of stride 1, 2 and 4, not of a smaller one
	covered := make([]bool, len(v))
	for k := range strides {
		strides[k] = cover(v, 1<<k, covered)
	}
	product := 1.0 // exact: below 2^53
	for _, n := range [...]int{len(v) - strides[0], strides[1], strides[2]} {
		product *= float64(n + worthLeast)
	}
	return max(1, int64(float64(len(v))*math.Sqrt(math.Sqrt(product))))
}

const (
	// worthRow is the length in elements of the shortest progression that counts:
	// shorter ones come by chance.
	worthRow = 5
	// worthLeast is what is added to each count of elements, so that none is 0
	// (arbitrary).
	worthLeast = 4
)

// cover marks the elements of v that are in a progression of worthRow elements or
// more, each stride elements after the other, and returns how many it marked anew.
func cover(v []byte, stride int, covered []bool) (n int) {
	for first := range min(stride, len(v)) {
		for i := first; i < len(v); {
			end := i + stride // of the progression that starts at i
			for end+stride < len(v) && int(v[end+stride])-int(v[end]) == int(v[i+stride])-int(v[i]) {
				end += stride
			}
			if (end-i)/stride+1 < worthRow {
				i += stride
				continue
			}
			for ; i <= end; i += stride {
				if !covered[i] {
					covered[i] = true
					n++
				}
			}
			i = end
		}
	}
	return n
}
