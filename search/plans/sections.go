package plans

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
	"github.com/ktzip/ktzip/search/plans/internal/code"
)

// A segment whose data changes its nature, such as text before samples or code before
// tables, is cut into sections that have a plan each.

// Sizes are in bytes. What is here without a reason is arbitrary.
const (
	sectionUnit = 16 << 10 // sections are whole units before their ends are refined
	unitSample  = 4 << 10  // part of a unit by which it is priced
	minUnits    = 4        // units of a segment that is cut
	maxSections = 8        // more are noise: data of one nature seldom alternates

	sectionWindow = 64 << 10 // size of a window, in which recipes are looked for
	windowCount   = 4
	windowPercent = 12 // of the steps that are left, for the search in a window

	sectionBytes = 100 // cost of a section: its part of the plan

	// sectionSaving is what a simple recipe must save in a window, one part in so many. It is
	// more than minSaving, since a section costs a plan of its own.
	sectionSaving = 8
)

// sectionPlan returns the plan of sections with plans of their own; nil if there are not
// several sections.
func (t *trial) sectionPlan() *dsl.Program {
	if len(t.src) < minUnits*sectionUnit || t.effort.weights == 0 || !changes(t.src) {
		return nil
	}
	ends := t.sectionEnds(t.windowRecipes())
	if len(ends) < 2 || len(ends) > maxSections {
		return nil
	}
	var list []section
	for _, end := range ends {
		list = append(list, section{end: end})
	}
	return t.inSections(list)
}

// A section ends at byte end and has machine code of an architecture, from an address on; of
// architecture 0 if it has none.
type section struct{ end, architecture, address int }

// inSections returns the plan of the sections of list, all of the segment together, each with a
// plan of its own; nil if they have too many streams.
func (t *trial) inSections(list []section) *dsl.Program {
	e := *t.effort // half of it, since there are several sections
	e.windowBytes, e.firstBytes, e.longBytes = e.windowBytes/2, e.firstBytes/2, e.longBytes/2
	e.kept, e.plans = max(e.kept/2, 2), 1
	d := &draft{}
	code := slices.ContainsFunc(list, func(s section) bool { return s.architecture != 0 })
	var lists []int
	from := 0
	for _, s := range list {
		part := t.src[from:s.end]
		var i int
		if s.architecture != 0 {
			i = d.add(node(dsl.Branches, s.architecture, s.address), d.payload())
		} else {
			in := t.inner(&e, part, t.coder, 100*len(part)/(len(t.src)-from))
			p := in.shortest()
			if code {
				if q := in.sectionPlan(); q != nil {
					p = in.least([]*dsl.Program{p, q})
				}
			}
			i = d.embed(p)
		}
		if s.end < len(t.src) {
			i = d.state(i, len(part))
		}
		lists = append(lists, i)
		from = s.end
	}
	if d.streams > plan.MaxStreams {
		return nil
	}
	return d.concatenate(lists...)
}

// codeSaving is what naming targets must save in a stretch of code, one part in so many. It saves one
// in 10 to 25 of real code. Arbitrary.
const codeSaving = 200

// codePlan returns the plan of a segment that has stretches of machine code, with sections before,
// between and after them; nil if it has less than least bytes of code, or none.
func (t *trial) codePlan(least int) *dsl.Program {
	if isText(t.src) {
		return nil
	}
	t.meter.steps += code.Steps(len(t.src))
	kind := code.Survey(t.src)
	a := kind.Architecture
	if a == 0 {
		return nil
	}
	var list []section
	from, longest := 0, code.Stretch{}
	for _, s := range code.Stretches(t.src, kind) {
		if s.From > from {
			list = append(list, section{end: s.From})
		}
		list = append(list, section{s.To, a, s.From - kind.Phase})
		least -= s.To - s.From
		if from = s.To; s.To-s.From > longest.To-longest.From {
			longest = s
		}
	}
	if len(list) == 0 || least > 0 || !t.branches(longest, a) {
		return nil
	}
	if from < len(t.src) {
		list = append(list, section{end: len(t.src)})
	}
	return t.inSections(list)
}

// coded returns plans, those for records of several kinds, and that of the code in the segment, if it
// has any.
func (t *trial) coded(plans []*dsl.Program) []*dsl.Program {
	least := 0
	if len(plans) > 0 {
		least = len(t.src) / 2 // what records hold may be code: a capture of the transfer of a program
	}
	t.stage(sectionPercent, func() {
		if p := t.codePlan(least); p != nil {
			plans = append(plans, p)
		}
	})
	return plans
}

// branches reports whether naming targets pays in the middle of the stretch s of code of
// architecture a.
func (t *trial) branches(s code.Stretch, a int) bool {
	size := max(t.effort.longBytes, t.effort.windowBytes)
	excerpts := excerpt{s.From, t.src[s.From:s.To]}.spread(1, size)
	b := excerpts[0].b
	streams, err := t.split(b, recipe{ops: []dsl.Node{node(dsl.Branches, a, excerpts[0].off)}}.plan(len(b)))
	return err == nil && saves(t.codedSize(streams[0], t.coder), t.codedSize(b, t.coder), codeSaving)
}

// shortest returns the plan by which all of the segment takes least: the identity if no
// other saves anything.
func (t *trial) shortest() *dsl.Program {
	if len(t.src) < minPlanned {
		return dsl.Identity()
	}
	plans := t.coded(t.framedPlans(recordPart))
	uniform, sure := t.undisguised(func(in *trial) []*dsl.Program { return in.uniformPlans(nil) })
	if !sure {
		uniform = t.uniformPlans(nil)
	}
	return t.least(append(plans, uniform...))
}

