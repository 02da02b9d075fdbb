//go:build !amd64

package texts

func dotsAVX2(_ *int32, _ int, _, _ *int32, _ int, _ *int32)   { panic("texts: no AVX2") }
func trainAVX2(_ *int32, _ int, _, _ *int32, _ int, _ *int32)  { panic("texts: no AVX2") }
func askAVX2(_ *byte, _ *entry, _, _ *uint32, _ *int32, _ int) { panic("texts: no AVX2") }
func prefetch(_ *byte, _, _ *uint32, _ int, _ uint32, _ int)   { panic("texts: no AVX2") }
func tellAVX2(_ *byte, _ *entry, _, _ *uint32, _ int, _ *uint8, _ int, _ *uint32, _ *int16) {
	panic("texts: no AVX2")
}
