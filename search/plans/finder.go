package plans

import (
	"bytes"
	"cmp"
	"context"
	"slices"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
)

// A Finder looks for plans: it takes a segment apart in ways for which there is
// evidence, in samples, and keeps those whose streams GZIP codes shortest. It is
// safe for concurrent use.
type Finder struct {
	effort effort
}

// An effort says how wide the search for plans is.
type effort struct {
	windows, window int // of the sample, bytes each
	first           int // bytes of the sample that all recipes are tried on
	lags, lines     int // how many distances are tried, near and far ones
	most            int // the longest distance
	kept            int // recipes that are tried further
	plans           int // returned
	taps            int // coefficients of a linear prediction
	frames          int // bytes that records of several kinds are judged by
	weights         int // of an adaptive prediction
	again           int // how many are tried for what it leaves
	long            int // bytes of the excerpts that they are judged by
	hopeful         int // places of 4 where the simplest recipes must save something; 0: none
}

// efforts are those of the levels 1 to 9.
var efforts = [...]effort{
	1: {2, 16 << 10, 8 << 10, 3, 1, 1024, 2, 1, 0, 32 << 10, 0, 0, 0, 2},
	2: {2, 16 << 10, 8 << 10, 3, 1, 1024, 2, 1, 0, 32 << 10, 0, 0, 0, 2},
	3: {2, 16 << 10, 8 << 10, 4, 1, 2048, 3, 1, 4, 64 << 10, 8, 0, 64 << 10, 2},
	4: {2, 24 << 10, 16 << 10, 4, 1, 2048, 4, 2, 8, 64 << 10, 16, 0, 64 << 10, 2},
	5: {2, 32 << 10, 16 << 10, 5, 2, 4096, 6, 2, 8, 128 << 10, 16, 0, 128 << 10, 2},
	6: {2, 32 << 10, 16 << 10, 6, 2, 4096, 10, 3, 16, 128 << 10, 24, 2, 128 << 10, 2},
	7: {3, 48 << 10, 24 << 10, 8, 2, 8192, 8, 3, 16, 256 << 10, 24, 4, 256 << 10, 1},
	8: {4, 64 << 10, 32 << 10, 8, 3, 8192, 10, 4, 24, 256 << 10, 32, 4, 384 << 10, 1},
	9: {4, 64 << 10, 32 << 10, 12, 4, 16384, 16, 6, 32, 512 << 10, 32, 4, 512 << 10, 0},
}

// New returns a Finder for a level of 1 to 9.
func New(level int) *Finder {
	return &Finder{efforts[min(max(level, 1), 9)]}
}

// A trial takes samples apart.
type trial struct {
	effort   *effort
	src      []byte
	excerpts []excerpt
	long     []excerpt               // for what takes time to adapt
	cut      []int                   // heads after which bytes as they are were cut into columns
	cost     func(stream []byte) int // the Writer's GZIP
	rough    bool                    // in its place: roughly
	machine  plan.Machine
	meter    *meter
	until    int64 // steps of meter at which nothing new is tried; 0: no limit yet
}

// unreachable is the price of a recipe that is not tried.
const unreachable = 1 << 29

// leastPlanned is the length in bytes of a segment from which on plans are looked
// for.
const leastPlanned = 256

// Plans implements codec.Planner.
func (p *Finder) Plans(ctx context.Context, src []byte, cost func(stream []byte) int) []*dsl.Program {
	if len(src) < leastPlanned || len(src) > dsl.MaxPlanned {
		return nil
	}
	return newTrial(&p.effort, src, cost, &meter{ctx: ctx}).all()
}

// all are the plans for a segment of any nature.
func (t *trial) all() []*dsl.Program {
	if isText(t.src) {
		return t.whole()
	}
	plans := t.framed()
	if s := t.sectioned(); s != nil {
		return append(plans, s)
	}
	return append(plans, t.whole()...)
}

// Promising implements codec.Planner.
func (p *Finder) Promising(src []byte) bool {
	if len(src) < leastPlanned || len(src) > dsl.MaxPlanned {
		return false
	}
	t := newTrial(&p.effort, src, nil, &meter{ctx: context.Background()})
	ev := gather(src, t.effort)
	if ev != nil {
		if _, _, packed := t.packing(ev); packed || !t.hopeless(ev, 64) {
			return true
		}
	}
	if isText(src) {
		return false
	}
	if _, ok := typed(src); ok || len(t.frames()) > 0 {
		return true
	}
	return changes(src) && slices.ContainsFunc(t.windows(), func(w excerpt) bool { return t.structured(w.b) != nil })
}

