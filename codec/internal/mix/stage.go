package mix

// A stage makes one probability of the logits that it is given. Mixers, one weight per input,
// of which contexts choose the set, are summed; curves refine that.
type stage struct {
	inputs  []int32
	weights [mixers][]int32 // sets of weights, 16 bits of fraction
	curves  [2]curve

	chosen [mixers][]int32 // weights of the decision under way
	p      [mixers]int32   // their probabilities
}

const (
	mixers      = 2
	weightBits  = 16
	weightRate  = 3  // errors lose as many bits
	weightShift = 14 // of errors times inputs
)

// reset begins with the same weight for each of n inputs.
func (s *stage) reset(n int, initial int32, sets [mixers]int, refined [2]int) {
	s.inputs = zeros(s.inputs, n)
	for i, count := range sets {
		s.weights[i] = filled(s.weights[i], n*count, initial)
	}
	for i, count := range refined {
		s.curves[i].reset(count)
	}
}

// code codes a decision and learns from it.
func (s *stage) code(c *coder, bit int, sets [mixers]int, refined [2]int) int {
	n, sum := len(s.inputs), int32(0)
	for i, all := range &s.weights {
		w := all[sets[i]*n:][:n]
		logit := clampLogit(dot(w, s.inputs) >> weightBits)
		s.chosen[i], s.p[i] = w, int32(squash(logit))
		sum += logit
	}
	logit := sum / mixers
	p := 2*squash(logit) + s.curves[0].refine(refined[0], logit) + s.curves[1].refine(refined[1], logit)
	bit = c.bit(bit, min(max(p/4, 1), 65535))
	for i, w := range &s.chosen {
		train(w, s.inputs, (int32(bit)*65535-s.p[i])>>weightRate)
	}
	s.curves[0].update(bit)
	s.curves[1].update(bit)
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
