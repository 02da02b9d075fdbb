package rank

// A Cut says how a line is made of two strands, interleaved: by so many pairs, and
// which strand gets the elements after them.
type Cut struct {
	Pairs  int  `json:"m"`
	Second bool `json:"s"`
}

// A Kid is a cut and the estimate of what it costs, in 1/256 bit.
type Kid struct {
	Cut
	Cost int32
}

// A State is what the network sees: a line of a solved state, and the ways to cut it.
type State struct {
	V     []int32 // elements of the line
	Cost  int32   // of the state, in 1/256 bit
	Depth int     // number of cuts before
	Kids  []Kid   // the cheapest first
}

// Sizes of the network.
const (
	Hidden = 16 // units
	Reach  = 4  // pairs before and after a cut that count
	Window = 2*Reach + 1

	codes  = 16 // values of a feature
	groups = 8  // features of each pair in the window
	single = 4  // features of the pair at the cut alone
	common = 3  // features of the state

	windowRows = groups * codes
	singleRows = Window * windowRows
	commonRows = singleRows + single*codes
	Rows       = commonRows + common*codes

	// MaxKids is how many kids are ranked: the cheapest. Others stay behind these.
	MaxKids = 32
)

// A View is the features of a state. The zero value is ready to be set. A feature is a
// row of the first layer, numbered from 0 to Rows-1; those of a window as if for its
// first pair.
type View struct {
	pairs  []uint8 // groups codes for each pair, Reach pairs outside before and after
	cost   [2][]int32
	flags  []uint8
	State  *State
	m      int
	lo     int32
	common [common]uint16
}

// Codes of what is not there.
const (
	outside = 14
	missing = 15
)

const far = 1 << 28

// Set makes w the view of s, until the next call.
func (w *View) Set(s *State) {
	w.State = s
	n := len(s.V)
	m := n/2 + 1
	w.m = m
	w.setFlags()
	for r := range w.cost {
		w.cost[r] = grow(w.cost[r], m)
		for i := range w.cost[r] {
			w.cost[r][i] = far
		}
	}
	for i := range s.Kids {
		k := &s.Kids[i]
		w.cost[strand(k.Second)][k.Pairs] = k.Cost
	}
	w.lo = s.Kids[0].Cost
	w.pairs = grow(w.pairs, groups*(m+2*Reach))
	for i := range w.pairs[:groups*Reach] {
		w.pairs[i] = outsideCodes[i%groups]
		w.pairs[len(w.pairs)-groups*Reach+i] = outsideCodes[i%groups]
	}
	before := [2]int32{far, far}
	for i := range m {
		p := (*[groups]uint8)(w.pairs[groups*(i+Reach):])
		a, b := w.flags[2*i], w.flags[2*i+1]
		p[0], p[1], p[2], p[3] = a&15, a>>4, b&15, b>>4
		for r := range 2 {
			c := w.cost[r][i]
			p[4+2*r] = costCode(c - w.lo)
			p[5+2*r] = changeCode(c, before[r])
			before[r] = c
		}
	}
	w.common = [common]uint16{
		uint16(commonRows + int(relCode(w.lo-s.Cost))),
		uint16(commonRows + codes + int(lengthCode(n))),
		uint16(commonRows + 2*codes + min(s.Depth, codes-1)),
	}
}

// outsideCodes are those of a pair outside of the line.
var outsideCodes = [groups]uint8{0, 0, 0, 0, outside, outside, outside, outside}

func strand(second bool) int {
	if second {
		return 1
	}
	return 0
}

// setFlags sets flags[i] to what is true of element i.
func (w *View) setFlags() {
	v := w.State.V
	w.flags = grow(w.flags, 2*w.m)
	w.flags[2*w.m-1], w.flags[2*w.m-2] = 0, 0
	for i, x := range v {
		f := uint8(0)
		if i >= 1 {
			d := x - v[i-1]
			f |= bit(d == 0, 0) | bit(d >= -5 && d <= 5, 1)
			if i >= 2 {
				f |= bit(d == v[i-1]-v[i-2], 2)
				d := x - v[i-2]
				f |= bit(d == 0, 3) | bit(d >= -5 && d <= 5, 4)
				if i >= 4 {
					f |= bit(d == v[i-2]-v[i-4], 5)
					d := x - v[i-4]
					f |= bit(d == 0, 6)
					if i >= 8 {
						f |= bit(d == v[i-4]-v[i-8], 7)
					}
				}
			}
		}
		w.flags[i] = f
	}
}

func bit(b bool, k int) uint8 {
	if b {
		return 1 << k
	}
	return 0
}

// Thresholds of codes in bits.
var (
	costSteps   = []int32{1, 2, 4, 6, 8, 10, 12, 15, 18, 22, 28, 36, 50} // halves of bits are rounded
	changeSteps = []int32{-16, -9, -7, -4, -2, 0, 1, 3, 5, 8, 10, 17}
	relSteps    = []int32{-64, -40, -28, -20, -14, -9, -4, 0, 4, 9, 14, 20, 28, 40, 60}
	lengthSteps = []int32{16, 20, 25, 32, 40, 50, 64, 80, 100, 128, 160, 200, 256, 320}
	rankSteps   = []int32{1, 2, 3, 4, 5, 6, 8, 10, 13, 16, 20, 25, 32}
	endSteps    = []int32{1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 26, 34, 50, 80}
)

const tableMax = 1024

type codeTable [tableMax]uint8

func tableOf(steps []int32) (t codeTable) {
	for i := range t {
		x := int32(i - tableMax/2)
		for _, s := range steps {
			if x >= s {
				t[i]++
			}
		}
	}
	return t
}

var costTable, changeTable, relTable, lengthTable, rankTable, endTable = tableOf(costSteps), tableOf(changeSteps), tableOf(relSteps), tableOf(lengthSteps), tableOf(rankSteps), tableOf(endSteps)

func (t *codeTable) code(x int32) uint8 {
	return t[min(max(x, -tableMax/2), tableMax/2-1)+tableMax/2]
}

func costCode(c int32) uint8 {
	if c >= far/2 {
		return missing
	}
	return costTable.code((c + 128) >> 8)
}

func changeCode(c, before int32) uint8 {
	if c >= far/2 || before >= far/2 {
		return missing
	}
	return changeTable.code((c - before + 128) >> 8)
}

func relCode(c int32) uint8  { return relTable.code((c + 128) >> 8) }
func lengthCode(n int) uint8 { return lengthTable.code(int32(n)) }

// RowsOf appends to rows the rows of the kid: of its pair.
func (w *View) RowsOf(rows []uint16, pairs int, ranks [2]int) []uint16 {
	for d := range Window {
		for g, c := range w.pairs[groups*(pairs+d):][:groups] {
			rows = append(rows, uint16(d*windowRows+g*codes+int(c)))
		}
	}
	return w.singleRows(rows, pairs, ranks)
}

func (w *View) singleRows(rows []uint16, pairs int, ranks [2]int) []uint16 {
	for r := range 2 {
		rows = append(rows, uint16(singleRows+r*codes+int(rankTable.code(int32(ranks[r])))))
	}
	rows = append(rows, uint16(singleRows+2*codes+16*pairs/w.m), uint16(singleRows+3*codes+int(endTable.code(int32(len(w.State.V)-2*pairs)))))
	return append(rows, w.common[:]...)
}

func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/2)
	}
	return s[:n]
}

// A Lesson is a state and which of its kids is the right one; -1 if none is.
type Lesson struct {
	State
	Right int
}
