package mix

import (
	"math/bits"

	"github.com/ktzip/ktzip/codec/internal/arith"
)

// An nlms is a filter that follows the gradient: after each sample its weights move along their
// inputs, in proportion to the error over the power of the inputs (the normalised least mean
// squares filter; see Haykin, "Adaptive Filter Theory").
type nlms struct {
	shift   int
	weights []int32 // tapBits of fraction
	past    []int32 // inputs, |x| < 2^maxInput; the last len(weights)+1 before end count
	end     int     // of past
	power   int64   // sum of the squares of the last len(weights)

	// The step of the weights that is due: step·(input << double) >> 32.
	step   int64
	double uint
}

const (
	tapBits     = 20
	gradient    = 24 // bits that steps have before shift
	precision   = 8  // bits in addition that the power is divided by
	tapVector   = 8  // taps are a multiple of it
	pastSamples = 4096
)

// reset begins without knowledge.
func (f *nlms) reset(taps, shift int) {
	f.shift, f.end, f.power, f.step, f.double = shift, taps+1, 0, 0, 0
	f.weights = arith.Zeros(f.weights, taps)
	f.past = arith.Zeros(f.past, taps+1+pastSamples)
}

// predict moves the weights as update wanted, and returns the weighted sum of what came
// before.
func (f *nlms) predict() int64 {
	past := f.past[f.end-len(f.weights)-1 : f.end]
	sum := int64(0)
	if arith.HasAVX2 {
		sum = moveAndSumAVX2(&f.weights[0], &past[0], len(f.weights), int32(f.step), uint64(f.double))
	} else {
		sum = f.moveAndSumPlain(past)
	}
	f.step = 0
	return sum >> tapBits
}

// moveAndSumPlain moves the weights, and returns the weighted sum, without vector instructions.
// past has one input more than there are weights.
func (f *nlms) moveAndSumPlain(past []int32) (sum int64) {
	past = past[:len(f.weights)+1]
	for i, w := range f.weights {
		w += int32((int64(past[i]<<f.double)*f.step + 1<<31) >> 32)
		f.weights[i] = w
		sum += int64(w) * int64(past[i+1])
	}
	return sum
}

// update appends an input and says by what it was predicted wrongly. Both have fraction bits.
//
// The inputs are below 2^half, so that they may be doubled until they are below 2^30, and the
// step, shortened to 32 bits, is precise whatever the inputs' scale.
func (f *nlms) update(wrong int64, input int32, fraction int) {
	power := f.power + 1<<(2*max(fraction, 0))
	half := (bits.Len64(uint64(power)) + 1) / 2
	f.double = uint(30 - half)
	f.step = min(max(wrong<<(gradient+2+precision-f.shift)/(shiftLeft(power, precision-half)+1), -maxLevel), maxLevel)
	first := int64(f.past[f.end-len(f.weights)])
	f.power += int64(input)*int64(input) - first*first
	if f.end == len(f.past) {
		f.end = copy(f.past, f.past[f.end-len(f.weights)-1:])
	}
	f.past[f.end] = input
	f.end++
}
