package deflate

// A header states the codes of a dynamic block (RFC 1951, 3.2.7): the lengths of the
// codewords, as runs that are coded by a code of their own.
type header struct {
	literals  int // lengths stated
	distances int
	meta      int // lengths of the code of codeword lengths stated, in metaOrder
	runs      []run
	lengths   [numMeta]uint8 // of the codewords of that code
	size      int            // in bits, with the 3 that begin the block
	joined    []uint8        // storage
}

// A run is a symbol of the code of codeword lengths and its extra bits.
type run struct{ symbol, extra uint8 }

// set makes h state the lengths of the codewords of literals and of distances.
func (h *header) set(huffman *huffman, literals, distances []uint8) {
	h.literals, h.distances = len(literals), len(distances)
	for h.literals > firstLength && literals[h.literals-1] == 0 {
		h.literals--
	}
	for h.distances > 1 && distances[h.distances-1] == 0 {
		h.distances--
	}
	// A run may continue from the literals into the distances.
	h.joined = append(append(h.joined[:0], literals[:h.literals]...), distances[:h.distances]...)
	h.runs = appendRuns(h.runs[:0], h.joined)
	var counts [numMeta]uint32
	for _, r := range h.runs {
		counts[r.symbol]++
	}
	huffman.lengths(h.lengths[:], counts[:], maxMetaBits)
	h.meta = numMeta
	for h.meta > 4 && h.lengths[metaOrder[h.meta-1]] == 0 {
		h.meta--
	}
	h.size = 3 + 5 + 5 + 4 + 3*h.meta
	for s, n := range counts {
		h.size += int(n) * int(h.lengths[s]+metaExtra[s])
	}
}

// write writes the header, without the 3 bits that begin the block.
func (h *header) write(w *blockWriter) {
	w.put(uint64(h.literals-firstLength), 5)
	w.put(uint64(h.distances-1), 5)
	w.put(uint64(h.meta-4), 4)
	for _, s := range metaOrder[:h.meta] {
		w.put(uint64(h.lengths[s]), 3)
	}
	var codes [numMeta]uint16
	assign(codes[:], h.lengths[:])
	for _, r := range h.runs {
		w.put(uint64(codes[r.symbol]), h.lengths[r.symbol])
		w.put(uint64(r.extra), metaExtra[r.symbol])
	}
}

// appendRuns appends the runs that stand for lengths: the longest first.
func appendRuns(runs []run, lengths []uint8) []run {
	for i := 0; i < len(lengths); {
		x, n := lengths[i], 1
		for i+n < len(lengths) && lengths[i+n] == x {
			n++
		}
		i += n
		if x != 0 {
			runs = append(runs, run{x, 0})
			n--
		}
		for n >= 3 {
			switch k := 0; {
			case x != 0:
				k = min(n, 6)
				runs = append(runs, run{repeatLast, uint8(k - 3)})
				n -= k
			case n <= 10:
				runs = append(runs, run{repeatZero, uint8(n - 3)})
				n = 0
			default:
				k = min(n, 138)
				runs = append(runs, run{repeatZeroLong, uint8(k - 11)})
				n -= k
			}
		}
		for ; n > 0; n-- {
			runs = append(runs, run{x, 0})
		}
	}
	return runs
}
