package plans

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
)

// Data that changes its nature: text, then samples; code, then tables. A segment is cut
// into sections that have a plan each.

const (
	sectionUnit   = 16 << 10 // bytes; sections are whole ones at first
	sectionWindow = 64 << 10 // that recipes are looked for in
	sectionsMost  = 8
	sectionBytes  = 100     // that a section is taken to cost
	sectionSample = 4 << 10 // of a unit, that it is priced by
	apartMost     = 700     // natures, within the same kind of data
)

// natures are distances that tell kinds of data apart by how much bytes are alike there.
var natures = [...]int{1, 2, 3, 4, 6, 8, 12, 16}

// nature is how far bytes of part are alike at each of natures, in 1/1024 of what
// independent ones are; nil: part is nearly constant.
func nature(part []byte) []int {
	const places = 2048
	independent := wide(part, places)
	if independent < places*4 { // half a bit
		return nil
	}
	list := make([]int, len(natures))
	step := strider(len(part), places)
	for k, lag := range natures {
		sum, n := 0, 0
		for i := lag; i < len(part); i += step {
			sum += int(alike[part[i]-part[i-lag]])
			n++
		}
		list[k] = min(sum*places/n<<10/independent, 1200)
	}
	return list
}

// changes reports whether src seems to be of several natures.
func changes(src []byte) bool {
	var last []int
	for k := range 8 {
		at := len(src) * k / 8
		n := nature(src[at : at+len(src)/8])
		if n == nil {
			continue
		}
		if last != nil {
			apart := 0
			for i, x := range n {
				apart += max(x-last[i], last[i]-x)
			}
			if apart > apartMost {
				return true
			}
		}
		last = n
	}
	return false
}

// sectioned returns the plan of sections with plans of their own; nil: there is one
// section.
func (t *trial) sectioned() *dsl.Program {
	if len(t.src) < 4*sectionUnit || t.effort.weights == 0 || !changes(t.src) {
		return nil
	}
	ends := t.cutUp(t.natural())
	if len(ends) < 2 || len(ends) > sectionsMost {
		return nil
	}
	effort := *t.effort // less, since there are several
	effort.window, effort.first, effort.long = effort.window/2, effort.first/2, effort.long/2
	effort.kept, effort.plans = max(effort.kept/2, 2), 1
	d := &draft{}
	var lists []int
	from := 0
	for _, end := range ends {
		part := t.src[from:end]
		from = end
		i := d.embed(newTrial(&effort, part, t.cost, t.meter).shortest())
		if end < len(t.src) {
			i = d.state(i, len(part))
		}
		lists = append(lists, i)
	}
	d.Out = lists[len(lists)-1]
	for _, i := range slices.Backward(lists[:len(lists)-1]) {
		d.Out = d.add(dsl.Node{Op: dsl.Concatenate, Refs: [2]int{i, d.Out}})
	}
	if d.streams > plan.MaxStreams {
		return nil
	}
	return d.Program.Canonical()
}

// shortest is the plan for all of t.src that leaves least.
func (t *trial) shortest() *dsl.Program {
	if len(t.src) < leastPlanned {
		return dsl.Identity()
	}
	best, least := dsl.Identity(), t.coded(t.src)
	for _, p := range append(t.framed(), t.whole()...) {
		if streams, err := t.split(t.src, p); err == nil {
			if c := t.coded(slices.Concat(streams...)); c < least {
				best, least = p, c
			}
		}
	}
	return best
}

// windows are parts of the segment that its natures are looked for in.
func (t *trial) windows() (list []excerpt) {
	for k := range 4 {
		at := (len(t.src) - min(sectionWindow, len(t.src)/4)) * k / 3
		at -= at % sectionUnit
		list = append(list, excerpt{at, t.src[at:min(at+sectionWindow, len(t.src))]})
	}
	return list
}

// sectionEffort is that of the search in a window: nothing that has to adapt first.
var sectionEffort = func() *effort {
	e := efforts[4]
	e.kept, e.plans, e.weights, e.most = 4, 1, 0, 512
	return &e
}()

