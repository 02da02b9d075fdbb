package programs

import "github.com/ktzip/ktzip/dsl"

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
	for i := range t.starts() {
		v0, v1, v2 := v[i], v[i+1], v[i+2]
		top := max(v0, v1, v2)
		if top >= maxModulus-1 || min(v0, v1, v2) < 0 {
			continue
		}
		t.steps -= int64(len(v) / 4)
		for a := 0; a+4 < len(v); a++ {
			// Differences are multiples of the modulus, which is above top.
			x, y, z := v[a]-v0, v[a+1]-v1, v[a+2]-v2
			if x|y|z <= 0 || x > 0 && x <= top || y > 0 && y <= top || z > 0 && z <= top {
				continue
			}
			t.remainders(i, a)
		}
	}
}

// remainders adds that the positions from i on, and before, are those around a
// modulo some number.
func (t *text) remainders(i, a int) {
	n, m := residues(t.v[a:], t.v[i:])
	if n < 3 || m == 0 || m > maxModulus {
		return
	}
	for i > 0 && a > 0 && t.v[i-1] >= 0 && t.v[a-1] >= t.v[i-1] && t.v[i-1] < m && (t.v[a-1]-t.v[i-1])%m == 0 {
		i--
		a--
		n++
	}
	n = apart(i, a, n)
	t.steps -= int64(n + 4)
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
