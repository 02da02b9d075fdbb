package programs

import "github.com/ktzip/ktzip/dsl"

// addRelation is add_item_list and subtract_item_list of a list.
type addRelation struct{}

func (addRelation) propose(t *text) {
	for i := range t.starts() {
		t.steps -= int64(len(t.v) / 4)
		x, d := t.v[i], t.v[i+1]-t.v[i]
		for a := 0; a+2 < len(t.v); a++ {
			if t.v[a+1]-t.v[a] != d || t.v[a] == x || t.v[a] < 0 || t.v[a+1] < 0 {
				continue
			}
			c := x - t.v[a]
			if t.v[i+2]-t.v[a+2] != c || i > 0 && a > 0 && t.v[i-1]-t.v[a-1] == c && t.v[a-1] >= 0 {
				continue
			}
			t.shift(i, a, c)
		}
	}
}

// shift adds that the positions from i on hold what those from a on do, plus c.
// The first two do.
func (t *text) shift(i, a int, c int32) {
	n := 2
	for a+n < len(t.v) && t.v[i+n]-t.v[a+n] == c && t.v[a+n] >= 0 && t.v[i+n] >= 0 {
		n++
	}
	n = apart(i, a, n)
	t.steps -= int64(n)
	r := relation{op: dsl.AddItem, x: c, body: unreachable}
	switch {
	case c > 0 && c < 256:
		r.body = t.price.add[c]
	case c > -256 && c < 0:
		r.op, r.x, r.body = dsl.SubtractItem, -c, t.price.subtract[-c]
	}
	if n >= least && r.body < unreachable {
		t.addPieces(r, i, a, n)
	}
}

// addPieces adds r for the n positions from i on, which derive each from one from
// a on, whole and by the links of either.
func (t *text) addPieces(r relation, i, a, n int) {
	for x, n := range t.pieces(i, a, n) {
		r.at, r.src[0] = spanOf(i+x, n), spanOf(a+x, n)
		t.add(r)
	}
}
