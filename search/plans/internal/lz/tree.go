package lz

import (
	"encoding/binary"
	"math/bits"

	"github.com/ktzip/ktzip/dsl/plan"
)

const (
	minMatch = 4  // bytes of the shortest string that is found
	maxLog   = 18 // log2 of the most trees: a table of 1 MiB
)

// A match is a string of length bytes that came distance bytes before.
type match struct{ length, distance uint32 }

// A tree is binary trees of the positions of src, one for each hash of 4 bytes. Each is sorted by
// the strings that begin there, and a later position is nearer to its root.
type tree struct {
	src   []byte
	depth int // positions looked at for a position
	nice  int // bytes; a string so long ends the search

	roots []uint32    // 1 + the last position of each hash; 0: none
	sons  [][2]uint32 // of each position: 1 + the root of the lesser and of the greater strings
	shift int         // from a product to a hash
}

func newTree(src []byte, depth, nice int) *tree {
	log := min(max(bits.Len(uint(len(src))), 8), maxLog)
	return &tree{
		src: src, depth: depth, nice: nice,
		roots: make([]uint32, 1<<log), sons: make([][2]uint32, len(src)), shift: 32 - log,
	}
}

// find appends the matches at position i, each longer than the one before, and enters i. The
// positions must rise from call to call.
func (t *tree) find(list []match, i int) []match {
	rest := len(t.src) - i
	if rest < minMatch {
		return list
	}
	most := min(rest, t.nice)
	root := &t.roots[binary.LittleEndian.Uint32(t.src[i:])*0x9E3779B1>>t.shift]
	at := *root
	*root = uint32(i + 1)
	less, greater := &t.sons[i][0], &t.sons[i][1]
	lessLength, greaterLength, longest := 0, 0, minMatch-1
	here := t.src[i : i+most]
	for k := 0; k < t.depth && at > 0; k++ {
		pos := int(at - 1)
		length := min(lessLength, greaterLength)
		there := t.src[pos : pos+most]
		length += plan.Common(there[length:], here[length:])
		if length > longest {
			longest = length
			list = append(list, match{uint32(length), uint32(i - pos)})
		}
		sons := &t.sons[pos]
		if length == most { // the strings are the same: i takes the place of pos
			*less, *greater = sons[0], sons[1]
			return list
		}
		if there[length] < here[length] {
			*less, less, at, lessLength = at, &sons[1], sons[1], length
		} else {
			*greater, greater, at, greaterLength = at, &sons[0], sons[0], length
		}
	}
	*less, *greater = 0, 0
	return list
}
