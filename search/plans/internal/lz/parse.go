package lz

import (
	"context"
	"math"

	"github.com/ktzip/ktzip/dsl/plan"
)

// An Effort says how thorough a parse is.
type Effort struct {
	Depth int  // strings looked at per position
	Nice  int  // bytes; a string so long is taken at once
	Twice bool // each window is parsed twice: the first time finds the prices of the second
}

const (
	window = 32 << 10 // bytes that are parsed at once, a multiple of 64

	finely  = 64 // bytes; of a longer match not every length is tried
	recents = 4  // distances that have numbers of their own, in plan.CopyNode
)

// MinCopy is the length of the shortest copy, at one of the last distances, in bytes.
const MinCopy = 3

// A step leads to a position.
type step struct {
	cost     uint32 // of all steps so far, in the window
	length   uint32 // bytes
	distance uint32 // of a copy; 0: the step is a literal
}

// A state is what the price of a step depends on.
type state struct {
	run  uint32          // literals since the last copy
	last [recents]uint32 // distances of copies
}

// after returns the state after s.
func (t state) after(s *step) state {
	if s.distance == 0 {
		t.run++
		return t
	}
	t.run = 0
	for k, d := range t.last {
		if d == s.distance || k == recents-1 {
			copy(t.last[1:k+1], t.last[:k])
			t.last[0] = s.distance
			return t
		}
	}
	return t
}

// A parser chooses copies.
type parser struct {
	src     []byte
	tree    *tree
	counts  counts
	prices  prices
	steps   []step      // to each position of the window, and to its end
	states  []state     // at each position
	matches []match     // of the window
	found   [][2]uint32 // where those of each position begin and end
	begin   state       // of the window
}

// Parse returns copies for src. Once ctx is done, it soon returns anything.
func Parse(ctx context.Context, src []byte, e Effort) []plan.Copy {
	n := min(window, len(src))
	p := &parser{src: src, tree: newTree(src, e.Depth, e.Nice), steps: make([]step, n+1), states: make([]state, n+1), found: make([][2]uint32, n)}
	p.begin.last = [recents]uint32{1, 2, 4, 8}
	p.counts.each(func(h histogram) {
		for s := range h {
			h[s] = 1
		}
	})
	for _, c := range src[:min(len(src), window)] {
		p.counts.literals[c] += 1
	}
	var copies []plan.Copy
	for from := 0; from < len(src) && ctx.Err() == nil; from += window {
		to := min(from+window, len(src))
		kept, passes := p.counts, 1
		if e.Twice || from == 0 {
			passes = 2
		}
		for pass := range passes {
			p.prices.set(&p.counts)
			p.parse(from, to, pass == 0)
			p.counts = kept
			copies = p.take(copies, from, to, pass == passes-1)
		}
	}
	return copies
}

// relax notes a cheaper step to position i of the window.
func (p *parser) relax(i int, s step) {
	if s.cost < p.steps[i].cost {
		p.steps[i] = s
	}
}

// parse finds the cheapest steps through src[from:to]. If first, it looks for matches.
func (p *parser) parse(from, to int, first bool) {
	n := to - from
	for i := range p.steps[:n+1] {
		p.steps[i].cost = math.MaxUint32
	}
	p.steps[0].cost = 0
	if first {
		p.matches = p.matches[:0]
		clear(p.found)
	}
	for i := 0; i < n; {
		s := &p.steps[i]
		if s.cost == math.MaxUint32 {
			i++
			continue
		}
		if i == 0 {
			p.states[0] = p.begin
		} else {
			p.states[i] = p.states[i-int(s.length)].after(s)
		}
		if first {
			begin := uint32(len(p.matches))
			p.matches = p.tree.find(p.matches, from+i)
			p.found[i] = [2]uint32{begin, uint32(len(p.matches))}
		}
		i += p.extend(from, i, n)
	}
}

// extend tries the steps from position i of the window, and returns how far the next position
// is that is worth a look.
func (p *parser) extend(from, i, n int) int {
	pos, cost, st := from+i, p.steps[i].cost, &p.states[i]
	p.relax(i+1, step{cost + p.prices.literals[p.src[pos]], 1, 0})
	copyCost := cost + number(p.prices.runs[:], st.run)
	for k, d := range st.last {
		if int(d) > pos {
			continue
		}
		length := plan.Common(p.src[pos-int(d):from+n-int(d)], p.src[pos:from+n])
		if length < MinCopy {
			continue
		}
		c := copyCost + p.prices.distances[k]
		p.relax(i+length, step{c + p.lengthPrice(length), uint32(length), d})
		if length >= p.tree.nice {
			return length
		}
		for l := MinCopy; l < min(length, finely); l++ {
			p.relax(i+l, step{c + p.lengthPrice(l), uint32(l), d})
		}
	}
	shortest := minMatch
	for _, m := range p.matches[p.found[i][0]:p.found[i][1]] {
		length := min(int(m.length), n-i)
		if length < shortest {
			break
		}
		d := m.distance
		c := copyCost + number(p.prices.distances[:], d+recents-1)
		if length >= p.tree.nice {
			length = plan.Common(p.src[pos-int(d):from+n-int(d)], p.src[pos:from+n])
		}
		p.relax(i+length, step{c + p.lengthPrice(length), uint32(length), d})
		if length >= p.tree.nice {
			return length
		}
		for l := shortest; l < min(length, finely); l++ {
			p.relax(i+l, step{c + p.lengthPrice(l), uint32(l), d})
		}
		shortest = length + 1
	}
	return 1
}

// lengthPrice returns the price of the length of a copy.
func (p *parser) lengthPrice(length int) uint32 {
	return number(p.prices.lengths[:], uint32(length-MinCopy))
}

// take counts the steps taken. If last, it appends the copies.
func (p *parser) take(copies []plan.Copy, from, to int, last bool) []plan.Copy {
	n := to - from
	var path []int // positions, from the end
	for i := n; i > 0; i -= int(p.steps[i].length) {
		path = append(path, i)
	}
	p.counts.each(histogram.fade)
	st := p.begin
	for k := len(path) - 1; k >= 0; k-- {
		i := path[k]
		s := &p.steps[i]
		pos := from + i - int(s.length)
		p.count(s, &st, pos)
		if last && s.distance > 0 {
			copies = appendCopy(copies, plan.Copy{Run: st.run, Length: s.length, Distance: s.distance})
		}
		st = st.after(s)
	}
	if last {
		p.begin = st
	}
	return copies
}

// appendCopy appends c, or makes the last copy longer by it.
func appendCopy(copies []plan.Copy, c plan.Copy) []plan.Copy {
	if k := len(copies) - 1; k >= 0 && c.Run == 0 && copies[k].Distance == c.Distance {
		copies[k].Length += c.Length
		return copies
	}
	return append(copies, c)
}

// count counts the symbols of s, which begins at pos.
func (p *parser) count(s *step, st *state, pos int) {
	c := &p.counts
	slot := func(v uint32) int { k, _ := slotOf(v); return k }
	if s.distance == 0 {
		c.literals[p.src[pos]]++
		return
	}
	c.runs[slot(st.run)]++
	c.lengths[slot(s.length-MinCopy)]++
	v := s.distance + recents - 1
	for k, d := range st.last {
		if d == s.distance {
			v = uint32(k)
			break
		}
	}
	c.distances[slot(v)]++
}
