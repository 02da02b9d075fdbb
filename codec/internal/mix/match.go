package mix

const (
	matchBits    = 18
	matchPlaces  = 1 << matchBits
	mostMatched  = 400
	verified     = 32 // bytes that are compared when a match begins
	matchSteps   = 64 // classes of lengths
	matchClasses = 8
)

// A matcher foretells the byte that followed the same bytes before.
type matcher struct {
	least    int // bytes that must be the same
	places   []int32
	from     int // where the byte stands that is foretold
	length   int // bytes before it that are the same; 0: nothing is foretold
	counters [matchSteps * 2 * 2]counter
	foretold int // which of them, of the decision under way; -1: none
}

// reset forgets all.
func (m *matcher) reset(least int) {
	m.least, m.from, m.length = least, 0, 0
	if least > 0 {
		m.places = zeros(m.places, matchPlaces)
	}
	for i := range m.counters {
		m.counters[i] = counterStart
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

// inputs sets two inputs: logits of decision k of a byte of which bits are known, if v is what is
// foretold; 0 if nothing is. It returns a class of how long the match is, from 0 to 7.
func (m *matcher) inputs(in []int32, v byte, k int, known uint32) int {
	in[0], in[1], m.foretold = 0, 0, -1
	if m.length == 0 || k > 0 && (v == 0 || (uint32(v)|256)>>(9-k) != known) {
		return 0
	}
	want := 0
	if k == 0 && v == 0 || k > 0 && v>>(8-k)&1 != 0 {
		want = 1
	}
	step := min(m.length, 31) + min(max(m.length-32, 0)/8, matchSteps-32-1)
	m.foretold = (step*2+want)*2 + min(k, 1)
	p := m.counters[m.foretold].p()
	in[0], in[1] = stretch(p), (int32(p)-32768)>>5
	return 1 + min(m.length/8, 6)
}

// learn learns that the decision was bit.
func (m *matcher) learn(bit int) {
	if m.foretold >= 0 {
		m.counters[m.foretold].update(bit)
	}
}
