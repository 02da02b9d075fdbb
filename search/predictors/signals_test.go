package predictors

import (
	"math/rand/v2"

	"github.com/ktzip/ktzip/dsl"
)

// A signal is generated samples, and the source that they are of.
type signal struct {
	source
	numbers []int64
}

// A resonance swings at a pace of its own, pushed by noise: samples of an all-pole filter in whole
// numbers.
type resonance struct{ a, b, x, y int64 } // a, b: 12 bits of fraction

func (s *resonance) next(push int64) int64 {
	s.x, s.y = (s.a*s.x-s.b*s.y)>>12+push, s.x
	return s.x
}

// draw draws a signal of about n bytes.
func draw(seed uint64, n int) signal {
	r := rand.New(rand.NewPCG(seed, 5))
	s := elements[r.IntN(len(elements))]
	if s.op == dsl.Floating || s.op == dsl.IBM { // integers as floats are no signal of bits
		s.op, s.element = dsl.Signed, s.element/s.width()*min(s.width(), 4)
	}
	s.channels = 1 + r.IntN(3)*r.IntN(3)
	bits := min(8*s.width()-2, 22)
	if r.IntN(3) == 0 && s.width() < 3 {
		s.channels = 1
		s.row = (64 + r.IntN(400)) * s.channels
	}
	count := n / s.width()
	list := make([]int64, count)
	loud := int64(1) << (bits - 4 - r.IntN(3))
	waves := make([]resonance, s.channels)
	mixed := make([]int64, s.channels)
	for k := range waves {
		waves[k] = resonance{a: 7800 - int64(r.IntN(900)), b: 4000 - int64(r.IntN(60))}
		mixed[k] = int64(r.IntN(5))
	}
	for i := range list {
		k := i % s.channels
		v := waves[k].next((r.Int64N(loud) - loud/2) >> 5)
		switch {
		case s.row > 0 && i >= s.row:
			v = (list[i-s.row]*3+v)/4 + (r.Int64N(loud)-loud/2)>>6
		case k > 0:
			v = v/4 + list[i-k]*mixed[k]/4
		}
		list[i] = min(max(v, -1<<bits), 1<<bits-1)
	}
	return signal{s, list}
}

// bytes returns the samples as bytes.
func (s *signal) bytes() (b []byte) {
	w := s.width()
	offset := int64(0)
	if s.op == dsl.Unsigned {
		offset = 1 << (8*w - 1)
	}
	for _, v := range s.numbers {
		v += offset
		for k := range w {
			shift := 8 * k
			if s.element < 0 {
				shift = 8 * (w - 1 - k)
			}
			b = append(b, byte(v>>shift))
		}
	}
	return b
}
