package mix

// A final makes one probability of many logits: three mixers, of whose sets of weights contexts
// choose one each; a mixer of those, chosen as the one by column; and curves that refine that.
type final struct {
	inputs  []int32
	weights [mixedSets][]int32
	last    []int32 // weights of the mixers: four for each set, of which the last is not used
	curves  [2]curve
}

const (
	mixedSets   = 3
	nodeSet     = 0 // by what is known of the byte, noise and the link
	columnSet   = 1 // by the column and the decision
	changeSet   = 2 // by the match, the decision, the change above and noise
	finalVector = 8 // inputs that vector instructions take at a time
	finalCurves = 4096
	lastRate    = 3 // shift of errors of the last mixer
	rateBits    = 4 // of fraction of rates
)

// finalSets is how many sets each mixer has.
var finalSets = [mixedSets]int{256 * noiseClasses * sureClasses, 4096, matchClasses * byteNodes * changeClasses * noiseClasses}

// rates are the rates at which weights move, as multiples of that of a stage.
var rates = [mixedSets]int32{16, 16, 12}

// reset begins without knowledge. n is how many inputs there are, a multiple of finalVector, used
// how many of these may be other than 0.
func (s *final) reset(n, used int) {
	s.inputs = zeros(s.inputs, n)
	for i, sets := range finalSets {
		s.weights[i] = filled(s.weights[i], n*sets, int32(2<<weightBits/used))
	}
	s.last = filled(s.last, 4*finalSets[columnSet], (1<<weightBits)/mixedSets)
	for i := range s.curves {
		s.curves[i].reset(finalCurves)
	}
}

// code codes a decision and learns from it. It returns the decision, and the probability that it
// had.
func (s *final) code(c *coder, bit int, sets [mixedSets]int, refined [2]int) (int, uint32) {
	n, in := len(s.inputs), s.inputs
	w0, w1, w2 := s.weights[0][sets[0]*n:][:n], s.weights[1][sets[1]*n:][:n], s.weights[2][sets[2]*n:][:n]
	var d0, d1, d2 int64
	if hasAVX2 {
		d0, d1, d2 = dotsAVX2(&in[0], &w0[0], &w1[0], &w2[0], n)
	} else {
		d0, d1, d2 = dot(w0, in), dot(w1, in), dot(w2, in)
	}
	x := [mixedSets]int32{clampLogit(d0 >> weightBits), clampLogit(d1 >> weightBits), clampLogit(d2 >> weightBits)}
	last := (*[4]int32)(s.last[sets[columnSet]*4:])
	logit := clampLogit((int64(x[0])*int64(last[0]) + int64(x[1])*int64(last[1]) + int64(x[2])*int64(last[2])) >> weightBits)
	mixed := squash(logit)
	p := 2*mixed + s.curves[0].refine(refined[0], logit) + s.curves[1].refine(refined[1], logit)
	p = min(max(p/4, 1), 65535)
	bit = c.bit(bit, p)
	target := int32(bit) * 65535
	e0, e1, e2 := (target-int32(squash(x[0])))*rates[0]>>rateBits, (target-int32(squash(x[1])))*rates[1]>>rateBits, (target-int32(squash(x[2])))*rates[2]>>rateBits
	if hasAVX2 {
		trainsAVX2(&in[0], &w0[0], &w1[0], &w2[0], n, e0, e1, e2)
	} else {
		train(w0, in, e0)
		train(w1, in, e1)
		train(w2, in, e2)
	}
	train(last[:mixedSets], x[:], (target-int32(mixed))>>lastRate)
	s.curves[0].update(bit)
	s.curves[1].update(bit)
	if bit == 0 {
		p = 65536 - p
	}
	return bit, p
}
