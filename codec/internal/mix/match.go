package mix

const (
	matchLog   = 18
	maxMatched = 400
)

// A matcher finds what followed the same bytes before.
type matcher struct {
	least   int
	places  []int32
	from    int
	matched int
}

func (m *matcher) reset(least int) {
	m.least, m.from, m.matched = least, 0, 0
	if least > 0 {
		m.places = zeros(m.places, 1<<matchLog)
	}
}

// at moves to byte i.
func (m *matcher) at(b []byte, i int) {
	if m.matched > 0 && b[m.from] == b[i-1] {
		m.matched, m.from = min(m.matched+1, maxMatched), m.from+1
	} else {
		m.matched = 0
	}
	if i < m.least {
		return
	}
	h := uint32(0)
	for _, v := range b[i-m.least : i] {
		h = mixed(h, uint32(v))
	}
	place := &m.places[h>>(32-matchLog)]
	if p := int(*place); m.matched == 0 && p > 0 {
		for m.matched < min(32, p) && b[p-1-m.matched] == b[i-1-m.matched] {
			m.matched++
		}
		m.from = p
	}
	*place = int32(i)
}
