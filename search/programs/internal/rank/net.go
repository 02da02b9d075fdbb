package rank

import (
	_ "embed"
	"fmt"
	"math/bits"
	"sync"
)

// Sizes and units of a network (arbitrary: weights fit in their bytes).
const (
	// Hidden is the number of units.
	Hidden = 16
	// FirstUnit is what 1 is as a weight of the first layer.
	FirstUnit = 32
	// OutUnit is what 1 is as a weight of the second layer.
	OutUnit = 64
	// MaxFirst and MaxOut bound the weights of the first and of the second layer.
	// Then Summands*MaxFirst*MaxOut*Hidden < 1<<31.
	MaxFirst, MaxOut = 127, 4095

	// ScoreUnit is what 1 is as a score.
	ScoreUnit = 256

	toScore = 3 // bits by which FirstUnit*OutUnit is more than ScoreUnit
)

// Size is the length in bytes of a table of weights: those of the first layer, row by
// row, a byte each; those of the second, the first strand's before the second's, and
// what each score starts with, two bytes each, the lower first.
const Size = Rows*Hidden + 2*(2*Hidden+2)

// lanes is the number of units in a word.
const lanes = 4

// bias is added to weights of the first layer so that none is below 0. Then sums of
// Summands weights stay in lanes of 16 bits.
const bias = 128

// roomRows is the number of rows there is room for: a power of 2.
const roomRows = 2048

// A Net is the weights of a network.
type Net struct {
	first [roomRows][Hidden / lanes]uint64 // each weight with bias, in a lane of its own
	out   [2][Hidden]int32
	start [2]int32
}

// Parse returns the network of a table. It returns an error if the table has another length
// than Size, or a weight that is out of bounds.
func Parse(table []byte) (*Net, error) {
	if len(table) != Size {
		return nil, fmt.Errorf("rank: a table of %d bytes, want %d", len(table), Size)
	}
	n := new(Net)
	for i, b := range table[:Rows*Hidden] {
		row, h := i/Hidden, i%Hidden
		if int8(b) < -MaxFirst {
			return nil, fmt.Errorf("rank: weight %d is %d, want at least %d", i, int8(b), -MaxFirst)
		}
		n.first[row][h/lanes] |= uint64(int(int8(b))+bias) << (16 * (h % lanes))
	}
	rest := table[Rows*Hidden:]
	next := func() int32 {
		x := int16(uint16(rest[0]) | uint16(rest[1])<<8)
		rest = rest[2:]
		return int32(x)
	}
	for x := range n.out {
		for h := range n.out[x] {
			if n.out[x][h] = next(); n.out[x][h] < -MaxOut || n.out[x][h] > MaxOut {
				return nil, fmt.Errorf("rank: weight %d of score %d is %d, want at most %d", h, x, n.out[x][h], MaxOut)
			}
		}
	}
	for x := range n.start {
		n.start[x] = next()
	}
	return n, nil
}

//go:embed net.bin
var table []byte

// Default returns the network of net.bin.
var Default = sync.OnceValue(func() *Net {
	n, err := Parse(table)
	if err != nil {
		panic(err)
	}
	return n
})

// Steps of Rank, of ordering the kids and of keeping them. 6.1 µs per state with 40 kids
// are 1,140 steps, of which 200 are for the memory of kids: with 3 a kid, a search of a
// given budget took 4 to 9 % more processor time than without the ranker (November 2026).
const (
	stepsCut  = 30 // for each number of pairs that a ranked kid has
	stepsKid  = 8  // for each kid
	stepsPair = 7  // for each pair of the line
)

// behind is how much less likely than the others kids are that are not ranked, in
// 1/ScoreUnit nat (arbitrary).
const behind = 4 * ScoreUnit

// A Ranker ranks kids. The zero value is ready.
type Ranker struct {
	view   View
	done   []bool     // by pairs: whether both is set
	both   [][2]int32 // by pairs: what the network says of both cuts
	scores []int32
}

// Rank returns the scores of the kids of s, in 1/ScoreUnit nat, and the steps it took.
// The difference of two scores is the logarithm of how much more likely one of the kids
// is than the other. The scores are valid until the next call.
func (r *Ranker) Rank(n *Net, s *State) (scores []int32, steps int64) {
	r.view.Set(s)
	size := len(s.Line)/2 + 1
	r.done, r.both = grow(r.done, size), grow(r.both, size)
	clear(r.done)
	r.scores = grow(r.scores, len(s.Kids))
	for i, k := range s.Kids {
		if i >= MaxKids {
			r.scores[i] = -behind - Prior(i)
			continue
		}
		if !r.done[k.Pairs] {
			r.done[k.Pairs] = true
			r.both[k.Pairs] = n.evaluate(&r.view, k.Pairs)
			steps += stepsCut
		}
		r.scores[i] = r.both[k.Pairs][k.strand()] - Prior(i)
	}
	return r.scores, steps + int64(stepsKid*len(s.Kids)+stepsPair*size)
}

// evaluate returns what the network says of both cuts after so many pairs.
func (n *Net) evaluate(w *View, pairs int) (scores [2]int32) {
	var a [Hidden / lanes]uint64
	for d := range window {
		p := (*[groupsPair]uint8)(w.pairs[groupsPair*(pairs+d):])
		for g, c := range p {
			row := &n.first[(d*rowsOffset+g*codes+int(c))&(roomRows-1)]
			a[0] += row[0]
			a[1] += row[1]
			a[2] += row[2]
			a[3] += row[3]
		}
	}
	var own [groupsCut + groupsState]uint16
	for _, k := range w.appendOwn(own[:0], pairs) {
		row := &n.first[k&(roomRows-1)]
		for x := range a {
			a[x] += row[x]
		}
	}
	scores = n.start
	for x, word := range a {
		for h := range lanes {
			unit := max(0, int32(word>>(16*h)&0xffff)-Summands*bias)
			scores[0] += unit * n.out[0][lanes*x+h]
			scores[1] += unit * n.out[1][lanes*x+h]
		}
	}
	scores[0] >>= toScore
	scores[1] >>= toScore
	return scores
}

// Prior returns by how much kid i is less likely than the first if nothing else is
// known, in 1/ScoreUnit nat: 2 log(1+i), as measured; the logarithm is linear between
// powers of 2.
func Prior(i int) int32 {
	k := bits.Len(uint(i+1)) - 1
	log := int32(k<<8 + (i+1)<<8>>k - 256) // 1/256 bit
	return log * (2 * ScoreUnit * 693147 / 1_000_000) >> 8
}
