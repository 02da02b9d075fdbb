package mix

import "math/bits"

// What a sample takes of the reference processor, in picoseconds: a core of an AMD EPYC 9004
// (Zen 4) with AVX2 instructions, both directions. Fitted to 63 texts over nine recordings and
// images (November 2026): half of them are within 10 %, nine of ten within 25 %.
const (
	samplePs    = 10_000
	floatPs     = 105_000 // of a floating point number in addition
	pairPs      = 25_000  // of a decision by a pair
	mixedPs     = 53_000  // of a decision that is mixed
	contextPs   = 6_000   // of each of its contexts
	valuePs     = 30_000  // of each of its values: most wait for memory
	olsPs       = 22_000  // of least squares
	productPs   = 65      // of each product of two inputs
	solvedPs    = 220     // of each of n³/6 multiplications to solve, shared by every frames
	elementPs   = 500     // of each of n² elements, the same
	inputPs     = 30_000  // of each input's roots and divisions, the same
	filterPs    = 17_000  // of a filter
	tapPs       = 150     // of each of its taps
	picoseconds = 1_000_000_000_000
)

// Rate returns how many bytes a second the reference processor codes and decodes with these
// parameters if samples take Decisions. Parameters must be within their limits.
func (p *Samples) Rate() int64 {
	every := int64(p.OLS.Every)
	ps, decision := int64(samplePs), int64(pairPs)
	if p.isFloat() {
		ps += floatPs
	}
	if !p.fast() {
		decision = mixedPs + contextPs*int64(bits.OnesCount(p.Contexts)) + valuePs*int64(bits.OnesCount(p.Values))
	}
	ps += int64(p.Decisions) * decision
	if every > 0 {
		n := int64(len(p.distances(new([roomInputs]int32)[:0])))
		ps += olsPs + n*n*productPs + (n*n*n/6*solvedPs+n*n*elementPs+n*inputPs)/every
	}
	for _, f := range p.NLMS {
		ps += filterPs + int64(f.Taps)*tapPs
	}
	return picoseconds / 2 * int64(p.bytesOf(2)) / ps
}
