package predictors

import (
	"math"
	"math/bits"
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// A source says how bytes stand for numbers: its component.
type source struct {
	op       dsl.Op
	element  int // bytes of a number, negative if big endian
	channels int
	row      int // numbers of an image's row; 0: no image
}

// node returns the component.
func (s source) node() dsl.Node {
	return dsl.Node{Op: s.op, Nums: [3]int32{int32(s.element), int32(s.channels), int32(s.row)}}
}

// precision returns how many bits of floating point numbers are predicted at first; 0 for integers.
func (s source) precision() int {
	if s.op == dsl.Floating || s.op == dsl.IBM {
		return usualPrecision
	}
	return 0
}

// usualPrecision: others are tried later. Of recordings and images 14, 18, 20 and 24 bits are best.
const usualPrecision = 18

// width returns the bytes of a number.
func (s source) width() int { return max(s.element, -s.element) }

// frame returns after how many bytes channels, and rows, come again.
func (s source) frame() int { return max(s.channels, s.row) * s.width() }

// elements are the numbers that are looked for.
var elements = []source{
	{op: dsl.Signed, element: 1}, {op: dsl.Unsigned, element: 1},
	{op: dsl.Signed, element: 2}, {op: dsl.Signed, element: -2},
	{op: dsl.Unsigned, element: 2}, {op: dsl.Unsigned, element: -2},
	{op: dsl.Signed, element: 3}, {op: dsl.Signed, element: -3},
	{op: dsl.Signed, element: 4}, {op: dsl.Signed, element: -4},
	{op: dsl.Floating, element: 4}, {op: dsl.Floating, element: -4},
	{op: dsl.Floating, element: 8}, {op: dsl.Floating, element: -8},
	{op: dsl.IBM, element: -4},
}

const (
	// nearLags is how many distances may be those of channels, and farLag the longest row, in numbers.
	nearLags, farLag = 64, 8192

	// places is how many numbers are compared at each near distance, farPlaces at each far one.
	places, farPlaces = 4096, 512

	// keptElements is how many kinds of numbers of a width are tried: what bytes seem to take as numbers
	// of different widths can't be compared. Arbitrary.
	keptElements = 2

	// A distance of channels must save one part in nearSaving of what neighbours take, a row one part
	// in rowSaving of what far distances take in the median. Arbitrary.
	nearSaving, rowSaving = 32, 16
)

// numbers returns the numbers that stand in b.
func (s source) numbers(b []byte) []int64 {
	w := s.width()
	list := make([]int64, len(b)/w)
	unused := 64 - 8*w
	for i := range list {
		e, v := b[i*w:][:w], uint64(0)
		for k, x := range e {
			if s.element > 0 {
				v |= uint64(x) << (8 * k)
			} else {
				v = v<<8 | uint64(x)
			}
		}
		switch x := int64(v<<unused) >> unused; s.op {
		case dsl.Unsigned:
			list[i] = int64(v)
		case dsl.Floating, dsl.IBM:
			list[i] = x ^ x>>63&(1<<(8*w-1)-1)
		default:
			list[i] = x
		}
	}
	return list
}

// alike returns about how many bits the numbers at so many places take as differences from those lag
// before them, a sixteenth of a bit each.
func alike(list []int64, lag, places int) (sum int) {
	step := coprime((len(list) - farLag) / places)
	first := min(farLag, len(list)/2)
	for i, n := first, 0; i < len(list) && n < places; i, n = i+step, n+1 {
		d := list[i] - list[max(0, i-lag)]
		sum += logOf(uint64(max(d, -d)))
	}
	return sum
}

// coprime returns the greatest number up to n, at least 1, that has no factor below 11: a step of it
// meets all channels, and all bytes of elements, alike.
func coprime(n int) int {
	for n > 1 && (n%2 == 0 || n%3 == 0 || n%5 == 0 || n%7 == 0) {
		n--
	}
	return max(n, 1)
}

// logOf returns 16 times the logarithm of x + 1/2 or so, of 1 at least.
func logOf(x uint64) int {
	n := bits.Len64(x)
	if n < 5 {
		return 16*n + int(x<<4>>max(n-1, 0)&15)
	}
	return 16*n + int(x>>(n-5)&15)
}

// likely returns sources that stream may be of, the most likely ones first: elements, with the channels
// by which they seem to be most alike.
func likely(stream []byte) (list []source) {
	type scored struct {
		source
		cost int // bits of 16 numbers' bytes
	}
	var all []scored
	window := middle(stream, windowSize, windowAlign)
	for _, s := range elements {
		numbers := s.numbers(window)
		if len(numbers) < 2*nearLags {
			continue
		}
		least, lag := alike(numbers, 1, places), 1
		for k := 2; k <= nearLags; k++ {
			if c := alike(numbers, k, places); c < least-least/nearSaving {
				least, lag = c, k
			}
		}
		s.channels = lag
		all = append(all, scored{s, least / s.width()})
	}
	slices.SortStableFunc(all, func(a, b scored) int { return a.cost - b.cost })
	kept := map[int]int{} // elements by their width
	for _, s := range all {
		if kept[s.width()]++; kept[s.width()] <= keptElements {
			list = append(list, s.source)
		}
	}
	return list
}

// windowSize is how many bytes of a stream tell elements and rows, and windowAlign divides where they begin.
const windowSize, windowAlign = 240 * 1024, 240

// arrangements returns s by other numbers of channels, and by rows.
func (s source) arrangements(stream []byte) (list []source) {
	numbers := s.numbers(middle(stream, windowSize, windowAlign))
	for _, channels := range slices.Compact(slices.Sorted(slices.Values([]int{1, 2, 3, 4, 6, 8, s.channels}))) {
		x := s
		x.channels = channels
		list = append(list, x)
		if channels > maxAround && channels != s.channels {
			continue
		}
		if x.row = rowOf(numbers, channels); x.row > 0 {
			list = append(list, x)
		}
	}
	return list
}

// keptOrigins is how many elements are tried with other channels and rows, and keptArrangements how many of
// these are compared by more of the stream. Arbitrary.
const keptOrigins, keptArrangements = 3, 4

// screen compares quick predictors of numbers by a small part of the stream, of the best element as other
// channels and rows, too.
func (t *trial) screen() {
	t.sizes[coarse] = t.fit(100, screenTrials, quickTime, leastPart, t.sizes[coarse])
	t.arranged(1)
}

// A screening takes about so many trials, by programs that take so many nanoseconds a byte: of 60 files 40 to
// 90, 80 to 200 ns. Less than leastPart bytes tell little. Arbitrary.
const screenTrials, quickTime, leastPart = 70, 150, 6 << 10

// mostScreened is how many bytes of a stream compare mixtures and records in a screening at most: they learn
// for long. Arbitrary.
const mostScreened = 128 << 10

// arranged returns quick predictors of the best elements, and of the best n of these as other channels and
// rows, the best ones first; and the elements.
func (t *trial) arranged(n int) (list []candidate, kept []predictor) {
	var elements, more []predictor
	for _, s := range likely(t.Bytes) {
		elements = append(elements, quick(s)...)
	}
	kept = first(t.compare(coarse, elements), n)
	for _, x := range kept {
		for _, s := range x.arrangements(t.Bytes) {
			more = append(more, quick(s)...)
		}
	}
	return t.compare(coarse, more), kept
}

// origins returns quick predictors of the n sources by which the stream is shortest, and of the one that
// seems to have the most likely channels: many take longer to learn than a short part. They are those of so
// many elements.
func (t *trial) origins(n, elements int) []predictor {
	list, kept := t.arranged(elements)
	var last []predictor
	for _, p := range first(list, keptArrangements) {
		last = append(last, quick(p.source)...)
	}
	best := first(t.compare(short, last), n)
	if len(best) == 0 {
		best = first(list, n)
	}
	if len(kept) > 0 && !slices.ContainsFunc(best, func(p predictor) bool { return p.channels == kept[0].channels }) {
		best = append(best, kept[0])
	}
	return best
}

// first returns the first predictor of each of the first n sources of list, without contexts and values.
func first(list []candidate, n int) (best []predictor) {
	for _, x := range list {
		if len(best) < n && !slices.ContainsFunc(best, func(p predictor) bool { return p.source == x.source }) {
			x.contexts, x.values = 0, 0
			best = append(best, x.predictor)
		}
	}
	return best
}

// rowOf returns the distance of an image's rows in numbers, a multiple of channels; 0 if there is none.
func rowOf(numbers []int64, channels int) int {
	var costs []int
	best, least := 0, math.MaxInt
	for lag := (nearLags/channels + 1) * channels; lag < min(farLag, len(numbers)/4); lag += channels {
		c := alike(numbers, lag, farPlaces)
		costs = append(costs, c)
		if c < least {
			best, least = lag, c
		}
	}
	if len(costs) == 0 {
		return 0
	}
	slices.Sort(costs)
	usual := costs[len(costs)/2]
	if least > usual-usual/rowSaving {
		return 0
	}
	near := best
	least = alike(numbers, best, places)
	for lag := best - 2*channels; lag <= best+2*channels; lag += channels {
		if c := alike(numbers, lag, places); lag > 0 && c < least {
			near, least = lag, c
		}
	}
	return near
}

// spread returns windows of b, evenly spread and joined, of about size bytes together; each begins at a
// multiple of align, so that numbers, channels and rows go on from one to the next.
func spread(b []byte, windows, size, align int) (part []byte) {
	each := max(size/windows/align, 1) * align
	if len(b) <= windows*each {
		return b
	}
	for k := range windows {
		off := (len(b) - each) / windows * k
		off += (len(b) - each) / windows / 2
		off -= off % align
		part = append(part, b[off:off+each]...)
	}
	return part
}

// middle returns up to size bytes from the middle of b, from a multiple of align on.
func middle(b []byte, size, align int) []byte {
	if len(b) <= size {
		return b
	}
	off := (len(b) - size) / 2
	off -= off % align
	return b[off : off+size]
}
