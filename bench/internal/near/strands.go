package near

// maxDepth is how many times a block is cut in two strands: into four strands at most
// (arbitrary; the published programs hardly interleave more).
const maxDepth = 2

// covers returns what covers propose for a block: as a whole, as the two strands of an
// interleave, and as those of an interleave of interleaves.
func (f *Finder) covers(block []byte, l loss) (list [][]byte) {
	for depth := range maxDepth + 1 {
		list = append(list, f.strands(block, l, depth))
	}
	return list
}

// strands covers the strands of a block that is cut depth times.
func (f *Finder) strands(block []byte, l loss, depth int) []byte {
	if depth == 0 || len(block) < 2 {
		return f.cover.of(block, l)
	}
	output := make([]byte, len(block))
	for k := range 2 {
		var strand []byte
		for i := k; i < len(block); i += 2 {
			strand = append(strand, block[i])
		}
		for i, v := range f.strands(strand, l, depth-1) {
			output[2*i+k] = v
		}
	}
	return output
}