// structured is the evidence that part has a plan; nil: it is like text or code.
func (t *trial) structured(part []byte) *evidence {
	n := nature(part)
	if n == nil || slices.Min(n)*4 > slices.Max(n)*3 {
		return nil
	}
	ev := gather(part, sectionEffort)
	if ev == nil || newTrial(sectionEffort, part, nil, t.meter).hopeless(ev, 8) {
		return nil
	}
	return ev
}

// natural are the best recipes of some windows, and none.
func (t *trial) natural() []recipe {
	list := []recipe{{}}
	for _, w := range t.windows() {
		ev := t.structured(w.b)
		if ev == nil {
			continue
		}
		found := newTrial(sectionEffort, w.b, nil, t.meter).search(ev)
		for _, r := range found[:min(len(found), 1)] {
			r.on = nil
			if n := r.record(); n > 1 {
				r.head = (r.head + w.at) % n
			}
			if !slices.ContainsFunc(list, r.kindred) {
				list = append(list, r)
			}
		}
	}
	return list
}

// kindred reports whether q and r foresee the same elements from the same neighbours.
func (r recipe) kindred(q recipe) bool {
	if len(r.ops) > 0 && len(q.ops) > 0 {
		w, lag, _ := nearest(r.ops[0])
		if v, at, _ := nearest(q.ops[0]); w != 0 && w == v && lag == at && len(r.fields) == len(q.fields) {
			return true
		}
	}
	return sameOps(q.ops, r.ops) && slices.Equal(q.fields, r.fields)
}

// priceOf is about the cost of r for the bytes from..to.
func (t *trial) priceOf(r recipe, from, to int) int64 {
	part := trial{effort: t.effort, src: t.src, excerpts: []excerpt{{from, t.src[from:to]}}, rough: true, meter: t.meter}
	part.price(&r)
	return r.cost
}

// cutUp returns where sections end, each best with one of the recipes: of least cost by
// dynamic programming over units, and then to some bytes.
func (t *trial) cutUp(recipes []recipe) (ends []int) {
	if len(recipes) < 2 {
		return nil
	}
	units := len(t.src) / sectionUnit // the last one is longer
	least := make([]int64, len(recipes))
	back := make([][]int, units) // the recipe of the unit before
	for u := range units {
		at := u*sectionUnit + (sectionUnit-sectionSample)/2
		back[u] = make([]int, len(recipes))
		best := slices.Index(least, slices.Min(least))
		next := make([]int64, len(recipes))
		for k, r := range recipes {
			back[u][k] = k
			if least[best]+sectionBytes < least[k] {
				back[u][k] = best
			}
			next[k] = least[back[u][k]] + t.priceOf(r, at, at+sectionSample)*(sectionUnit/sectionSample)
			if back[u][k] != k {
				next[k] += sectionBytes
			}
		}
		least = next
	}
	k := slices.Index(least, slices.Min(least))
	ends = []int{len(t.src)}
	for u := units - 1; u > 0; u-- {
		if before := back[u][k]; before != k {
			ends = append(ends, t.border(recipes[before], recipes[k], u*sectionUnit))
			k = before
		}
	}
	slices.Sort(ends) // borders near each other may have passed each other
	return slices.Compact(ends)
}

// border is where near at, within a unit, it is best to go over from a to b.
func (t *trial) border(a, b recipe, at int) int {
	for _, step := range [...]int{sectionUnit / 8, sectionUnit / 64, sectionUnit / 512} {
		// What goes over to b a step later has a for that step.
		from, to := max(0, at-8*step), min(len(t.src), at+8*step)
		best, cost, least := from, int64(0), int64(0)
		for x := from; x+step <= to; x += step {
			cost += t.priceOf(a, x, x+step) - t.priceOf(b, x, x+step)
			if cost < least {
				best, least = x+step, cost
			}
		}
		at = best
	}
	return at
}
