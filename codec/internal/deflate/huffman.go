package deflate

import (
	"math/bits"
	"slices"
)

// A huffman makes optimal prefix codes of limited length: those of Huffman if they keep the
// limit, which nearly all do, else by package-merge (Larmore and Hirschberg, "A fast algorithm for
// optimal length-limited Huffman codes", 1990), which takes ten times as long. It holds storage
// between calls; the zero value is ready to use.
type huffman struct {
	keys       []uint64 // the symbols that occur, the rarest first: count<<symbolShift | symbol
	order      []int    // these symbols
	tree       []uint32 // weights, then parents, then depths; see depths
	list, last []uint32 // weights at a length and at the one before
	leaf       [][]bool // for each length, which of the list are symbols
}

// symbolShift is the place of the count in a key, above a symbol.
const symbolShift = 16

// lengths sets dst[s] to the length of the codeword of symbol s, at most limit bits; 0 if
// counts[s] is 0. The codeword of a single symbol has 1 bit.
func (h *huffman) lengths(dst []uint8, counts []uint32, limit int) {
	clear(dst)
	if h.sort(counts); len(h.keys) < 2 {
		for _, k := range h.keys {
			dst[k&(1<<symbolShift-1)] = 1
		}
		return
	}
	depths := h.depths()
	if int(depths[0]) > limit { // of the rarest symbol
		h.limited(dst, counts, limit)
		return
	}
	for i, k := range h.keys {
		dst[k&(1<<symbolShift-1)] = uint8(depths[i])
	}
}

// bucketCounts is the count from which on symbols are sorted by comparing; those of lower counts,
// which most are, are dealt out by count.
const bucketCounts = 16

// sort makes the keys of the symbols that occur.
func (h *huffman) sort(counts []uint32) {
	var place [bucketCounts + 1]int // how many have each count, then where the next one belongs
	for _, c := range counts {
		place[min(c, bucketCounts)]++
	}
	place[0] = 0
	total := 0
	for k, n := range place {
		place[k] = total
		total += n
	}
	h.keys = slices.Grow(h.keys[:0], total)[:total]
	many := place[bucketCounts]
	for s, c := range counts {
		if c > 0 {
			k := &place[min(c, bucketCounts)]
			h.keys[*k] = uint64(c)<<symbolShift | uint64(s)
			*k++
		}
	}
	slices.Sort(h.keys[many:])
}

// depths returns the depths of the symbols of keys in their Huffman tree, by the algorithm of
// Moffat and Katajainen ("In-place calculation of minimum-redundancy codes", 1995): tree[i] is at
// first the weight of the symbol i, then the weight of the pair i, once that is in a pair its
// parent, and at the end the depth of the symbol i. Of equal weights a symbol goes before a pair,
// which makes the longest codeword as short as it can be.
func (h *huffman) depths() []uint32 {
	h.tree = h.tree[:0]
	for _, k := range h.keys {
		h.tree = append(h.tree, uint32(k>>symbolShift))
	}
	t := h.tree
	n := len(t)
	symbol, pair := 0, 0 // the next of each that are in no pair
	for next := range n - 1 {
		weight := uint32(0)
		for range 2 {
			if symbol < n && (pair >= next || t[symbol] <= t[pair]) {
				weight += t[symbol]
				symbol++
			} else {
				weight += t[pair]
				t[pair] = uint32(next)
				pair++
			}
		}
		t[next] = weight
	}
	t[n-2] = 0 // the depth of the root; those of the other pairs follow from their parents'
	for i := n - 3; i >= 0; i-- {
		t[i] = t[t[i]] + 1
	}
	// At each depth, what is no pair is a symbol; the most frequent ones come first.
	free, depth := 1, uint32(0) // places at the depth
	pair = n - 2
	for symbol := n - 1; symbol >= 0; depth++ {
		pairs := 0
		for pair >= 0 && t[pair] == depth {
			pairs++
			pair--
		}
		for ; free > pairs; free-- {
			t[symbol] = depth
			symbol--
		}
		free = 2 * pairs
	}
	return t
}

// limited is lengths by package-merge.
func (h *huffman) limited(dst []uint8, counts []uint32, limit int) {
	h.order = h.order[:0]
	for _, k := range h.keys {
		h.order = append(h.order, int(k&(1<<symbolShift-1)))
	}
	h.merge(counts, limit)
	// The first 2n-2 of the last list, and those that they were merged from.
	take := 2*len(h.order) - 2
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
