package dsl

import "math/bits"

// What the operations of the table share.

// fits reports whether v is a value of a list.
func fits(v int64) bool { return int64(int32(v)) == v }

// floorMod returns Python's a % m, which has the sign of m.
func floorMod(a, m int32) int32 {
	r := a % m
	if r != 0 && (r < 0) != (m < 0) {
		r += m
	}
	return r
}

// clampIndex returns the position of index i in a Python slice of a list of length n.
func clampIndex(i int32, n int) int {
	k := int(i)
	if k < 0 {
		k += n
	}
	return max(0, min(k, n))
}

// rangeLen returns the length of Python's range(a, b, k).
func rangeLen(a, b, k int64) int64 {
	switch {
	case k > 0 && a < b:
		return (b - a + k - 1) / k
	case k < 0 && a > b:
		return (a - b - k - 1) / -k
	}
	return 0
}

func appendRange(dst []int32, a, b, k int64) []int32 {
	for range rangeLen(a, b, k) {
		dst = append(dst, int32(a))
		a += k
	}
	return dst
}

func appendShifted(dst, s []int32, c int64) ([]int32, error) {
	for _, v := range s {
		w := int64(v) + c
		if !fits(w) {
			return dst, errRange
		}
		dst = append(dst, int32(w))
	}
	return dst, nil
}

func appendSum(dst, s, t []int32, sign int64) ([]int32, error) {
	for i := range min(len(s), len(t)) {
		w := int64(s[i]) + sign*int64(t[i])
		if !fits(w) {
			return dst, errRange
		}
		dst = append(dst, int32(w))
	}
	return dst, nil
}

func appendIf(dst, s []int32, keep func(int32) bool) []int32 {
	for _, v := range s {
		if keep(v) {
			dst = append(dst, v)
		}
	}
	return dst
}

// compareSteps is how many steps a comparison of a sort takes (BenchmarkSort).
const compareSteps = 4

// sortSteps returns the steps of sorting n elements, beyond one for each.
func sortSteps(n int) int64 { return compareSteps * int64(n) * int64(bits.Len(uint(n))) }
