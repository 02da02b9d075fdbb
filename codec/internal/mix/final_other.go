//go:build !amd64

package mix

func dotsAVX2(_, _, _, _ *int32, _ int) (_, _, _ int64)  { panic("mix: no AVX2") }
func trainsAVX2(_, _, _, _ *int32, _ int, _, _, _ int32) { panic("mix: no AVX2") }
