package mix

// A stage makes one probability of the logits that it is given. Mixers, one weight per input,
// of which contexts choose the set, are averaged; a curve refines that.
//
// More was not worth its time: a third mixer, chosen by the last error, won 0.04 %; a final
// mixer instead of the mean 0.03 %, both 0.1 %; a second curve nothing.
type stage struct {
	inputs  []int32
	weights [mixers][]int32 // sets of weights, weightBits of fraction
	curve   curve
}

const (
	mixers     = 2
	weightBits = 16
	// Weights move by errors, 16 bits, times inputs without so many bits. With 17, as in the
	// paq family, small images took 2 % more and speech 0.04 %.
	weightShift = 14
	sumWeights  = 9 << weightBits / 10 // of a set at first; 0.8 to 1.3 do as well
)

// reset begins with the same weight for each of n inputs, of which the last is a constant.
func (s *stage) reset(n int, sets [mixers]int, refined int) {
	s.inputs = zeros(s.inputs, n)
	s.inputs[n-1] = bias
	for i, count := range sets {
		s.weights[i] = filled(s.weights[i], n*count, int32(sumWeights/(n-1)))
	}
	s.curve.reset(refined)
}

// bias is the input that is a constant: a logit of 1.
const bias = 1 << logitBits

// code codes a decision and learns from it.
func (s *stage) code(c *coder, bit int, sets [mixers]int, refined int) int {
	n := len(s.inputs)
	first, second := s.weights[0][sets[0]*n:][:n], s.weights[1][sets[1]*n:][:n]
	a, b := clampLogit(dot(first, s.inputs)>>weightBits), clampLogit(dot(second, s.inputs)>>weightBits)
	logit := (a + b) / mixers
	p := (squash(logit) + s.curve.refine(refined, logit)) / 2
	bit = c.bit(bit, min(max(p, 1), 65535))
	target := int32(bit) * 65535
	train(first, s.inputs, target-int32(squash(a)))
	train(second, s.inputs, target-int32(squash(b)))
	s.curve.update(bit)
	return bit
}

// dot returns the sum of the products of two lists of the same length.
func dot(w, x []int32) (sum int64) {
	x = x[:len(w)]
	for k, v := range w {
		sum += int64(v) * int64(x[k])
	}
	return sum
}

// train moves weights along their inputs, in proportion to the error.
func train(w, x []int32, err int32) {
	x = x[:len(w)]
	for k := range w {
		w[k] += (x[k]*err + 1<<(weightShift-1)) >> weightShift
	}
}
