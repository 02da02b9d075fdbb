package mix

// A slot is what a context knows of one decision: a probability, 16 bits; how often it was
// used, 8 bits; and the last decisions after a leading 1, 8 bits.
type slot uint32

const (
	slotStart  = 1<<31 | 1
	bucketSize = 16 // slots of the decisions about half a byte
)

// A table holds buckets of slots that are found by hashes.
type table struct {
	slots []slot
	sums  []uint8
	log   int
}

func (t *table) reset(log int) {
	t.log = log
	t.slots = filled(t.slots, bucketSize<<log, slot(slotStart))
	t.sums = zeros(t.sums, 1<<log)
}

// find returns where the bucket of a context begins.
func (t *table) find(h uint32) int {
	i, sum := h&(1<<t.log-1), uint8(h>>24)
	if t.sums[i] == sum {
		return int(i) * bucketSize
	}
	if t.sums[i^1] == sum {
		return int(i^1) * bucketSize
	}
	if t.uses(i^1) < t.uses(i) {
		i ^= 1
	}
	s := (*[bucketSize]slot)(t.slots[i*bucketSize:])
	for k := range s {
		s[k] = slotStart
	}
	t.sums[i] = sum
	return int(i) * bucketSize
}

// uses returns how often the first decision of a bucket was made: in that of the second half
// of a byte it is the second slot.
func (t *table) uses(i uint32) uint32 {
	s := t.slots[i*bucketSize:]
	return uint32(s[0]>>8&255) + uint32(s[1]>>8&255)
}
