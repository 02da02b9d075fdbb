package texts

// A tree is the decisions about a byte: along a Huffman code, or its eight bits. Each groupDepth
// levels begin new groups: a slot holds the histories of one.
type tree struct {
	child  [256][2]int16 // of a node: a node, or the complement of a byte
	place  [256]uint8    // of a node in its group: 1 is the first, those after x are 2x and 2x + 1
	group  [256]uint8    // of a node
	code   [256]uint32   // of a byte: its decisions from the most significant bit down, then a 1
	length [256]uint8    // of a byte
}

const (
	groupDepth = 4
	mostDepth  = 12
)

// reset makes the tree of the lengths of a prefix code, as RFC 1951 orders it. It reports
// whether there is one.
func (t *tree) reset(lengths *[256]uint8) bool {
	*t = tree{length: *lengths}
	total := 0
	for _, n := range lengths {
		if n > mostDepth {
			return false
		}
		if n > 0 {
			total += 1 << (mostDepth - n)
		}
	}
	if total != 1<<mostDepth {
		return false
	}
	t.place[0] = 1
	code, nodes, groups := uint32(0), int16(1), uint8(1)
	for n := uint8(1); n <= mostDepth; n++ {
		for v := range 256 {
			if lengths[v] != n {
				continue
			}
			t.code[v] = code | 1<<(31-n)
			node := int16(0)
			for k := uint8(1); k < n; k++ {
				next := &t.child[node][code>>(32-k)&1]
				if *next == 0 {
					*next = nodes
					if t.place[nodes], t.group[nodes] = t.place[node]*2+uint8(code>>(32-k)&1), t.group[node]; k%groupDepth == 0 {
						t.place[nodes], t.group[nodes] = 1, groups
						groups++
					}
					nodes++
				}
				node = *next
			}
			t.child[node][code>>(32-n)&1] = ^int16(v)
			code += 1 << (32 - n)
		}
	}
	return true
}

// even are the lengths of a byte's eight bits.
func even() (lengths [256]uint8) {
	for i := range lengths {
		lengths[i] = 8
	}
	return lengths
}

// huffman returns the lengths of a code of at most mostDepth bits for the bytes of b, or of
// eight bits if b is empty.
func huffman(b []byte) (lengths [256]uint8) {
	if len(b) == 0 {
		return even()
	}
	var counts [256]int
	for _, v := range b {
		counts[v]++
	}
	counts[b[0]^1] = max(counts[b[0]^1], 1) // two bytes at least
	for shift := 0; ; shift++ {
		type pile struct {
			count int
			bytes []uint8
		}
		var piles []pile
		for v, n := range counts {
			if n > 0 {
				piles = append(piles, pile{n>>shift + 1, []uint8{uint8(v)}})
			}
		}
		lengths = [256]uint8{}
		for len(piles) > 1 {
			for k := range 2 { // the two least go first
				for j := k + 1; j < len(piles); j++ {
					if piles[j].count < piles[k].count {
						piles[j], piles[k] = piles[k], piles[j]
					}
				}
			}
			both := pile{piles[0].count + piles[1].count, append(piles[0].bytes, piles[1].bytes...)}
			for _, v := range both.bytes {
				lengths[v]++
			}
			piles[1] = both
			piles = piles[1:]
		}
		deepest := uint8(0)
		for _, n := range lengths {
			deepest = max(deepest, n)
		}
		if deepest <= mostDepth {
			return lengths
		}
	}
}
