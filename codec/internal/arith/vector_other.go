//go:build !amd64

package arith

// HasAVX2 is false where there are no vector instructions.
var HasAVX2 = false

func dotsAVX2(_, _, _, _ *int32, _ int) (_, _, _ int64)  { panic("arith: no AVX2") }
func trainsAVX2(_, _, _, _ *int32, _ int, _, _, _ int32) { panic("arith: no AVX2") }
