package mix

// dotsAVX2 is dots of n elements, a multiple of finalVector.
//
//go:noescape
func dotsAVX2(x, a, b, c *int32, n int) (p, q, r int64)

// trainsAVX2 is trains of n elements, a multiple of finalVector.
//
//go:noescape
func trainsAVX2(x, a, b, c *int32, n int, err0, err1, err2 int32)
