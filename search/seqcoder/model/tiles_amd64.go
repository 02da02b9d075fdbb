package model

//go:generate sh -c "cd gen && go run . -out ../tile_amd64.s -stubs ../tile_amd64.go -pkg model"

// tileKernels[r] adds to r rows of 16 columns of c, ldc numbers apart, the product of r
// rows of a, of k numbers each, lda apart, and a panel (k, 16).
var tileKernels = [tileRows + 1]func(k int, a *float32, lda int, panel, c *float32, ldc int){
	nil, tile1AVX2, tile2AVX2, tile3AVX2, tile4AVX2, tile5AVX2, tile6AVX2,
}

// softmaxTile sets each of n numbers x, n a multiple of 8, to exp((x - largest) * scale) and
// returns their sum.
func softmaxTile(x *float32, n int, scale float32) float32 { return softmaxAVX2(x, n, scale) }
