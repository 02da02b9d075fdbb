package mix

// A final makes one probability of many logits: three mixers, of whose sets contexts choose one
// each; a mixer of those; and curves that refine that.
type final struct {
	inputs  []int32
	weights [3][]int32
	last    []int32
	curves  [2]curve
}

var finalSets = [3]int{256 * 8 * 8, 65536, 8192}

var (
	kRate  = uint(knob("RATE", 1))
	kLast  = uint(knob("LASTRATE", 4))
	kFinal = knob("FINAL", 1)
)

func (s *final) reset(n int) {
	m := (n + 7) &^ 7
	s.inputs = zeros(s.inputs, m)
	for i, count := range finalSets {
		s.weights[i] = filled(s.weights[i], m*count, int32(2<<16/n))
	}
	s.last = filled(s.last, 4*65536, 65536/3)
	for i := range s.curves {
		s.curves[i].reset(65536)
	}
}

func (s *final) code(c *coder, bit int, sets [3]int, refined [2]int) (int, uint32) {
	n := len(s.inputs)
	var w [3][]int32
	var l, p [3]int32
	last := s.last[sets[1]*4:][:3]
	sum := int64(0)
	for i, all := range &s.weights {
		w[i] = all[sets[i]*n:][:n]
		l[i] = clampLogit(dot(w[i], s.inputs) >> weightBits)
		p[i] = int32(squash(l[i]))
		sum += int64(l[i]) * int64(last[i])
	}
	logit := (l[0] + l[1] + l[2]) / 3
	if kFinal > 0 {
		logit = clampLogit(sum >> 16)
	}
	pm := squash(logit)
	q := 2*pm + s.curves[0].refine(refined[0], logit) + s.curves[1].refine(refined[1], logit)
	q = min(max(q/4, 1), 65535)
	bit = c.bit(bit, q)
	for i := range w {
		train(w[i], s.inputs, (int32(bit)*65535-p[i])>>kRate)
	}
	train(last, l[:], (int32(bit)*65535-int32(pm))>>kLast)
	s.curves[0].update(bit)
	s.curves[1].update(bit)
	if bit == 0 {
		q = 65536 - q
	}
	return bit, q
}