// isText reports whether src has hardly a byte that texts do not have, but for long
// stretches of one byte: nothing can win anything there.
func isText(src []byte) bool {
	const looks, constant = 4096, 512
	seen, other := 0, 0
	for i := 0; i < len(src); i += len(src)/looks + 1 {
		c := src[i]
		text := c >= '\t' && c <= '\r' || c >= ' ' && c < 0x7f
		if !text {
			before, after := i+1-constant, i+constant
			if before >= 0 && isConstant(src[before:i+1]) || after <= len(src) && isConstant(src[i:after]) {
				continue
			}
			other++
		}
		seen++
	}
	return other*50 < seen
}

func isConstant(b []byte) bool { return bytes.Equal(b[1:], b[:len(b)-1]) }

// whole are plans for a segment of one nature whose records are alike.
func (t *trial) whole() (plans []*dsl.Program) {
	if ev := gather(t.src, t.effort); ev != nil {
		if packed := t.packed(ev); packed != nil {
			return packed
		}
		plans = append(plans, t.plans(ev)...)
	}
	return plans
}

// newTrial returns a trial of src; without a cost, that is roughly.
func newTrial(e *effort, src []byte, cost func(stream []byte) int, m *meter) *trial {
	return &trial{effort: e, src: src, excerpts: excerpt{0, src}.sample(e.windows, e.window),
		long: excerpt{0, src}.sample(2, e.long/2), cost: cost, rough: cost == nil, meter: m}
}

// plans are the best recipes' that the evidence speaks for.
func (t *trial) plans(ev *evidence) (plans []*dsl.Program) {
	for _, r := range t.search(ev) {
		if len(r.ops)+len(r.fields) > 0 && len(plans) < t.effort.plans {
			plans = append(plans, r.plan(len(t.src)))
		}
	}
	return plans
}

// An excerpt is a part of a segment that starts at byte at.
type excerpt struct {
	at int
	b  []byte
}

// sample returns up to n excerpts of p of size bytes, spread over it; all of p where it
// is not longer.
func (p excerpt) sample(n, size int) (list []excerpt) {
	if len(p.b) <= n*size {
		return []excerpt{p}
	}
	for k := range n {
		at := (len(p.b) - size) * (2*k + 1) / (2 * n)
		at -= at % 240 // so that most elements and records start there as they do in p
		list = append(list, excerpt{p.at + at, p.b[at : at+size]})
	}
	return list
}

// total is how many bytes excerpts have.
func total(excerpts []excerpt) (n int) {
	for _, e := range excerpts {
		n += len(e.b)
	}
	return n
}

// narrow returns a part of each of excerpts, of size bytes together.
func narrow(excerpts []excerpt, size int) (list []excerpt) {
	for _, p := range excerpts {
		list = append(list, p.sample(1, size/len(excerpts))...)
	}
	return list
}

// search returns recipes, the cheapest first.
func (t *trial) search(ev *evidence) []recipe {
	full, rough := t.excerpts, t.rough
	if t.hopeless(ev, 64) {
		return nil
	}
	ev.longer(t.src, t.effort)
	var all []recipe
	head := t.phases(ev)
	for _, r := range predictions(ev) {
		r.head = head[max(r.ops[0].Nums[0], -r.ops[0].Nums[0])]
		all = append(all, r, planes(r))
	}
	for _, n := range append(ev.near, ev.far...) { // what differences make worse
		if n > 1 {
			all = append(all, recipe{ops: []dsl.Node{element(dsl.Transpose, 1, int32(n))}})
		}
	}
	for _, size := range [...]int{glimpse, t.effort.first, len(t.src)} { // ever fewer on ever more
		t.excerpts, t.rough = narrow(full, size), rough || size == glimpse
		all = t.best(append(all, recipe{}))
		at := slices.IndexFunc(all, func(r recipe) bool { return len(r.ops) == 0 })
		if at < 0 {
			return nil // stopped
		}
		plain := all[at].cost
		if size == glimpse {
			t.worth(plain * int64(total(full)) / int64(total(t.excerpts)))
		}
		all = all[:min(len(all), 3*t.effort.kept)]
	}
	kept := all[:min(len(all), t.effort.kept)]
	for _, more := range [...]func(*evidence, recipe) []recipe{t.rows, t.adaptive, layouts, t.linear, t.columns} {
		var tried []recipe
		for _, r := range distinct(kept, t.effort.plans) {
			tried = append(tried, more(ev, r)...)
		}
		if few := 2 * t.effort.kept; len(tried) > few { // first on less
			t.excerpts = narrow(full, t.effort.first)
			tried = t.best(tried)
			tried = tried[:min(few, len(tried))]
			t.excerpts = full
		}
		kept = t.best(append(kept, tried...))
		kept = kept[:min(t.effort.kept, len(kept))]
	}
	if t.effort.long > 0 { // some need time to adapt
		t.excerpts = t.long
		kept = t.best(kept)
	}
	plain := recipe{}
	t.price(&plain)
	if t.stopped() {
		return nil
	}
	least := kept[0].cost
	return slices.DeleteFunc(kept, func(r recipe) bool { return r.cost*64 > plain.cost*63 || r.cost*64 > least*66 })
}

