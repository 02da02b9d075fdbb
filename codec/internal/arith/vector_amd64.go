package arith

// HasAVX2 reports whether the processor and the system support AVX2. Tests set it to false.
var HasAVX2 = func() bool {
	const osxsave, avx, avx2 = 1 << 27, 1 << 28, 1 << 5
	if maxLeaf, _, _, _ := cpuid(0, 0); maxLeaf < 7 {
		return false
	}
	_, _, c, _ := cpuid(1, 0)
	if c&osxsave == 0 || c&avx == 0 || xgetbv()&6 != 6 {
		return false
	}
	_, b, _, _ := cpuid(7, 0)
	return b&avx2 != 0
}()

// cpuid executes CPUID (Intel, Software Developer's Manual, volume 2).
func cpuid(leaf, sub uint32) (a, b, c, d uint32)

// xgetbv returns the low half of extended control register 0: the state that the system saves.
func xgetbv() uint32

// dotsAVX2 is Dots of n elements, a multiple of VectorInputs.
//
//go:noescape
func dotsAVX2(x, a, b, c *int32, n int) (p, q, r int64)

// trainsAVX2 is Trains of n elements, a multiple of VectorInputs.
//
//go:noescape
func trainsAVX2(x, a, b, c *int32, n int, err0, err1, err2 int32)
