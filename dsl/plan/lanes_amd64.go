package plan

// hasAVX2 reports whether the processor and the system support AVX2 and
// BMI2.
var hasAVX2 = func() bool {
	const osxsave, avx, avx2, bmi2 = 1 << 27, 1 << 28, 1 << 5, 1 << 8
	if maxLeaf, _, _, _ := cpuid(0, 0); maxLeaf < 7 {
		return false
	}
	_, _, c, _ := cpuid(1, 0)
	if c&osxsave == 0 || c&avx == 0 || xgetbv()&6 != 6 {
		return false
	}
	_, b, _, _ := cpuid(7, 0)
	return b&avx2 != 0 && b&bmi2 != 0
}()

// runLanesAVX2 predicts the elements from s.element to s.last, and moves s.set and s.group on.
// The set after s.lastSet is s.firstSet.
//
//go:noescape
func runLanesAVX2(s *laneState)

// cpuid executes CPUID (Intel, Software Developer's Manual, volume 2).
func cpuid(leaf, sub uint32) (a, b, c, d uint32)

// xgetbv returns the low half of extended control register 0: the state that the system saves.
func xgetbv() uint32