// distinct are the first n recipes of list that foresee differently and are not much
// worse than the best.
func distinct(list []recipe, n int) (first []recipe) {
	for _, r := range list {
		if r.cost*16 > list[0].cost*17 {
			break
		}
		if len(first) < n && !slices.ContainsFunc(first, func(f recipe) bool { return sameOps(f.bare().ops, r.bare().ops) }) {
			first = append(first, r)
		}
	}
	return first
}

func sameOps(a, b []dsl.Node) bool {
	return slices.EqualFunc(a, b, func(x, y dsl.Node) bool {
		return x.Op == y.Op && x.Nums == y.Nums && slices.Equal(x.List, y.List)
	})
}

// glimpse is how much of the sample a segment is dismissed by, in bytes.
const glimpse = 8 << 10

// hopeless reports whether the simplest recipes save less than one part in so many of
// what GZIP needs without, in all and at most places: text, code.
func (t *trial) hopeless(ev *evidence, parts int64) bool {
	if t.effort.hopeful == 0 && !isText(t.src) {
		return false
	}
	var looks []trial
	var plain []int64
	all := int64(0)
	for _, p := range t.excerpts {
		for _, e := range p.sample(2, glimpse/2/len(t.excerpts)) {
			if cost := int64(roughly(e.b)); cost*16 > int64(len(e.b)) { // the others are nearly constant
				looks = append(looks, trial{effort: t.effort, src: t.src, excerpts: []excerpt{e}, rough: true, meter: t.meter})
				plain = append(plain, cost)
				all += cost
			}
		}
	}
	for _, r := range simple(ev) {
		saves, sum := 0, int64(0)
		for k := range looks {
			looks[k].price(&r)
			if sum += r.cost; r.cost*parts < plain[k]*(parts-1) {
				saves++
			}
		}
		if saves*4 >= t.effort.hopeful*len(looks) && sum*parts < all*(parts-1) {
			return false
		}
	}
	return true
}

// simple are the simplest recipes that the evidence speaks for.
func simple(ev *evidence) (list []recipe) {
	for _, lag := range append(ev.near[:min(2, len(ev.near))], ev.far[:min(1, len(ev.far))]...) {
		list = append(list, recipe{ops: []dsl.Node{predict(1, 0, int32(lag), 1)}})
		if lag > 1 {
			list = append(list, recipe{ops: []dsl.Node{element(dsl.Transpose, 1, int32(lag))}},
				recipe{ops: []dsl.Node{predict(1, 0, int32(lag), 1), element(dsl.Transpose, 1, int32(lag))}})
		}
		if lag%2 == 0 {
			list = append(list, planes(recipe{ops: []dsl.Node{predict(2, 0, int32(lag/2), 1)}}))
		}
	}
	return list
}

// best prices recipes and sorts them; equal ones are left out, and once enough was tried
// those after the first few, but for the recipe of no operations.
func (t *trial) best(list []recipe) []recipe {
	const few = 4
	for i := range list {
		r := &list[i]
		if r.on == &t.excerpts[0] {
			continue
		}
		if r.on = &t.excerpts[0]; i >= few && len(r.ops)+len(r.fields) > 0 && t.enough() {
			r.cost = unreachable
		} else {
			t.price(r)
		}
	}
	slices.SortStableFunc(list, func(a, b recipe) int {
		return cmp.Or(cmp.Compare(a.cost, b.cost), cmp.Compare(len(a.ops), len(b.ops)))
	})
	list = slices.CompactFunc(list, func(a, b recipe) bool {
		return a.cost == b.cost && a.head == b.head && slices.Equal(a.fields, b.fields) && sameOps(a.ops, b.ops)
	})
	return slices.DeleteFunc(list, func(r recipe) bool { return r.cost >= unreachable })
}

// price sets the cost of r: what GZIP needs for the streams of the sample.
func (t *trial) price(r *recipe) {
	bits := 16 * len(r.fields)
	for _, n := range r.ops {
		bits += 24 + 20*len(n.List)
	}
	body := *r
	body.head = 0
	r.cost = 0
	streams := make([][]byte, max(1, len(r.fields))) // of all excerpts
	for _, e := range t.excerpts {
		skip := r.head // less than an element, and excerpts start with whole ones
		if n := r.record(); n > 1 {
			skip = ((r.head-e.at)%n + n) % n
		}
		b := e.b[min(skip, len(e.b)):]
		r.cost += int64(skip) // left as they are
		parts, err := t.split(b, body.plan(len(b)))
		if err != nil {
			r.cost = unreachable
			return
		}
		for k, s := range parts {
			streams[k] = append(streams[k], s...)
		}
	}
	r.cost += t.coded(slices.Concat(streams...)) + int64(bits/64) // the whole segment pays it once
}
