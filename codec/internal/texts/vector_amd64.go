package texts

// predictAVX2 is model.predict.
//
//go:noescape
func predictAVX2(m *model, place int) (p uint32, mixed int32)

// learnAVX2 is model.learn with its tables.
//
//go:noescape
func learnAVX2(m *model, place, bit, mixed int, next *[histories]uint8, gains *[entryLimit + 1]uint32, logits *[1 << 12]int16)

// findAVX2 is model.find: it returns how many contexts were found.
//
//go:noescape
func findAVX2(m *model) (found int32)

// prefetch is model.fetch of n contexts.
//
//go:noescape
func prefetch(slots *byte, hashes, places *uint32, n int, salt uint32, shift int)

// prefetchPlace has the line of a place fetched.
//
//go:noescape
func prefetchPlace(place *uint32)

// prefetchLines has lines of two curves and weights fetched.
//
//go:noescape
func prefetchLines(curve, other *uint16, weights *int32)
