package texts

import "github.com/ktzip/ktzip/codec/internal/arith"

// An entry is an adaptive probability, and the two inputs of mixers that follow from it. The
// probability is the mean of what it saw, until entryLimit, from where on what is older fades.
type entry struct {
	p      uint32 // 22 bits, and how often it was used, 10 bits
	logit  int16
	linear int16
}

const (
	entryLimit  = 255 // 127 and 1023 are the same
	doubt       = 7   // twice what is added to n: 3 and 5 take 0.1 % more
	linearShift = 11  // of a probability of 22 bits less a half, to an input within ±1024
)

var (
	gains  [entryLimit + 1]uint32 // 65536/(n+doubt): how far a probability goes that was used n times
	logits [1 << 12]int16         // of probabilities of 12 bits
)

// makeEntries makes the tables above.
func makeEntries() {
	for n := range gains {
		gains[n] = 1 << 17 / uint32(2*n+doubt)
	}
	for p := range logits {
		logits[p] = int16(arith.Stretch(uint32(p) << 4))
	}
}

// set sets the probability, 22 bits, used n times.
func (e *entry) set(p, n uint32) {
	e.p = p<<10 | n
	e.logit = logits[p>>10]
	e.linear = int16((int32(p) - 1<<21) >> linearShift)
}

// learn learns that the decision was bit.
func (e *entry) learn(bit int) {
	n, p := e.p&1023, int64(e.p>>10)
	p += (int64(bit)*(1<<22-1) - p) * int64(gains[n]) >> 16
	e.set(uint32(p), min(n+1, entryLimit))
}
