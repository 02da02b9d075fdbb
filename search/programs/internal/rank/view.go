package rank

// A Cut says how a line is made of two strands, interleaved: by so many pairs, and
// which strand gets the elements after them.
type Cut struct {
	Pairs  int  `json:"pairs"`
	Second bool `json:"second,omitempty"`
}

// strand returns the index of the strand that gets the elements after the pairs.
func (c Cut) strand() int {
	if c.Second {
		return 1
	}
	return 0
}

// A Kid is a cut and the estimate of what the state with it costs, in 1/256 bit.
type Kid struct {
	Cut
	Cost int32
}

// A State is what a ranker is shown: the line to be cut of a solved state.
type State struct {
	Line  []int32 // elements
	Cost  int32   // of the state as it is, in 1/256 bit
	Depth int     // number of cuts before
	Kids  []Kid   // one or more, the cheapest first
}

// A Lesson is a state and the index of the kid that leads to the best program; -1 if
// none of the kids does.
type Lesson struct {
	State
	Right int
}

// Features. Of each pair in the window around a cut there are groupsPair: two of each
// element, and of each strand, if it gets the elements after the pair, the cost of
// that cut and how much more it is than with a pair less. Of the pair at the cut there
// are groupsCut, of the state groupsState.
const (
	Reach  = 4 // pairs before and after the one at the cut
	window = 2*Reach + 1
	codes  = 16 // values of a feature

	groupsPair  = 8
	groupsCut   = 4
	groupsState = 3

	// Summands is the number of rows that make a unit.
	Summands = window*groupsPair + groupsCut + groupsState

	rowsOffset = groupsPair * codes // rows of each offset in the window
	firstCut   = window * rowsOffset
	firstState = firstCut + groupsCut*codes
	// Rows is the number of rows of the first layer.
	Rows = firstState + groupsState*codes
)

// MaxKids is how many kids are ranked, the cheapest; others stay behind these in their
// order. The right one was among them in 99.4 % of 87,000 states, and among the first 32
// in 96 % (November 2026).
const MaxKids = 96

// Codes of costs that are not there: of pairs outside of the line, and of cuts that no
// kid has.
const (
	outside = 14
	missing = 15
)

// far is the cost of a cut that no kid has.
const far = 1 << 28

// A View has the features of a state. The zero value is ready for Set.
type View struct {
	state *State
	pairs []uint8 // groupsPair codes of each pair, with Reach pairs outside at both ends
	flags []uint8 // of each element
	costs [2][]int32
	rank  [2][]int32 // by strand and pairs: index of the kid; unranked if it is not ranked
	rows  [groupsState]uint16
}

// unranked is the rank of what is not ranked.
const unranked = 1 << 20

// Set makes w the view of s until the next call. It keeps s.
func (w *View) Set(s *State) {
	w.state = s
	n := len(s.Line)
	size := n/2 + 1
	for x := range 2 {
		w.costs[x], w.rank[x] = grow(w.costs[x], size), grow(w.rank[x], size)
		for i := range size {
			w.costs[x][i], w.rank[x][i] = far, unranked
		}
	}
	for i := range s.Kids {
		k := &s.Kids[i]
		w.costs[k.strand()][k.Pairs] = k.Cost
		if i < MaxKids {
			w.rank[k.strand()][k.Pairs] = int32(i)
		}
	}
	w.setFlags(2 * size)
	w.setPairs(size)
	w.rows = [groupsState]uint16{
		firstState + uint16(gainCodes.ofCost(s.Kids[0].Cost-s.Cost)),
		firstState + codes + uint16(lengthCodes.of(int32(n))),
		firstState + 2*codes + uint16(min(s.Depth, codes-1)),
	}
}

// setPairs sets the codes of the window's features.
func (w *View) setPairs(size int) {
	w.pairs = grow(w.pairs, groupsPair*(size+2*Reach))
	ends := w.pairs[groupsPair*(Reach+size):]
	for i := range groupsPair * Reach {
		c := uint8(0)
		if i%groupsPair >= 4 {
			c = outside
		}
		w.pairs[i], ends[i] = c, c
	}
	lowest := w.state.Kids[0].Cost
	before := [2]int32{far, far}
	for i := range size {
		p := (*[groupsPair]uint8)(w.pairs[groupsPair*(Reach+i):])
		a, b := w.flags[2*i], w.flags[2*i+1]
		p[0], p[1], p[2], p[3] = a&15, a>>4, b&15, b>>4
		for x := range 2 {
			c := w.costs[x][i]
			p[4+2*x], p[5+2*x] = missing, missing
			if c < far {
				p[4+2*x] = costCodes.ofCost(c - lowest)
				if before[x] < far {
					p[5+2*x] = changeCodes.ofCost(c - before[x])
				}
			}
			before[x] = c
		}
	}
}

// alike is the difference up to which elements are alike (arbitrary: the generator's
// steps are up to 5).
const alike = 5

// setFlags sets the flags of n elements, those after the line to 0.
func (w *View) setFlags(n int) {
	v := w.state.Line
	w.flags = grow(w.flags, n)
	clear(w.flags[len(v):])
	for i, x := range v {
		f := uint8(0)
		set := func(bit int, is bool) {
			if is {
				f |= 1 << bit
			}
		}
		if i >= 1 {
			d := x - v[i-1]
			set(0, d == 0)
			set(1, -alike <= d && d <= alike)
			set(2, i >= 2 && d == v[i-1]-v[max(0, i-2)])
		}
		if i >= 2 {
			d := x - v[i-2]
			set(3, d == 0)
			set(4, -alike <= d && d <= alike)
			set(5, i >= 4 && d == v[i-2]-v[max(0, i-4)])
		}
		if i >= 4 {
			d := x - v[i-4]
			set(6, d == 0)
			set(7, i >= 8 && d == v[i-4]-v[max(0, i-8)])
		}
		w.flags[i] = f
	}
}

// appendOwn appends the rows of the cut after so many pairs, and of the state.
func (w *View) appendOwn(rows []uint16, pairs int) []uint16 {
	size, n := len(w.state.Line)/2+1, len(w.state.Line)
	own := [groupsCut]uint8{
		rankCodes.of(w.rank[0][pairs]),
		rankCodes.of(w.rank[1][pairs]),
		uint8(codes * pairs / size),
		tailCodes.of(int32(n - 2*pairs)),
	}
	for g, c := range own {
		rows = append(rows, uint16(firstCut+g*codes+int(c)))
	}
	return append(rows, w.rows[:]...)
}

// AppendRows appends the rows of all features of the cuts after so many pairs:
// Summands numbers below Rows.
func (w *View) AppendRows(rows []uint16, pairs int) []uint16 {
	for d := range window {
		for g, c := range w.pairs[groupsPair*(pairs+d):][:groupsPair] {
			rows = append(rows, uint16(d*rowsOffset+g*codes+int(c)))
		}
	}
	return w.appendOwn(rows, pairs)
}

// grow returns s with length n. It keeps elements only if there is room.
func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/2)
	}
	return s[:n]
}
