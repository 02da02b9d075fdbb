//go:build !amd64

package seqcoder

// tiles are for processors of which there are kernels.
var tiles [tileRows + 1]func(k int, a *float32, lda int, panel, c *float32, ldc int)

func weightsTile(*float32, int, float32) float32 { panic("seqcoder: no tiles") }
