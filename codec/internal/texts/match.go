package texts

import (
	"math/bits"

	"github.com/ktzip/ktzip/codec/internal/arith"
)

// A matcher foretells the byte that followed the same bytes before. If that is wrong it goes on
// behind it, as long as it is right often enough and there is no better place.
type matcher struct {
	least  int
	places []uint32
	hash   uint64 // of the last bytes: what is older than least has left it
	bits   int    // of a place; those above are of the hash, and tell places of other bytes without looking
	forget int    // bits that leave it per byte
	shift  int
	from   int    // where the byte stands that is foretold; 0: nothing is
	length int    // bytes before it that are the same, bounded
	missed uint32 // of the last bytes foretold, which were wrong: the last one in the least significant bit
	byte   byte   // that is foretold
	code   uint32 // what is left of its decisions; 0: nothing is foretold
	index  int    // of maps
	maps   [matchClasses * 2]entry
}

const (
	matchInputs  = 2
	matchLengths = 32
	matchMisses  = 4
	matchClasses = matchLengths * matchMisses
	mostMatched  = 400
	verified     = 32 // bytes that are compared when a match begins
	mostMissed   = 8  // of the last 16
)

// reset forgets all.
func (m *matcher) reset(least, log, size int) {
	*m = matcher{least: least, places: arith.Zeros(m.places, 1<<log), shift: 64 - log, forget: (63 + least) / least, bits: bits.Len(uint(size))}
	for k := range m.maps {
		// The longer, the surer: an error in so many bytes.
		n := uint32(k / (2 * matchMisses))
		m.maps[k].set(1<<22-1-1<<22/(4+2*n), 0)
	}
}

// look learns the byte before the one under way, and has its place fetched.
func (m *matcher) look(c byte) {
	m.hash = m.hash<<m.forget*prime3 + (uint64(c)+1)*golden64
	if arith.HasAVX2 {
		prefetchPlace(&m.places[m.hash>>m.shift])
	}
}

// move moves to byte i of b.
func (m *matcher) move(b []byte, i int) {
	if m.from > 0 {
		if b[m.from] == b[i-1] {
			m.length = min(m.length+1, mostMatched)
			m.missed <<= 1
		} else {
			m.length = 0
			m.missed = m.missed<<1 | 1
		}
		if m.from++; ones16(m.missed) > mostMissed {
			m.from = 0
		}
	}
	if i < m.least {
		return
	}
	place := &m.places[m.hash>>m.shift]
	check := uint32(m.hash>>(m.shift-32+m.bits)) << m.bits
	if m.length < m.least {
		if p := *place ^ check; p>>m.bits == 0 && p > 0 && int(p) != m.from {
			m.begin(b, int(p), i)
		}
	}
	*place = uint32(i) | check
}

// begin begins a match at p if enough bytes before that are those before i.
func (m *matcher) begin(b []byte, p, i int) {
	n := 0
	for n < min(verified, p) && b[p-1-n] == b[i-1-n] {
		n++
	}
	if n >= m.least {
		m.from, m.length, m.missed = p, n, 0
	}
}

func ones16(x uint32) int { return bits.OnesCount16(uint16(x)) }

// foretell sets what is foretold of the next byte.
func (m *matcher) foretell(b []byte, t *tree) {
	if m.code = 0; m.from == 0 {
		return
	}
	m.byte = b[m.from]
	m.code = t.code[m.byte]
	m.index = 2 * (m.lengthClass()*matchMisses + min(ones16(m.missed), matchMisses-1))
}

func (m *matcher) lengthClass() int {
	n := m.length
	if n > 15 {
		n = 15 + min((m.length-15)>>2, 15)
	}
	if m.length == mostMatched {
		n = matchLengths - 1
	}
	return n
}

// inputs sets the inputs of a decision; first is 0 for the first of a byte, else 1.
func (m *matcher) inputs(in []int32, first int) {
	in[0], in[1] = 0, 0
	if m.code == 0 {
		return
	}
	e := &m.maps[m.index+first]
	sign := int32(m.code>>31)*2 - 1
	in[0], in[1] = int32(e.logit)*sign, int32(e.linear)*sign
}

// learn learns that the decision was bit.
func (m *matcher) learn(bit, first int) {
	if m.code == 0 {
		return
	}
	told := m.code >> 31
	m.maps[m.index+first].learn(int(told ^ uint32(bit) ^ 1))
	if m.code <<= 1; told != uint32(bit) || m.code == 1<<31 {
		m.code = 0
	}
}
