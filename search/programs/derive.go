package programs

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// derive yields the operations that make list k of list s.
func (r *refiner) derive(k, s int, yield func(x dsl.Node)) {
	v, w := r.parts[k].v, r.parts[s].v
	n, m := len(v), len(w)
	switch {
	case n == 0 || m == 0:
	case n == m:
		deriveSame(v, w, yield)
		r.deriveSorted(v, s, yield)
	case n < m:
		deriveFewer(v, w, yield)
		r.deriveSorted(v, s, yield)
	case n%m == 0 && n/m <= maxSmall && v[0] == w[0] && v[m] == w[0]:
		for i, x := range v {
			if x != w[i%m] {
				return
			}
		}
		yield(dsl.Node{Op: dsl.RepeatList, Nums: [3]int32{int32(n / m)}})
	}
}

// deriveSame yields the operations, element by element, that make v of w.
func deriveSame(v, w []int32, yield func(x dsl.Node)) {
	n := len(v)
	if v[0] == w[0] && slices.Equal(v, w) {
		yield(dsl.Node{Op: dsl.Ref})
		return
	}
	if v[0] == w[n-1] && v[n-1] == w[0] && mirrored(v, w) {
		yield(dsl.Node{Op: dsl.ReverseList})
	}
	if c := v[0] - w[0]; c == v[n-1]-w[n-1] && c != 0 && -256 < c && c < 256 && offsetBy(v, w, c) {
		if c > 0 {
			yield(dsl.Node{Op: dsl.AddItem, Nums: [3]int32{c}})
		} else {
			yield(dsl.Node{Op: dsl.SubtractItem, Nums: [3]int32{-c}})
		}
	}
	if v[0] == w[0] && n > 1 && v[1] == v[0]+w[1] && summed(v, w) {
		yield(dsl.Node{Op: dsl.ScanAdd})
	}
	if v[0] <= w[0] && v[n-1] <= w[n-1] {
		if same, modulus := residues(w, v); same == n && modulus > 0 && modulus <= maxModulus {
			yield(dsl.Node{Op: dsl.ModuloItem, Nums: [3]int32{modulus}})
		}
	}
	if x, y, ok := replaced(v, w); ok {
		yield(dsl.Node{Op: dsl.Substitute, Nums: [3]int32{x, y}})
	}
}

func mirrored(v, w []int32) bool {
	for i, x := range v {
		if x != w[len(w)-1-i] {
			return false
		}
	}
	return true
}

func offsetBy(v, w []int32, c int32) bool {
	for i, x := range v {
		if x-w[i] != c {
			return false
		}
	}
	return true
}

func summed(v, w []int32) bool {
	for i := 1; i < len(v); i++ {
		if v[i]-v[i-1] != w[i] {
			return false
		}
	}
	return true
}

// replaced returns the numbers x and y of which v has y where w has x, and else is
// the same.
func replaced(v, w []int32) (x, y int32, ok bool) {
	for i := range v {
		switch {
		case ok && w[i] == x:
			if v[i] != y {
				return 0, 0, false
			}
		case v[i] == w[i]:
		case ok:
			return 0, 0, false
		default:
			x, y, ok = w[i], v[i], true
			if x&^255 != 0 || y&^255 != 0 || slices.Contains(w[:i], x) {
				return 0, 0, false
			}
		}
	}
	return x, y, ok
}

// deriveFewer yields the operations that make v of the longer w and leave out some of
// its elements.
func deriveFewer(v, w []int32, yield func(x dsl.Node)) {
	n, m := len(v), len(w)
	for jump := max(minSmall, m/n); jump <= maxSmall && (m+jump-1)/jump >= n; jump++ {
		if (m+jump-1)/jump != n || v[0] != w[0] {
			continue
		}
		i := 1
		for i < n && v[i] == w[i*jump] {
			i++
		}
		if i == n {
			yield(dsl.Node{Op: dsl.Jumps, Nums: [3]int32{int32(jump)}})
		}
	}
	for op := dsl.FilterEven; op <= dsl.FilterNotZero; op++ {
		i := 0
		for _, x := range w {
			if !keeps(op, x) {
				continue
			}
			if i == n || v[i] != x {
				i = -1
				break
			}
			i++
		}
		if i == n {
			yield(dsl.Node{Op: op})
		}
	}
	for i := 0; i+n <= m && i < 256 && n > 2; i++ {
		if v[0] == w[i] && slices.Equal(v, w[i:i+n]) && i+n < 256 {
			yield(dsl.Node{Op: dsl.Between, Nums: [3]int32{int32(i), int32(i + n)}})
			break
		}
	}
}

// deriveSorted yields min_n and max_n if they make v of list s.
func (r *refiner) deriveSorted(v []int32, s int, yield func(x dsl.Node)) {
	n := len(v)
	if n < 2 || n > maxSorted {
		return
	}
	for _, up := range []bool{true, false} {
		i := 1
		for i < n && !before(v[i], v[i-1], up) {
			i++
		}
		if i < n {
			continue
		}
		if r.sorted[s] == nil {
			r.sorted[s] = slices.Clone(r.parts[s].v)
			slices.Sort(r.sorted[s])
		}
		w := r.sorted[s]
		switch {
		case up && slices.Equal(v, w[:n]):
			yield(dsl.Node{Op: dsl.MinN, Nums: [3]int32{int32(n)}})
		case !up && v[0] == w[len(w)-1] && mirrored(v, w[len(w)-n:]):
			yield(dsl.Node{Op: dsl.MaxN, Nums: [3]int32{int32(n)}})
		}
	}
}
