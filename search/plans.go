package search

import (
	"cmp"
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// A Planner looks for plans: it takes a segment apart in ways for which there is
// evidence, in samples, and keeps those whose streams GZIP codes shortest. It is
// safe for concurrent use.
type Planner struct {
	effort planEffort
}

// A planEffort says how wide the search for plans is.
type planEffort struct {
	windows, window int // of the sample, bytes each
	first           int // bytes of the sample that all recipes are tried on
	lags, lines     int // how many distances are tried, near and far ones
	most            int // the longest distance
	kept            int // recipes that are tried further
	plans           int // returned
	taps            int // coefficients of a linear prediction
}

// planEfforts are those of the levels 1 to 9.
var planEfforts = [...]planEffort{
	1: {2, 16 << 10, 8 << 10, 3, 1, 1024, 2, 1, 0},
	2: {2, 16 << 10, 8 << 10, 3, 1, 1024, 2, 1, 0},
	3: {2, 16 << 10, 8 << 10, 4, 1, 2048, 3, 1, 4},
	4: {2, 24 << 10, 16 << 10, 4, 1, 2048, 4, 2, 8},
	5: {2, 32 << 10, 16 << 10, 5, 2, 4096, 6, 2, 8},
	6: {2, 32 << 10, 16 << 10, 6, 2, 4096, 10, 3, 16},
	7: {3, 48 << 10, 24 << 10, 8, 2, 8192, 8, 3, 16},
	8: {4, 64 << 10, 32 << 10, 8, 3, 8192, 10, 4, 24},
	9: {4, 64 << 10, 32 << 10, 12, 4, 16384, 16, 6, 32},
}

// NewPlanner returns a Planner for a level of 1 to 9.
func NewPlanner(level int) *Planner {
	return &Planner{planEfforts[min(max(level, 1), 9)]}
}

// A recipe is a plan of one stream: operations in the order in which they take a
// segment apart, so that the first one is the plan's last.
type recipe struct {
	head int // bytes before, as a stream of their own
	ops  []dsl.Node
	cost int // of the sample
}

// with is r and one operation more.
func (r recipe) with(ops ...dsl.Node) recipe {
	r.ops = append(slices.Clip(r.ops), ops...)
	return r
}

// plan is the program of r.
func (r recipe) plan() *dsl.Program {
	p := &dsl.Program{}
	add := func(n dsl.Node) int {
		p.Nodes = append(p.Nodes, n)
		return len(p.Nodes) - 1
	}
	head := -1
	if r.head > 0 {
		head = add(dsl.Node{Op: dsl.Payload})
		head = add(dsl.Node{Op: dsl.Between, Refs: [2]int{head}, Nums: [3]int32{0, int32(r.head)}})
	}
	body := dsl.Node{Op: dsl.Payload}
	if r.head > 0 {
		body.Nums[0] = 1
	}
	p.Out = add(body)
	for _, n := range slices.Backward(r.ops) {
		n.Refs[0] = p.Out
		p.Out = add(n)
	}
	if r.head > 0 {
		p.Out = add(dsl.Node{Op: dsl.Concatenate, Refs: [2]int{head, p.Out}})
	}
	return p
}

// A trial takes samples apart.
type trial struct {
	effort  *planEffort
	windows [][]byte
	cost    func(stream []byte) int
	machine dsl.Planner
	joined  []byte
}

// leastPlanned is the length in bytes of a segment from which on plans are looked
// for.
const leastPlanned = 256

// Plans implements codec.Planner.
func (p *Planner) Plans(src []byte, cost func(stream []byte) int) []*dsl.Program {
	if len(src) < leastPlanned || len(src) > dsl.MaxPlanned {
		return nil
	}
	e := &p.effort
	ev := gather(src, e)
	if ev == nil {
		return nil
	}
	t := &trial{effort: e, windows: sample(src, e.windows, e.window), cost: cost}
	best := t.search(ev)
	var plans []*dsl.Program
	for _, r := range best {
		if len(r.ops) > 0 && len(plans) < e.plans {
			plans = append(plans, r.plan().Canonical())
		}
	}
	return plans
}

// sample returns up to n windows of src of size bytes, spread over it; all of src
// where it is not longer.
func sample(src []byte, n, size int) (windows [][]byte) {
	if len(src) <= n*size {
		return [][]byte{src}
	}
	for k := range n {
		at := (len(src) - size) * (2*k + 1) / (2 * n)
		at -= at % 240 // so that most elements and records start there as they do in src
		windows = append(windows, src[at:at+size])
	}
	return windows
}

// search returns recipes, the cheapest first.
func (t *trial) search(ev *evidence) []recipe {
	full := t.windows
	t.windows = nil
	for _, w := range full {
		t.windows = append(t.windows, sample(w, 1, glimpse/len(full))...)
	}
	if t.hopeless(ev) {
		return nil
	}
	t.windows = nil
	for _, w := range full {
		t.windows = append(t.windows, sample(w, 1, t.effort.first/len(full))...)
	}
	var all []recipe
	for _, r := range predictions(ev) {
		for _, l := range [...]recipe{r, planes(r)} {
			all = append(all, l)
		}
	}
	all = append(all, recipe{})
	all = t.best(all)

	t.windows = full
	kept := t.best(append(all[:min(t.effort.kept, len(all))], recipe{}))
	for _, more := range [...]func(*evidence, recipe) []recipe{layouts, t.phases, t.linear} {
		tried := slices.Clone(kept)
		for _, r := range kept[:min(len(kept), 3)] {
			tried = append(tried, more(ev, r)...)
		}
		kept = t.best(tried)
		kept = kept[:min(t.effort.kept, len(kept))]
	}
	plain := recipe{}
	t.price(&plain)
	kept = slices.DeleteFunc(kept, func(r recipe) bool { return r.cost*64 > plain.cost*63 })
	return kept
}

// glimpse is how much of the sample a segment is dismissed by, in bytes.
const glimpse = 8 << 10

// hopeless reports whether the simplest recipes are far from what GZIP needs
// without: text, code.
func (t *trial) hopeless(ev *evidence) bool {
	var plain recipe
	t.price(&plain)
	for _, lag := range append(ev.near[:min(2, len(ev.near))], ev.far[:min(1, len(ev.far))]...) {
		simple := []recipe{{ops: []dsl.Node{predict(1, 0, int32(lag), 1)}}}
		if lag > 1 {
			simple = append(simple, recipe{ops: []dsl.Node{element(dsl.Transpose, 1, int32(lag))}},
				recipe{ops: []dsl.Node{predict(1, 0, int32(lag), 1), element(dsl.Transpose, 1, int32(lag))}})
		}
		if lag%2 == 0 {
			simple = append(simple, planes(recipe{ops: []dsl.Node{predict(2, 0, int32(lag/2), 1)}}))
		}
		for _, r := range simple {
			if t.price(&r); r.cost < plain.cost {
				return false
			}
		}
	}
	return true
}

// best prices recipes and sorts them; equal ones are left out.
func (t *trial) best(list []recipe) []recipe {
	for i := range list {
		t.price(&list[i])
	}
	slices.SortStableFunc(list, func(a, b recipe) int {
		return cmp.Or(cmp.Compare(a.cost, b.cost), cmp.Compare(len(a.ops), len(b.ops)))
	})
	list = slices.CompactFunc(list, func(a, b recipe) bool {
		return a.cost == b.cost && a.head == b.head && slices.EqualFunc(a.ops, b.ops, func(x, y dsl.Node) bool {
			return x.Op == y.Op && x.Nums == y.Nums && slices.Equal(x.List, y.List)
		})
	})
	return slices.DeleteFunc(list, func(r recipe) bool { return r.cost >= unreachable })
}

// price sets the cost of r: what GZIP needs for the streams of the sample.
func (t *trial) price(r *recipe) {
	t.joined = t.joined[:0]
	bits := 0
	for _, n := range r.ops {
		bits += 24 + 20*len(n.List)
	}
	plan := recipe{ops: r.ops}.plan()
	for _, w := range t.windows {
		streams, err := t.machine.Split(w[min(r.head, len(w)):], plan)
		if err != nil {
			r.cost = unreachable
			return
		}
		for _, s := range streams {
			t.joined = append(t.joined, s...)
		}
	}
	r.cost = t.cost(t.joined) + bits/64 // the whole segment pays it once
}
