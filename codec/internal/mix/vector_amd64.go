package mix

// hasAVX2 reports whether the processor and the system support AVX2.
var hasAVX2 = func() bool {
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

// dotAVX2 is dot of n elements, a multiple of vectorInts.
//
//go:noescape
func dotAVX2(w, x *int32, n int) int64

// moveAndSumAVX2 is moveAndSumPlain of n weights, a multiple of tapVector.
//
//go:noescape
func moveAndSumAVX2(weights, past *int32, n int, step int32, double uint64) int64

// addProductsAVX2 is addProductsPlain of whole tiles of vectorInts.
//
//go:noescape
func addProductsAVX2(sums *int64, rows *int32, stride, every int, fade uint64)

// subtractAVX2 is subtractProductsPlain of n elements from the first of a tile on, a multiple
// of vectorInts, and count columns before.
//
//go:noescape
func subtractAVX2(column, sums *int64, columns, factors *int32, stride, count, n int, scale uint64)

// dotsAVX2 is dots of n elements, a multiple of finalVector.
//
//go:noescape
func dotsAVX2(x, a, b, c *int32, n int) (p, q, r int64)

// trainsAVX2 is trains of n elements, a multiple of finalVector.
//
//go:noescape
func trainsAVX2(x, a, b, c *int32, n int, err0, err1, err2 int32)
