package text

// Rows of one length, such as those of an aligned table: what they have at a place tells where the
// cells are.

const (
	// fixedPercent is how many of the rows must have the same length, and fixedRows how many are
	// looked at. Arbitrary.
	fixedPercent, fixedRows = 60, 4 << 10

	// maxFixed is the length of the longest rows that are looked at.
	maxFixed = 1 << 10
)

// usualLength returns the length that most of the rows have; 0 if too few have the same.
func (s *sample) usualLength() (length int) {
	counts := map[int]int{}
	for _, row := range s.rows {
		counts[len(row)]++
	}
	most := 0
	for n, rows := range counts {
		if rows > most || rows == most && n > length {
			length, most = n, rows
		}
	}
	if most*100 < len(s.rows)*fixedPercent || length > maxFixed {
		return 0
	}
	return length
}

// fixed groups the rows of the usual length by what they have at each place; other rows by their
// shapes.
func (s *sample) fixed() (groups []*group) {
	length := s.usualLength()
	if length == 0 {
		return nil
	}
	alike, other := &group{}, []int{}
	for r, row := range s.rows {
		if len(row) == length {
			alike.rows = append(alike.rows, r)
		} else {
			other = append(other, r)
		}
	}
	list := s.places(alike.rows, length)
	for range alike.rows {
		alike.tokens = append(alike.tokens, list)
	}
	return append(s.split(alike, 0), s.shapes(other, s.tokens(other))...)
}

// A place is what rows have at a byte.
type place struct {
	class    byte // classes that all of them have
	constant bool
}

// places returns the tokens of all rows, which have the same length.
func (s *sample) places(rows []int, length int) (list []token) {
	rows = rows[:min(len(rows), fixedRows)]
	first := s.rows[rows[0]]
	at := make([]place, length)
	for i := range at {
		at[i] = place{classes[first[i]], true}
		for _, r := range rows {
			at[i].class &= classes[s.rows[r][i]]
			at[i].constant = at[i].constant && s.rows[r][i] == first[i]
		}
	}
	for i := 0; i < length; {
		t := token{start: int32(i), kind: mark}
		end := i + 1
		switch p := at[i]; {
		case s.stamped(rows, i, &t):
			end = int(t.end)
		case p.constant && p.class&isBlank != 0:
			t.kind = blank
			for end < length && at[end].constant && at[end].class&isBlank != 0 {
				end++
			}
		case p.constant && p.class&(isDigit|isLetter) == 0:
		default:
			t.kind = value
			for end < length && !borders(at[end-1], at[end]) {
				end++
			}
		}
		t.end = int32(end)
		list = append(list, t)
		i = end
	}
	return list
}

// borders reports whether a value ends between two places.
func borders(a, b place) bool {
	switch {
	case b.constant && b.class&(isDigit|isLetter) == 0:
		return true
	case a.class&isDigit != 0 && b.class&isLetter != 0 && b.class&isHex == 0, a.class&isLetter != 0 && a.class&isHex == 0 && b.class&isDigit != 0:
		return true
	}
	return false
}

// stamped reports whether all rows have a time of the same layout at byte i, which t becomes.
func (s *sample) stamped(rows []int, i int, t *token) bool {
	l, end := layoutOf(s.rows[rows[0]], i)
	if l.line == 0 {
		return false
	}
	for _, r := range rows {
		if m, e := layoutOf(s.rows[r], i); m != l || e != end {
			return false
		}
	}
	t.kind, t.end, t.layout = stamp, int32(end), l
	return true
}
