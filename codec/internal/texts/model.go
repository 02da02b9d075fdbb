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
	foretold []int                // contexts that need what matches foretell
	next     [mostContexts]uint32 // hashes of the slots that find finds
	places   [mostContexts]uint32 // of the slots in use
	used     [mostContexts]uint8  // histories of the decision under way
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
	m.width, m.foretold = -1, m.foretold[:0]
	for k, x := range p.Contexts {
		if x.Kind == Nucleotide {
			m.letters[n].reset(x.A, p.Log)
			n++
		} else {
			if x.Kind == Foretold {
				m.foretold = append(m.foretold, len(m.contexts))
			}
			m.contexts = append(m.contexts, newContext(x, k))
		}
		if m.width < 0 && (x.Kind == Column || x.Kind == Above) {
			m.width = x.A
		}
	}
	for k, n := range p.Matches {
		m.matchers[k].reset(n, p.matchLog(), len(b))
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
	m.prepare()
	m.enter()
	m.c.Charged(0)
	for i := range b {
		if i%chunk == 0 {
			switch {
			case m.c.Decoding() && m.c.Overrun():
				return arith.ErrCorrupt
			case ctx.Err() != nil:
				return ctx.Err()
			}
		}
		m.code(b, i)
		m.c.Charged(1)
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

// prepare has fetched what a byte needs, as far as that is known before its matches are.
func (m *model) prepare() {
	v := &m.view
	if v.i > 0 {
		for k := range m.matchers {
			m.matchers[k].look(v.b[v.i-1])
		}
	}
	for k := range m.contexts {
		if m.contexts[k].Kind != Foretold {
			m.hashes[k] = m.contexts[k].look(v)
		}
	}
	m.fetch(0, 0, len(m.contexts))
}

// enter sets what the decisions of a byte share, and begins the first one.
func (m *model) enter() {
	v := &m.view
	v.told, v.sure = 0, 0
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
	for _, k := range m.foretold {
		m.hashes[k] = m.contexts[k].look(v)
		m.fetch(0, k, k+1)
	}
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
	m.aim(0)
	m.ask(0)
	m.find()
}

// code codes byte i of b. It learns a decision only when what the next one needs is under way from memory: after
// the last decision, the next byte is prepared.
func (m *model) code(b []byte, i int) {
	t := &m.tree
	code := t.code[b[i]]
	node, first := int16(0), 0
	for {
		place := uint32(t.place[node])
		p, mixed := m.predict(place)
		bit := m.c.Bit(int(code>>31), p)
		code <<= 1
		m.learnMatches(bit, first)
		first = 1
		node = t.child[node][bit]
		if node < 0 {
			v := byte(^node)
			if m.c.Decoding() {
				b[i] = v
			}
			m.learnByte(v)
			m.prepare()
			m.learn(place, bit, mixed)
			m.enter()
			return
		}
		begins := t.place[node] == 1 // whether another group does
		if begins {
			m.fetch(uint32(t.group[node]), 0, len(m.contexts))
		}
		if t.place[node] >= 8 && arith.HasAVX2 {
			for _, c := range t.child[node] {
				if c >= 0 {
					m.fetch(uint32(t.group[c]), 0, len(m.contexts))
				}
			}
		}
		m.aim(node)
		m.ask(1)
		m.learn(place, bit, mixed)
		if begins {
			m.find()
		}
	}
}

// aim chooses what mixes the decision at a node.
func (m *model) aim(node int16) {
	m.rows[setNode] = int32(node)
	past := uint32(m.view.past)
	m.mixer.aim(m.rows[m.mixer.sets[0]], (past&0xff<<8|uint32(node))*golden, past&0xffff*prime2+uint32(node)*golden)
}

// fetch computes where the slots of a group are, of the contexts from, …, to - 1, and has their lines fetched.
func (m *model) fetch(group uint32, from, to int) {
	if from == to {
		return
	}
	if arith.HasAVX2 {
		prefetch(&m.slots.bytes[0], &m.hashes[from], &m.next[from], to-from, group*groupSalt, m.slots.shift)
		return
	}
	for k, h := range m.hashes[from:to] {
		m.next[from+k] = (h + group*groupSalt) * golden
	}
}

// find finds the slots that fetch fetched.
func (m *model) find() {
	found := int32(0)
	if arith.HasAVX2 {
		found = findAVX2(m)
	} else {
		for k, h := range m.next[:len(m.contexts)] {
			at, ok := m.slots.find(h)
			m.places[k] = at
			if ok {
				found++
			}
		}
	}
	m.rows[setMatch] = m.rows[setMatch]&^15 | min(found, 15)
}

// ask sets those inputs of the next decision that are not of histories; first is 0 for the first one of a byte, else 1.
func (m *model) ask(first int) {
	in := m.mixer.ahead[contextInputs*len(m.contexts):]
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

// predict returns the probability of the decision at a place of its group, and what the last mixer said.
func (m *model) predict(place uint32) (p uint32, mixed int32) {
	m.mixer.begin(&m.rows, int(m.view.past&0xff))
	if arith.HasAVX2 {
		return predictAVX2(m, int(place))
	}
	in := m.mixer.in
	for k := range m.contexts {
		m.used[k] = m.slots.bytes[m.places[k]+place]
		e := &m.maps[histories*k+int(m.used[k])]
		in[2*k], in[2*k+1] = int32(e.logit), int32(e.linear)
	}
	return m.mixer.mix()
}

// learn learns that the decision at a place of its group was bit, in what mixes and in all contexts that have histories.
func (m *model) learn(place uint32, bit int, mixed int32) {
	next := &nextHistory[bit]
	if arith.HasAVX2 {
		learnAVX2(m, int(place), bit, int(mixed), next, &gains, &logits)
		return
	}
	m.mixer.learn(bit, mixed)
	for k := range m.contexts {
		s := &m.slots.bytes[m.places[k]+place]
		*s = next[*s]
		m.maps[histories*k+int(m.used[k])].learn(bit)
	}
}

// learnMatches learns that a decision was bit, in letters and matches.
func (m *model) learnMatches(bit, first int) {
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
