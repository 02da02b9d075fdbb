package arith

// A mixer makes one logit of several: their sum, each times its weight, which moves by how wrong
// the sum was.
const (
	WeightBits = 16             // of fraction of weights
	Bias       = 1 << LogitBits // the input that is a constant: a logit of 1

	// Weights move by errors, 16 bits, times inputs without so many bits. With 17, as in the
	// paq family, small images took 2 % more and speech 0.04 %.
	weightShift = 14

	// VectorInputs is how many inputs vector instructions take at a time.
	VectorInputs = 8
)

// Dot returns the sum of the products of two lists of the same length.
func Dot(w, x []int32) (sum int64) {
	x = x[:len(w)]
	for k, v := range w {
		sum += int64(v) * int64(x[k])
	}
	return sum
}

// Train moves weights along their inputs, in proportion to the error.
func Train(w, x []int32, err int32) {
	x = x[:len(w)]
	for k := range w {
		w[k] += (x[k]*err + 1<<(weightShift-1)) >> weightShift
	}
}

// Dots returns Dot of three lists of weights with the inputs x, whose number is a multiple of
// VectorInputs.
func Dots(x, a, b, c []int32) (p, q, r int64) {
	a, b, c = a[:len(x)], b[:len(x)], c[:len(x)]
	if HasAVX2 && len(x) > 0 {
		return dotsAVX2(&x[0], &a[0], &b[0], &c[0], len(x))
	}
	return Dot(a, x), Dot(b, x), Dot(c, x)
}

// Trains is Train of three lists of weights along the inputs x, whose number is a multiple of
// VectorInputs, in proportion to an error each.
func Trains(x, a, b, c []int32, err [3]int32) {
	a, b, c = a[:len(x)], b[:len(x)], c[:len(x)]
	if HasAVX2 && len(x) > 0 {
		trainsAVX2(&x[0], &a[0], &b[0], &c[0], len(x), err[0], err[1], err[2])
		return
	}
	Train(a, x, err[0])
	Train(b, x, err[1])
	Train(c, x, err[2])
}
