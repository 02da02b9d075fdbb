package texts

import (
	"context"

	"github.com/ktzip/ktzip/codec/internal/arith"
)

// A model predicts and codes bytes.
type model struct {
	p        *Params
	c        *arith.Coder
	tree     tree
	view     view
	contexts []bytesContext
	letters  []letters
	matchers []matcher
	strand   strand
	slots    slots
	maps     []entry // of histories, context after context
	hashes   [mostContexts]uint32
	places   [mostContexts]uint32 // of the slots in use
	indexes  [mostContexts]uint32 // of the maps in use
	mixer    mixer
	rows     [weightSets]int32
	width    int
}

const (
	contextInputs = 2
	startUses     = 3 // of the probabilities of histories: what they start with counts as much
)

// groupSalt makes hashes of groups differ.
const groupSalt = 0x2F0B4C47

// reset begins without knowledge.
func (m *model) reset(p *Params, c *arith.Coder, b []byte) {
	m.p, m.c = p, c
	m.view.reset(b)
	m.contexts = m.contexts[:0]
	m.letters = arith.Grown(m.letters, len(p.Contexts)-p.slots())
	m.matchers = arith.Grown(m.matchers, len(p.Matches))
	n := 0
	m.width = -1
	for k, x := range p.Contexts {
		if x.Kind == Nucleotide {
			m.letters[n].reset(x.A, p.Log)
			n++
		} else {
			m.contexts = append(m.contexts, newContext(x, k))
		}
		if m.width < 0 && (x.Kind == Column || x.Kind == Above) {
			m.width = x.A
		}
	}
	for k, n := range p.Matches {
		m.matchers[k].reset(n, p.matchLog())
	}
	m.strand, m.rows = strand{}, [weightSets]int32{}
	m.slots.reset(p.Log)
	m.maps = arith.Sized(m.maps, histories*len(m.contexts))
	for k := range m.maps {
		m.maps[k].set(tallies[k%histories].start(), startUses)
	}
	m.mixer.reset(p)
}

// run codes b.
func (m *model) run(ctx context.Context, b []byte) error {
	for i := range b {
		if i%chunk == 0 {
			switch {
			case m.c.Decoding() && m.c.Overrun():
				return arith.ErrCorrupt
			case ctx.Err() != nil:
				return ctx.Err()
			}
		}
		m.prepare()
		v := m.code(b[i])
		if m.c.Decoding() {
			b[i] = v
		}
		m.learnByte(v)
	}
	return nil
}

// kindOf has two bits for each byte: a letter, a digit, a space or a sign, other.
func kindOf(c byte) int32 {
	switch low := c | 0x20; {
	case low >= 'a' && low <= 'z':
		return 0
	case c >= '0' && c <= '9':
		return 1
	case c == ' ' || c == '\n' || c == '\t' || c == '\r':
		return 2
	}
	return 3
}

// prepare sets what the decisions of a byte share.
func (m *model) prepare() {
	v := &m.view
	v.told, v.sure = 0, 0
	if v.i > 0 {
		for k := range m.matchers {
			m.matchers[k].look(v.b[v.i-1])
		}
	}
	for k := range m.matchers {
		q := &m.matchers[k]
		if v.i > 0 {
			q.move(v.b, v.i)
		}
		q.foretell(v.b, &m.tree)
		if k > 0 && q.code != 0 && m.matchers[k-1].code != 0 && q.from == m.matchers[k-1].from {
			q.code = 0
		}
		if q.code != 0 && v.told == 0 {
			v.told, v.sure = int32(q.byte)+1, int32(1+min(q.lengthClass()/2, 14))
		}
	}
	for k := range m.contexts {
		m.hashes[k] = m.contexts[k].look(v)
	}
	m.fetch(0)
	if len(m.letters) > 0 {
		m.strand.foretell(&m.tree)
	}
	m.rows[setMatch] = v.sure << 4
	m.rows[setByte] = int32(v.past & 0xff)
	m.rows[setKinds] = m.rows[setKinds]<<2&0xff | kindOf(byte(v.past))
	m.rows[setTold] = max(v.told-1, 0)
	m.rows[setPlace] = int32(v.past >> 8 & 0xff)
	if m.width >= 0 {
		m.rows[setPlace] = int32(v.column(m.width)) & 0xff
	}
}

