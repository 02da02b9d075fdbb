package plans

import "slices"

// natureDistances are distances in bytes that tell kinds of data apart by how much bytes are
// alike there.
var natureDistances = [...]int{1, 2, 3, 4, 6, 8, 12, 16}

// A nature says how much bytes of some data are alike: the bits of the differences at each
// of natureDistances, in 1/natureUnit of those of independent bytes.
type nature []int

const (
	natureUnit   = 1024
	maxNature    = 1200 // beyond, bytes are not less alike in a telling way
	naturePlaces = 2048 // that are looked at
	natureParts  = 8    // of the segment, which may have natures of their own

	// minBits is what the difference of independent bytes must take for data to have a
	// nature, in eighths of a bit: half a bit.
	minBits = 4

	// maxApart is how far the natures of data of the same kind are apart, all distances
	// together.
	maxApart = 700

	// flatPercent is the percentage of its largest number above which the least number of a
	// nature means that no distance stands out, as in text.
	flatPercent = 75
)

// natureOf returns the nature of part; nil if part is nearly constant.
func natureOf(part []byte) nature {
	independent := independentBits(part, naturePlaces)
	if independent < naturePlaces*minBits {
		return nil
	}
	list := make(nature, len(natureDistances))
	step := stride(len(part), naturePlaces)
	for k, lag := range natureDistances {
		sum, n := 0, 0
		for i := lag; i < len(part); i += step {
			sum += int(differenceBits[part[i]-part[i-lag]])
			n++
		}
		list[k] = min(sum*naturePlaces/n*natureUnit/independent, maxNature)
	}
	return list
}

// isFlat reports whether bytes are about as much alike at any distance.
func (n nature) isFlat() bool { return slices.Min(n)*100 > slices.Max(n)*flatPercent }

// apart returns how far n and m are apart.
func (n nature) apart(m nature) (sum int) {
	for k, x := range n {
		sum += abs(x - m[k])
	}
	return sum
}

// changes reports whether src seems to be of several natures.
func changes(src []byte) bool {
	var last nature
	for k := range natureParts {
		off := len(src) * k / natureParts
		n := natureOf(src[off : off+len(src)/natureParts])
		if n == nil {
			continue
		}
		if last != nil && n.apart(last) > maxApart {
			return true
		}
		last = n
	}
	return false
}
