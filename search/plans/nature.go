package plans

import (
	"math/bits"
	"slices"
)

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

// Files that were just joined have no heads between them. Where their natures differ, the border
// shows all the same: what is before it is alike, so is what is after it, and both are not.

const (
	// stretchUnit bytes have a nature; a stretch has at least minStretch of these units.
	stretchUnit = 8 << 10
	minStretch  = 2

	// A unit whose first and last unitExcerpt bytes are text is text.
	unitExcerpt = 512

	// maxStretch is how many units before and after a border are compared, at most.
	maxStretch = 3

	// minChange is how far apart natures are on both sides of a border, at least, and
	// changeTimes how many times farther than those on one side. Of two real files one after the
	// other 9 of 10 pairs are farther apart, and of 70 files alone 12 have such places
	// (2026-11-27).
	minChange, changeTimes = 900, 3
)

// textNature is the nature of text, far from any other.
var textNature = func() nature {
	n := make(nature, len(natureDistances))
	for k := range n {
		n[k] = -maxNature
	}
	return n
}()

// unitNatures returns the natures of the units of src. A nearly constant one has that of the unit
// before.
func unitNatures(src []byte) (list []nature) {
	last := make(nature, len(natureDistances))
	for ; len(src) >= stretchUnit; src = src[stretchUnit:] {
		unit := src[:stretchUnit]
		if isText(unit[:unitExcerpt]) && isText(unit[stretchUnit-unitExcerpt:]) {
			last = textNature
		} else if n := natureOf(unit); n != nil {
			last = n
		}
		list = append(list, last)
	}
	return list
}

// mean returns the mean of list.
func mean(list []nature) nature {
	m := make(nature, len(natureDistances))
	for _, n := range list {
		for k, x := range n {
			m[k] += x
		}
	}
	for k := range m {
		m[k] /= len(list)
	}
	return m
}

// spread returns how far the natures of list are from m, at most.
func (m nature) spread(list []nature) (most int) {
	for _, n := range list {
		most = max(most, n.apart(m))
	}
	return most
}

// change returns how far apart the natures of list before and after unit i are; 0 if that is no
// border. Unit i may be of both.
func change(list []nature, i int) int {
	if i < minStretch || i+minStretch >= len(list) {
		return 0
	}
	before, after := list[max(0, i-maxStretch):i], list[i+1:min(i+1+maxStretch, len(list))]
	a, b := mean(before), mean(after)
	d := a.apart(b)
	if d < minChange || d < changeTimes*max(a.spread(before), b.spread(after)) {
		return 0
	}
	return d
}

// stretches returns the parts of e, an entry of src, that are of one nature each, in order.
func stretches(src []byte, e entry) (list []entry) {
	data := src[e.data:e.end]
	if len(data) < (2*minStretch+1)*stretchUnit {
		return []entry{e}
	}
	natures := unitNatures(data)
	start, first := e.data, 0 // of the data; unit of the stretch
	for i := minStretch; i < len(natures); i++ {
		d := change(natures[first:], i-first)
		if d == 0 || change(natures[first:], i+1-first) > d {
			continue
		}
		border := start + changePlace(data, i)
		stretch := e
		stretch.end, stretch.size = border, border-e.data
		rest := entry{start: border, data: border, end: e.end, size: e.size, bare: true}
		if rest.size >= 0 {
			rest.size -= stretch.size
		}
		list, e, first = append(list, stretch), rest, i+1
	}
	return append(list, e)
}

// A pairing counts bytes by the first bits of the byte before. More bits would leave too few of each.
type pairing struct {
	pairs [1 << (8 - contextShift)][256]int32
	first [1 << (8 - contextShift)]int32
}

const contextShift = 5

// add counts the pairs of b.
func (p *pairing) add(b []byte) {
	for i := 1; i < len(b); i++ {
		p.pairs[b[i-1]>>contextShift][b[i]]++
		p.first[b[i-1]>>contextShift]++
	}
}

// cost returns what y after x costs, in 1/pairUnit bits, if it is as frequent as in what was
// counted.
func (p *pairing) cost(x, y byte) int {
	x >>= contextShift
	return log2(p.first[x]+256/pairShare) - log2(pairShare*p.pairs[x][y]+1) + pairShareLog*pairUnit
}

const (
	pairUnit = 16

	// A pair that was not met counts as 1/pairShare of one.
	pairShareLog = 4
	pairShare    = 1 << pairShareLog
)

// log2 returns the logarithm of n > 0, in 1/pairUnit, by lines between powers of two.
func log2(n int32) int {
	k := bits.Len32(uint32(n)) - 1
	return k*pairUnit + int(int64(n)*pairUnit>>k) - pairUnit
}

// changePlace returns the place near unit i of data at which its nature changes: there pairs of
// bytes begin to be like those after the unit, not those before. It may be in the unit beside, which
// is like both.
func changePlace(data []byte, i int) int {
	from, to := (i-1)*stretchUnit, (i+2)*stretchUnit
	before, after := new(pairing), new(pairing)
	before.add(data[max(0, from-maxStretch*stretchUnit):from])
	after.add(data[to:min(len(data), to+maxStretch*stretchUnit)])
	best, least, cost := from, 0, 0 // of a border there, less that of one at from
	for x := from; x < to; x++ {
		a, b := data[x-1], data[x]
		cost += before.cost(a, b) - after.cost(a, b)
		if cost < least {
			best, least = x+1, cost
		}
	}
	return best
}