// least returns the one of plans by which all of the segment takes least: the identity if none
// saves anything.
func (t *trial) least(plans []*dsl.Program) *dsl.Program {
	best, least := dsl.Identity(), t.codedSize(t.src, t.coder)
	for _, p := range plans {
		if streams, err := t.split(t.src, p); err == nil {
			if cost := t.codedSize(slices.Concat(streams...), t.coder); cost < least {
				best, least = p, cost
			}
		}
	}
	return best
}

// windows returns the parts of the segment in which recipes for sections are looked for.
func (t *trial) windows() (list []excerpt) {
	for k := range windowCount {
		off := (len(t.src) - min(sectionWindow, len(t.src)/windowCount)) * k / (windowCount - 1)
		off -= off % sectionUnit
		list = append(list, excerpt{off, t.src[off:min(off+sectionWindow, len(t.src))]})
	}
	return list
}

// sectionEffort is that of the search in a window: level 4 without what must adapt first,
// for one recipe.
var sectionEffort = func() *effort {
	e := efforts[4]
	e.kept, e.plans, e.weights, e.maxDistance = 4, 1, 0, 512
	return &e
}()

// structure returns the evidence that part has a plan; nil if it has none, like text or
// code.
func (t *trial) structure(part []byte) *evidence {
	n := natureOf(part)
	if n == nil || n.isFlat() {
		return nil
	}
	ev := gather(part, sectionEffort)
	if ev == nil || newTrial(sectionEffort, part, roughly, t.meter).hopeless(ev, sectionSaving) {
		return nil
	}
	return ev
}

// windowRecipes returns the plain recipe and the best one of each window, without those that
// predict as another does.
func (t *trial) windowRecipes() []recipe {
	list := []recipe{{}}
	for _, w := range t.windows() {
		ev := t.structure(w.b)
		if ev == nil {
			continue
		}
		in := t.inner(sectionEffort, w.b, roughly, windowPercent)
		in.sample = t.meter.sample(excerpt{0, w.b}.spread(sectionEffort.windows, sectionEffort.windowBytes), roughly)
		found := in.search(ev, nil)
		if len(found) == 0 {
			continue
		}
		r := found[0]
		if n := r.recordSize(); n > 1 {
			r.lead = (r.lead + w.off) % n
		}
		if !slices.ContainsFunc(list, r.predictsAs) {
			list = append(list, r)
		}
	}
	return list
}

// predictsAs reports whether q and r predict the same elements from the same neighbours.
func (r recipe) predictsAs(q recipe) bool {
	if len(r.ops) > 0 && len(q.ops) > 0 {
		a, b := predictor(r.ops[0]), predictor(q.ops[0])
		if a.element != 0 && a.element == b.element && a.lag == b.lag && len(r.fields) == len(q.fields) {
			return true
		}
	}
	return sameOps(q.ops, r.ops) && slices.Equal(q.fields, r.fields)
}

// estimateOf estimates what the bytes from..to take by the recipe r, in bytes.
func (t *trial) estimateOf(r recipe, from, to int) int64 {
	return t.price(r, &sample{excerpts: []excerpt{{from, t.src[from:to]}}, coder: roughly})
}

// sectionEnds returns where sections end, each of which one of the recipes suits best: by
// dynamic programming over units, then to some bytes. It returns nil if there is only one
// recipe.
func (t *trial) sectionEnds(recipes []recipe) (ends []int) {
	if len(recipes) < 2 {
		return nil
	}
	units := len(t.src) / sectionUnit   // the last one may be longer
	cost := make([]int64, len(recipes)) // of the units so far if the last is by recipe k
	before := make([][]int, units)      // the recipe of the unit before, then
	for u := range units {
		before[u] = make([]int, len(recipes))
		off := u*sectionUnit + (sectionUnit-unitSample)/2
		best := slices.Index(cost, slices.Min(cost))
		next := make([]int64, len(recipes))
		for k, r := range recipes {
			before[u][k], next[k] = k, cost[k]
			if change := cost[best] + sectionBytes; change < cost[k] {
				before[u][k], next[k] = best, change
			}
			next[k] += t.estimateOf(r, off, off+unitSample) * (sectionUnit / unitSample)
		}
		cost = next
	}
	k := slices.Index(cost, slices.Min(cost))
	ends = []int{len(t.src)}
	for u := units - 1; u > 0; u-- {
		if b := before[u][k]; b != k {
			ends = append(ends, t.border(recipes[b], recipes[k], u*sectionUnit))
			k = b
		}
	}
	slices.Sort(ends) // borders near each other may have passed each other
	return slices.Compact(ends)
}

// borderSteps are the steps in which a border is refined, in bytes, each to borderReach
// steps to either side.
var borderSteps = [...]int{sectionUnit / 8, sectionUnit / 64, sectionUnit / 512}

const borderReach = 8

// border returns the byte near off, within a unit, at which it is best to go over from the
// recipe a to b.
func (t *trial) border(a, b recipe, off int) int {
	for _, step := range borderSteps {
		from, to := max(0, off-borderReach*step), min(len(t.src), off+borderReach*step)
		best, cost, least := from, int64(0), int64(0) // of a border there, less that of one at from
		for x := from; x+step <= to; x += step {
			cost += t.estimateOf(a, x, x+step) - t.estimateOf(b, x, x+step)
			if cost < least {
				best, least = x+step, cost
			}
		}
		off = best
	}
	return off
}
