//go:build !amd64

package plan

const hasAVX2 = false

func runLanesAVX2(*laneState) { panic("dsl: no AVX2") }
