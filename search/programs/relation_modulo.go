package programs

import (
	"iter"
	"math/bits"

	"github.com/ktzip/ktzip/dsl"
)

// moduloRelation is modulo_item_list of a list.
type moduloRelation struct{}

const (
	// minModulo is the length in elements of the shortest remainders (arbitrary;
	// three elements often have a common modulus by chance).
	minModulo = 4
	// maxModulus is the largest number of a program under the uniform prior.
	maxModulus = 255
)

func (moduloRelation) propose(t *text) {
	v := t.v
	t.heights.set(t)
	for i := range t.starts() {
		v0, v1, v2 := v[i], v[i+1], v[i+2]
		top := max(v0, v1, v2)
		if top >= maxModulus-1 || min(v0, v1, v2) < 0 {
			continue
		}
		t.steps -= int64(len(t.heights.above[0]))
		for a := range t.heights.multiples([3]int32{v0, v1, v2}, top) {
			// Differences are multiples of the modulus, which is above top, and so are theirs.
			x, y, z := v[a]-v0, v[a+1]-v1, v[a+2]-v2
			small := func(d int32) bool { return d != 0 && max(d, -d) <= top }
			if a+4 < len(v) && x|y|z > 0 && !small(x) && !small(y) && !small(z) && !small(x-y) && !small(y-z) {
				t.remainders(i, a)
			}
		}
	}
}

// heights are sets of the positions of a text, 64 in a word.
type heights struct {
	above [257][]uint64 // above[x]: positions of elements of x or more
	store []uint64
}

// set makes h the heights of t.
func (h *heights) set(t *text) {
	words := len(t.v)/64 + 1
	h.store = grow(h.store, len(h.above)*words)
	clear(h.store)
	for x := range h.above {
		h.above[x] = h.store[x*words : (x+1)*words]
	}
	for a, x := range t.v {
		if x >= 0 {
			h.above[min(int(x), len(h.above)-1)][a/64] |= 1 << (a % 64)
		}
	}
	for x := len(h.above) - 2; x >= 0; x-- {
		for w, set := range h.above[x+1] {
			h.above[x][w] |= set
		}
	}
	t.steps -= int64(len(h.store) / 8)
}

// multiples yields the positions a from which on elements are each that of v or more
// than top above it, and not all those of v. It may yield others if elements are above 255.
func (h *heights) multiples(v [3]int32, top int32) iter.Seq[int] {
	return func(yield func(a int) bool) {
		var least, next, far [3][]uint64
		for k, x := range v {
			least[k], next[k] = h.above[x], h.above[x+1]
			far[k] = h.above[min(int(x+top+1), len(h.above)-1)]
		}
		for w := range least[0] {
			fits, same := ^uint64(0), ^uint64(0)
			for k := range v {
				equal := shifted(least[k], w, k) &^ shifted(next[k], w, k)
				fits &= equal | shifted(far[k], w, k)
				same &= equal
			}
			for fits &^= same; fits != 0; fits &= fits - 1 {
				if !yield(64*w + bits.TrailingZeros64(fits)) {
					return
				}
			}
		}
	}
}

// shifted returns word w of the set of positions k before those of s.
func shifted(s []uint64, w, k int) uint64 {
	x := s[w] >> k
	if w+1 < len(s) {
		x |= s[w+1] << (64 - k)
	}
	return x
}

// remainders adds that the positions from i on, and before, are those around a
// modulo some number.
func (t *text) remainders(i, a int) {
	n, m := residues(t.v[a:], t.v[i:])
	t.steps -= int64(n) + proposal
	if n < 3 || m == 0 || m > maxModulus {
		return
	}
	for i > 0 && a > 0 && t.v[i-1] >= 0 && t.v[a-1] >= t.v[i-1] && t.v[i-1] < m && (t.v[a-1]-t.v[i-1])%m == 0 {
		i--
		a--
		n++
	}
	n = apart(i, a, n)
	if n >= minModulo {
		t.addPieces(relation{op: dsl.ModuloItem, x: m, body: t.price.modulo[m]}, i, a, n)
	}
}

// residues returns the number of elements at the start of v that are those of k
// modulo m, and m, which is 0 if they are those of k.
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
