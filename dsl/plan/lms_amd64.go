package plan

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

// updateDotAVX2 is updateDot for n numbers each, n >= 1.
//
//go:noescape
func updateDotAVX2(w, s, x *int32, n int, sign int32) int64

// cpuid executes CPUID (Intel, Software Developer's Manual, volume 2).
func cpuid(leaf, sub uint32) (a, b, c, d uint32)

// xgetbv returns the low half of extended control register 0: the state that the system saves.
func xgetbv() uint32
