package dsl

import "math"

// Log2 returns the binary logarithm of x > 0, the same bits on every machine. Those of
// math.Log2 may differ in the last place: some machines have an instruction for it, and
// compilers may fuse products with sums. Log2 is FreeBSD's e_log.c, as in package math,
// with conversions, which prevent fusing.
func Log2(x float64) float64 {
	const (
		ln2Hi = 6.93147180369123816490e-01
		ln2Lo = 1.90821492927058770002e-10
		l1    = 6.666666666666735130e-01
		l2    = 3.999999999940941908e-01
		l3    = 2.857142874366239149e-01
		l4    = 2.222219843214978396e-01
		l5    = 1.818357216161805012e-01
		l6    = 1.531383769920937332e-01
		l7    = 1.479819860511658591e-01
	)
	b := math.Float64bits(x)
	frac, exp := math.Float64frombits(b&(1<<52-1)|1022<<52), int(b>>52)-1022 // x is frac 2^exp
	if exp == -1022 || exp == 2047-1022 {
		frac, exp = math.Frexp(x) // not normal
	}
	if frac == 0.5 {
		return float64(exp - 1) // a power of two, exactly
	}
	f, k := frac, 0.0
	if f < math.Sqrt2/2 {
		f, k = 2*f, -1
	}
	f--
	s := f / (2 + f)
	s2 := float64(s * s)
	s4 := float64(s2 * s2)
	t1 := float64(s2 * (l1 + float64(s4*(l3+float64(s4*(l5+float64(s4*l7)))))))
	t2 := float64(s4 * (l2 + float64(s4*(l4+float64(s4*l6)))))
	half := float64(float64(0.5*f) * f)
	log := float64(k*ln2Hi) - ((half - (float64(s*(half+(t1+t2))) + float64(k*ln2Lo))) - f)
	return float64(log*(1/math.Ln2)) + float64(exp)
}
