package seqcoder

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// stepsPerPair is what simplify takes for two lines, in steps: it needs 1.5 ms for a program of 15
// lines (278 programs, 2026-11-27).
const stepsPerPair = 1000

// simplify returns p, or a cheaper program with the same output, and the steps taken: a line that
// one operation derives from the output of an earlier line is replaced, the one that saves most
// first. A model that reads part of a sequence, such as a Remainder, does not know the lines of
// the other parts.
func (s *Searcher) simplify(p *dsl.Program) (best *dsl.Program, steps int64) {
	best = mergeEqual(p).Canonical()
	for len(best.Nodes) <= dsl.MaxNodes {
		before := best
		outputs := outputsOf(before)
		for i := range outputs {
			for j := range i {
				best = s.cheapest(append([]*dsl.Program{best}, derived(before, outputs, i, j)...)...)
			}
		}
		if steps += int64(len(outputs)*len(outputs)) / 2 * stepsPerPair; best == before {
			break
		}
	}
	return best, steps
}

// outputsOf returns the outputs of p's lines up to one that can't be executed within the limits
// of a proposed program.
func outputsOf(p *dsl.Program) (outputs [][]int32) {
	var machine dsl.Machine
	for i := range p.Nodes {
		var args [2][]int32
		for k := range p.Nodes[i].Op.Lists() {
			args[k] = outputs[p.Nodes[i].Refs[k]]
		}
		out, err := machine.Apply(&p.Nodes[i], args[0], args[1], dsl.Budget{Steps: maxSteps, Elements: maxElements})
		if err != nil {
			break
		}
		outputs = append(outputs, slices.Clone(out))
	}
	return outputs
}

// derived returns the programs that p becomes if line i is line j, or is derived from it. The
// outputs are those of p's lines.
func derived(p *dsl.Program, outputs [][]int32, i, j int) (list []*dsl.Program) {
	d := derivation{outputs[i], outputs[j]}
	if slices.Equal(d.out, d.source) {
		return []*dsl.Program{withoutLine(p, i, j)}
	}
	var machine dsl.Machine
	for _, n := range d.guesses() {
		got, err := machine.Apply(&n, d.source, nil, dsl.Budget{Steps: maxSteps, Elements: maxElements})
		if err != nil || !slices.Equal(got, d.out) {
			continue
		}
		n.Refs[0] = j
		q := &dsl.Program{Nodes: slices.Clone(p.Nodes), Out: p.Out}
		q.Nodes[i] = n
		list = append(list, q.Canonical())
	}
	return list
}

// withoutLine returns p with line j instead of line i.
func withoutLine(p *dsl.Program, i, j int) *dsl.Program {
	q := &dsl.Program{Nodes: slices.Clone(p.Nodes), Out: p.Out}
	for k := range q.Nodes {
		for l := range q.Nodes[k].Op.Lists() {
			if q.Nodes[k].Refs[l] == i {
				q.Nodes[k].Refs[l] = j
			}
		}
	}
	if q.Out == i {
		q.Out = j
	}
	return q.Canonical()
}

// A derivation is a list, and one from which an operation may make it.
type derivation struct{ out, source []int32 }

// guesses returns operations that may make out of source; they have to be tried.
func (d derivation) guesses() (list []dsl.Node) {
	guess := func(op dsl.Op, nums ...int32) {
		n := dsl.Node{Op: op}
		copy(n.Nums[:], nums)
		list = append(list, n)
	}
	n, m := len(d.out), len(d.source)
	switch {
	case n == 0 || m == 0:
	case n < m:
		if at := d.place(); at >= 0 {
			guess(dsl.Between, int32(at), int32(at+n))
		}
		if d.out[0] == d.source[0] {
			guess(dsl.Jumps, int32((m+n-1)/n))
		}
		guess(dsl.MinN, int32(n))
		guess(dsl.MaxN, int32(n))
		guess(dsl.FilterEven)
		guess(dsl.FilterOdd)
		guess(dsl.FilterNotZero)
	case n > m:
		if n%m == 0 && d.out[0] == d.source[0] {
			guess(dsl.RepeatList, int32(n/m))
		}
	default:
		guess(dsl.ReverseList)
		guess(dsl.ScanAdd)
		if add := d.out[0] - d.source[0]; add > 0 {
			guess(dsl.AddItem, add)
		} else if add < 0 {
			guess(dsl.SubtractItem, -add)
		}
		if g := d.divisor(); g > 0 {
			guess(dsl.ModuloItem, g)
		}
		for k, v := range d.out {
			if v != d.source[k] {
				guess(dsl.Substitute, d.source[k], v)
				break
			}
		}
	}
	return list
}

// place returns where out is in source, or -1.
func (d derivation) place() int {
	n := len(d.out)
	for at := range len(d.source) - n + 1 {
		if slices.Equal(d.source[at:at+n], d.out) {
			return at
		}
	}
	return -1
}

// divisor returns the greatest common divisor of the differences of the elements.
func (d derivation) divisor() (g int32) {
	for k, v := range d.out {
		for r := max(v-d.source[k], d.source[k]-v); r != 0; {
			g, r = r, g%r
		}
	}
	return g
}
