package predictors

import (
	"cmp"
	"math/bits"
	"slices"
	"sort"

	"github.com/ktzip/ktzip/dsl"
)

// A mixed is a mixture and what the stream takes by it.
type mixed struct {
	mixture
	tried
}

// A blend searches for mixtures for the stream of a trial.
type blend struct {
	*trial
	traits traits
	starts []start // that a climb may begin with, the best ones first, after a screening
}

// newBlend returns a search for mixtures for the stream of t.
func newBlend(t *trial) *blend {
	t.window = windowOfBytes
	return &blend{trial: t, traits: traitsOf(t.Bytes)}
}

// align returns the multiples of which windows begin at: rows then go on from one to the next.
func (b *blend) align() int {
	if len(b.traits.widths) > 0 {
		return b.traits.widths[0]
	}
	return 16
}

// compare codes the stream's part of a stage by each of list, and returns those that may be used.
func (b *blend) compare(at stage, list ...mixture) (all []mixed) {
	programs := make([]*dsl.Program, len(list))
	for k := range list {
		programs[k] = list[k].program()
	}
	for k, x := range b.try(at, b.align(), programs) {
		if x.size < unusable {
			all = append(all, mixed{list[k], x})
		}
	}
	return all
}

// price returns what mixtures are compared by: that of the program, and about what its text takes.
func (x *mixed) price() int {
	if x.size == unusable {
		return unusable
	}
	bytes := 0
	for i := range x.components {
		bytes += componentBytes + len(x.components[i].List)
	}
	return x.tried.price() + bytes
}

// componentBytes is about what a component takes in a file, in bytes: of 16 components 55 bytes.
const componentBytes = 3

// sortMixed sorts all, the one of the least price first.
func sortMixed(all []mixed) {
	slices.SortStableFunc(all, func(x, y mixed) int { return cmp.Compare(x.price(), y.price()) })
}

// fits reports whether m may be used.
func (b *blend) fits(m mixture) bool {
	time := b.Time(max(len(b.Bytes), 1), m.program())
	return time >= 0 && time <= b.Slowest
}

// coarseMixed is how many bytes of a stream compare mixtures at first. A table of 2^maxTable bytes needs
// 2^(maxTable-10) of them (container/FORMAT.md, section 12); windows of whole rows may have a third less.
const coarseMixed = 3 << (maxTable - 11)

// screen compares simple mixtures by a small part of the stream.
func (b *blend) screen() {
	b.sizes[coarse] = b.fit(100, screenMixed, mixedTime/2, leastPart, mostScreened)
	log := min(b.log(b.sizes[coarse]), tableLog(b.sizes[coarse]))
	var all []screenedStart
	var programs []*dsl.Program
	for _, s := range starts(&b.traits) {
		m, ok := b.widest(s[:min(len(s), screened)], log)
		if !ok {
			continue
		}
		all, programs = append(all, screenedStart{s, mixed{mixture: m}}), append(programs, m.program())
	}
	for k, x := range b.try(coarse, b.align(), programs) {
		all[k].tried = x
	}
	slices.SortStableFunc(all, func(x, y screenedStart) int { return cmp.Compare(x.price(), y.price()) })
	for _, x := range all {
		b.starts = append(b.starts, x.start)
	}
}

// A screenedStart is a start, and what the stream takes by its first components.
type screenedStart struct {
	start
	mixed
}

const (
	// A screening is by screened components of each start. It takes about screenMixed trials, a climb poolMixed
	// trials by a coarse part, which is chosen so, and finalMixed by a long one, by mixtures that take mixedTime
	// nanoseconds a byte, in a screening half of that. Arbitrary.
	screened                                      = 7
	screenMixed, poolMixed, finalMixed, mixedTime = 5, 40, 8, 1200
)

// log returns log2 of the bytes of the table of a mixture by which n bytes of the stream are coded.
func (b *blend) log(n int) int {
	log := min(tableLog(len(b.Bytes)), bits.Len(uint(n*2/3))+9) // windows of whole rows may be a third shorter
	for log > minTable && !b.fits(mixture{general[0][:1], log, true, setFound}) {
		log--
	}
	return max(log, minTable)
}

// full returns the mixture of the best start by which n bytes of the stream are coded, if it is fast enough;
// else that of fewer components.
func (b *blend) full(n int) *dsl.Program {
	m, _ := b.widest(b.starts[0], b.log(n))
	if m.sets |= usefulSet; !b.fits(m) {
		m.sets ^= usefulSet
	}
	return m.program()
}

// usefulSet is the set of weights that saves most beside startSets: of text 4 %.
const usefulSet = 8

// widest returns the mixture of s that has most components; ok is false if there is time for none.
func (b *blend) widest(s start, log int) (m mixture, ok bool) {
	for _, x := range b.begin(s, log) {
		if len(x.components) > len(m.components) {
			m = x
		}
	}
	return m, len(m.components) > 0
}

// begin returns mixtures of the components s; if there is no time for them, those that leave some out.
func (b *blend) begin(s start, log int) (list []mixture) {
	m := mixture{s, log, false, startSets}
	if b.fits(m) {
		return []mixture{m}
	}
	for _, m := range []mixture{m, {s, log, true, startSets}, {s, min(log, 20), true, setFound}, {s, min(log, 18), true, setFound}} {
		if m = b.cut(m); b.fits(m) {
			list = append(list, m)
		}
	}
	return list
}

