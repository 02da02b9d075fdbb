package mix

import "github.com/ktzip/ktzip/codec/internal/arith"

// A stage makes one probability of the logits that it is given. Mixers, one weight per input,
// of which contexts choose the set, are averaged; a curve refines that.
//
// More was not worth its time: a third mixer, chosen by the last error, won 0.04 %; a final
// mixer instead of the mean 0.03 %, both 0.1 %; a second curve nothing.
type stage struct {
	inputs  []int32
	weights [mixers][]int32 // sets of weights, arith.WeightBits of fraction
	curve   arith.Curve
}

const (
	mixers     = 2
	sumWeights = 9 << arith.WeightBits / 10 // of a set at first; 0.8 to 1.3 do as well
)

// reset begins with the same weight for each of n inputs, of which the last is a constant.
func (s *stage) reset(n int, sets [mixers]int, refined int) {
	s.inputs = arith.Zeros(s.inputs, n)
	s.inputs[n-1] = arith.Bias
	for i, count := range sets {
		s.weights[i] = arith.Filled(s.weights[i], n*count, int32(sumWeights/(n-1)))
	}
	s.curve.Reset(refined)
}

// code codes a decision and learns from it.
func (s *stage) code(c *arith.Coder, bit int, sets [mixers]int, refined int) int {
	n := len(s.inputs)
	first, second := s.weights[0][sets[0]*n:][:n], s.weights[1][sets[1]*n:][:n]
	a, b := arith.ClampLogit(arith.Dot(first, s.inputs)>>arith.WeightBits), arith.ClampLogit(arith.Dot(second, s.inputs)>>arith.WeightBits)
	logit := (a + b) / mixers
	p := (arith.Squash(logit) + s.curve.Refine(refined, logit)) / 2
	bit = c.Bit(bit, min(max(p, 1), 65535))
	target := int32(bit) * 65535
	arith.Train(first, s.inputs, target-int32(arith.Squash(a)))
	arith.Train(second, s.inputs, target-int32(arith.Squash(b)))
	s.curve.Update(bit)
	return bit
}
