package search

import "github.com/ktzip/ktzip/dsl"

// progression is repeat_num, range_func_up, range_func_interval, and
// reverse_list of the latter two.
type progression struct{}

// longest is the length up to which all parts of a run from its start are
// offered; of longer runs and from within them only the rest.
const longest = 64

func (progression) propose(_ *scratch, l *line, i int) {
	n := int(l.run[i])
	if n < 2 {
		return
	}
	step := l.v[i+1] - l.v[i]
	least := 3
	if step == 0 {
		least = 2
	}
	if n >= least {
		offerProgression(l, i, n, step)
	}
	if l.within(i) {
		return
	}
	for n = min(n-1, longest); n >= least; n-- {
		offerProgression(l, i, n, step)
	}
}

// within reports whether a longer run ends where that from i on does.
func (l *line) within(i int) bool { return i > 0 && l.run[i-1] > l.run[i] && l.run[i] > 1 }

func offerProgression(l *line, i, n int, step int32) {
	if op, body, nodes := progressionCost(l.v[i], step, n); body < unreachable {
		l.offer(piece{op: op, nodes: nodes, end: int32(i + n), body: body})
	}
}

func (progression) build(b *builder, l *line, i int, p *piece) int {
	step := int32(0)
	if int(p.end) > i+1 {
		step = l.v[i+1] - l.v[i]
	}
	return b.progression(l.v[i], step, int(p.end)-i)
}

// progressionCost is the price of first, first+step, … of n elements, without
// the symbol op; it is unreachable where the numbers leave the tables.
func progressionCost(first, step int32, n int) (op dsl.Op, body int32, nodes int16) {
	last := first + int32(n-1)*step
	switch {
	case n < 1 || n > MaxBlock || step < -255 || step > 255 || min(first, last)&^255 != 0:
		return 0, unreachable, 0
	case step == 0:
		return dsl.RepeatNum, price.count[n] + price.constant[first], 1
	case step == 1:
		return dsl.RangeUp, price.upStart[first] + price.upEnd[n], 1
	case step > 1:
		return dsl.RangeInterval, price.byStep[step] + price.byStart[first] + price.byEnd[n], 1
	}
	op, body, nodes = progressionCost(last, -step, n)
	return dsl.ReverseList, price.sym[dsl.ReverseList][0][op] + body, nodes + 1
}

// progression makes the list that progressionCost prices.
func (b *builder) progression(first, step int32, n int) int {
	last := first + int32(n-1)*step
	switch {
	case step == 0:
		return b.node(dsl.Node{Op: dsl.RepeatNum, Nums: [3]int32{int32(n), first}})
	case step == 1:
		return b.node(dsl.Node{Op: dsl.RangeUp, Nums: [3]int32{first, last}})
	case step > 1:
		return b.node(dsl.Node{Op: dsl.RangeInterval, Nums: [3]int32{first, last + 1, step}})
	}
	return b.node(dsl.Node{Op: dsl.ReverseList, Refs: [2]int{b.progression(last, -step, n)}})
}
