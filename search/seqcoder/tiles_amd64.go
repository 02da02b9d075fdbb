package seqcoder

//go:generate sh -c "cd gen && go run . -out ../tile_amd64.s -stubs ../tile_amd64.go -pkg seqcoder"

// tiles[r] adds to r rows of 16 columns of c, ldc numbers apart, the rows of a, lda apart,
// of k numbers by a panel (k, 16).
var tiles = [tileRows + 1]func(k int, a *float32, lda int, panel, c *float32, ldc int){
	nil, tile1AVX2, tile2AVX2, tile3AVX2, tile4AVX2, tile5AVX2, tile6AVX2,
}

// weightsTile sets n numbers, a multiple of 8, to their exponential functions, less the
// largest and by scale, and returns their sum.
func weightsTile(x *float32, n int, scale float32) float32 { return weightsAVX2(x, n, scale) }
