package records

import "github.com/ktzip/ktzip/codec/internal/arith"

// A final makes one probability of many logits: three mixers, of whose sets of weights contexts
// choose one each; a mixer of those, chosen as the one by column; and curves that refine that.
type final struct {
	inputs  []int32
	weights [mixedSets][]int32
	last    []int32 // weights of the mixers: four for each set, of which the last is not used
	curves  [2]arith.Curve
}

const (
	mixedSets   = 3
	nodeSet     = 0 // by what is known of the byte, noise and the link
	columnSet   = 1 // by the column and the decision
	changeSet   = 2 // by the match, the decision, the change above and noise
	finalCurves = 4096
	lastRate    = 3 // shift of errors of the last mixer
	rateBits    = 4 // of fraction of rates
)

// finalSets is how many sets each mixer has.
var finalSets = [mixedSets]int{256 * noiseClasses * sureClasses, 4096, matchClasses * byteNodes * changeClasses * noiseClasses}

// rates are the rates at which weights move, as multiples of 1/2^14.
var rates = [mixedSets]int32{16, 16, 12}

// reset begins without knowledge. n is how many inputs there are, a multiple of arith.VectorInputs, used
// how many of these may be other than 0.
func (s *final) reset(n, used int) {
	s.inputs = arith.Zeros(s.inputs, n)
	for i, sets := range finalSets {
		s.weights[i] = arith.Filled(s.weights[i], n*sets, int32(2<<arith.WeightBits/used))
	}
	s.last = arith.Filled(s.last, 4*finalSets[columnSet], (1<<arith.WeightBits)/mixedSets)
	for i := range s.curves {
		s.curves[i].Reset(finalCurves)
	}
}

// code codes a decision and learns from it. It returns the decision, and the probability that it
// had.
func (s *final) code(c *arith.Coder, bit int, sets [mixedSets]int, refined [2]int) (int, uint32) {
	n, in := len(s.inputs), s.inputs
	w0, w1, w2 := s.weights[0][sets[0]*n:][:n], s.weights[1][sets[1]*n:][:n], s.weights[2][sets[2]*n:][:n]
	d0, d1, d2 := arith.Dots(in, w0, w1, w2)
	x := [mixedSets]int32{arith.ClampLogit(d0 >> arith.WeightBits), arith.ClampLogit(d1 >> arith.WeightBits), arith.ClampLogit(d2 >> arith.WeightBits)}
	last := (*[4]int32)(s.last[sets[columnSet]*4:])
	logit := arith.ClampLogit((int64(x[0])*int64(last[0]) + int64(x[1])*int64(last[1]) + int64(x[2])*int64(last[2])) >> arith.WeightBits)
	mixed := arith.Squash(logit)
	p := 2*mixed + s.curves[0].Refine(refined[0], logit) + s.curves[1].Refine(refined[1], logit)
	p = min(max(p/4, 1), 65535)
	bit = c.Bit(bit, p)
	target := int32(bit) * 65535
	var wrong [mixedSets]int32
	for i, rate := range rates {
		wrong[i] = (target - int32(arith.Squash(x[i]))) * rate >> rateBits
	}
	arith.Trains(in, w0, w1, w2, wrong)
	arith.Train(last[:mixedSets], x[:], (target-int32(mixed))>>lastRate)
	s.curves[0].Update(bit)
	s.curves[1].Update(bit)
	if bit == 0 {
		p = 65536 - p
	}
	return bit, p
}
