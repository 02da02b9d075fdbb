package disguise

import (
	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
)

const (
	// ibmHits is how many of the numbers that are not 0 must be normal and as large as measurements are, in percent: there
	// are heads of traces among them. With 99 none of 70 files has such numbers, with 85 the only one that does.
	ibmHits = 85

	ibmWidth = -4 // big endian

	// Exponents of numbers that are as large as measurements are, base 16. Arbitrary.
	leastIBM, mostIBM = 64 - 12, 64 + 12
)

// ibmFloats returns the conversion of floating-point numbers of IBM's mainframes, after a header or not.
func ibmFloats(b []byte) (d Disguise, ok bool) {
	for lead := range 4 {
		x := ibmSample(b, lead)
		hits, nonzero := 0, 0
		var digits [16]int
		for _, v := range x {
			if v<<1 == 0 {
				continue
			}
			nonzero++
			e, first := v>>24&127, v>>20&15
			if first != 0 && leastIBM <= e && e <= mostIBM {
				hits++
				digits[first]++
			}
		}
		// First digits are low ones more often than high ones, other bits are not.
		low, high := sum(digits[1:4]), sum(digits[8:])
		if nonzero*100 < len(x)*minNonzero || nonzero < 4*perPlace || hits*100 < nonzero*ibmHits || low <= high {
			continue
		}
		return Disguise{Lead: lead, Node: dsl.Node{Op: dsl.Converted, Nums: [3]int32{ibmWidth, plan.IBMFloat}}}, true
	}
	return d, false
}

func sum(list []int) (n int) {
	for _, x := range list {
		n += x
	}
	return n
}

// ibmSample returns numbers from places everywhere in b.
func ibmSample(b []byte, lead int) (x []uint64) {
	b = b[min(lead, len(b)):]
	count := len(b) / 4
	for k := range 4 * places {
		first := max(count-perPlace, 0) * (2*k + 1) / (8 * places)
		for i := first; i < min(first+perPlace, count); i++ {
			x = append(x, plan.Number(b[4*i:], ibmWidth))
		}
	}
	return x
}
