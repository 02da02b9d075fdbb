package mix

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
		m.places = zeros(m.places, matchPlaces)
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
