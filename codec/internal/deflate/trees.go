package deflate

const (
	treeHash3Bits = 14
	treeHash4Bits = 16
	hash3Ways     = 4
)

// A match is a string that came before: its length and distance, with the symbol of the
// distance, in 9, 16 and 5 bits.
type match uint32

func matchOf(length, distance int) match {
	return match(length | (distance-1)<<9 | distanceSymbol(distance)<<25)
}
func (m match) length() int         { return int(m & 0x1ff) }
func (m match) distance() int       { return int(m>>9&0x7fff) + 1 }
func (m match) distanceSymbol() int { return int(m >> 25) }

// trees hold the strings of the window in binary trees, one for each hash of 4 bytes: the root
// is the last string, what is less is to its left. So a search meets all strings by
// falling distance, and the longest match is among the few on its way.
type trees struct {
	positions
	head3    [1 << treeHash3Bits][hash3Ways]int32 // the last positions of each hash, the latest first
	head4    [1 << treeHash4Bits]int32
	children [windowSize][2]int32 // by position modulo windowSize
}

func (m *trees) begin(n int) {
	if m.positions.begin(n) {
		clear(m.head3[:])
		clear(m.head4[:])
	}
}

// find makes position i of src known and appends its matches to list, if wanted: of each
// length the nearest, by increasing length. It looks at up to depth strings, and ends at one
// of nice bytes.
func (m *trees) find(list []match, src []byte, i, depth, nice int, wanted bool) []match {
	u := load32(src, i)
	at := m.base + int32(i)
	h4 := hash4(u, treeHash4Bits)
	pos := m.head4[h4]
	m.head4[h4] = at
	longest := minMatch - 1
	recent := &m.head3[hash3(u, treeHash3Bits)]
	if wanted {
		for _, p := range recent {
			if distance := int(at - p); distance > windowSize {
				break
			} else if (load32(src, i-distance)^u)<<8 == 0 {
				longest = minMatch
				list = append(list, matchOf(minMatch, distance))
				break
			}
		}
	}
	copy(recent[1:], recent[:])
	recent[0] = at
	end := min(i+maxMatch, len(src))
	nice = min(nice, end-i)
	less, greater := &m.children[i%windowSize][0], &m.children[i%windowSize][1]
	lenLess, lenGreater, length := 0, 0, 0
	for {
		distance := int(at - pos)
		if distance >= windowSize || depth == 0 { // the position windowSize before has the same children
			*less, *greater = 0, 0
			return list
		}
		depth--
		j := i - distance
		pair := &m.children[j%windowSize]
		if src[j+length] == src[i+length] {
			length++
			length += common(src[j+length:], src[i+length:end])
			if length > longest {
				if wanted && length >= minMatch {
					list = append(list, matchOf(length, distance))
				}
				longest = length
				if length >= nice {
					*less, *greater = pair[0], pair[1]
					return list
				}
			}
		}
		if src[j+length] < src[i+length] {
			*less = pos
			less = &pair[1]
			pos = *less
			lenLess = length
			length = min(length, lenGreater)
		} else {
			*greater = pos
			greater = &pair[0]
			pos = *greater
			lenGreater = length
			length = min(length, lenLess)
		}
	}
}

// matchList are the matches of positions that follow each other: those of the k-th are
// list[ends[k-1]:ends[k]], by increasing length.
type matchList struct {
	list []match
	ends []uint32
}

func (l *matchList) of(k int) []match {
	first := uint32(0)
	if k > 0 {
		first = l.ends[k-1]
	}
	return l.list[first:l.ends[k]]
}

// checkInterval is how many positions are searched between two looks at the context.
const checkInterval = 4 << 10
