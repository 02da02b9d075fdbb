package mix

// dotAVX2 is dot of n elements, a multiple of vectorInts.
//
//go:noescape
func dotAVX2(w, x *int32, n int) int64

// moveAndSumAVX2 is moveAndSumPlain of n weights, a multiple of tapVector.
//
//go:noescape
func moveAndSumAVX2(weights, past *int32, n int, step int32, double uint64) int64

// addProductsAVX2 is addProductsPlain of whole tiles of vectorInts.
//
//go:noescape
func addProductsAVX2(sums *int64, rows *int32, stride, every int, fade uint64)

// subtractAVX2 is subtractProductsPlain of n elements from the first of a tile on, a multiple
// of vectorInts, and count columns before.
//
//go:noescape
func subtractAVX2(column, sums *int64, columns, factors *int32, stride, count, n int, scale uint64)
