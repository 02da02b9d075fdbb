package records

import (
	"context"
	"math/bits"

	"github.com/ktzip/ktzip/codec/internal/arith"
)

// A Machine encodes and decodes members. It keeps its arrays for the next one. The zero Machine
// is ready to use. It is not safe for concurrent use.
type Machine struct {
	c       arith.Coder
	framer  framer
	view    view
	match   matcher
	panel   panel
	linker  linker
	columns []column
	final   final

	rows      []func(v *view) uint32
	hashes    []uint32 // of the rows' contexts
	found     []int32  // where their buckets begin
	buckets   buckets
	histories []arith.Counter // of each row: probabilities of what slots remember
	places    []int32         // which of these the decision under way has
	followed  []byte          // what followed each two bytes

	noise   int    // class of the column's
	matched byte   // what the match foretells, less the guess
	linked  byte   // what the link foretells, less the guess
	mixed   uint32 // a hash of the column
	changed uint32 // the class of the change above
	cost    int32  // what the byte took, in logits
}

const (
	checkedBytes  = 4096                // after which the end of a member and of the time is looked for
	slotInputs    = 2                   // of each context: by its probability and by what it remembers
	otherInputs   = 2*prophetInputs + 1 // of the match, the link, and a constant
	noiseClasses  = 8
	changeClasses = 16
	noiseRate     = 5    // shift: how fast the mean of a column's bits follows
	noisyRows     = 1    // contexts that are asked about noise
	expertNoise   = 5200 // logarithm of the error from which on an expert knows nothing
)

// noiseSteps are the bits that bytes take from which on noise is of the next class.
var noiseSteps = [noiseClasses - 1]int32{64, 256, 640, 1152, 1600, 1880, 2020}

// reset begins without knowledge.
func (m *Machine) reset(p *Params) {
	m.framer.reset(&p.Frame)
	m.view = view{}
	m.match.reset(p.Match)
	m.panel.reset(p.Experts)
	m.linker.reset()
	m.buckets.reset(p.Log - bucketLog)
	m.columns = arith.Zeros(m.columns, columns)
	m.rows = m.rows[:0]
	for k := range rows {
		if p.Contexts>>k&1 != 0 {
			m.rows = append(m.rows, rows[k].hash)
		}
	}
	n, experts, inputs := p.counts()
	m.hashes, m.found, m.places = arith.Sized(m.hashes, n), arith.Zeros(m.found, n), arith.Zeros(m.places, n)
	m.histories = arith.Sized(m.histories, n*historyClasses)
	for k := range m.histories {
		// A history of n decisions, m of which were 1: (m + 1/4) / (n + 1/2).
		all, ones := max(bits.Len(uint(k&255)), 1)-1, max(bits.OnesCount(uint(k&255)), 1)-1
		m.histories[k] = arith.Counter(uint32(ones*4+1)*(1<<22-1)/uint32(all*4+2)<<10 | 3)
	}
	m.followed = arith.Zeros(m.followed, followed)
	m.final.reset(inputs, n*slotInputs+experts+otherInputs)
}

// run codes b.
func (m *Machine) run(ctx context.Context, b []byte) error {
	for i := range b {
		if i%checkedBytes == 0 {
			switch {
			case m.c.Decoding() && m.c.Overrun():
				return arith.ErrCorrupt
			case ctx.Err() != nil:
				return ctx.Err()
			}
		}
		m.look(b, i)
		m.match.move(b, i)
		v := &m.view
		c := &m.columns[v.column>>(32-columnBits)]
		m.panel.look(v, c)
		for j, hash := range m.rows {
			m.hashes[j] = hashed(hash(v), uint32(j))
		}
		m.linker.move(&m.framer, &m.match, i)
		m.matched, m.linked = b[m.match.from]-byte(v.guess), b[m.linker.from]-byte(v.guess)
		m.prepare(c)
		r := m.code(b[i] - byte(v.guess))
		if m.c.Decoding() {
			b[i] = byte(v.guess) + r
		}
		m.c.Charged(1)
		m.panel.learnByte(r)
		m.linker.learnByte(b, i)
		c.noise += (m.cost<<logBits/arith.Ln2 - c.noise) >> noiseRate
		m.followed[v.w|v.ww<<8] = b[i]
	}
	return nil
}

