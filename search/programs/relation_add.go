package programs

import "github.com/ktzip/ktzip/dsl"

// shifted is add_item_list and subtract_item_list of a list.
type shifted struct{}

func (shifted) propose(t *text) {
	for _, h := range t.hot {
		if t.s.steps <= 0 {
			return
		}
		i := int(h)
		t.s.steps -= int64(len(t.v) / 4)
		x, d := t.v[i], t.v[i+1]-t.v[i]
		for a := 0; a+2 < len(t.v); a++ {
			if t.v[a+1]-t.v[a] != d || t.v[a] == x || t.v[a] < 0 || t.v[a+1] < 0 {
				continue
			}
			c := x - t.v[a]
			if t.v[i+2]-t.v[a+2] != c || i > 0 && a > 0 && t.v[i-1]-t.v[a-1] == c && t.v[a-1] >= 0 {
				continue
			}
			n := 2
			for a+n < len(t.v) && t.v[i+n]-t.v[a+n] == c && t.v[a+n] >= 0 && t.v[i+n] >= 0 {
				n++
			}
			if a > i {
				n = min(n, a-i)
			} else {
				n = min(n, i-a)
			}
			t.s.steps -= int64(n)
			op, numbers, x := dsl.AddItem, int32(unreachable), c
			switch {
			case c > 0 && c < 256:
				numbers = t.s.price.add[c]
			case c > -256 && c < 0:
				op, x, numbers = dsl.SubtractItem, -c, t.s.price.subtract[-c]
			}
			if n < least || numbers >= unreachable {
				continue
			}
			t.clipped(a, n, func(skip, n int) {
				i, a := i+skip, a+skip
				t.clipped(i, n, func(skip, n int) {
					t.add(op, i+skip, n, numbers, x, 0, span{int32(a + skip), int32(a + skip + n)}, span{})
				})
			})
		}
	}
}
