package deflate

import (
	"encoding/binary"
	"math"
	"math/bits"
)

const (
	// Sizes of the tables of chains, in bits: 256 and 128 KiB. They fit the second cache
	// together with the window.
	chainHash3Bits = 14
	chainHash4Bits = 15

	// chainWays is how many positions there are of each hash of 3 bytes. With 2 bv.eeg at level 1
	// is 0.2 % longer, text 0.01 %.
	chainWays = 4

	// hashFactor is 2^32 divided by the golden ratio (Knuth).
	hashFactor = 0x9E3779B1

	// hashBytes is how many bytes a position needs before the end of the data to be found.
	hashBytes = 4
)

func load32(b []byte, i int) uint32 { return binary.LittleEndian.Uint32(b[i:]) }

// hash3 and hash4 hash the first 3 bytes of u, the lowest ones, and all 4.
func hash3(u uint32, bits uint8) uint32 { return u << 8 * hashFactor >> (32 - bits) }
func hash4(u uint32, bits uint8) uint32 { return u * hashFactor >> (32 - bits) }

// positions number the bytes of all data that a table of positions has seen: data[i] is
// position base + i. Data begins more than windowSize after what came before, so that the
// table is never cleared.
type positions struct {
	base int32
	next int32 // the base of the next data
}

// begin begins data of n bytes. It reports whether the tables must be cleared.
func (p *positions) begin(n int) (clear bool) {
	if p.next == 0 || int64(p.next)+int64(n)+windowSize >= math.MaxInt32 {
		clear = p.next != 0
		p.next = windowSize + 1
	}
	p.base = p.next
	p.next += int32(n) + windowSize + 1
	return clear
}

// chains link the positions of the window that have the same hash of 4 bytes, and know the
// last one of each hash of 3.
type chains struct {
	positions
	head3 [1 << chainHash3Bits]latest // the last positions of each hash
	head4 [1 << chainHash4Bits]int32
	prev  [windowSize]uint16 // by position modulo windowSize: how far before is the one with the same hash
}

func (m *chains) begin(n int) {
	if m.positions.begin(n) {
		clear(m.head3[:])
		clear(m.head4[:])
	}
}

// A found is a match that a search found; the zero value is none.
type found struct{ length, distance int }

// latest are chainWays positions of 32 bits, the last one lowest.
type latest struct{ low, high uint64 }

// insert makes position i known, where u stands. It returns the last positions before it with
// the same hash of 3 bytes, and how far before it is the last one with the same hash of 4.
func (m *chains) insert(u uint32, i int) (recent latest, distance int) {
	at := m.base + int32(i)
	h3, h4 := &m.head3[hash3(u, chainHash3Bits)], &m.head4[hash4(u, chainHash4Bits)]
	recent, distance = *h3, int(at-*h4)
	h3.low, h3.high = recent.low<<32|uint64(uint32(at)), recent.high<<32|recent.low>>32
	*h4 = at
	m.prev[uint(i)%windowSize] = uint16(min(distance, math.MaxUint16))
	return recent, distance
}

// nearest returns how far before position i of src, where u stands, is the nearest of the positions
// recent with the same 3 bytes; 0 if there is none in the window.
func (m *chains) nearest(src []byte, u uint32, i int, recent latest) (distance int) {
	at := m.base + int32(i)
	for range chainWays {
		d := int(at - int32(uint32(recent.low)))
		if d > windowSize {
			break
		}
		if (load32(src, i-d)^u)<<8 == 0 {
			return d
		}
		recent = latest{recent.low>>32 | recent.high<<32, recent.high >> 32}
	}
	return 0
}

// insertAll makes the positions from..to of src known, but for the last ones of the data.
func (m *chains) insertAll(src []byte, from, to int) {
	to = min(to, len(src)-hashBytes+1)
	for ; from < to; from++ {
		m.insert(load32(src, from), from)
	}
}

// find makes position i of src known and returns the longest match there: the nearest of those
// so long, if it is longer than least. It looks at up to depth strings, and takes the first one
// of nice bytes.
func (m *chains) find(src []byte, i, least, depth, nice int) (best found) {
	u := load32(src, i)
	recent, distance := m.insert(u, i)
	end := min(i+maxMatch, len(src))
	length := max(least, minMatch-1)
	if i+length >= end {
		return found{}
	}
	last := src[i+length]
	for distance <= windowSize {
		pos := i - distance
		if src[pos+length] == last && load32(src, pos) == u {
			if n := 4 + common(src[pos+4:], src[i+4:end]); n > length {
				length, best = n, found{n, distance}
				if n >= nice || i+n >= end {
					break
				}
				last = src[i+n]
			}
		}
		if depth--; depth <= 0 {
			break
		}
		distance += int(m.prev[uint(pos)%windowSize])
	}
	if length < minMatch {
		if d := m.nearest(src, u, i, recent); d > 0 {
			return found{minMatch, d}
		}
	}
	return best
}

// nearChains are chains that find all matches that are longer than nearer ones.
type nearChains struct{ chains }

// find is that of a finder.
func (m *nearChains) find(list []match, src []byte, i int, b bound, wanted bool) []match {
	u := load32(src, i)
	recent, distance := m.insert(u, i)
	if !wanted {
		return list
	}
	end := min(i+maxMatch, len(src))
	length := minMatch - 1
	if d := m.nearest(src, u, i, recent); d > 0 {
		length = minMatch
		list = append(list, matchOf(minMatch, d))
	}
	nice := min(b.nice, end-i)
	for depth := b.depth; distance <= windowSize && depth > 0 && length < nice; depth-- {
		pos := i - distance
		if src[pos+length] == src[i+length] && load32(src, pos) == u {
			if n := 4 + common(src[pos+4:], src[i+4:end]); n > length {
				length = n
				list = append(list, matchOf(n, distance))
			}
		}
		distance += int(m.prev[uint(pos)%windowSize])
	}
	return list
}

// common returns how many bytes a and b have in common at their starts; b must not be
// longer than a.
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
