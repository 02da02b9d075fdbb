//go:build !amd64

package mix

func dotAVX2(_, _ *int32, _ int) int64                             { panic("mix: no AVX2") }
func moveAndSumAVX2(_, _ *int32, _ int, _ int32, _ uint64) int64   { panic("mix: no AVX2") }
func addProductsAVX2(_ *int64, _ *int32, _, _ int, _ uint64)       { panic("mix: no AVX2") }
func subtractAVX2(_, _ *int64, _, _ *int32, _, _, _ int, _ uint64) { panic("mix: no AVX2") }