// cut returns m with as many of its first components as there is time for; with one at least.
func (b *blend) cut(m mixture) mixture {
	all := m.components
	n := sort.Search(len(all)-1, func(n int) bool {
		m.components = all[:n+2]
		return !b.fits(m)
	})
	m.components = all[:n+1]
	return m
}

// startSets are the sets of weights of a search's beginning: by the node, by what is found, by the last
// byte. setFound is the best one alone.
const startSets, setFound = 1 | 2 | 4, 2

// climb improves the best of the screened mixtures.
func (b *blend) climb(e mixing) {
	b.window = windowClimbed
	b.sizes[short] = b.fit(15, 4, mixedTime, leastPart, b.sizes[short])
	b.sizes[long] = b.fit(40, finalMixed, mixedTime, b.sizes[short], min(b.sizes[long], max(b.sizes[short], len(b.Bytes)/longShare)))
	log := b.log(b.sizes[short])
	var list []mixture
	for _, s := range b.starts[:min(len(b.starts), e.origins)] {
		list = append(list, b.begin(s, log)...)
	}
	best := b.compare(short, list...)
	if len(best) == 0 {
		return
	}
	sortMixed(best)
	part := middle(b.Bytes, mostWhole, b.align())
	x := best[0]
	reserved := min(b.left/4, int64(len(part))*int64(x.time))
	b.within(b.left-reserved, func() {
		added := b.promising(x.mixture)
		if all := b.compare(long, x.mixture); len(all) > 0 {
			x = b.change(all[0], added[:min(len(added), e.added)])
		}
	})
	if whole := b.ask([]sample{{part: part, program: x.tried.program}})[0]; whole.size < unusable {
		b.rescale(whole.size, x.size)
	}
}

// longShare: the long part of a stream of which mixtures are compared is at most one part in so many of it.
// Arbitrary.
const longShare = 3

// promising returns the components that make a coarse part shorter if they are added to m, the best ones
// first.
func (b *blend) promising(m mixture) (list []dsl.Node) {
	b.sizes[coarse] = b.fit(30, poolMixed, mixedTime, leastPool, coarseMixed)
	most := b.fit(30, b.sizes[coarse], mixedTime, leastAdded, poolMixed*2)
	m.log = min(m.log, tableLog(b.sizes[coarse]))
	with := []mixture{m}
	for _, n := range pool(&b.traits) {
		if added := m.with(n, -1); !m.has(n) && len(with) <= most && !slices.ContainsFunc(with, func(x mixture) bool { return x.has(n) }) {
			with = append(with, added)
		}
	}
	all := b.compare(coarse, with...)
	if len(all) == 0 {
		return nil
	}
	base := all[0].size
	slices.SortStableFunc(all, func(x, y mixed) int { return cmp.Compare(x.size, y.size) })
	for _, x := range all {
		if x.size < base && len(x.components) > len(m.components) {
			list = append(list, x.components[len(x.components)-1])
		}
	}
	return list
}

// Components are tried by leastPool bytes at least, and leastAdded of them. Arbitrary.
const leastPool, leastAdded = 14 << 10, 6

// change adds components to x as long as they pay, drops what does not pay, and changes how predictions are
// mixed.
func (b *blend) change(x mixed, added []dsl.Node) mixed {
	better := func(m mixture) bool {
		all := b.compare(long, m)
		if len(all) == 0 || all[0].price() >= x.price() {
			return false
		}
		x = all[0]
		return true
	}
	toggle := func(sets ...int) {
		for _, set := range sets {
			if m := x.mixture; m.sets != set {
				m.sets ^= set
				better(m)
			}
		}
	}
	toggle(usefulSet, 32)
	began, missed := len(x.components), 0
	for _, n := range added {
		if better(x.with(n, -1)) || !b.fits(x.with(n, -1)) && better(x.with(n, len(x.components)-1)) {
			missed = 0
		} else if missed++; missed > mostMissed {
			break
		}
	}
	m := x.mixture
	m.shaped = !m.shaped
	better(m)
	for k := began - 1; k >= 0 && len(x.components) > 1; k-- {
		better(x.without(k))
	}
	toggle(1, 4, 16)
	return x
}

// mostMissed is how many components in a row may not pay before no more are tried. Arbitrary.
const mostMissed = 3

// Joined returns p if it is a mixture, with tables for n bytes and smaller ones: a stream of n bytes has a part
// that p codes well.
func (m *Mixer) Joined(p *dsl.Program, n int) (list []*dsl.Program) {
	k := len(p.Nodes) - 1
	if k < 0 || p.Nodes[k].Op != dsl.Mixed || p.Nodes[0].Op != dsl.Bytes {
		return nil
	}
	for log := max(int32(tableLog(n)), p.Nodes[k].Nums[0]); log >= p.Nodes[k].Nums[0]; log-- {
		q := p.Clone()
		q.Nodes[k].Nums[0] = log
		list = append(list, q)
	}
	return list
}
