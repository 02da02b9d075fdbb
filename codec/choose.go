package codec

import (
	"bytes"

	"github.com/ktzip/ktzip/dsl"
)

// A candidate is the program found for a block and what using it takes.
type candidate struct {
	needs int   // the first of the blocks before it that must be programs too; its own: none
	steps int64 // of its execution
	cost  dsl.Cost
	raw   dsl.Cost // of the block without it
	gain  dsl.Cost // of the best choice of programs up to this block
	from  int      // that choice has programs for blocks from from on; after this one: none here
}

// choose fills e.picked with the blocks whose programs are used, and returns what
// these save; anything if the context is done. Costs are those of coding all programs
// in their order; once more, of coding those chosen at first.
func (e *encoder) choose(src []byte) (gain dsl.Cost) {
	e.execute(src)
	e.picked = e.picked[:0]
	for _, p := range e.found {
		e.picked = append(e.picked, p != nil)
	}
	for range 2 {
		e.begin()
		for i, p := range e.found {
			if i%runBlocks == 0 && e.stopped() != nil {
				return 0
			}
			c := &e.candidates[i]
			c.raw = e.costs[i] + e.bits.RawCost()
			if p != nil {
				c.cost = e.bits.ProgramCost(p)
			}
			if e.picked[i] {
				e.bits.Program(p)
			} else {
				e.bits.Raw()
			}
		}
		gain = e.pick()
	}
	e.afford()
	return gain
}

// execute runs the programs found as a decoder does, drops those that are wrong,
// and notes what the others take.
func (e *encoder) execute(src []byte) {
	e.candidates = append(e.candidates[:0], make([]candidate, len(e.found))...)
	out := e.scratch(len(src))
	copy(out, src)
	e.machine.Forget()
	e.lists = e.lists[:0]
	for i, p := range e.found {
		if i%runBlocks == 0 && e.stopped() != nil {
			return
		}
		want := e.block(src, i)
		at, n := i*e.cfg.BlockSize, len(want)
		if p != nil {
			earlier := e.machine.Earlier()
			steps, err := e.machine.Block(out, at, n, p, dsl.BlockBudget(n))
			if err == nil && bytes.Equal(out[at:at+n], want) {
				e.candidates[i] = candidate{needs: e.needs(p, i, earlier), steps: steps}
				for range p.Nodes {
					e.lists = append(e.lists, i)
				}
				continue
			}
			copy(out[at:], want)
			e.found[i] = nil
		}
		e.machine.Forget()
		e.lists = e.lists[:0]
	}
}

// needs is the first block that the program p of block i needs: e.lists are the
// blocks whose programs made the lists before.
func (e *encoder) needs(p *dsl.Program, i, earlier int) int {
	first := i
	refer := func(ref int) {
		if ref < 0 {
			first = min(first, e.lists[len(e.lists)+ref])
		}
	}
	refer(p.Out)
	for k := range p.Nodes {
		n := &p.Nodes[k]
		if n.Op == dsl.Rest && i > 0 {
			first = min(first, i-1)
		}
		for _, ref := range n.Refs[:n.Op.Lists()] {
			refer(ref)
		}
	}
	return first
}

// pick chooses by dynamic programming: blocks in a row are programs where each
// needs nothing before the first of them.
func (e *encoder) pick() (gain dsl.Cost) {
	cs := e.candidates
	before := func(i int) dsl.Cost {
		if i == 0 {
			return 0
		}
		return cs[i-1].gain
	}
	for i := range cs {
		cs[i].gain, cs[i].from = before(i), i+1
		sum, needs := dsl.Cost(0), i
		for first := i; first >= 0 && i-first < runBlocks && e.found[first] != nil; first-- {
			sum += cs[first].raw - cs[first].cost
			needs = min(needs, cs[first].needs)
			if needs >= first && before(first)+sum > cs[i].gain {
				cs[i].gain, cs[i].from = before(first)+sum, first
			}
		}
	}
	clear(e.picked)
	for i := len(cs) - 1; i >= 0; {
		from := cs[i].from
		for k := from; k <= i; k++ {
			e.picked[k] = true
		}
		i = min(from, i) - 1
	}
	return before(len(cs))
}

// afford drops the programs that the segment has no steps for.
func (e *encoder) afford() {
	steps := e.steps - dsl.SectionSteps(len(e.candidates)) // more than the flags take
	for i := range e.picked {
		if e.picked[i] {
			c := &e.candidates[i]
			if steps -= c.steps + dsl.SectionSteps(int(c.cost>>11)+1); steps < 0 {
				clear(e.picked[i:])
				return
			}
		}
	}
}
