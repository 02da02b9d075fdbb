package texts

import "github.com/ktzip/ktzip/codec/internal/arith"

// A mixer makes one probability of many logits: sets of weights, of which contexts choose a row
// each, a last one that weighs what these say, and curves that refine that.
type mixer struct {
	n          int // inputs, a multiple of vectorInts
	in         []int32
	weights    []int32           // of all sets: set after set, row after row
	sets       []int             // the sets in use
	rows       [weightSets]int32 // where the rows in use begin in weights
	x          [weightSets]int32 // logits of the sets
	errors     [weightSets]int32
	last       []int32 // weights of the last mixer: rows of lastRow
	lastRow    int
	curves     [2]arith.Curve
	curveShift int // of hashes, to a context of the curves
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
	m.in = arith.Zeros(m.in, m.n)
	m.sets = m.sets[:0]
	for k := range weightSets {
		if p.Sets>>k&1 != 0 {
			m.sets = append(m.sets, k)
		}
	}
	logits := len(p.Contexts) + 3
	m.weights = arith.Filled(m.weights, len(m.sets)*setRows*m.n, int32(1<<weightBits/logits))
	m.last = arith.Filled(m.last, setRows*lastRow, int32(1<<weightBits/len(m.sets)))
	log := p.curveLog()
	m.curveShift = 32 - log
	for k := range m.curves {
		m.curves[k].Reset(1 << log)
	}
}

// mix returns the probability of the decision, 16 bits.
func (m *mixer) mix(rows *[weightSets]int32, last int, refined [2]uint32) (p uint32, mixed int32) {
	for j, k := range m.sets {
		m.rows[j] = (int32(j)*setRows + rows[k]) * int32(m.n)
	}
	m.dots()
	m.lastRow = last * lastRow
	w := m.last[m.lastRow:][:lastRow]
	sum := int64(0)
	for j := range m.sets {
		m.x[j] = arith.ClampLogit(int64(m.x[j] >> weightBits))
		sum += int64(m.x[j]) * int64(w[j])
	}
	logit := arith.ClampLogit(sum >> weightBits)
	mixed = int32(arith.Squash(logit))
	p = m.curves[0].Refine(int(refined[0]>>m.curveShift), logit) + m.curves[1].Refine(int(refined[1]>>m.curveShift), logit)
	p = (2*uint32(mixed) + p) / 4
	return min(max(p, 1), 65535), mixed
}

// learn learns that the decision was bit, of which the last mixer said mixed.
func (m *mixer) learn(bit int, mixed int32) {
	target := int32(bit) * 65535
	w := m.last[m.lastRow:][:lastRow]
	e := (target - mixed) * lastRate >> 4
	for j := range m.sets {
		m.errors[j] = (target - int32(arith.Squash(m.x[j]))) * rate >> 4
		w[j] += (m.x[j]*e + 1<<(rateShift-1)) >> rateShift
	}
	m.train()
	m.curves[0].Update(bit)
	m.curves[1].Update(bit)
}

// dots sets x to the sums of the inputs, weighed by each row.
func (m *mixer) dots() {
	if arith.HasAVX2 {
		dotsAVX2(&m.in[0], m.n, &m.weights[0], &m.rows[0], len(m.sets), &m.x[0])
		return
	}
	for j := range m.sets {
		w := m.weights[m.rows[j]:][:len(m.in)]
		sum := int32(0)
		for k, x := range m.in {
			sum += x * w[k]
		}
		m.x[j] = sum
	}
}

// train moves the weights of each row along the inputs.
func (m *mixer) train() {
	if arith.HasAVX2 {
		trainAVX2(&m.in[0], m.n, &m.weights[0], &m.rows[0], len(m.sets), &m.errors[0])
		return
	}
	for j := range m.sets {
		w := m.weights[m.rows[j]:][:len(m.in)]
		e := m.errors[j]
		for k, x := range m.in {
			w[k] += (x*e + 1<<(rateShift-1)) >> rateShift
		}
	}
}
