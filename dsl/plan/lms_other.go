//go:build !amd64

package plan

const hasAVX2 = false

func updateDotAVX2(_, _, _ *int32, _ int, _ int32) int64 { panic("dsl: no AVX2") }
