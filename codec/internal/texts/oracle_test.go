package texts

import (
	"bytes"
	"math/bits"
	"testing"

	"github.com/ktzip/ktzip/codec/internal/arith"
)

// TestOracle compares members with those of the slow coder below, as the format describes it.
func TestOracle(t *testing.T) {
	r := newSampler(31)
	var m Machine
	for range 40 {
		p, b := r.params(), r.bytes(r.IntN(600))
		if got, want := encoded(t, &m, b, p), slow(b, p); !bytes.Equal(got, want) {
			t.Fatalf("%+v: %d bytes, want %d other ones", p, len(got), len(want))
		}
	}
}

// A known is an adaptive probability of the slow coder.
type known struct{ p, n int64 }

func (k *known) inputs() []int64 {
	return []int64{int64(arith.Stretch(uint32(k.p >> 6))), (k.p - 1<<21) >> 11}
}

func (k *known) learn(bit int) {
	k.p += ((1<<22-1)*int64(bit) - k.p) * (1 << 17 / (2*k.n + 7)) >> 16
	k.n = min(k.n+1, 255)
}

// A slowMatch is a match of the slow coder.
type slowMatch struct {
	least, from, length int
	missed              uint16
	places              map[uint64]int
	entries             [256]known
	code                []int // decisions foretold
}

// class returns the class of the length.
func (m *slowMatch) class() int {
	switch {
	case m.length == 400:
		return 31
	case m.length > 15:
		return 15 + min((m.length-15)/4, 15)
	}
	return m.length
}

// move looks for what is before byte i of b.
func (m *slowMatch) move(b []byte, i, log int) {
	if m.from > 0 {
		m.missed <<= 1
		if m.length = min(m.length+1, 400); b[m.from] != b[i-1] {
			m.length = 0
			m.missed |= 1
		}
		if m.from++; bits.OnesCount16(m.missed) > 8 {
			m.from = 0
		}
	}
	if i < m.least {
		return
	}
	hash := uint64(0)
	for j := max(0, i-64); j < i; j++ { // older bytes have left the hash
		hash = hash<<((63+m.least)/m.least)*prime3 + (uint64(b[j])+1)*golden64
	}
	key := hash >> (64 - log)
	if q := m.places[key]; m.length < m.least && q > 0 && q != m.from {
		n := 0
		for n < min(32, q) && b[q-1-n] == b[i-1-n] {
			n++
		}
		if n >= m.least {
			m.from, m.length, m.missed = q, n, 0
		}
	}
	m.places[key] = i
}

// A slowLetters is a context of letters of the slow coder.
type slowLetters struct {
	n, log  int
	counts  map[uint64]*[4]int
	entries [256]known
}

// at returns the counts after some letters, the last one at the end.
func (l *slowLetters) at(letters []byte) *[4]int {
	x := uint64(0)
	for k := range l.n {
		x <<= 2
		if j := len(letters) - l.n + k; j >= 0 {
			x |= uint64(letters[j])
		}
	}
	if 2*l.n > l.log {
		x = x * golden64 >> (64 - l.log)
	}
	if l.counts[x] == nil {
		l.counts[x] = new([4]int)
	}
	return l.counts[x]
}

// add counts a letter.
func (l *slowLetters) add(c *[4]int, letter byte) {
	most := 15
	if l.n <= 11 {
		most = 255
	}
	if c[letter] == most {
		for k := range c {
			c[k] /= 2
		}
	}
	c[letter]++
}

// move counts the last one of letters, on both strands.
func (l *slowLetters) move(letters []byte) {
	n := len(letters)
	l.add(l.at(letters[:n-1]), letters[n-1])
	var back []byte // what came before on the other strand, which began as As
	for k := range l.n {
		c := byte(0)
		if j := n - 1 - k; j >= 0 {
			c = 3 - letters[j]
		}
		back = append(back, c)
	}
	last := byte(0)
	if j := n - 1 - l.n; j >= 0 {
		last = 3 - letters[j]
	}
	l.add(l.at(back), last)
}

// decisions returns the code of a byte.
func decisions(lengths *[256]uint8, v byte) (list []int) {
	code := 0
	for n := 1; n <= int(lengths[v]); n++ {
		code <<= 1
		for w := range 256 {
			if int(lengths[w]) == n && (n < int(lengths[v]) || w < int(v)) {
				code++
			}
		}
	}
	for k := int(lengths[v]) - 1; k >= 0; k-- {
		list = append(list, code>>k&1)
	}
	return list
}
