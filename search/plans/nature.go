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
	maxNature    = 1200 // a larger number says no more
	naturePlaces = 2048 // places that are looked at, per distance
	natureParts  = 8    // parts of a segment whose natures are compared

	// minBits is the least that differences of independent bytes take in data that has a
	// nature, in eighths of a bit. Data below half a bit is nearly constant.
	minBits = 4

	// maxApart is how far apart the natures of one kind of data are, at most: the sum over
	// all distances.
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
