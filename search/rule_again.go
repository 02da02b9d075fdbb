package search

import "github.com/ktzip/ktzip/dsl"

// again is a list known before, and get_subsequence_between_indices of the
// chain so far, forwards and reversed.
type again struct{}

// least is the shortest slice worth looking for.
const least = 4

func (again) propose(s *scratch, i int) {
	v, at := s.whole.v, &s.best[i]
	for k := at.lists; k > 0; k = s.lists[k-1].prev {
		l := &s.lists[k-1]
		s.steps--
		if n := len(l.v); n > 0 && n <= len(v)-i && l.v[0] == v[i] && match(l.v, v[i:]) == n {
			s.offerUse(i, ruleAgain, piece{op: dsl.Ref, end: int32(i + n), body: s.reference(i, l.node), a: k - 1})
		}
	}
	if i < least || len(v)-i < least {
		return
	}
	s.slice(i, false)
	s.slice(i, true)
}

// slice offers slices of v[:i], reversed or not.
func (s *scratch) slice(i int, reversed bool) {
	v, run := s.whole.v, int(s.whole.run[i])
	longest := 0
	starts := grow(s.slices, len(v)+1) // by length: the cheapest start + 1
	s.slices = starts
	if cap(starts) > 0 {
		clear(starts[:min(len(starts), i+1)])
	}
	s.steps -= int64(i / 4)
	x, y := v[i], v[i+1]
	note := func(start, n int) {
		if b := starts[n]; b == 0 || price.index[start] < price.index[b-1] {
			starts[n] = int32(start) + 1
		}
	}
	for a := range i - 1 {
		if reversed {
			if v[a+1] != x || v[a] != y {
				continue
			}
			n := 2
			for n <= a+1 && i+n < len(v) && v[a+1-n] == v[i+n] {
				n++
			}
			s.steps -= int64(n)
			if n <= run {
				continue
			}
			for k := max(least, run+1); k <= n; k++ {
				note(a+2-k, k)
			}
			longest = max(longest, n)
			continue
		}
		if v[a] != x || v[a+1] != y {
			continue
		}
		n := match(v[a:i], v[i:])
		s.steps -= int64(n)
		if n <= run {
			continue
		}
		for k := max(least, run+1); k <= n; k++ {
			note(a, k)
		}
		longest = max(longest, n)
	}
	tail := price.sym[dsl.Between][0][dsl.Ref] + price.distance[0]
	p := piece{op: dsl.Between, nodes: 1, a: -1, c: 0}
	if reversed {
		p.op, p.nodes, p.c = dsl.ReverseList, 2, 1
		tail += price.sym[dsl.ReverseList][0][dsl.Between]
	}
	for n := least; n <= longest; n++ {
		if starts[n] == 0 {
			continue
		}
		p.b = starts[n] - 1
		p.end = int32(i + n)
		p.body = tail + price.index[p.b] + price.slice[n]
		s.offerUse(i, ruleAgain, p)
	}
}

// match is the length of the common prefix of a and b.
func match(a, b []int32) int {
	n := min(len(a), len(b))
	for k := range n {
		if a[k] != b[k] {
			return k
		}
	}
	return n
}

func (again) build(b *builder, i int, p *piece) int {
	if p.op == dsl.Ref {
		return b.lists[p.a]
	}
	n := p.end - int32(i)
	list := b.node(dsl.Node{Op: dsl.Between, Refs: [2]int{b.prefix}, Nums: [3]int32{p.b, p.b + n}})
	if p.c != 0 {
		list = b.node(dsl.Node{Op: dsl.ReverseList, Refs: [2]int{list}})
	}
	return list
}