// prepare sets what the decisions about a byte of column c share.
func (m *Machine) prepare(c *column) {
	m.noise, m.cost = 0, 0
	for _, step := range noiseSteps {
		if c.noise > step {
			m.noise++
		}
	}
	if m.noise == noiseClasses-1 && (m.panel.knows() || m.linker.sure() >= sureOfNoise) {
		m.noise--
	}
	v := &m.view
	m.mixed = hashed(v.column, 5)
	m.changed = sizeClass(v.d[0])
}

// knows reports whether an expert knows something of the byte.
func (p *panel) knows() bool {
	for i := range p.list {
		if q := &p.list[i]; q.shift > 0 && q.log < expertNoise {
			return true
		}
	}
	return false
}

// code codes what the byte is more than guessed: first whether that is 0, then its bits. The last
// four bits of noise are as likely 0 as 1.
func (m *Machine) code(v byte) byte {
	noisy := m.noise == noiseClasses-1
	n := len(m.hashes)
	if noisy {
		n = min(n, noisyRows)
		clear(m.final.inputs)
	}
	m.final.inputs[len(m.final.inputs)-1] = arith.Bias
	for j, h := range m.hashes[:n] {
		m.found[j] = m.buckets.find(h)
	}
	same := 0
	if v == 0 {
		same = 1
	}
	if m.decide(n, 0, 0, same) == 1 {
		return 0
	}
	known := uint32(1)
	for k := 1; k <= 8; k++ {
		if k == 5 {
			if noisy {
				m.cost += 4 * arith.Ln2
				return byte(known<<4 | m.c.Number(uint32(v&15), 4))
			}
			for j, h := range m.hashes[:n] {
				m.found[j] = m.buckets.find(hashed(h, known))
			}
		}
		known = known<<1 | uint32(m.decide(n, k, known, int(v>>(8-k)&1)))
	}
	return byte(known)
}

// decide codes decision k of a byte of which these bits are known, behind a leading 1: by the
// first n contexts, the experts and the match.
func (m *Machine) decide(n, k int, known uint32, bit int) int {
	node := known
	if k > 4 {
		node = 1<<(k-5) | known&(1<<(k-5)-1)
	}
	in := m.final.inputs
	m.ask(in, n, node)
	in = in[slotInputs*len(m.hashes):]
	middle := int32(0)
	if k > 1 {
		middle = int32(int8((known<<1 | 1) << (8 - k)))
	}
	m.panel.inputs(in, k, middle)
	in = in[len(m.panel.list):]
	match, link := 0, 0
	if m.match.inputs(in, m.matched, m.match.sure(), k, known) {
		match = 1 + min(m.match.length/8, matchClasses-2)
	}
	if m.linker.inputs(in[prophetInputs:], m.linked, m.linker.sure(), k, known) {
		link = 1 + min(m.linker.sure()/4, sureClasses-2)
	}
	bit, p := m.final.code(&m.c, bit, [mixedSets]int{
		(int(known)*noiseClasses+m.noise)*sureClasses + link,
		int((m.mixed + uint32(k)*0x9E3779B1) >> 20),
		((match*byteNodes+k)*changeClasses+int(m.changed))*noiseClasses + m.noise,
	}, [2]int{
		int((m.mixed*0x2545F491 ^ known*0x9E3779B1) >> 20),
		int(m.changed<<8 | known),
	})
	m.cost += 16*arith.Ln2 - arith.Ln(uint64(p))
	m.tell(n, node, bit)
	m.panel.learn(bit)
	m.match.learn(bit)
	m.linker.learn(bit)
	return bit
}

// ask sets the inputs of the first n contexts.
func (m *Machine) ask(in []int32, n int, node uint32) {
	level := int32(m.noise) << 10
	for j, at := range m.found[:n] {
		s := uint32(m.buckets.slots[uint32(at)+node])
		used := s >> 8 & 255
		place := int32(j*historyClasses) + level + int32(usesClass(used)<<8|s&255)
		m.places[j] = place
		two := in[slotInputs*j:][:slotInputs]
		two[0], two[1] = 0, 0
		if used > 0 {
			two[0] = arith.Stretch(s >> 16)
			two[1] = arith.Stretch(m.histories[place].P())
		}
	}
}

// tell lets the first n contexts learn that the decision was bit.
func (m *Machine) tell(n int, node uint32, bit int) {
	for j, at := range m.found[:n] {
		m.histories[m.places[j]].Update(bit)
		m.buckets.slots[uint32(at)+node].learn(bit)
	}
}
