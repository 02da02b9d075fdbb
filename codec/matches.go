package codec

import (
	"context"
	"encoding/binary"
	"math/bits"
)

const (
	hashBits   = 15
	stopPlaces = 4 << 10 // between two looks at the context: at most a few milliseconds
)

// A match is a string that came distance bytes before.
type match struct{ length, distance uint16 }

// matches finds, for places of data that come one after the other, the strings that
// begin there and came up to 32 KiB before: for each of several lengths the nearest.
type matches struct {
	depth, nice int // how many strings are looked at; the length that is enough

	three, four []int32 // the last place of each hash of 3 and of 4 bytes, and more 1
	before      []int32 // of each place modulo history, the one with the same hash of 4

	list []match
	ends []int32 // of each place since start, the end of its matches in list
}

func (m *matches) reset() {
	if m.three == nil {
		m.three, m.four, m.before = make([]int32, 1<<hashBits), make([]int32, 1<<hashBits), make([]int32, history)
	}
	clear(m.three)
	clear(m.four)
}

// find sets the matches of the places from..to of b, of the first ones if ctx is done.
func (m *matches) find(ctx context.Context, b []byte, from, to int) {
	m.list, m.ends = m.list[:0], m.ends[:0]
	skip := 0 // places within a long match
	for i := from; i < to; i++ {
		if i%stopPlaces == 0 && ctx.Err() != nil {
			return
		}
		if len(b)-i >= 4 {
			u := binary.LittleEndian.Uint32(b[i:])
			h3, h4 := u<<8*0x9E3779B1>>(32-hashBits), u*0x9E3779B1>>(32-hashBits)
			third, fourth := int(m.three[h3])-1, int(m.four[h4])-1
			m.three[h3], m.four[h4] = int32(i+1), int32(i+1)
			m.before[i%history] = int32(fourth)
			if skip > 0 {
				skip--
			} else if longest := m.at(b, i, third, fourth); longest >= m.nice {
				skip = longest - 1
			}
		}
		m.ends = append(m.ends, int32(len(m.list)))
	}
}

// at appends the matches of place i, of which third and fourth are the last places before
// with the same hashes, and returns the longest length.
func (m *matches) at(b []byte, i, third, fourth int) (longest int) {
	most := min(maxMatch, len(b)-i)
	longest = minMatch - 1
	if third >= 0 && i-third <= history && third != fourth {
		if n := common(b[third:], b[i:i+most]); n >= minMatch {
			m.list = append(m.list, match{uint16(n), uint16(i - third)})
			longest = n
		}
	}
	at := fourth
	for range m.depth {
		if at < 0 || i-at > history || longest >= most {
			break
		}
		if b[at+longest] == b[i+longest] {
			if n := common(b[at:], b[i:i+most]); n > longest {
				m.list = append(m.list, match{uint16(n), uint16(i - at)})
				longest = n
				if n >= m.nice {
					break
				}
			}
		}
		next := int(m.before[at%history])
		if next >= at {
			break // overwritten
		}
		at = next
	}
	return longest
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
