package records

import "github.com/ktzip/ktzip/codec/internal/arith"

// A prophet tells decisions of a byte that is foretold, by how often it was right when it was as
// sure.
type prophet struct {
	counters []arith.Counter
	at       int // the counter of the decision under way; -1: none
}

const (
	prophetInputs = 2
	linearShift   = 5 // of a probability less a half, to an input
)

// reset begins without knowledge of so many classes of sureness.
func (o *prophet) reset(classes int) {
	o.counters = arith.Filled(o.counters, 4*classes, arith.EvenCounter)
}

// inputs sets two inputs for decision k of a byte, of which the bits known were decided, if v is
// what is foretold of it, less the guess, so sure; -1: nothing is. It returns whether that may
// still be so; if not, inputs are 0.
func (o *prophet) inputs(in []int32, v byte, sure, k int, known uint32) bool {
	in[0], in[1], o.at = 0, 0, -1
	if sure < 0 || k > 0 && (v == 0 || (uint32(v)|256)>>(9-k) != known) {
		return false
	}
	one := 0 // whether the decision should be 1
	if k == 0 && v == 0 || k > 0 && v>>(8-k)&1 != 0 {
		one = 1
	}
	o.at = (sure*2+one)*2 + min(k, 1)
	p := o.counters[o.at].P()
	in[0], in[1] = arith.Stretch(p), (int32(p)-1<<15)>>linearShift
	return true
}

// learn learns that the decision was bit.
func (o *prophet) learn(bit int) {
	if o.at >= 0 {
		o.counters[o.at].Update(bit)
	}
}

const (
	matchBits    = 18
	matchPlaces  = 1 << matchBits
	mostMatched  = 400
	verified     = 32 // bytes that are compared when a match begins
	matchSteps   = 63 // of lengths: one by one, then eight at a time
	matchClasses = 8
)

// A matcher foretells the byte that followed the same bytes before.
type matcher struct {
	prophet
	least  int // bytes that must be the same; 0: it foretells nothing
	places []int32
	from   int // where the byte stands that is foretold
	length int // bytes before it that are the same; 0: nothing is foretold
}

// reset forgets all.
func (m *matcher) reset(least int) {
	m.prophet.reset(matchSteps)
	m.least, m.from, m.length = least, 0, 0
	if least > 0 {
		m.places = arith.Zeros(m.places, matchPlaces)
	}
}

// move moves to byte i of b.
func (m *matcher) move(b []byte, i int) {
	if m.least == 0 || i < m.least {
		return
	}
	if m.length > 0 && b[m.from] == b[i-1] {
		m.length, m.from = min(m.length+1, mostMatched), m.from+1
	} else {
		m.length = 0
	}
	hash := uint32(0)
	for _, v := range b[i-m.least : i] {
		hash = hashed(hash, uint32(v))
	}
	place := &m.places[hash>>(32-matchBits)]
	if p := int(*place); m.length == 0 && p > 0 {
		for m.length < min(verified, p) && b[p-1-m.length] == b[i-1-m.length] {
			m.length++
		}
		m.from = p
	}
	*place = int32(i)
}

// sure returns the class of the length; -1 if nothing is foretold.
func (m *matcher) sure() int {
	return min(m.length, verified) + min(max(m.length-verified, 0)/8, matchSteps-verified) - 1
}
