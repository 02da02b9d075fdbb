package plan

// hasAVX2 says whether processor and system have the instructions of updateDotAVX2.
var hasAVX2 = func() bool {
	const osxsave, avx, avx2 = 1 << 27, 1 << 28, 1 << 5
	if most, _, _, _ := cpuid(0, 0); most < 7 {
		return false
	}
	_, _, c, _ := cpuid(1, 0)
	if c&osxsave == 0 || c&avx == 0 || xgetbv()&6 != 6 {
		return false
	}
	_, b, _, _ := cpuid(7, 0)
	return b&avx2 != 0
}()

// updateDotAVX2 is moved for n numbers each.
//
//go:noescape
func updateDotAVX2(w, s, x *int32, n int, e int32) int64

// cpuid is the instruction (Intel, Software Developer's Manual, volume 2).
func cpuid(leaf, sub uint32) (a, b, c, d uint32)

// xgetbv is the low half of extended control register 0: what the system saves.
func xgetbv() uint32
