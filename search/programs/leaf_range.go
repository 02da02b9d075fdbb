package programs

import "github.com/ktzip/ktzip/dsl"

// progression is repeat_num, range_func_up, range_func_interval, and
// reverse_list of the latter two.
type progression struct{}

// longest is the length up to which all parts of a run from its start are
// offered; of longer runs and from within them only the rest.
const longest = 64

func (progression) propose(s *scratch, l *line, i int) {
	n := int(l.run[i])
	if n < 2 {
		return
	}
	step := l.v[i+1] - l.v[i]
	least := 3
	if step == 0 {
		least = 2
	}
	offer := func(n int) {
		if op, body := s.price.progression(l.v[i], step, n); body < unreachable {
			l.offer(piece{op: op, end: int32(i + n), body: body})
		}
	}
	if step == 0 && s.price.count[n] >= unreachable {
		s.repeats(l, i, n)
		return
	}
	if n >= least {
		offer(n)
	}
	if i > 1 && l.within(i) && l.within(i-1) {
		return
	}
	for n = min(n-1, longest); n >= least; n-- {
		offer(n)
	}
}

// repeats offers parts of a run of n times one element that is too long for one
// repeat_num: the longest, and repetitions of shorter ones.
func (s *scratch) repeats(l *line, i, n int) {
	most := s.price.longestCount()
	op, body := s.price.progression(l.v[i], 0, most)
	l.offer(piece{op: op, end: int32(i + most), body: body})
	for times := 2; times <= 9 && times <= n; times++ {
		each := min(most, n/times)
		op, body := s.price.progression(l.v[i], 0, each)
		body += s.price.times[times] + s.price.sym[dsl.RepeatList][0][op]
		l.offer(piece{op: dsl.RepeatList, end: int32(i + times*each), body: body, a: int32(times)})
	}
}

// longestCount is the longest repeat_num that the prices allow.
func (t *prices) longestCount() int {
	n := len(t.count) - 1
	for t.count[n] >= unreachable {
		n--
	}
	return n
}

// within reports whether a longer run ends where that from i on does.
func (l *line) within(i int) bool { return i > 0 && l.run[i-1] > l.run[i] && l.run[i] > 1 }

func (progression) build(b *builder, l *line, i int, p *piece) int {
	step := int32(0)
	if int(p.end) > i+1 {
		step = l.v[i+1] - l.v[i]
	}
	if p.a > 0 {
		list := b.progression(l.v[i], 0, (int(p.end)-i)/int(p.a))
		return b.node(dsl.Node{Op: dsl.RepeatList, Refs: [2]int{list}, Nums: [3]int32{p.a}})
	}
	return b.progression(l.v[i], step, int(p.end)-i)
}

// progression is the price of first, first+step, … of n elements, without the
// symbol op; it is unreachable where the numbers leave the tables.
func (t *prices) progression(first, step int32, n int) (op dsl.Op, body int32) {
	last := first + int32(n-1)*step
	switch {
	case n < 1 || n > MaxBlock || step < -255 || step > 255 || min(first, last)&^255 != 0 || first > 255:
		return 0, unreachable
	case step == 0:
		return dsl.RepeatNum, t.count[n] + t.constant[first]
	case step == 1:
		return dsl.RangeUp, t.upStart[first] + t.upEnd[n]
	case step > 1:
		return dsl.RangeInterval, t.byStep[step] + t.byStart[first] + t.byEnd[n]
	}
	if last > 255 {
		return 0, unreachable
	}
	op, body = t.progression(last, -step, n)
	return dsl.ReverseList, t.sym[dsl.ReverseList][0][op] + body
}

// progression makes the list that the prices' progression prices.
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
