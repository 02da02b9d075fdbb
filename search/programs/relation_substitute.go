package programs

import "github.com/ktzip/ktzip/dsl"

// substituteRelation is substitute of one number in a list.
type substituteRelation struct{}

// minSubstitute is the length in elements of the shortest list with a number
// replaced (arbitrary).
const minSubstitute = 5

func (substituteRelation) propose(t *text) {
	for i, a := range t.alike() {
		n := t.same(i, a)
		if n < 2 {
			continue
		}
		t.replace(i, a, n) // the element after those that are the same
		if i > 0 && a > 0 {
			t.replace(i, a, -1) // the element before
		}
	}
}

// replace adds that the positions around i hold what those around a do, but that
// the element at a+k, wherever it occurs, is replaced by that at i+k.
func (t *text) replace(i, a, k int) {
	x, y := t.v[a+k], t.v[i+k]
	if x < 0 || y < 0 {
		return
	}
	fits := func(k int) bool {
		u, v := t.v[a+k], t.v[i+k]
		return u >= 0 && v >= 0 && (u == x && v == y || u != x && u == v)
	}
	for k := range max(k, 1) {
		if !fits(k) {
			return
		}
	}
	most := max(a-i, i-a)
	from, to := 0, 1
	for to < most && fits(to) {
		to++
	}
	for i+from > 0 && a+from > 0 && to-from < most && fits(from-1) {
		from--
	}
	t.steps -= int64(to-from) + proposal/2
	if to-from >= minSubstitute && x <= 255 && y <= 255 {
		r := relation{op: dsl.Substitute, x: x, y: y, body: t.price.from[x] + t.price.to[y]}
		t.addPieces(r, i+from, a+from, to-from)
	}
}
