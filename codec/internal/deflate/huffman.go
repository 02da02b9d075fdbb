package deflate

import (
	"cmp"
	"math/bits"
	"slices"
)

// A huffman makes optimal prefix codes of limited length by package-merge (Larmore and
// Hirschberg, "A fast algorithm for optimal length-limited Huffman codes", 1990). It holds
// storage between calls; the zero value is ready to use.
type huffman struct {
	order      []int    // the symbols that occur, the rarest first
	list, last []uint32 // weights at a length and at the one before
	leaf       [][]bool // for each length, which of the list are symbols
}

// lengths sets dst[s] to the length of the codeword of symbol s, at most limit bits; 0 if
// counts[s] is 0. The codeword of a single symbol has 1 bit.
func (h *huffman) lengths(dst []uint8, counts []uint32, limit int) {
	h.order = h.order[:0]
	for s, c := range counts {
		dst[s] = 0
		if c > 0 {
			h.order = append(h.order, s)
		}
	}
	n := len(h.order)
	if n < 2 {
		for _, s := range h.order {
			dst[s] = 1
		}
		return
	}
	slices.SortStableFunc(h.order, func(a, b int) int { return cmp.Compare(counts[a], counts[b]) })
	h.merge(counts, limit)
	// The first 2n-2 of the last list, and those that they were merged from.
	take := 2*n - 2
	for l := limit - 1; l >= 0; l-- {
		symbols := 0
		for _, isLeaf := range h.leaf[l][:take] {
			if isLeaf {
				dst[h.order[symbols]]++
				symbols++
			}
		}
		take = 2 * (take - symbols)
	}
}

// merge fills leaf: for each length it merges the symbols with pairs of what the length
// before has, by weight.
func (h *huffman) merge(counts []uint32, limit int) {
	for len(h.leaf) < limit {
		h.leaf = append(h.leaf, nil)
	}
	n := len(h.order)
	h.last = h.last[:0]
	for l := range limit {
		h.list, h.leaf[l] = h.list[:0], h.leaf[l][:0]
		i, k := 0, 0
		for i < n || k+1 < len(h.last) {
			isLeaf := k+1 >= len(h.last) || i < n && counts[h.order[i]] <= h.last[k]+h.last[k+1]
			if isLeaf {
				h.list = append(h.list, counts[h.order[i]])
				i++
			} else {
				h.list = append(h.list, h.last[k]+h.last[k+1])
				k += 2
			}
			h.leaf[l] = append(h.leaf[l], isLeaf)
		}
		h.list, h.last = h.last, h.list
	}
}

// assign sets codes[s] to the codeword of symbol s, its first bit the lowest (RFC 1951,
// 3.2.2).
func assign(codes []uint16, lengths []uint8) {
	var count, next [maxCodeBits + 1]int
	for _, n := range lengths {
		count[n]++
	}
	count[0] = 0
	for n := 1; n < len(next); n++ {
		next[n] = (next[n-1] + count[n-1]) << 1
	}
	for s, n := range lengths {
		if n > 0 {
			codes[s] = bits.Reverse16(uint16(next[n])) >> (16 - n)
			next[n]++
		}
	}
}
