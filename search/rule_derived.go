package search

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// derived is an operation on one list known before, or as much as is there of
// its output.
type derived struct{}

func (derived) propose(s *scratch, i int) {
	v := s.whole.v[i:]
	run := int(s.whole.run[i])
	if len(v) < 3 {
		return
	}
	rising := 1 // length of the sorted run
	for rising < len(v) && v[rising] >= v[rising-1] {
		rising++
	}
	falling := 1
	for falling < len(v) && v[falling] <= v[falling-1] {
		falling++
	}
	for k := s.best[i].lists; k > 0; k = s.lists[k-1].prev {
		l := &s.lists[k-1]
		if l.plain || len(l.v) < 3 {
			continue
		}
		d := deriver{s: s, i: i, v: v, run: run, list: k - 1, ref: s.reference(i, l.node)}
		s.steps -= 10
		if s.steps < 0 {
			return
		}
		d.slices(l.v)
		if l.whole {
			continue
		}
		d.reversed(l.v)
		d.shifted(l.v)
		d.replaced(l.v)
		d.jumps(l.v)
		d.filtered(l.v)
		d.summed(l.v)
		if rising >= 4 && rising > run {
			d.smallest(l.v, rising)
		}
		if falling >= 4 && falling > run {
			d.largest(l.v, falling)
		}
	}
}

// A deriver offers what derives from one list.
type deriver struct {
	s    *scratch
	i    int
	v    []int32 // the block from i on
	run  int
	list int32 // index into scratch.lists
	ref  int32 // price of the reference
}

// offer notes that the first n elements of v are those of op on the list, of
// which there are of in all; numbers is the price of x and y.
func (d *deriver) offer(op dsl.Op, n, of int, numbers, x, y int32) {
	if n < 3 || n < of && n < least || n <= d.run {
		return
	}
	p := piece{op: op, nodes: 1, end: int32(d.i + n), a: d.list, b: x | y<<16, c: int32(op) << 1}
	p.body = numbers + d.ref + price.sym[op][0][dsl.Ref]
	if n < of {
		p.op, p.nodes, p.c = dsl.Between, 2, p.c|1
		p.body += price.index[0] + price.slice[n] + price.sym[dsl.Between][0][op]
	}
	d.s.offerUse(d.i, ruleDerived, p)
}

// slices offers slices of the list where it is not a part of the block.
func (d *deriver) slices(k []int32) {
	v := d.v
	for a := 0; a+least <= len(k); a++ {
		if k[a] != v[0] || k[a+1] != v[1] {
			continue
		}
		n := match(k[a:], v)
		d.s.steps -= int64(n)
		for ; n >= least && n > d.run; n-- {
			d.offer(dsl.Between, n, n, price.index[a]+price.slice[n], int32(a), int32(a+n))
		}
	}
}

func (d *deriver) reversed(k []int32) {
	n := 0
	for n < len(k) && n < len(d.v) && d.v[n] == k[len(k)-1-n] {
		n++
	}
	d.offer(dsl.ReverseList, n, len(k), 0, 0, 0)
}

// shifted offers the list plus or minus a number, and modulo one.
func (d *deriver) shifted(k []int32) {
	v := d.v
	if c := v[0] - k[0]; c != 0 && v[1]-k[1] == c {
		n := 2
		for n < len(k) && n < len(v) && v[n]-k[n] == c {
			n++
		}
		if c > 0 {
			d.offer(dsl.AddItem, n, len(k), price.add[c], c, 0)
		} else {
			d.offer(dsl.SubtractItem, n, len(k), price.subtract[-c], -c, 0)
		}
	}
	if n, m := residues(k, v); m > 0 {
		d.offer(dsl.ModuloItem, n, len(k), price.modulo[m], m, 0)
	}
}

func gcd(a, b int32) int32 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// replaced offers the list with all x replaced by y.
func (d *deriver) replaced(k []int32) {
	v, x, y := d.v, int32(-1), int32(-1)
	n := 0
	for ; n < len(k) && n < len(v); n++ {
		if k[n] == v[n] && k[n] != x {
			continue
		}
		if k[n] == x && v[n] == y {
			continue
		}
		if x >= 0 || slices.Contains(k[:n], k[n]) {
			break
		}
		x, y = k[n], v[n]
	}
	if x >= 0 && n > 4 {
		d.offer(dsl.Substitute, n, len(k), price.from[x]+price.to[y], x, y)
	}
}

func (d *deriver) jumps(k []int32) {
	if k[0] != d.v[0] {
		return
	}
	for step := 2; step <= 5; step++ {
		n := 0
		for at := 0; at < len(k) && n < len(d.v) && k[at] == d.v[n]; at += step {
			n++
		}
		d.offer(dsl.Jumps, n, (len(k)+step-1)/step, price.jump[step], int32(step), 0)
	}
}

func (d *deriver) filtered(k []int32) {
	for op := dsl.FilterEven; op <= dsl.FilterNotZero; op++ {
		if v := d.v[0]; op == dsl.FilterEven && v&1 != 0 || op == dsl.FilterOdd && v&1 == 0 || op == dsl.FilterNotZero && v == 0 {
			continue
		}
		n, of, same := 0, 0, true
		for _, x := range k {
			if op == dsl.FilterEven && x&1 != 0 || op == dsl.FilterOdd && x&1 == 0 || op == dsl.FilterNotZero && x == 0 {
				continue
			}
			of++
			if same && n < len(d.v) && d.v[n] == x {
				n++
			} else {
				same = false
				if n < 3 {
					break
				}
			}
		}
		if of < len(k) {
			d.offer(op, n, of, 0, 0, 0)
		}
	}
}

func (d *deriver) summed(k []int32) {
	n, sum := 0, int32(0)
	for n < len(k) && n < len(d.v) {
		if sum += k[n]; sum != d.v[n] {
			break
		}
		n++
	}
	d.offer(dsl.ScanAdd, n, len(k), 0, 0, 0)
}

func (d *deriver) smallest(k []int32, n int) {
	s := d.sort(k)
	n = match(s, d.v[:n])
	d.offer(dsl.MinN, n, n, price.minN[n&255], int32(n), 0)
}

func (d *deriver) largest(k []int32, n int) {
	s := d.sort(k)
	slices.Reverse(s)
	n = match(s, d.v[:n])
	d.offer(dsl.MaxN, n, n, price.maxN[n&255], int32(n), 0)
}

func (d *deriver) sort(k []int32) []int32 {
	d.s.sorted = append(d.s.sorted[:0], k[:min(len(k), 255)]...)
	if len(k) > 255 {
		d.s.sorted = d.s.sorted[:0]
	}
	d.s.steps -= int64(len(k) * 8)
	slices.Sort(d.s.sorted)
	return d.s.sorted
}

func (derived) build(b *builder, i int, p *piece) int {
	n := dsl.Node{Op: dsl.Op(p.c >> 1), Refs: [2]int{b.lists[p.a]}}
	n.Nums[0], n.Nums[1] = p.b&0xffff, p.b>>16
	list := b.node(n)
	if p.c&1 != 0 {
		list = b.node(dsl.Node{Op: dsl.Between, Refs: [2]int{list}, Nums: [3]int32{0, p.end - int32(i)}})
	}
	return list
}
