package kolmogorov

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// The parameters of the published distribution (arXiv 2503.13992, Appendix A.2).
// Probabilities are of what the name says; ranges include both ends.
const (
	minBases, maxBases           = 1, 5  // sequences that a program starts from
	minBaseLength, maxBaseLength = 5, 25 // elements of one
	minStep, maxStep             = 2, 5  // of a range; of a jump
	minTimes, maxTimes           = 2, 4  // that a list is repeated
	minExtremes                  = 3     // elements of max_n and min_n; all but 2 at most
	minLeftByFilter              = 3     // elements of a filtered list that is kept

	stageChance     = 0.4 // each of list, math and pair updates, and a filter, takes place
	reverseChance   = 0.1
	repeatChance    = 0.1
	jumpsChance     = 0.05
	sliceChance     = 0.05
	replaceChance   = 0.1  // a list has a value substituted
	omitChance      = 0.25 // the list before a substitution stays out of the output
	extremesChance  = 0.1
	addChance       = 0.1
	moduloChance    = 0.1
	sumsChance      = 0.1
	filterChance    = 0.3 // a filter that leaves some elements and drops some is kept
	addTwoChance    = 0.1
	moduloTwoChance = 0.1
	weaveChance     = 0.2 // two lists are interleaved, not concatenated
	reuseChance     = 0.2 // each list of the output is followed by one more
)

const maxByte = 255

// base draws one of the sequences that a program starts from.
func (g *Generator) base() {
	length := g.between(minBaseLength, maxBaseLength)
	switch op := g.pick(dsl.SetList, dsl.RangeUp, dsl.RangeInterval, dsl.RepeatNum); op {
	case dsl.SetList:
		n := dsl.Node{Op: op}
		for range length {
			n.List = append(n.List, int32(g.between(0, maxByte)))
		}
		g.add(n)
	case dsl.RangeUp:
		start := g.between(0, maxByte-length)
		g.add(node(op, nil, start, start+length-1))
	case dsl.RangeInterval:
		start, step := g.between(0, maxByte-length), g.between(minStep, maxStep)
		g.add(node(op, nil, start, min(start+step*(length-1), maxByte)+1, step))
	case dsl.RepeatNum:
		g.add(node(op, nil, length, g.between(0, maxByte)))
	}
}

// listUpdates appends reversals, repetitions, slices and substitutions. The last two loops
// also reach the lists that they append.
func (g *Generator) listUpdates() {
	for i, n := range g.nodes {
		if n.Op != dsl.RepeatNum && g.chance(reverseChance) {
			g.add(node(dsl.ReverseList, []int{i}))
		}
	}
	for i := 0; i < len(g.nodes); i++ {
		if g.chance(repeatChance) {
			g.add(node(dsl.RepeatList, []int{i}, g.between(minTimes, maxTimes)))
		}
		if g.nodes[i].Op == dsl.ReverseList {
			continue
		}
		if g.chance(jumpsChance) {
			g.add(node(dsl.Jumps, []int{i}, g.between(minStep, maxStep)))
		}
		if length := len(g.lists[i]); length >= 2 && g.chance(sliceChance) {
			from := g.between(0, length-2)
			g.add(node(dsl.Between, []int{i}, from, g.between(from+2, length)))
		}
	}
	for i := 0; i < len(g.nodes); i++ {
		if !g.chance(replaceChance) {
			continue
		}
		list := g.lists[i]
		old := int(list[g.rand.IntN(len(list))])
		value := g.between(0, maxByte-1)
		if value >= old {
			value++
		}
		g.add(node(dsl.Substitute, []int{i}, old, value))
		g.omitted[i] = g.chance(omitChance)
	}
}

// mathUpdates appends at most one operation with a number for each list, then running sums.
func (g *Generator) mathUpdates() {
	for i, n := range g.nodes {
		least, most := slices.Min(g.lists[i]), slices.Max(g.lists[i])
		switch {
		case n.Op == dsl.SetList && g.chance(extremesChance):
			g.add(node(g.pick(dsl.MaxN, dsl.MinN), []int{i}, g.between(minExtremes, len(n.List)-2)))
		case g.chance(addChance):
			if op := g.pick(dsl.AddItem, dsl.SubtractItem); op == dsl.AddItem && most < maxByte {
				g.add(node(op, []int{i}, g.between(1, int(maxByte-most))))
			} else if op == dsl.SubtractItem && least > 0 {
				g.add(node(op, []int{i}, g.between(1, int(least))))
			}
		case most > 2 && g.chance(moduloChance):
			g.add(node(dsl.ModuloItem, []int{i}, g.between(2, int(most-1))))
		}
	}
	for i, list := range g.lists {
		sum := int32(0)
		for _, v := range list {
			sum += v
		}
		if sum <= maxByte && g.chance(sumsChance) {
			g.add(node(dsl.ScanAdd, []int{i}))
		}
	}
}

// filter appends the last list filtered, if it keeps some elements and drops some.
func (g *Generator) filter() {
	last := len(g.nodes) - 1
	n := node(g.pick(dsl.FilterEven, dsl.FilterOdd, dsl.FilterNotZero), []int{last})
	filtered := g.eval(n)
	if len(filtered) >= minLeftByFilter && len(filtered) < len(g.lists[last]) && g.chance(filterChance) {
		g.append(n, filtered)
	}
}

// pairUpdates appends operations on two lists of the same length that make bytes, not all
// the same. A subtraction takes the place of an addition that makes larger numbers.
func (g *Generator) pairUpdates() {
	count := len(g.nodes)
	for i := range count {
		for j := i + 1; j < count; j++ {
			s, t := g.lists[i], g.lists[j]
			if len(s) != len(t) {
				continue
			}
			op := dsl.ModuloTwo
			if g.chance(addTwoChance) {
				op = dsl.AddTwo
				if !bytesOnly(g.eval(node(op, []int{i, j}))) && slices.Min(s) >= slices.Max(t) {
					op = dsl.SubtractTwo
				}
			} else if !g.chance(moduloTwoChance) {
				continue
			}
			n := node(op, []int{i, j})
			if list := g.eval(n); bytesOnly(list) && slices.Min(list) != slices.Max(list) {
				g.append(n, list)
			}
		}
	}
}

// bytesOnly reports whether list has elements, all of them bytes.
func bytesOnly(list []int32) bool {
	return len(list) > 0 && slices.Min(list) >= 0 && slices.Max(list) <= maxByte
}

// merge folds the lists into the output and returns its node.
func (g *Generator) merge() int {
	lists := len(g.nodes)
	out, merged := -1, 0
	join := func(i int) {
		op := dsl.Concatenate
		if g.chance(weaveChance) {
			op = dsl.Interleave
		}
		out = g.add(node(op, []int{out, i}))
	}
	for i := range lists {
		if g.omitted[i] {
			continue
		}
		if merged++; merged == 1 {
			out = i
		} else {
			join(i)
		}
	}
	for range merged {
		if g.chance(reuseChance) {
			join(g.rand.IntN(lists))
		}
	}
	return out
}
