package mix

import (
	"math/bits"

	"github.com/ktzip/ktzip/codec/internal/arith"
)

// A lane is what the numbers of a channel have in common: each is zero + x·step for a level x
// from least to most, which fits 32 bits. Levels are what is predicted and coded.
type lane struct{ zero, step, least, most int64 }

// A survey gathers what the numbers of a channel have in common.
type survey struct {
	first, least, most, sum, step int64
	count                         int64
}

// add adds a number.
func (s *survey) add(v int64) {
	if s.count == 0 {
		s.first, s.least, s.most = v, v, v
	}
	s.count++
	s.least, s.most, s.sum = min(s.least, v), max(s.most, v), s.sum+v
	if s.step != 1 {
		s.step = gcd(s.step, max(v-s.first, s.first-v))
	}
}

// lane returns the lane whose zero is about the mean.
func (s *survey) lane() lane {
	step := max(s.step, 1)
	zero := s.first
	if s.count > 0 {
		zero += (s.sum/s.count - s.first) / step * step
	}
	l := lane{zero, step, (s.least - zero) / step, (s.most - zero) / step}
	if over := max(l.most-maxLevel, minLevel-l.least, 0); over > 0 { // the mean is near an end
		if l.most > maxLevel {
			l.zero, l.least, l.most = zero+over*step, l.least-over, l.most-over
		} else {
			l.zero, l.least, l.most = zero-over*step, l.least+over, l.most+over
		}
	}
	return l
}

// Levels are within these.
const (
	minLevel = -1 << 31
	maxLevel = 1<<31 - 1
)

// gcd returns the greatest common divisor of a and b, of which one may be 0.
func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// code codes the lane of numbers from least to most. The error is arith.ErrCorrupt if it has others.
func (l *lane) code(c *arith.Coder, least, most int64) error {
	var list [4]int64
	for i, v := range [4]int64{l.zero - least, l.step - 1, l.least - minLevel, l.most - l.least} {
		n := int(c.Number(uint32(bits.Len64(uint64(v))), lengthBits))
		if n > maxNumberBits {
			return arith.ErrCorrupt
		}
		if list[i] = int64(n); n > 1 {
			list[i] = 1<<(n-1) | int64(c.Number(uint32(v), n-1))
		}
	}
	l.zero, l.step = list[0]+least, list[1]+1
	l.least = list[2] + minLevel
	l.most = list[3] + l.least
	if l.zero > most || l.most > maxLevel || l.least < (least-l.zero)/l.step || l.most > (most-l.zero)/l.step {
		return arith.ErrCorrupt
	}
	return nil
}

// A number of a lane is coded as how many bits it has, at most maxNumberBits, and then those
// after the first 1.
const (
	lengthBits    = 6
	maxNumberBits = 32
)
