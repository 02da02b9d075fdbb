package texts

import "github.com/ktzip/ktzip/codec/internal/arith"

// A mixer makes one probability of many logits: sets of weights, of which contexts choose a row
// each, a last one that weighs what these say, and curves that refine that.
type mixer struct {
	n       int               // inputs, a multiple of vectorInts
	in      []int32           // of the decision under way
	ahead   []int32           // of the next one: those that are not of histories are there already
	weights []int32           // of all sets: set after set, row after row
	sets    []int             // the sets in use
	rows    [weightSets]int32 // where the rows in use begin in weights
	x       [lastRow]int32    // logits of the sets, then zeros
	squash  *[2*arith.MaxLogit + 1]uint16
	last    []int32 // weights of the last mixer: rows of lastRow
	lastRow int
	curves  curves
}

// The sets of weights, by what chooses the row.
const (
	setNode  = iota // the node of the tree
	setMatch        // the length of the match, and how many contexts were found
	setByte         // the last byte
	setKinds        // kinds of the last four bytes
	setTold         // the byte that the longest match foretells
	setPlace        // the place in the row of the first context that has rows, or the byte before the last
	weightSets
)

const (
	setRows     = 256
	lastRow     = 8 // weights in a row of the last mixer
	vectorInts  = 8
	weightBits  = 16 // of fraction
	rateShift   = 14
	rate        = 6       // of weights, sixteenths
	lastRate    = 3       // of those of the last mixer, sixteenths
	fixedMemory = 1 << 18 // bytes: what followed, and what is small
	bias        = 256
)

// reset begins without knowledge.
func (m *mixer) reset(p *Params) {
	m.n = p.inputs()
	m.in, m.ahead = arith.Zeros(m.in, m.n), arith.Zeros(m.ahead, m.n)
	m.x, m.squash = [lastRow]int32{}, arith.Squashes()
	m.sets = m.sets[:0]
	for k := range weightSets {
		if p.Sets>>k&1 != 0 {
			m.sets = append(m.sets, k)
		}
	}
	logits := len(p.Contexts) + 3
	m.weights = arith.Filled(m.weights, len(m.sets)*setRows*m.n, int32(1<<weightBits/logits))
	m.last = arith.Filled(m.last, setRows*lastRow, int32(1<<weightBits/len(m.sets)))
	m.curves.reset(p.curveLog())
}

// aim has fetched, of what the next decision needs, what caches may not have: the first set's weights, and curves.
func (m *mixer) aim(row int32, first, second uint32) {
	m.curves.aim(first, second)
	if arith.HasAVX2 {
		prefetchLines(&m.curves.points[m.curves.next[0]], &m.curves.points[m.curves.next[1]], &m.weights[int(row)*m.n])
	}
}

// begin begins the next decision, with these rows of the sets and of the last mixer.
func (m *mixer) begin(rows *[weightSets]int32, last int) {
	for j, k := range m.sets {
		m.rows[j] = (int32(j)*setRows + rows[k]) * int32(m.n)
	}
	m.lastRow = last * lastRow
	m.in, m.ahead = m.ahead, m.in
}

// mix returns the probability of the decision, 16 bits.
func (m *mixer) mix() (p uint32, mixed int32) {
	sum := int64(0)
	for j := range m.sets {
		w := m.weights[m.rows[j]:][:len(m.in)]
		dot := int32(0)
		for k, x := range m.in {
			dot += x * w[k]
		}
		m.x[j] = arith.ClampLogit(int64(dot >> weightBits))
		sum += int64(m.x[j]) * int64(m.last[m.lastRow+j])
	}
	logit := arith.ClampLogit(sum >> weightBits)
	mixed = int32(arith.Squash(logit))
	p = (2*uint32(mixed) + m.curves.refine(logit)) / 4
	return min(max(p, 1), 65535), mixed
}

// learn learns that the decision was bit, of which the last mixer said mixed.
func (m *mixer) learn(bit int, mixed int32) {
	target := int32(bit) * 65535
	last := (target - mixed) * lastRate >> 4
	for j := range m.sets {
		e := (target - int32(arith.Squash(m.x[j]))) * rate >> 4
		m.last[m.lastRow+j] += (m.x[j]*last + 1<<(rateShift-1)) >> rateShift
		w := m.weights[m.rows[j]:][:len(m.in)]
		for k, x := range m.in {
			w[k] += (x*e + 1<<(rateShift-1)) >> rateShift
		}
	}
	m.curves.update(bit)
}
