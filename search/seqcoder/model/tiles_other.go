//go:build !amd64

package model

// tileKernels is empty: there are kernels for amd64 only.
var tileKernels [tileRows + 1]func(k int, a *float32, lda int, panel, c *float32, ldc int)

func softmaxTile(*float32, int, float32) float32 { panic("model: no kernels") }
