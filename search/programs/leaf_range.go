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

// The leaves below make pieces of a progression that is not in the line: its running
// sums, its remainders, and it with one element replaced.

// scanLeaf is scan_add of a progression, and of an element and a progression.
// Without it, programs of generated sequences are 0.07 % larger at 10 ms and as
// large at 100 ms (November 2026).
type scanLeaf struct{}

// minScan is the length in elements of the shortest sums of a progression (arbitrary;
// three elements are such sums too often by chance).
const minScan = 4

func (scanLeaf) propose(m *meter, l *line, i int) {
	v := l.v[i:]
	if len(v) < minScan || l.run[i] > shortRun {
		return
	}
	d := v[1] - v[0]
	if e := d - v[0]; e != 0 && v[2]-v[1] == d+e {
		for n := 3; n <= len(v) && v[n-1]-v[n-2] == v[0]+int32(n-1)*e; n++ {
			if n < minScan {
				continue
			}
			if op, body := m.price.progression(v[0], e, n); body < unreachable {
				body += m.price.sym[dsl.ScanAdd][0][op]
				l.offer(piece{op: dsl.ScanAdd, end: int32(i + n), body: body})
			}
		}
	}
	e := v[2] - v[1] - d
	if e == 0 || v[3]-v[2] != d+2*e || i > 0 && d-(v[0]-l.v[i-1]) == e {
		return
	}
	head := m.price.sym[dsl.ScanAdd][0][dsl.Concatenate] + m.price.first[dsl.SetList]
	head += m.price.length[1] + m.price.element[v[0]]
	for n := minScan + 1; n <= len(v) && v[n-1]-v[n-2] == d+int32(n-2)*e; n++ {
		if op, body := m.price.progression(d, e, n-1); body < unreachable {
			body += head + m.price.sym[dsl.Concatenate][1][op]
			l.offer(piece{op: dsl.ScanAdd, end: int32(i + n), body: body, x: 1})
		}
	}
}

// build: p.x elements come before the progression, 0 or 1.
func (scanLeaf) build(b *builder, l *line, i int, p *piece) int {
	v := l.v[i:p.end]
	d := v[1] - v[0]
	var list int
	if p.x == 0 {
		list = b.progression(v[0], d-v[0], len(v))
	} else {
		head := b.node(dsl.Node{Op: dsl.SetList, List: []int32{v[0]}})
		list = b.concatenate(head, b.progression(d, v[2]-v[1]-d, len(v)-1))
	}
	return b.node(dsl.Node{Op: dsl.ScanAdd, Refs: [2]int{list}})
}

// moduloLeaf is modulo_item_list of a rising progression, where it wraps.
type moduloLeaf struct{}

func (moduloLeaf) propose(m *meter, l *line, i int) {
	n := int(l.run[i])
	if n < 2 || i+n+2 > len(l.v) || l.inRun(i) {
		return
	}
	v := l.v[i:]
	step := v[1] - v[0]
	modulus := v[n-1] + step - v[n]
	if step <= 0 || modulus <= v[n-1] || int(modulus) >= len(m.price.modulo) {
		return
	}
	for wrap := n; n < len(v); n++ {
		want := v[n-1] + step
		if want >= modulus {
			want -= modulus
		}
		if v[n] != want {
			return
		}
		if n == wrap {
			continue // one element says the modulus; only more are worth it
		}
		if op, body := m.price.progression(v[0], step, n+1); body < unreachable {
			body += m.price.modulo[modulus] + m.price.sym[dsl.ModuloItem][0][op]
			l.offer(piece{op: dsl.ModuloItem, end: int32(i + n + 1), body: body, x: modulus})
		}
	}
}

// build: p.x is the modulus.
func (moduloLeaf) build(b *builder, l *line, i int, p *piece) int {
	list := b.progression(l.v[i], l.v[i+1]-l.v[i], int(p.end)-i)
	return b.node(dsl.Node{Op: dsl.ModuloItem, Refs: [2]int{list}, Nums: [3]int32{p.x}})
}

// substituteLeaf is substitute of one element of a progression.
type substituteLeaf struct{}

func (substituteLeaf) propose(m *meter, l *line, i int) {
	n := int(l.run[i]) // index of the element that breaks the progression
	if n < 2 || i+n+2 >= len(l.v) || l.inRun(i) {
		return
	}
	v := l.v[i:]
	step := v[1] - v[0]
	old := v[n-1] + step
	if step == 0 || old&^255 != 0 || v[n+1] != old+step {
		return
	}
	for k := n + 2; k < len(v) && v[k]-v[k-1] == step; k++ {
		if op, body := m.price.progression(v[0], step, k+1); body < unreachable {
			body += m.price.from[old] + m.price.to[v[n]] + m.price.sym[dsl.Substitute][0][op]
			l.offer(piece{op: dsl.Substitute, end: int32(i + k + 1), body: body, x: old, y: v[n]})
		}
	}
}

// build: p.x is replaced by p.y.
func (substituteLeaf) build(b *builder, l *line, i int, p *piece) int {
	list := b.progression(l.v[i], l.v[i+1]-l.v[i], int(p.end)-i)
	return b.node(dsl.Node{Op: dsl.Substitute, Refs: [2]int{list}, Nums: [3]int32{p.x, p.y}})
}
