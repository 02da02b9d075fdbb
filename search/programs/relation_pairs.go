package programs

import "github.com/ktzip/ktzip/dsl"

// pairs is add_two_lists, subtract_two_lists and modulo_two_lists.
type pairs struct{}

func (pairs) propose(t *text) {
	for y := range t.parts {
		q := &t.parts[y]
		n := int(q.j - q.i)
		if n < least || t.s.steps <= 0 {
			continue
		}
		if t.pass == 0 {
			for x := range t.parts {
				if p := &t.parts[x]; x != y && int(p.j-p.i) == n {
					t.pair(int(p.i), int(q.i), n, x < y)
				}
			}
			continue
		}
		t.s.steps -= int64(4 * len(t.v))
		for a := 0; a+n < len(t.v); a++ {
			if a+n <= int(q.i) || a >= int(q.j) {
				p := t.part[a]
				aligned := p >= 0 && int(t.parts[p].i) == a && int(t.parts[p].j) == a+n
				if t.line[a] == t.line[a+n] {
					t.pair(a, int(q.i), n, !aligned || int(p) < y)
					if !aligned {
						t.two(dsl.SubtractTwo, int(q.i), a, n)
						t.two(dsl.ModuloTwo, int(q.i), a, n)
					}
				}
			}
		}
	}
}

// pair looks for what comes of the n places from a and from b on.
func (t *text) pair(a, b, n int, add bool) {
	if add {
		t.two(dsl.AddTwo, a, b, n)
	}
	t.two(dsl.SubtractTwo, a, b, n)
	t.two(dsl.ModuloTwo, a, b, n)
}

// two looks for what op makes of the n places from a and from b on.
func (t *text) two(op dsl.Op, a, b, n int) {
	u, v := t.v[a:a+n], t.v[b:b+n]
	x, left := apply(op, u[0], v[0])
	first := 0
	for ; left && first < n-1; x, left = apply(op, u[first], v[first]) {
		first++
	}
	if left {
		return
	}
	for i := t.first(x); i >= 0 && t.s.steps > 0; i = t.next[i] {
		t.s.steps--
		k := 1
		for at := first + 1; at < n; at++ {
			y, left := apply(op, u[at], v[at])
			if left {
				continue
			}
			if t.v[int(i)+k] != y {
				k = 0
				break
			}
			k++
		}
		if k >= least && (int(i)+k <= b || int(i) >= b+n) {
			t.add(op, int(i), k, 0, 0, 0, span{int32(a), int32(a + n)}, span{int32(b), int32(b + n)})
		}
	}
}

// apply is what op makes of x and y; left, where it leaves them out.
func apply(op dsl.Op, x, y int32) (z int32, left bool) {
	switch {
	case op == dsl.AddTwo:
		return x + y, false
	case op == dsl.SubtractTwo:
		return x - y, false
	case y == 0:
		return 0, true
	}
	return x % y, false
}
