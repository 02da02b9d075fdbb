package texts

import "github.com/ktzip/ktzip/codec/internal/arith"

// A slot holds the histories of a group of decisions in a context: its first byte is the check,
// which tells contexts apart, the others are histories by place in the group.
const (
	slotBytes   = 16
	bucketBytes = 64 // four slots: a line of caches
)

// slots holds slots by the hashes of contexts.
type slots struct {
	bytes []byte
	shift int // of hashes, to the number of a bucket
}

// reset forgets all.
func (s *slots) reset(log int) {
	s.bytes = arith.Table(s.bytes, 1<<log+bucketBytes)
	s.shift = 32 - (log - 6)
}

// find returns where the slot of a hash begins, and whether it was there: else, that with the
// shortest history of the first decision begins again.
func (s *slots) find(hash uint32) (at uint32, found bool) {
	at = hash >> s.shift * bucketBytes
	b := (*[bucketBytes]byte)(s.bytes[at:])
	check := uint8(hash)
	switch check {
	case b[0]:
		return at, b[1] != 0
	case b[slotBytes]:
		return at + slotBytes, b[slotBytes+1] != 0
	case b[2*slotBytes]:
		return at + 2*slotBytes, b[2*slotBytes+1] != 0
	case b[3*slotBytes]:
		return at + 3*slotBytes, b[3*slotBytes+1] != 0
	}
	worst, least := 0, b[1]
	for k := slotBytes; k < bucketBytes; k += slotBytes {
		if b[k+1] < least {
			worst, least = k, b[k+1]
		}
	}
	*(*[slotBytes]byte)(b[worst:]) = [slotBytes]byte{check}
	return at + uint32(worst), false
}
