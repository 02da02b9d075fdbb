package search

import (
	"sync"

	"github.com/ktzip/ktzip/dsl"
)

// Config says how hard to search. The zero Config is the default.
type Config struct {
	Level int // 1..9; 0 is 6
}

// An Enumerator finds programs. It is safe for concurrent use. Use New.
type Enumerator struct {
	steps int64 // a block of 128 elements
	level int
	pool  sync.Pool // of *scratch
}

// New returns an Enumerator; nil is the zero Config.
func New(cfg *Config) *Enumerator {
	level := 6
	if cfg != nil && cfg.Level != 0 {
		level = min(max(cfg.Level, 1), 9)
	}
	e := &Enumerator{level: level, steps: levelSteps[level]}
	e.pool.New = func() any { return new(scratch) }
	return e
}

// levelSteps is the budget of a block of 128 elements; others have theirs in
// proportion.
var levelSteps = [10]int64{0, 60e3, 150e3, 250e3, 300e3, 400e3, 600e3, 1e6, 2e6, 3e6}

// levelDepth is how deep interleaves are looked for within interleaves.
var levelDepth = [10]int{0, 0, 1, 1, 2, 2, 2, 2, 3, 3}

// A scratch is what one search needs. Its lists are reused.
type scratch struct {
	level  int
	leaves int // rules in use
	uses   int
	steps  int64 // left

	values  []int32 // the block
	whole   line
	best    []state
	lists   []list
	slices  []int32 // of rule again, by length
	spans   []span
	sorted  []int32
	single  piece // the whole block
	cost    int32 // of single, its symbol included
	machine dsl.Machine
	bytes   []byte
	builder builder
}

// A state is the cheapest chain that makes the elements before a position.
type state struct {
	cost  int32
	from  int32 // where the last piece starts
	p     piece
	nodes int32 // completed, the chain's last concatenate included
	lists int32 // known lists: index into scratch.lists of the last, + 1
	added int32 // how many of them came with the last piece
}

// Find returns a program whose output is block and whose estimated cost, its
// flag included, is below limit, or nil. It takes about steps steps at most, and
// no more than the level's budget; the steps taken are returned. Blocks have
// 1..MaxBlock elements; of others nothing is found.
func (e *Enumerator) Find(block []byte, limit dsl.Cost, steps int64) (p *dsl.Program, used int64) {
	if len(block) == 0 || len(block) > MaxBlock {
		return nil, 0
	}
	s := e.pool.Get().(*scratch)
	defer e.pool.Put(s)
	s.steps = min(steps, e.steps*int64(max(len(block), 128))/128)
	before := s.steps
	s.level = e.level
	s.leaves, s.uses = len(leaves), len(uses)
	p = s.find(block, limit)
	return p, before - s.steps
}

func (s *scratch) find(block []byte, limit dsl.Cost) *dsl.Program {
	bound := int32(min(limit, unreachable)) - price.flag
	if bound <= 0 {
		return nil
	}
	s.load(block)
	reserve := s.steps / 2
	s.steps -= reserve
	s.whole.proposeStrands(s)
	s.steps += reserve
	s.whole.propose(s)
	s.search(bound)
	end := &s.best[len(block)]
	multi := int32(unreachable)
	if end.cost < unreachable && end.from > 0 {
		multi = end.cost - price.sym[dsl.Concatenate][0][dsl.Concatenate] + price.sym[dsl.RootBlock][0][dsl.Concatenate]
	}
	if min(multi, s.cost) >= bound {
		return nil
	}
	p := s.program(s.cost <= multi)
	if p == nil || len(p.Nodes) > dsl.MaxNodes || p.InitialCost() >= limit {
		return nil
	}
	s.bytes = grow(s.bytes, len(block))
	if _, err := s.machine.Bytes(s.bytes, p, dsl.BlockBudget(len(block))); err != nil || string(s.bytes) != string(block) {
		return nil
	}
	return p
}

// load sets the lines of block.
func (s *scratch) load(block []byte) {
	n := len(block)
	s.values = grow(s.values, n)
	for i, x := range block {
		s.values[i] = int32(x)
	}
	s.whole.set(s.values)
	s.whole.part(levelDepth[s.level])
	s.best = grow(s.best, n+1)
	for i := range s.best {
		s.best[i] = state{cost: unreachable}
	}
	s.best[0].cost = 0
	s.lists = s.lists[:0]
	s.cost = unreachable
}

// search finds the cheapest chains of the block that cost less than bound.
func (s *scratch) search(bound int32) {
	n := len(s.whole.v)
	for i := range n {
		at := &s.best[i]
		if at.cost >= bound {
			continue
		}
		s.remember(i)
		offers := s.whole.starting(i)
		for k := range offers {
			s.offer(i, &offers[k])
		}
		s.literals(i)
		if s.steps <= 0 {
			continue
		}
		for r := range s.uses {
			uses[r].propose(s, i)
		}
	}
}

// offer notes the piece p that starts at i.
func (s *scratch) offer(i int, p *piece) {
	at := &s.best[i]
	symbols, nodes := &price.next, at.nodes+int32(p.nodes)+1
	if i == 0 {
		symbols, nodes = &price.first, int32(p.nodes)
		if int(p.end) == len(s.whole.v) {
			if cost := price.sym[dsl.RootBlock][0][p.op] + p.body; cost < s.cost {
				s.cost, s.single = cost, *p
			}
		}
	}
	if cost := at.cost + symbols[p.op] + p.body; cost < s.best[p.end].cost {
		s.best[p.end] = state{cost: cost, from: int32(i), p: *p, nodes: nodes}
	}
}

// offerUse is offer for a rule of uses.
func (s *scratch) offerUse(i int, rule uint8, p piece) {
	p.rule, p.isUse = rule, true
	s.offer(i, &p)
}

// literals offers the literals that start at i.
func (s *scratch) literals(i int) {
	at, l := &s.best[i], &s.whole
	if i > 0 && !at.p.isUse && at.p.rule == ruleLiteral {
		return // a longer literal is no dearer
	}
	p := piece{op: dsl.SetList, rule: ruleLiteral, nodes: 1, end: int32(i + 1)}
	p.end, p.body = int32(len(l.v)), l.literal(i, len(l.v))
	s.offer(i, &p)
	base, nodes := at.cost+price.next[dsl.SetList], at.nodes+2
	if i == 0 {
		base, nodes = price.first[dsl.SetList], 1
	}
	base -= l.lit[i]
	last := len(s.best)
	if s.steps <= 0 {
		last = min(last, i+longest)
	}
	for j := i + 1; j < last; j++ {
		if cost := base + price.length[j-i] + l.lit[j]; cost < s.best[j].cost {
			p.end, p.body = int32(j), l.literal(i, j)
			s.best[j] = state{cost: cost, from: int32(i), p: p, nodes: nodes}
		}
	}
	s.steps -= int64(last-i) / 2
}
