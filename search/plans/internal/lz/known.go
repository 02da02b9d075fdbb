package lz

// A Known knows the strings of 32 bytes of what was added. The zero value knows none.
type Known struct {
	table [1 << farLog]seen
	size  int // bytes added
}

// Add adds src. It takes a nanosecond a byte. It returns how many strings of src were looked at and
// how many of these were known before, without those that src repeats.
func (k *Known) Add(src []byte) (strings, known int) {
	hash := uint32(0)
	for i, c := range src {
		hash = hash<<1 + gear[c]
		if hash&(1<<sampleBits-1) != 0 {
			continue
		}
		last := &k.table[hash*golden>>(32-farLog)]
		end := int(last.end)
		if same := last.hash == hash && end > 0; !same || end <= k.size {
			strings++
			if same {
				known++
			}
		}
		*last = seen{hash, uint32(k.size + i + 1)}
	}
	k.size += len(src)
	return strings, known
}
