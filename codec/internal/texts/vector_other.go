//go:build !amd64

package texts

const noAVX2 = "texts: no AVX2"

func predictAVX2(_ *model, _ int) (uint32, int32)            { panic(noAVX2) }
func findAVX2(_ *model) int32                                { panic(noAVX2) }
func prefetch(_ *byte, _, _ *uint32, _ int, _ uint32, _ int) { panic(noAVX2) }
func prefetchPlace(_ *uint32)                                { panic(noAVX2) }
func prefetchLines(_, _ *uint16, _ *int32)                   { panic(noAVX2) }
func learnAVX2(_ *model, _, _, _ int, _ *[histories]uint8, _ *[entryLimit + 1]uint32, _ *[1 << 12]int16) {
	panic(noAVX2)
}
