package plans

import (
	"encoding/binary"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
)

const (
	hashBits = 12 // of the table of strings: it stays in the first cache

	minMatch = 4 // bytes

	// matchBits is what a match costs, and log2(1 + length/matchUnit) more for its length. A
	// codeword for the length and one for the distance with its extra bits take about that in
	// streams of some kilobytes.
	matchBits, matchUnit = 20.0, 8
)

// estimate returns about how many bytes GZIP takes for a short stream, in a third of the
// time: matches for a flat price, literals for their entropy, each half of the stream by
// itself, since the planes of numbers are not alike.
func estimate(stream []byte) int {
	var table [1 << hashBits]int32 // 1 + where a string with this hash was last; 0 if nowhere
	var last match
	size := 0.0 // bits
	half := len(stream)/2 + 1
	for i := 0; i < len(stream); {
		end := min(len(stream), (i/half+1)*half)
		var count [256]int
		for _, c := range stream[i:end] {
			count[c]++
		}
		perByte := entropy(&count, end-i) / float64(end-i)
		count = [256]int{} // of the literals
		literals := 0
		for i < end {
			if i+minMatch <= len(stream) {
				u := binary.LittleEndian.Uint32(stream[i:])
				h := u * 0x9E3779B1 >> (32 - hashBits) // Knuth's multiplicative hash
				at := int(table[h]) - 1
				table[h] = int32(i + 1)
				if at >= 0 && binary.LittleEndian.Uint32(stream[at:]) == u {
					n := last.length(stream, at, i)
					if cost := matchBits + dsl.Log2(float64(1+n/matchUnit)); cost < perByte*float64(n) {
						i += n
						size += cost
						continue
					}
				}
			}
			count[stream[i]]++
			literals++
			i++
		}
		size += entropy(&count, literals)
	}
	return int(size / 8)
}

// A match is a string that came before: up to byte end the stream is what it was distance
// bytes before.
type match struct {
	distance, end int
	compared      int // bytes, by all calls of length
}

// length returns how many bytes of stream from i on are those from at on. A match that did
// not pay is met again at each of its bytes: what is known of it is not compared again. So a
// stream of one byte, in which no match pays, takes no longer than any other.
func (m *match) length(stream []byte, at, i int) int {
	if m.distance != i-at || m.end <= i {
		n := plan.Common(stream[at:], stream[i:])
		*m = match{i - at, i + n, m.compared + n}
	}
	return m.end - i
}

// entropy returns the entropy of n bytes counted, in bits of all of them.
func entropy(count *[256]int, n int) float64 {
	sum := xlog(n)
	for _, c := range count {
		sum -= xlog(c)
	}
	return max(sum, 0) // rounded, it may be a little less
}

// xlogs[c] is c log2 c. Most counts are small: with a table of 32 KiB, entropy takes a fifth of the
// time that it takes to compute logarithms (November 2026).
var xlogs = func() *[4 << 10]float64 {
	t := new([4 << 10]float64)
	for c := range t {
		if c > 0 {
			t[c] = float64(float64(c) * dsl.Log2(float64(c)))
		}
	}
	return t
}()

// xlog returns c log2 c, the same on every machine.
func xlog(c int) float64 {
	if c < len(xlogs) {
		return xlogs[c]
	}
	return float64(float64(c) * dsl.Log2(float64(c))) // not fused with what it is added to
}
