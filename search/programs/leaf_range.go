package programs

import "github.com/ktzip/ktzip/dsl"

// rangeLeaf is arithmetic progressions: repeat_num, range_func_up,
// range_func_interval, and reverse_list of the latter two.
type rangeLeaf struct{}

// longestPart is the length in elements of the longest beginning of a progression
// that is offered besides the whole (arbitrary; it bounds the work of a start).
const longestPart = 64

// shortRun is the length in elements of the longest progression at whose start other
// leaves look for more than a progression (arbitrary).
const shortRun = 3

func (rangeLeaf) propose(m *meter, l *line, i int) {
	n := int(l.run[i])
	if n < 2 {
		return
	}
	step := l.v[i+1] - l.v[i]
	shortest := 3
	if step == 0 {
		shortest = 2
	}
	if step == 0 && m.price.count[n] >= unreachable {
		offerLongConstant(m, l, i, n)
		return
	}
	offer := func(n int) {
		if op, body := m.price.progression(l.v[i], step, n); body < unreachable {
			l.offer(piece{op: op, end: int32(i + n), body: body})
		}
	}
	if n >= shortest {
		offer(n)
	}
	if i > 1 && l.inRun(i) && l.inRun(i-1) {
		return // two elements into a longer progression: only to its end
	}
	for n = min(n-1, longestPart); n >= shortest; n-- {
		offer(n)
	}
}

// offerLongConstant offers parts of a run of n times one element that is too long
// for one repeat_num: the longest, and 2 to 9 repetitions (as many as the uniform
// prior can count) of shorter ones.
func offerLongConstant(m *meter, l *line, i, n int) {
	longest := m.price.longestCount()
	op, body := m.price.progression(l.v[i], 0, longest)
	l.offer(piece{op: op, end: int32(i + longest), body: body})
	for times := 2; times <= 9 && times <= n; times++ {
		once := min(longest, n/times)
		op, body := m.price.progression(l.v[i], 0, once)
		body += m.price.times[times] + m.price.sym[dsl.RepeatList][0][op]
		l.offer(piece{op: dsl.RepeatList, end: int32(i + times*once), body: body, x: int32(times)})
	}
}

// longestCount returns the length of the longest repeat_num that the prices allow.
func (t *prices) longestCount() int {
	n := len(t.count) - 1
	for t.count[n] >= unreachable {
		n--
	}
	return n
}

// inRun reports whether a longer progression ends where that from i on does.
func (l *line) inRun(i int) bool { return i > 0 && l.run[i-1] > l.run[i] && l.run[i] > 1 }

// build: the progression is repeated p.x times; 0 is once.
func (rangeLeaf) build(b *builder, l *line, i int, p *piece) int {
	if p.x > 0 {
		list := b.progression(l.v[i], 0, (int(p.end)-i)/int(p.x))
		return b.node(dsl.Node{Op: dsl.RepeatList, Refs: [2]int{list}, Nums: [3]int32{p.x}})
	}
	step := int32(0)
	if int(p.end) > i+1 {
		step = l.v[i+1] - l.v[i]
	}
	return b.progression(l.v[i], step, int(p.end)-i)
}

// progression returns the price of n elements first, first+step, … without that
// of the symbol op; it is unreachable if a number is beyond the tables.
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

// progression makes the list that prices.progression prices.
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
