package codec

import (
	"bytes"

	"github.com/ktzip/ktzip/dsl"
)

// A candidate is the program found for a block and what using it takes.
type candidate struct {
	program *dsl.Program // nil if none was found that makes the block
	needs   int          // the first block whose program it depends on; its own block if there is no other
	steps   int64        // of its execution
	cost    dsl.Cost     // of flag and program
	raw     dsl.Cost     // of the block without it
	gain    dsl.Cost     // of the best choice of programs up to this block
	from    int          // where the last run of programs of that choice begins; the next block if this one is raw
	chosen  bool
}

// choose returns the programs that are worth using, nil for the other blocks, and what they
// save; anything if the context is done. Prices are first those of coding all programs in
// their order, then those of coding the ones chosen at first.
func (e *encoder) choose(f *frame, src []byte, found []*dsl.Program, costs []dsl.Cost) (programs []*dsl.Program, gain dsl.Cost) {
	list := e.execute(src, found)
	for range 2 {
		e.begin(f)
		for i := range list {
			if i%runBlocks == 0 && e.cause() != nil {
				return nil, 0
			}
			c := &list[i]
			c.raw = costs[i] + e.bits.RawCost()
			if c.program != nil {
				c.cost = e.bits.ProgramCost(c.program)
			}
			if c.chosen {
				e.bits.Program(c.program)
			} else {
				e.bits.Raw()
			}
		}
		gain = pick(list)
	}
	afford(list, f.steps)
	programs = make([]*dsl.Program, len(list))
	for i := range list {
		if list[i].chosen {
			programs[i] = list[i].program
		}
	}
	return programs, gain
}

// execute runs the programs found as a decoder does, and returns a candidate for each block:
// chosen if its program makes the block. It ends early if the context is done.
func (e *encoder) execute(src []byte, found []*dsl.Program) []candidate {
	list := make([]candidate, len(found))
	out := e.scratch(len(src))
	copy(out, src)
	e.executing.Forget()
	var makers []int // the block whose program made each of the lists that a program may refer to
	for i, p := range found {
		if i%runBlocks == 0 && e.cause() != nil {
			break
		}
		want := e.block(src, i)
		off, n := i*e.cfg.BlockSize, len(want)
		if p != nil {
			steps, err := e.executing.Block(out, off, n, p, dsl.BlockBudget(n))
			if err == nil && bytes.Equal(out[off:off+n], want) {
				list[i] = candidate{program: p, needs: needs(p, i, makers), steps: steps, chosen: true}
				for range p.Nodes {
					makers = append(makers, i)
				}
				continue
			}
			copy(out[off:], want)
		}
		e.executing.Forget()
		makers = makers[:0]
	}
	return list
}

// needs returns the first block that the program p of block i needs, given the blocks whose
// programs made the lists before.
func needs(p *dsl.Program, i int, makers []int) int {
	first := i
	refer := func(ref int) {
		if ref < 0 {
			first = min(first, makers[len(makers)+ref])
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

// pick chooses by dynamic programming, and returns the gain: blocks in a row are programs if
// each needs nothing before the first of them.
func pick(list []candidate) (gain dsl.Cost) {
	before := func(i int) dsl.Cost {
		if i == 0 {
			return 0
		}
		return list[i-1].gain
	}
	for i := range list {
		list[i].gain, list[i].from, list[i].chosen = before(i), i+1, false
		sum, needs := dsl.Cost(0), i
		for first := i; first >= 0 && i-first < runBlocks && list[first].program != nil; first-- {
			sum += list[first].raw - list[first].cost
			needs = min(needs, list[first].needs)
			if needs >= first && before(first)+sum > list[i].gain {
				list[i].gain, list[i].from = before(first)+sum, first
			}
		}
	}
	for i := len(list) - 1; i >= 0; {
		from := list[i].from
		for k := from; k <= i; k++ {
			list[k].chosen = true
		}
		i = min(from, i) - 1
	}
	return before(len(list))
}

// afford keeps the programs that come first for which steps suffice, and drops the others.
func afford(list []candidate, steps int64) {
	steps -= dsl.SectionSteps(len(list)) // more than the flags take
	for i := range list {
		c := &list[i]
		if !c.chosen {
			continue
		}
		size := int(c.cost/byteCost) + 1 // bytes
		if steps -= c.steps + dsl.SectionSteps(size); steps < 0 {
			for k := range list[i:] {
				list[i+k].chosen = false
			}
			return
		}
	}
}