// code codes a byte.
func (m *model) code(v byte) byte {
	t := &m.tree
	code := t.code[v]
	node, first := int16(0), 0
	past := uint32(m.view.past)
	for {
		if t.place[node] == 1 {
			if node != 0 {
				m.fetch(uint32(t.group[node]))
			}
			m.find()
		}
		m.ask(uint32(t.place[node]), first)
		m.rows[setNode] = int32(node)
		p, mixed := m.mixer.mix(&m.rows, int(past&0xff), [2]uint32{
			(past&0xff<<8 | uint32(node)) * golden,
			past&0xffff*prime2 + uint32(node)*golden,
		})
		bit := m.c.Bit(int(code>>31), p)
		code <<= 1
		m.mixer.learn(bit, mixed)
		m.tell(uint32(t.place[node]), bit, first)
		first = 1
		if node = t.child[node][bit]; node < 0 {
			return byte(^node)
		}
	}
}

// fetch computes where the slots of a group are, and has their lines fetched.
func (m *model) fetch(group uint32) {
	n := len(m.contexts)
	if n == 0 {
		return
	}
	if arith.HasAVX2 {
		prefetch(&m.slots.bytes[0], &m.hashes[0], &m.places[0], n, group*groupSalt, m.slots.shift)
		return
	}
	for k, h := range m.hashes[:n] {
		m.places[k] = (h + group*groupSalt) * golden
	}
}

// find finds the slots that fetch fetched.
func (m *model) find() {
	found := int32(0)
	for k, h := range m.places[:len(m.contexts)] {
		at, ok := m.slots.find(h)
		m.places[k] = at
		if ok {
			found++
		}
	}
	m.rows[setMatch] = m.rows[setMatch]&^15 | min(found, 15)
}

// ask sets the inputs of a decision.
func (m *model) ask(place uint32, first int) {
	in := m.mixer.in
	n := len(m.contexts)
	if arith.HasAVX2 && n > 0 {
		askAVX2(&m.slots.bytes[place], &m.maps[0], &m.places[0], &m.indexes[0], &in[0], n)
		n = 0
	}
	for k := range n {
		x := uint32(k)<<8 | uint32(m.slots.bytes[m.places[k]+place])
		m.indexes[k] = x
		e := &m.maps[x]
		in[2*k], in[2*k+1] = int32(e.logit), int32(e.linear)
	}
	in = in[contextInputs*len(m.contexts):]
	for k := range m.letters {
		in[0], in[1] = 0, 0
		if m.strand.live() {
			m.letters[k].inputs(in, &m.strand.codes)
		}
		in = in[contextInputs:]
	}
	for k := range m.matchers {
		m.matchers[k].inputs(in, first)
		in = in[matchInputs:]
	}
	in[0] = bias
}

// tell learns that a decision was bit.
func (m *model) tell(place uint32, bit, first int) {
	next := &nextHistory[bit]
	n := len(m.contexts)
	if arith.HasAVX2 && n > 0 {
		tellAVX2(&m.slots.bytes[place], &m.maps[0], &m.places[0], &m.indexes[0], n, &next[0], bit*(1<<22-1), &gains[0], &logits[0])
		n = 0
	}
	for k := range n {
		s := &m.slots.bytes[m.places[k]+place]
		*s = next[*s]
		m.maps[m.indexes[k]].learn(bit)
	}
	if len(m.letters) > 0 && m.strand.live() {
		for k := range m.letters {
			m.letters[k].learn(bit)
		}
		m.strand.learn(bit)
	}
	for k := range m.matchers {
		m.matchers[k].learn(bit, first)
	}
}

// learnByte learns the byte that was coded.
func (m *model) learnByte(c byte) {
	if len(m.letters) > 0 {
		if letter := letterOf[c]; letter > 0 {
			m.strand.small = c >= 'a'
			m.strand.past = m.strand.past<<2 | uint64(letter-1)
			for k := range m.letters {
				m.letters[k].move(m.strand.past, uint64(letter-1))
			}
		}
	}
	m.view.move()
}
