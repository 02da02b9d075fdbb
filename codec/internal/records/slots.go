package records

import "github.com/ktzip/ktzip/codec/internal/arith"

// A slot is what a context knows of a decision: a probability, 16 bits; how often it was made, 8
// bits; and what the last ones were, behind a leading 1, 8 bits.
type slot uint32

const (
	slotStart  = 1<<31 | 1
	slotEdge   = 32  // of probabilities
	slotLimit  = 127 // decisions of which a probability is the mean
	bucketSize = 16  // slots: of the decisions about half a byte
	checkShift = 24  // of hashes, to what tells contexts of one bucket apart
	mostUses   = 255 // that are counted
)

// learn learns that the decision was bit.
func (s *slot) learn(bit int) {
	x := uint32(*s)
	used, history, p := x>>8&255, x&255, int64(x>>16)
	p += (int64(bit)*65535 - p) * arith.Reciprocal(min(used, slotLimit)) >> 16
	if history = history<<1 | uint32(bit); history > 255 {
		history = history&127 | 128
	}
	*s = slot(uint32(min(max(p, slotEdge), 65535-slotEdge))<<16 | min(used+1, mostUses)<<8 | history)
}

// Histories map to probabilities by what they are, how often the decision was made (0, 1 to 7, 8
// and more; see usesClass), and how noisy the column is.
const historyClasses = 256 * 4 * noiseClasses

// usesClass returns the class of how often a decision was made, from 0 to 3.
func usesClass(n uint32) uint32 { return (min(n, 2) + 1 + min(n/8, 1)) >> 1 }

// buckets holds slots by the hashes of contexts.
type buckets struct {
	slots []slot
	marks []mark
	mask  uint32
}

// A mark tells the context of a bucket and how often it was found lately. It stands apart, so that
// buckets of others are not touched.
type mark struct{ check, uses uint8 }

// reset forgets all.
func (t *buckets) reset(log int) {
	t.mask = 1<<log - 1
	t.slots = arith.Filled(t.slots, bucketSize<<log, slot(slotStart))
	t.marks = arith.Zeros(t.marks, 1<<log)
}

// find returns where the bucket of a context begins: one of two, or else the one that was used
// less begins again, and the other one ages.
func (t *buckets) find(hash uint32) int32 {
	i, check := hash&t.mask, uint8(hash>>checkShift)
	a, b := &t.marks[i], &t.marks[i^1]
	switch {
	case a.check == check:
		a.uses = min(a.uses, mostUses-1) + 1
		return int32(i * bucketSize)
	case b.check == check:
		b.uses = min(b.uses, mostUses-1) + 1
		return int32((i ^ 1) * bucketSize)
	case b.uses < a.uses:
		i, a, b = i^1, b, a
	}
	*a = mark{check: check}
	b.uses -= min(b.uses, 1)
	s := (*[bucketSize]slot)(t.slots[i*bucketSize:])
	for k := range s {
		s[k] = slotStart
	}
	return int32(i * bucketSize)
}
