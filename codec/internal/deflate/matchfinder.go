package deflate

import (
	"context"
	"encoding/binary"
	"math/bits"
)

const (
	hashBits = 15 // tables of 128 KiB; arbitrary

	// checkInterval is how many positions are searched between two looks at the
	// context: at most a few milliseconds at the greatest depth.
	checkInterval = 4 << 10
)

// A match is a string that came distance bytes before.
type match struct{ length, distance uint16 }

// A matchFinder finds, for positions of data that follow each other, the strings that begin
// there and came up to windowSize bytes before: for each of several lengths the nearest.
type matchFinder struct {
	depth int // strings looked at per position
	nice  int // bytes; a match so long ends the search, and the search within it

	head3, head4 []int32 // 1 + the last position of each hash of 3 and of 4 bytes; 0: none
	prev         []int32 // by position modulo windowSize: the one before with the same hash of 4

	// Of the positions from..to that find was called with last: the matches of the k-th
	// are list[ends[k-1]:ends[k]], by increasing length.
	list []match
	ends []int32
}

func (m *matchFinder) reset() {
	if m.head3 == nil {
		m.head3, m.head4, m.prev = make([]int32, 1<<hashBits), make([]int32, 1<<hashBits), make([]int32, windowSize)
	}
	clear(m.head3)
	clear(m.head4)
}

// find finds the matches of the positions from..to of b; only of the first ones if ctx is
// done.
func (m *matchFinder) find(ctx context.Context, b []byte, from, to int) {
	m.list, m.ends = m.list[:0], m.ends[:0]
	skip := 0 // positions within a long match
	for i := from; i < to; i++ {
		if i%checkInterval == 0 && ctx.Err() != nil {
			return
		}
		if len(b)-i >= 4 {
			const golden = 0x9E3779B1 // 2^32 divided by the golden ratio (Knuth)
			u := binary.LittleEndian.Uint32(b[i:])
			h3, h4 := u<<8*golden>>(32-hashBits), u*golden>>(32-hashBits)
			last3, last4 := int(m.head3[h3])-1, int(m.head4[h4])-1
			m.head3[h3], m.head4[h4] = int32(i+1), int32(i+1)
			m.prev[i%windowSize] = int32(last4)
			if skip > 0 {
				skip--
			} else if longest := m.search(b, i, last3, last4); longest >= m.nice {
				skip = longest - 1
			}
		}
		m.ends = append(m.ends, int32(len(m.list)))
	}
}

// search appends the matches of position i, given the last positions with the same hashes
// of 3 and 4 bytes, and returns the length of the longest one.
func (m *matchFinder) search(b []byte, i, last3, last4 int) (longest int) {
	most := min(maxMatch, len(b)-i)
	longest = minMatch - 1
	if last3 >= 0 && i-last3 <= windowSize && last3 != last4 {
		if n := common(b[last3:], b[i:i+most]); n >= minMatch {
			m.list = append(m.list, match{uint16(n), uint16(i - last3)})
			longest = n
		}
	}
	pos := last4
	for range m.depth {
		if pos < 0 || i-pos > windowSize || longest >= most {
			break
		}
		if b[pos+longest] == b[i+longest] {
			if n := common(b[pos:], b[i:i+most]); n > longest {
				m.list = append(m.list, match{uint16(n), uint16(i - pos)})
				longest = n
				if n >= m.nice {
					break
				}
			}
		}
		next := int(m.prev[pos%windowSize])
		if next >= pos {
			break // overwritten by a later position
		}
		pos = next
	}
	return longest
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
