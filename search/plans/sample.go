package plans

import "slices"

// An excerpt is a part of a segment; off is where it starts there.
type excerpt struct {
	off int
	b   []byte
}

// excerptAlign is a multiple of the sizes of most elements, groups and records, in bytes: an
// excerpt that starts there starts with a whole one.
const excerptAlign = 240

// spread returns up to n excerpts of e of size bytes each, evenly spread; all of e if it is
// not longer than they are together.
func (e excerpt) spread(n, size int) (list []excerpt) {
	if len(e.b) <= n*size {
		return []excerpt{e}
	}
	for k := range n {
		off := (len(e.b) - size) * (2*k + 1) / (2 * n)
		off -= off % excerptAlign
		list = append(list, excerpt{e.off + off, e.b[off : off+size]})
	}
	return list
}

// spread returns n excerpts of src of size bytes each, but not all of a short segment, which is no
// better a sample than most of it. Then they are the same for each n and size: what is priced on
// them has one price.
func spread(src []byte, n, size int) []excerpt {
	if len(src) >= minLong {
		return excerpt{0, src}.spread(n, size)
	}
	if most := max(len(src)*samplePercent/100, min(len(src), shortSample)); most < n*size {
		if most == len(src) {
			return []excerpt{{0, src}}
		}
		n, size = shortWindows, most/shortWindows
		size -= size % excerptAlign
	}
	return excerpt{0, src}.spread(n, size)
}

// A segment of minLong bytes is not short. Of a short one at most samplePercent are priced, or
// shortSample bytes, in shortWindows windows if that is less than an effort's. Of 40 to 75 percent,
// the more take so many recipes out of the budget that files become 0.5 % longer.
const minLong, samplePercent, shortSample, shortWindows = 256 << 10, 40, 24 << 10, 2

// A sample is what recipes are priced on: excerpts of a segment, and the coder whose output
// is their price. Prices of different samples cannot be compared.
type sample struct {
	excerpts []excerpt
	coder    coder
	kept     bool // the meter's, which keeps the prices
}

// size returns how many bytes the excerpts have together.
func (s *sample) size() (n int) {
	for _, e := range s.excerpts {
		n += len(e.b)
	}
	return n
}

// sample returns the sample of excerpts for the coder c, the same one each time, so that what is
// priced on it once has its price.
func (m *meter) sample(excerpts []excerpt, c coder) *sample {
	same := func(a, b excerpt) bool {
		return a.off == b.off && len(a.b) == len(b.b) && (len(a.b) == 0 || &a.b[0] == &b.b[0])
	}
	for _, s := range m.samples {
		if s.coder.steps == c.steps && slices.EqualFunc(s.excerpts, excerpts, same) {
			return s
		}
	}
	s := &sample{excerpts, c, true}
	m.samples = append(m.samples, s)
	return s
}

// narrow returns a sample of about size bytes of s for the coder c: a part of each excerpt.
func (t *trial) narrow(s *sample, size int, c coder) *sample {
	var list []excerpt
	for _, e := range s.excerpts {
		list = append(list, e.spread(1, size/len(s.excerpts))...)
	}
	return t.meter.sample(list, c)
}

// A coder says what a stream takes.
type coder struct {
	bytes func(stream []byte) int
	steps int64 // of bytes, per byte of the stream

	leftSteps int64 // and per byte that it takes
}

// roughly is the coder that estimates.
var roughly = coder{bytes: estimate, steps: estimateSteps}

// writer returns the coder that cost, a function of the Writer, stands for; roughly if cost
// is nil.
func writer(cost func(stream []byte) int) coder {
	if cost == nil {
		return roughly
	}
	return coder{cost, writerSteps, leftSteps}
}

// saves reports whether cost is below plain by at least one part in parts of plain.
func saves(cost, plain, parts int64) bool { return cost*parts <= plain*(parts-1) }

// within reports whether cost is above least by no more than one part in parts of least.
func within(cost, least, parts int64) bool { return cost*parts <= least*(parts+1) }

// price returns what the sample s takes by the recipe r, in bytes; unpriced if r does not
// fit it or the search is stopped. What was priced before takes no steps.
func (t *trial) price(r recipe, s *sample) int64 {
	if !s.kept {
		return t.newPrice(r, s)
	}
	k := priced{s, r.key()}
	if cost, ok := t.meter.prices[k]; ok {
		return cost
	}
	cost := t.newPrice(r, s)
	if !t.stopped() {
		if t.meter.prices == nil {
			t.meter.prices = map[priced]int64{}
		}
		t.meter.prices[k] = cost
	}
	return cost
}

// newPrice is price of what was not priced before.
func (t *trial) newPrice(r recipe, s *sample) int64 {
	body := r
	body.lead = 0
	cost := r.bits() / (8 * planShare)
	streams := make([][]byte, max(1, len(r.fields))) // the fields of all excerpts
	for _, e := range s.excerpts {
		lead := r.leadAt(e.off)
		b := e.b[min(lead, len(e.b)):]
		cost += int64(lead) // stays as it is
		parts, err := t.split(b, body.plan(len(b)))
		if err != nil {
			return unpriced
		}
		columns := parts[0]
		rows := len(b) / r.recordSize()
		for k := range streams {
			n := len(columns)
			if k < len(streams)-1 {
				n = rows * r.fields[k].size()
			}
			streams[k] = append(streams[k], columns[:n]...)
			columns = columns[n:]
		}
	}
	return cost + t.codedSize(slices.Concat(streams...), s.coder)
}

const (
	// unpriced is the price of a recipe that is not tried: more than any, in bytes.
	unpriced = 1 << 29

	// planShare is the share of a plan's bits that a sample pays, 1/planShare: a segment
	// pays them once, and is taken to be so many times longer. A
	// quarter -0.1 %, four times no difference.
	planShare = 8
)
