package programs

import "github.com/ktzip/ktzip/dsl"

// remainder is modulo_item_list of a list.
type remainder struct{}

func (remainder) propose(t *text) {
	for _, h := range t.hot {
		if t.s.steps <= 0 {
			return
		}
		i := int(h)
		top := max(t.v[i], t.v[i+1], t.v[i+2])
		if top > 253 || min(t.v[i], t.v[i+1], t.v[i+2]) < 0 {
			continue
		}
		t.s.steps -= int64(len(t.v) / 4)
		for a := 0; a+4 < len(t.v); a++ {
			if a == i {
				continue
			}
			x, y, z := t.v[a]-t.v[i], t.v[a+1]-t.v[i+1], t.v[a+2]-t.v[i+2]
			if x|y|z < 0 || x|y|z == 0 || x > 0 && x <= top || y > 0 && y <= top || z > 0 && z <= top {
				continue
			}
			n, m := residues(t.v[a:], t.v[i:])
			if n < 3 || m == 0 || m > 255 {
				continue
			}
			i, a := i, a
			for i > 0 && a > 0 && t.v[i-1] >= 0 && t.v[a-1] >= t.v[i-1] && t.v[i-1] < m && (t.v[a-1]-t.v[i-1])%m == 0 {
				i--
				a--
				n++
			}
			if a > i {
				n = min(n, a-i)
			} else {
				n = min(n, i-a)
			}
			t.s.steps -= int64(n + 4)
			if n < 4 {
				continue
			}
			t.clipped(a, n, func(skip, n int) {
				i, a := i+skip, a+skip
				t.clipped(i, n, func(skip, n int) {
					t.add(dsl.ModuloItem, i+skip, n, t.s.price.modulo[m], m, 0, span{int32(a + skip), int32(a + skip + n)}, span{})
				})
			})
		}
	}
}

// residues is the number of elements at the start of v that are those of k
// modulo m, and m, which is 0 where k needs none.
func residues(k, v []int32) (n int, m int32) {
	top := int32(-1)
	for ; n < len(k) && n < len(v); n++ {
		x := k[n] - v[n]
		if x < 0 || v[n] < 0 || k[n] < 0 {
			break
		}
		g := m
		if x > 0 {
			g = gcd(m, x)
		}
		if g > 0 && g <= max(top, v[n]) {
			break
		}
		m, top = g, max(top, v[n])
	}
	return n, m
}

func gcd(a, b int32) int32 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
