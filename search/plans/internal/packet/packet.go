package packet

import (
	"cmp"
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// Packets of Size bytes begin at byte Lead. Their payload is bytes From to To of each.
type Packets struct{ Lead, Size, From, To int }

const (
	// lookedAt is how many bytes, from the middle, tell the size of packets. Arbitrary.
	lookedAt = 128 << 10

	// pricedBytes is how many bytes of packets are priced. Arbitrary.
	pricedBytes = 16 << 10

	// minSize and maxSize are the sizes of packets that are looked for, and sizes how many of them are
	// tried. Arbitrary.
	minSize, maxSize, sizes = minPayload + minRun, 8 << 10, 6

	// minCount is how many packets there are at least, and maxLooked how many are looked at. Arbitrary.
	minCount, maxLooked = 16, 256

	// A byte is regular if it is so in regularPercent of the packets. Arbitrary.
	regularPercent = 90

	// minRun is how many bytes in a row, of a header, must be regular, and minPayload how many bytes a
	// payload has. Arbitrary.
	minRun, minPayload = 4, 64

	// maxLag is the farthest distance at which a payload is compared with itself, in bytes. Arbitrary.
	maxLag = 64

	// runs is how many runs of regular bytes may be those at which the payload begins and ends; the others
	// are of the payload. Arbitrary.
	runs = 3

	// reach is how many bytes of a payload may be regular, too, where it begins and ends: before they are found
	// it may have fewer than minPayload. sumBytes is how many bytes of a checksum may follow it. Arbitrary.
	reach, sumBytes = 8, 4

	// payloadAlign is what the length of a payload is a multiple of.
	payloadAlign = 4
)

// Find returns the packets of src, and about how many steps it took. ok is false if there are none.
func Find(src []byte) (p Packets, steps int64, ok bool) {
	middle := src
	if len(src) > lookedAt {
		middle = src[(len(src)-lookedAt)/2:][:lookedAt]
	}
	var best *finder
	steps = stepsPerByte * int64(len(middle))
	for _, size := range sizesOf(middle) {
		f := &finder{src: src, size: size}
		f.find()
		steps += f.steps
		if f.found && (best == nil || f.cost < best.cost) {
			best = f
		}
	}
	if best == nil {
		return p, steps, false
	}
	before := best.steps
	p = best.refined()
	return p, steps + best.steps - before, true
}

// What Find takes in nanoseconds on a core of an AMD EPYC (November 2026): a byte that it looks for sizes
// in, and a byte of packets, of each distance at which it compares payloads, and of each price.
const stepsPerByte, lookSteps = 20, 2

// sizesOf returns the distances at which three bytes, not all alike, occur twice in a row in the most
// packets of that size: numbers in records occur again at any multiple of a record, heads at one distance only.
func sizesOf(b []byte) (list []int) {
	count := make([]int, maxSize+1)
	for _, third := range [...]int{2, 3} { // a byte between may count
		last := make([]seen, 1<<16) // by a hash of three bytes
		for i := 0; i+third < len(b); i++ {
			x, y, z := b[i], b[i+1], b[i+third]
			if x == y && y == z {
				continue
			}
			s := &last[(uint32(x)|uint32(y)<<8|uint32(z)<<16)*2654435761>>16]
			d := int32(i+1) - s.at
			if s.at > 0 && d == s.distance && d >= minSize && d <= maxSize {
				count[d]++
			}
			*s = seen{int32(i + 1), d}
		}
	}
	for d := minSize; d <= min(maxSize, len(b)/minCount); d++ {
		multiple := func(e int) bool { return d%e == 0 }
		if count[d]*d*2 >= len(b) && !slices.ContainsFunc(list, multiple) { // in one packet of two
			list = append(list, d)
		}
	}
	slices.SortStableFunc(list, func(a, b int) int { return cmp.Compare(count[b]*b, count[a]*a) })
	return list[:min(sizes, len(list))]
}

// A seen says after which place some bytes were last, and how far after they were before; 0 if nowhere.
type seen struct{ at, distance int32 }

// A finder looks for packets of a size.
type finder struct {
	src    []byte
	size   int
	column []float64    // bits that each byte of a packet takes as a column
	lag    int          // at which payloads are most alike; 0 if they are not
	bits   [256]float64 // that a difference at the lag takes
	steps  int64        // taken

	found bool
	best  run     // the payload that costs least, if one is found
	cost  float64 // bits of a byte
}

// A run is bytes in a row of a packet, which continue with its first byte after its last:
// 0 <= from < size, from <= end <= from+size.
type run struct{ from, end int }

// find looks for a payload between two of the longest runs of regular bytes.
func (f *finder) find() {
	if len(f.src)/f.size < minCount {
		return
	}
	list := f.regularRuns()
	list = list[:min(runs, len(list))]
	for _, a := range list {
		for _, b := range list {
			r := f.between(a.end, b.from)
			if !f.found && r.end-r.from >= minPayload-reach {
				f.learn(r)
			}
			f.try(r)
		}
	}
}

// try sets the payload to r if that costs less than others.
func (f *finder) try(r run) {
	if n := r.end - r.from; n < minPayload-reach || n > f.size-minRun {
		return
	}
	if cost := f.price(r); !f.found || cost < f.cost {
		f.best, f.cost, f.found = r, cost, true
	}
}

// refined returns the packets, of a payload that may begin and end with regular bytes or have a checksum
// behind it.
func (f *finder) refined() Packets {
	f.learn(f.best)
	f.cost = f.price(f.best)
	center := f.best
	for from := center.from - reach; from <= center.from; from++ {
		for end := center.end - sumBytes; end <= center.end+reach; end++ {
			if r := f.between(from+f.size, end+f.size); (r.end-r.from)%payloadAlign == 0 {
				f.try(r)
			}
		}
	}
	if lead := f.best.end - f.size; lead > 0 { // the payload goes over the end: packets begin after it
		return Packets{Lead: lead, Size: f.size, From: f.best.from - lead, To: f.size}
	}
	return Packets{Size: f.size, From: f.best.from, To: f.best.end}
}

// between returns the run from byte from up to byte end of a packet.
func (f *finder) between(from, end int) run {
	from, end = from%f.size, end%f.size
	if end <= from {
		end += f.size
	}
	return run{from, end}
}

// regularRuns returns the runs of regular bytes, the longest first, and sets what bytes take as columns.
// A byte is regular if it differs from the one before as that did.
func (f *finder) regularRuns() (list []run) {
	count := len(f.src) / f.size
	f.steps += lookSteps * int64(min(count, maxLooked)*f.size)
	step := max(1, count/maxLooked) // of the packets that are compared with those before
	regular := make([]bool, f.size)
	f.column = make([]float64, f.size)
	for off := range f.size {
		var values, deltas [256]int
		same, n := 0, 0
		for k := 2; k < count; k += step {
			at := k*f.size + off
			a, b, c := f.src[at-2*f.size], f.src[at-f.size], f.src[at]
			if b-a == c-b {
				same++
			}
			values[c]++
			deltas[c-b]++
			n++
		}
		regular[off] = same*100 >= n*regularPercent
		f.column[off] = min(entropy(&values, n), entropy(&deltas, n), randomByte)
	}
	first := slices.Index(regular, false)
	if first < 0 {
		return nil
	}
	for i := range f.size {
		at := (first + i) % f.size
		if !regular[at] {
			continue
		}
		if n := len(list) - 1; n >= 0 && list[n].end%f.size == at && i > 0 {
			list[n].end++
		} else {
			list = append(list, run{at, at + 1})
		}
	}
	list = slices.DeleteFunc(list, func(r run) bool { return r.end-r.from < minRun })
	slices.SortStableFunc(list, func(a, b run) int { return cmp.Compare(b.end-b.from, a.end-a.from) })
	return list
}

// randomByte is what a byte of a column takes at most, in bits: one of a checksum takes more than one of a payload
// that is random, too.
const randomByte = 8.5

// newSymbol is what a symbol takes that was not there before, in bits: it is learned from.
const newSymbol = 8

// entropy returns the bits of a symbol of which n have been counted, with those that tell which there are.
func entropy(counts *[256]int, n int) (bits float64) {
	for _, c := range counts {
		if c > 0 {
			bits += (newSymbol - float64(float64(c)*dsl.Log2(float64(c)/float64(n)))) / float64(n)
		}
	}
	return bits
}

// joined returns some payloads, joined, at most pricedBytes of them.
func (f *finder) joined(r run) (payload []byte) {
	count := min(len(f.src)/f.size-1, max(pricedBytes/f.size, minCount-1))
	first := (len(f.src)/f.size - count) / 2
	for k := first; k < first+count; k++ {
		at := k * f.size
		payload = append(payload, f.src[at+r.from:at+r.end]...)
	}
	return payload[:min(len(payload), pricedBytes)]
}

// learn sets at which lag the payloads r are most alike, and what the differences take, or their bytes.
func (f *finder) learn(r run) {
	b := f.joined(r)
	f.steps += lookSteps * (maxLag + 1) * int64(len(b))
	least := 0.0
	for lag := range maxLag + 1 {
		var counts [256]int
		for i := lag; i < len(b); i++ {
			counts[f.difference(b, i, lag)]++
		}
		if bits := entropy(&counts, len(b)-lag); lag == 0 || bits < least {
			least, f.lag = bits, lag
			for x, n := range counts {
				f.bits[x] = dsl.Log2(float64(len(b)+256) / float64(n+1))
			}
		}
	}
}

// difference returns what byte i of b is at a lag; at lag 0, itself.
func (f *finder) difference(b []byte, i, lag int) byte {
	if lag == 0 || i < lag {
		return b[i]
	}
	return b[i] - b[i-lag]
}

// price returns about how many bits a byte of packets takes if their payload is r.
func (f *finder) price(r run) (bits float64) {
	b := f.joined(r)
	f.steps += lookSteps * int64(len(b))
	for i := range b {
		bits += f.bits[f.difference(b, i, f.lag)]
	}
	bits = float64(bits * (float64(r.end-r.from) / float64(len(b))))
	for i := r.end; i < r.from+f.size; i++ {
		bits += f.column[i%f.size]
	}
	return bits / float64(f.size)
}
