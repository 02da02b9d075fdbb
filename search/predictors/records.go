package predictors

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// A recorder is a predictor of records, under trial.
type recorder struct {
	framing
	contexts, experts int // masks
	match             int // 0: none
	log               int
}

// program returns the canonical program of p.
func (p *recorder) program() *dsl.Program {
	q := &dsl.Program{Nodes: []dsl.Node{p.node()}}
	add := func(op dsl.Op, v int) {
		q.Out = len(q.Nodes)
		q.Nodes = append(q.Nodes, dsl.Node{Op: op, Refs: [2]int{q.Out - 1}, Nums: [3]int32{int32(v)}})
	}
	if p.contexts > 0 {
		add(dsl.Contexts, p.contexts)
	}
	if p.experts > 0 {
		add(dsl.Experts, p.experts)
	}
	if p.match > 0 {
		add(dsl.Match, p.match)
	}
	add(dsl.Mixed, p.log)
	return q
}

// with returns p with other contexts and experts.
func (p recorder) with(contexts, experts int) recorder {
	p.contexts, p.experts = contexts, experts
	return p
}

// A recording is a recorder and what the stream takes by it.
type recording struct {
	recorder
	tried
}

const (
	usualMatch = 4
	usualLog   = 22 // bytes of contexts, a logarithm
	leastLog   = 16
	mostLog    = 24

	allRecordContexts = 1<<24 - 1
	allExperts        = 1<<6 - 1

	// minRecords is the length of the shortest stream, in bytes, that is tried as records. Arbitrary.
	minRecords = 1 << 12

	// mostWhole is how many bytes of a stream the last recorders are compared by. Arbitrary.
	mostWhole = 1 << 20
)

// recordSets are contexts and experts that are good together: few that restore fast, those of logs, all,
// those of tables.
var recordSets = [][2]int{{0x40b, 3}, {0x1440f, 0x1f}, {0xfd440f, 0x3f}, {0xfd0003, 0x1f}}

// plainSets are the same of bytes without a frame.
var plainSets = [][2]int{{0x7c0000, 0}, {0xfc0001, 0}}

// sets returns the sets for p's framing.
func (p *recorder) sets() [][2]int {
	if p.length == 0 && p.head == 0 {
		return plainSets
	}
	return recordSets
}

// recorders are a trial of predictors of records.
type recorders struct {
	*trial
	leader recording // of the least price, by a small part, after a screening
}

// newRecorders returns a search for predictors of records for the stream of t.
func newRecorders(t *trial) *recorders {
	t.window = windowOfBytes
	return &recorders{trial: t}
}

// weigh codes n bytes of the stream, from a record's beginning on, by each of list, and returns those that may
// be used, the best first.
func (t *recorders) weigh(n int, list []recorder) (best []recording) {
	samples := make([]sample, len(list))
	for i, p := range list {
		samples[i] = p.sample(t.Bytes, n, t.windows(short, n))
	}
	for i, x := range t.ask(samples) {
		if x.size < unusable {
			x.program = list[i].program()
			t.note(x, n == t.sizes[long])
			best = append(best, recording{list[i], x})
		}
	}
	slices.SortStableFunc(best, func(a, b recording) int { return cmp.Compare(a.price(), b.price()) })
	return best
}

// sample returns about n bytes of b, from a record's beginning on, to be coded by p: of several windows, if all
// records are as long.
func (p recorder) sample(b []byte, n, windows int) sample {
	if n >= len(b) {
		return sample{part: b, program: p.program()}
	}
	if p.head == 0 {
		align := max(p.length, 1)
		p.first %= align
		return sample{spread(b, windows, n, align), -align, p.program(), windows}
	}
	var off int
	off, p.framing = p.from(b, (len(b)-n)/2)
	return sample{part: b[off:min(off+n, len(b))], off: off, program: p.program()}
}

// screen compares frames by a small part of the stream: those proposed, or lengths at which bytes come again.
func (t *recorders) screen() {
	if len(t.Bytes) < minRecords {
		return
	}
	t.sizes[coarse] = t.fit(100, screenFrames, recordTime, leastPart, mostScreened)
	base := recorder{match: usualMatch, log: usualLog}
	for base.log > leastLog && 1<<base.log > recordTable*len(t.Bytes) {
		base.log--
	}
	list := []recorder{base.framed(framing{})}
	for _, p := range t.Proposed {
		if p.Nodes[0].Op == dsl.Framed {
			list = append(list, base.framed(framingOf(&p.Nodes[0])))
		}
	}
	if len(list) == 1 {
		for _, n := range periods(t.Bytes) {
			list = append(list, base.framed(framing{length: n}))
		}
	}
	all := t.weigh(t.sizes[coarse], list)
	for base.log > leastLog && len(all) == 0 && t.left > 0 { // there is less memory
		base.log -= 2
		for i := range list {
			list[i].log = base.log
		}
		all = t.weigh(t.sizes[coarse], list)
	}
	if len(all) > 0 {
		t.leader = all[0]
	}
}

