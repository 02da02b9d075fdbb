package mix

import "math/bits"

// What a sample takes of the reference processor, in picoseconds: a core of an AMD EPYC 9004
// (Zen 4) with AVX2 instructions. Fitted to 63 texts over nine recordings and images, 50 to 3,000
// ns a sample (November 2026): the mean error is 11 %, 59 are within 25 %.
const (
	samplePs    = 11_000
	bitPs       = 500    // of each bit of a sample
	floatPs     = 53_000 // of a floating point number in addition
	lowPs       = 10_000 // of each bit that its significand has more than levels, at least
	pairPs      = 17_500 // of a decision by a pair
	mixingPs    = 46_000 // of a sample whose decisions are mixed
	mixedPs     = 22_500 // of each of these
	contextPs   = 6_500  // of each of its contexts
	valuePs     = 20_000 // of each of its values: 16,000 where their table stays near, 24,000 where not
	olsPs       = 30_000 // of least squares
	productPs   = 31     // of each product of two inputs
	solvedPs    = 323    // of each of n³/6 multiplications to solve, shared by every frames
	inputPs     = 31_500 // of each input's root and divisions, the same
	filterPs    = 16_500 // of a filter
	tapPs       = 162    // of each of its taps
	picoseconds = 1_000_000_000_000
)

// Rate returns how many bytes a second the reference processor codes and decodes with these
// parameters if samples take Decisions. Parameters must be within their limits.
func (p *Samples) Rate() int64 {
	every := int64(p.OLS.Every)
	ps, decision := samplePs+bitPs*int64(p.bits()), int64(pairPs)
	if p.isFloat() {
		ps += floatPs + lowPs*int64(max(8*p.Width-1-p.exponentBits()-p.Precision, 0))
	}
	if !p.fast() {
		ps += mixingPs
		decision = mixedPs + contextPs*int64(bits.OnesCount(p.Contexts)) + valuePs*int64(bits.OnesCount(p.Values))
	}
	ps += int64(p.Decisions) * decision / 4
	if every > 0 {
		n := int64(len(p.distances(new([roomInputs]int32)[:0])))
		ps += olsPs + n*n*productPs + (n*n*n/6*solvedPs+n*inputPs)/every
	}
	for _, f := range p.NLMS {
		ps += filterPs + int64(f.Taps)*tapPs
	}
	return picoseconds / 2 * int64(p.bytesOf(2)) / ps
}
