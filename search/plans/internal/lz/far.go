package lz

const (
	sampleBits = 6  // one position in 1<<sampleBits is a sample: by what is there, not by where
	farLog     = 16 // log2 of the entries of the table: 512 KiB
	farBytes   = 32 << 10

	golden = 0x9E3779B1 // the golden ratio, by which a hash is mixed
)

// A seen is where a string was last; the zero value is nowhere.
type seen struct{ hash, end uint32 }

// A Sample says how strings of 32 bytes in the second half of some bytes repeat.
type Sample struct {
	Strings int // that were looked at
	Far     int // that came before, farther back than deflate sees
	First   int // of these, that came last in the first half
}

// Look returns a Sample of src. It takes a nanosecond a byte.
func Look(src []byte) (s Sample) {
	var table [1 << farLog]seen
	hash := uint32(0) // of the last 32 bytes: each byte moves older ones one bit to the left
	half := len(src) / 2
	for i, c := range src {
		hash = hash<<1 + gear[c]
		if hash&(1<<sampleBits-1) != 0 {
			continue
		}
		last := &table[hash*golden>>(32-farLog)]
		if i >= half {
			s.Strings++
			if end := int(last.end); last.hash == hash && end > 0 && i-end > farBytes {
				s.Far++
				if end <= half {
					s.First++
				}
			}
		}
		*last = seen{hash, uint32(i + 1)}
	}
	return s
}

// gear are random numbers, by splitmix64.
var gear = func() (t [256]uint32) {
	x := uint64(0)
	for i := range t {
		x += 0x9E3779B97F4A7C15
		z := (x ^ x>>30) * 0xBF58476D1CE4E5B9
		z = (z ^ z>>27) * 0x94D049BB133111EB
		t[i] = uint32((z ^ z>>31) >> 32)
	}
	return t
}()
