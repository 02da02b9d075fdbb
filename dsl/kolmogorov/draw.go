package kolmogorov

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// base draws one of the sequences that a program starts from.
func (g *Generator) base() {
	length := g.between(5, 25)
	switch op := g.pick(dsl.SetList, dsl.RangeUp, dsl.RangeInterval, dsl.RepeatNum); op {
	case dsl.SetList:
		n := dsl.Node{Op: op}
		for range length {
			n.List = append(n.List, int32(g.between(0, 255)))
		}
		g.add(n)
	case dsl.RangeUp:
		start := g.between(0, 255-length)
		g.add(node(op, nil, start, start+length-1))
	case dsl.RangeInterval:
		start, step := g.between(0, 255-length), g.between(2, 5)
		g.add(node(op, nil, start, min(start+step*(length-1), 255)+1, step))
	case dsl.RepeatNum:
		g.add(node(op, nil, length, g.between(0, 255)))
	}
}

// listUpdates appends reversals, repetitions, parts and substitutions. The
// last two passes reach the lists that they append.
func (g *Generator) listUpdates() {
	for i, n := range g.nodes {
		if n.Op != dsl.RepeatNum && g.chance(0.1) {
			g.add(node(dsl.ReverseList, []int{i}))
		}
	}
	for i := 0; i < len(g.nodes); i++ {
		if g.chance(0.1) {
			g.add(node(dsl.RepeatList, []int{i}, g.between(2, 4)))
		}
		if g.nodes[i].Op == dsl.ReverseList {
			continue
		}
		if g.chance(0.05) {
			g.add(node(dsl.Jumps, []int{i}, g.between(2, 5)))
		}
		if length := len(g.lists[i]); length >= 2 && g.chance(0.05) {
			from := g.between(0, length-2)
			g.add(node(dsl.Between, []int{i}, from, g.between(from+2, length)))
		}
	}
	for i := 0; i < len(g.nodes); i++ {
		if !g.chance(0.1) {
			continue
		}
		list := g.lists[i]
		old := int(list[g.rand.IntN(len(list))])
		value := g.between(0, 254)
		if value >= old {
			value++
		}
		g.add(node(dsl.Substitute, []int{i}, old, value))
		g.left[i] = g.chance(0.25)
	}
}

// mathUpdates appends at most one operation by a number on each list, then
// running sums.
func (g *Generator) mathUpdates() {
	for i, n := range g.nodes {
		least, most := slices.Min(g.lists[i]), slices.Max(g.lists[i])
		switch {
		case n.Op == dsl.SetList && g.chance(0.1):
			g.add(node(g.pick(dsl.MaxN, dsl.MinN), []int{i}, g.between(3, len(n.List)-2)))
		case g.chance(0.1):
			if op := g.pick(dsl.AddItem, dsl.SubtractItem); op == dsl.AddItem && most < 255 {
				g.add(node(op, []int{i}, g.between(1, int(255-most))))
			} else if op == dsl.SubtractItem && least > 0 {
				g.add(node(op, []int{i}, g.between(1, int(least))))
			}
		case most > 2 && g.chance(0.1):
			g.add(node(dsl.ModuloItem, []int{i}, g.between(2, int(most-1))))
		}
	}
	for i, list := range g.lists {
		sum := int32(0)
		for _, v := range list {
			sum += v
		}
		if sum <= 255 && g.chance(0.1) {
			g.add(node(dsl.ScanAdd, []int{i}))
		}
	}
}

// filter appends what a filter leaves of the last list.
func (g *Generator) filter() {
	last := len(g.nodes) - 1
	n := node(g.pick(dsl.FilterEven, dsl.FilterOdd, dsl.FilterNotZero), []int{last})
	rest := g.eval(n)
	if len(rest) >= 3 && len(rest) < len(g.lists[last]) && g.chance(0.3) {
		g.append(n, rest)
	}
}

// pairUpdates appends what an operation makes of two equally long lists, where
// it makes bytes that are not all the same. A subtraction stands in for an
// addition that is too large.
func (g *Generator) pairUpdates() {
	count := len(g.nodes)
	for i := range count {
		for j := i + 1; j < count; j++ {
			s, t := g.lists[i], g.lists[j]
			if len(s) != len(t) {
				continue
			}
			op := dsl.ModuloTwo
			if g.chance(0.1) {
				op = dsl.AddTwo
				if !bytesOnly(g.eval(node(op, []int{i, j}))) && slices.Min(s) >= slices.Max(t) {
					op = dsl.SubtractTwo
				}
			} else if !g.chance(0.1) {
				continue
			}
			n := node(op, []int{i, j})
			if list := g.eval(n); bytesOnly(list) && slices.Min(list) != slices.Max(list) {
				g.append(n, list)
			}
		}
	}
}

// bytesOnly reports whether list is of bytes, and not empty.
func bytesOnly(list []int32) bool {
	return len(list) > 0 && slices.Min(list) >= 0 && slices.Max(list) <= 255
}

// merge folds the lists into the output and returns its node.
func (g *Generator) merge() int {
	lists := len(g.nodes)
	out, merged := -1, 0
	join := func(i int) {
		op := dsl.Concatenate
		if g.chance(0.2) {
			op = dsl.Interleave
		}
		out = g.add(node(op, []int{out, i}))
	}
	for i := range lists {
		if g.left[i] {
			continue
		}
		if merged++; merged == 1 {
			out = i
		} else {
			join(i)
		}
	}
	for range merged {
		if g.chance(0.2) {
			join(g.rand.IntN(lists))
		}
	}
	return out
}
