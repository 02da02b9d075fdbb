package rank

import (
	_ "embed"
	"math/bits"
	"slices"
)

// A Net is the weights of a network, in fixed point.
type Net struct {
	first [2048][Hidden / 4]uint64 // four lanes of 16 bits a word, each a weight + bias
	out   [2][Hidden]int32
	start [2]int32
}

// What 1 is as a weight, and more (arbitrary: so that weights of 8 and 16 bits hold them).
const (
	FirstUnit = 32 // of the first layer
	OutUnit   = 64 // of the second layer
	bias      = 128
	summands  = Window*groups + single + common
)

//go:embed net.bin
var table []byte

// Size is the length of a table of weights.
const Size = Rows*Hidden + 2*Hidden*2 + 2*2

// Parse returns the network whose weights are in the table.
func Parse(table []byte) *Net {
	if len(table) != Size {
		panic("rank: a table of another size")
	}
	n := new(Net)
	for r := range Rows {
		for h := range Hidden {
			n.first[r][h/4] |= uint64(uint8(table[r*Hidden+h])^0x80) << (16 * (h % 4))
		}
	}
	table = table[Rows*Hidden:]
	next := func() int32 {
		x := int16(uint16(table[0]) | uint16(table[1])<<8)
		table = table[2:]
		return int32(x)
	}
	for r := range n.out {
		for h := range Hidden {
			n.out[r][h] = next()
		}
	}
	for r := range n.start {
		n.start[r] = next()
	}
	return n
}

// A Ranker ranks kids. The zero value is ready.
type Ranker struct {
	View
	ranks  [2][]int32
	done   []bool
	byPair [][2]int32
	scores []int32
}

// Rank returns the scores of the kids of s, in 1/256 nat: the higher, the more likely is
// it the right one. They are valid until the next call. Steps are what it cost.
func (r *Ranker) Rank(n *Net, s *State) (scores []int32, steps int64) {
	r.Set(s)
	kids := s.Kids[:min(len(s.Kids), MaxKids)]
	for x := range r.ranks {
		r.ranks[x] = grow(r.ranks[x], r.m)
		for i := range r.ranks[x] {
			r.ranks[x][i] = 99
		}
	}
	for i, k := range kids {
		r.ranks[strand(k.Second)][k.Pairs] = int32(i)
	}
	r.done = grow(r.done, r.m)
	clear(r.done)
	r.byPair = grow(r.byPair, r.m)
	r.scores = grow(r.scores, len(s.Kids))
	count := 0
	for i, k := range s.Kids {
		if i >= MaxKids {
			r.scores[i] = -prior(i) - behind
			continue
		}
		if !r.done[k.Pairs] {
			r.done[k.Pairs] = true
			r.byPair[k.Pairs] = r.pair(n, k.Pairs)
			count++
		}
		r.scores[i] = r.byPair[k.Pairs][strand(k.Second)] - prior(i)
	}
	return r.scores, int64(count*stepsPerPair + r.m*stepsPerView)
}

const (
	behind       = 4 << 8
	stepsPerPair = 24
	stepsPerView = 6
)

// prior is 2 log(1+i) in 1/256 nat.
func prior(i int) int32 { return priors[min(i, len(priors)-1)] }

var priors = func() (t [64]int32) {
	for i := range t {
		t[i] = log2(i+1) * 355 >> 8
	}
	return t
}()

// log2 returns the logarithm of x in 1/256 bit, a straight line between powers of 2.
func log2(x int) int32 {
	k := bits.Len(uint(x)) - 1
	return int32(k<<8 + (x<<8)>>k - 256)
}

// pair returns the scores of both cuts of so many pairs.
func (r *Ranker) pair(n *Net, pairs int) (scores [2]int32) {
	var a0, a1, a2, a3 uint64
	add := func(row int) {
		w := &n.first[row&2047]
		a0 += w[0]
		a1 += w[1]
		a2 += w[2]
		a3 += w[3]
	}
	for d := range Window {
		p := (*[groups]uint8)(r.pairs[groups*(pairs+d):])
		for g, c := range p {
			add(d*windowRows + g*codes + int(c))
		}
	}
	var rows [single + common]uint16
	for _, row := range r.singleRows(rows[:0], pairs, [2]int{int(r.ranks[0][pairs]), int(r.ranks[1][pairs])}) {
		add(int(row))
	}
	scores = n.start
	for k, a := range [Hidden / 4]uint64{a0, a1, a2, a3} {
		for h := range 4 {
			x := max(0, int32(a>>(16*h)&0xffff)-summands*bias)
			scores[0] += x * n.out[0][4*k+h]
			scores[1] += x * n.out[1][4*k+h]
		}
	}
	scores[0] = scores[0] * 256 / (FirstUnit * OutUnit)
	scores[1] = scores[1] * 256 / (FirstUnit * OutUnit)
	return scores
}

// Default is the network of the table.
var Default = func() *Net { return Parse(slices.Clip(table)) }()
