package search

import (
	"encoding/binary"
	"math"
)

// roughly is about how many bytes GZIP needs for a short stream, at a tenth of the
// time: strings that came before for a flat price, the other bytes by their entropy,
// each half by itself, since planes are not alike.
func roughly(stream []byte) int {
	const (
		tableBits = 12
		least     = 4    // bytes of a string
		price     = 20.0 // bits
	)
	var table [1 << tableBits]int32
	bits := 0.0
	half := len(stream)/2 + 1
	for i := 0; i < len(stream); {
		end := min(len(stream), (i/half+1)*half)
		var count [256]int
		for _, c := range stream[i:end] {
			count[c]++
		}
		each := entropy(&count, end-i) / float64(end-i) // of a byte
		count = [256]int{}
		n := 0
		for i < end {
			if i+least <= len(stream) {
				u := binary.LittleEndian.Uint32(stream[i:])
				h := u * 0x9E3779B1 >> (32 - tableBits)
				at := int(table[h]) - 1
				table[h] = int32(i + 1)
				if at >= 0 && binary.LittleEndian.Uint32(stream[at:]) == u {
					k := least
					for i+k < len(stream) && stream[at+k] == stream[i+k] {
						k++
					}
					if copied := price + math.Log2(float64(1+k/8)); copied < each*float64(k) {
						i += k
						bits += copied
						continue
					}
				}
			}
			count[stream[i]]++
			n++
			i++
		}
		bits += entropy(&count, n)
	}
	return int(bits / 8)
}