const (
	// A screening of records takes about screenFrames trials, by programs that take recordTime nanoseconds a
	// byte. A climb takes climbRecords trials of a short part, and finalRecords of a long one, by programs
	// that take twice that. Arbitrary.
	screenFrames, recordTime   = 4, 900
	climbRecords, finalRecords = 40, 12

	// recordTable is how many bytes of contexts there are for a byte of the stream, at most. Arbitrary.
	recordTable = 64
)

// climb improves the best frame, then its contexts, experts and matches.
func (t *recorders) climb() {
	t.sizes[short] = t.fit(40, climbRecords, 2*recordTime, leastPart, t.sizes[short])
	t.sizes[long] = t.fit(50, finalRecords, 2*recordTime, t.sizes[short], t.sizes[long])
	best := t.leader
	reserved := min(t.left/4, int64(min(len(t.Bytes), mostWhole))*int64(best.time))
	t.within(t.left-reserved, func() { best = t.improved(best) })
	for _, x := range t.weigh(mostWhole, []recorder{best.recorder}) {
		t.rescale(x.size, best.size)
	}
}

// improved returns the best recorder that was found from best on.
func (t *recorders) improved(best recording) recording {
	best = t.reframed(best)
	var list []recorder
	for _, s := range best.sets() {
		list = append(list, best.with(s[0], s[1]))
	}
	best = t.bestOf(t.sizes[long], best, list)
	list = nil
	for _, n := range []int{0, 3, 6} {
		p := best.recorder
		p.match = n
		list = append(list, p)
	}
	return t.toggled(t.bestOf(t.sizes[long], best, list))
}

// bestOf returns the best of p and list by n bytes; p, as it is, if there is no time.
func (t *recorders) bestOf(n int, p recording, list []recorder) recording {
	if all := t.weigh(n, append([]recorder{p.recorder}, list...)); len(all) > 0 {
		return all[0]
	}
	return p
}

// framed returns p with the framing f, and the first of its sets.
func (p recorder) framed(f framing) recorder {
	p.framing = f
	s := p.sets()[0]
	return p.with(s[0], s[1])
}

// reframed returns the best of frames like that of best.
func (t *recorders) reframed(best recording) recording {
	for range 2 {
		var list []recorder
		for _, f := range best.variants(t.Bytes) {
			list = append(list, best.framed(f))
		}
		best = t.bestOf(t.sizes[short], best, list)
	}
	return best
}

// variants returns framings like f, whose records of b begin elsewhere or have other heads.
func (f *framing) variants(b []byte) (list []framing) {
	list = append(list, f.earliest(b))
	for _, k := range []int{1, 2, 3} {
		if g, ok := f.shifted(k); ok {
			list = append(list, g, g.earliest(b))
		}
	}
	for _, k := range []int{1, 2, 4} {
		if g, ok := f.widened(k); ok {
			list = append(list, g)
		}
	}
	return list
}

// toggled adds and drops contexts and experts, in the order of what each saves alone, as long as that pays.
func (t *recorders) toggled(best recording) recording {
	var list []recorder
	for k := range bits.Len(allRecordContexts) {
		list = append(list, best.with(best.contexts^1<<k, best.experts))
	}
	for k := range bits.Len(allExperts) {
		list = append(list, best.with(best.contexts, best.experts^1<<k))
	}
	start, missed := best.recorder, 0
	for _, x := range t.weigh(t.sizes[short], list) {
		p := best.with(best.contexts^start.contexts^x.contexts, best.experts^start.experts^x.experts)
		if y := t.bestOf(t.sizes[long], best, []recorder{p}); y.price() < best.price() {
			best, missed = y, 0
		} else if missed++; missed > maxMissed {
			break
		}
	}
	return best
}

// periods returns the distances at which most bytes of the middle of b come again, the best first.
func periods(b []byte) (list []int) {
	const (
		longest = 1 << 10  // bytes. Arbitrary.
		looked  = 16 << 10 // bytes. Arbitrary.
		most    = 3        // Arbitrary.
	)
	b = middle(b, looked, 1)
	same := make([]int, min(longest, len(b)/2))
	for d := 2; d < len(same); d++ {
		for i := range b[d:] {
			if b[i] == b[i+d] {
				same[d]++
			}
		}
		same[d] = same[d] * looked / (len(b) - d)
	}
	for range most {
		top := 0
		for d, n := range same {
			if n > same[top] {
				top = d
			}
		}
		if top == 0 {
			break
		}
		list = append(list, top)
		for d := top; d < len(same); d += top { // multiples are no better
			same[d] = 0
		}
	}
	return list
}
