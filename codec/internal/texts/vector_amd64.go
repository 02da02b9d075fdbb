package texts

// dotsAVX2 is mixer.dots of n inputs, a multiple of vectorInts.
//
//go:noescape
func dotsAVX2(in *int32, n int, weights, rows *int32, sets int, x *int32)

// trainAVX2 is mixer.train of n inputs, a multiple of vectorInts.
//
//go:noescape
func trainAVX2(in *int32, n int, weights, rows *int32, sets int, errors *int32)

// askAVX2 is model.ask of n contexts.
//
//go:noescape
func askAVX2(slots *byte, maps *entry, places, indexes *uint32, in *int32, n int)

// tellAVX2 is model.tell of n contexts.
//
//go:noescape
func tellAVX2(slots *byte, maps *entry, places, indexes *uint32, n int, next *uint8, target int, gains *uint32, logits *int16)

// prefetch is model.fetch of n contexts.
//
//go:noescape
func prefetch(slots *byte, hashes, places *uint32, n int, salt uint32, shift int)
