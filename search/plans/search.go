package plans

import (
	"cmp"
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// The sizes of savings, as parts of a whole: one part in so many.
const (
	// minSaving is what a recipe must save of what the data takes without one. Halved +0.6 %,
	// doubled -0.1 %.
	minSaving = 64
	// maxLoss is what a recipe may take more than the best one to be proposed. No difference.
	maxLoss = 32
	// maxDetour is what a recipe may take more than the best one to be refined: few
	// refinements win more. No difference.
	maxDetour = 16
)

const (
	// glimpse is how much of the sample a segment is dismissed by, in bytes. Halved +0.1 %,
	// doubled +-0 and 4 % more time.
	glimpse = 8 << 10

	// A round of ranking leaves siftFactor times as many recipes as are kept at its end; of the
	// refinements of a kind, draftFactor times as many are priced on the whole sample.
	// No difference from 2 to 5 and from 1 to 3, and 4 % less to 7 % more time.
	draftFactor = 2
)

// siftKeeps is how many recipes stay after each round of sift, in halves of an effort's kept.
var siftKeeps = [...]int{4, 3, 2}

// search returns the recipes that pay, the cheapest first: those for which there is evidence
// are ranked on ever more of the sample, ever fewer of them, and the best are refined.
func (t *trial) search(ev *evidence, more []recipe) []recipe {
	if t.element == 0 {
		if ev = t.worthwhile(ev); ev == nil {
			return nil
		}
	}
	ev.addRow()
	ev.farther(t.src, t.effort)
	var kept []recipe
	t.stage(siftPercent, func() { kept = t.sift(append(more, t.candidates(ev)...)) })
	first := distinct(kept, t.effort.plans)
	for _, s := range [...]struct {
		variants refinement
		percent  int64
	}{{rows, 20}, {t.adaptive, 40}, {layouts, 45}, {t.linear, 45}, {t.columns, 100}} {
		t.stage(s.percent, func() { kept = t.refine(kept, ev, s.variants) })
	}
	return t.winners(kept, first)
}

// siftPercent and those of the refinements are what each may take of the steps that are left.
// Where there are enough for all, they don't matter. Arbitrary.
const siftPercent = 40

// candidates returns the simple recipes that ev suggests: predictions, and orders of bytes,
// which predictions may spoil.
func (t *trial) candidates(ev *evidence) (list []recipe) {
	leads := t.leads(ev)
	for _, r := range predictions(ev) {
		r.lead = leads[abs(int(r.ops[0].Nums[0]))]
		list = append(list, r, planes(r))
	}
	for _, n := range slices.Concat(ev.near, ev.far) {
		if n > 1 {
			list = append(list, recipe{ops: []dsl.Node{transpose(1, n)}})
		}
	}
	if t.element != 0 {
		list = append(list, recipe{ops: folded(t.element)})
		for _, r := range t.fitted(recipe{ops: []dsl.Node{predict(t.element, 0, 1, 1)}}) {
			list = append(list, r, planes(r))
		}
	}
	return list
}

// sift returns the best of list and of the plain recipe: all of them are ranked on a
// glimpse of the sample, fewer on more of it, the last on all. It returns nil if the search
// is stopped.
func (t *trial) sift(list []recipe) []recipe {
	first := t.narrow(t.sample, glimpse, roughly)
	rounds := [...]*sample{first, t.first(), t.sample}
	for k, s := range rounds {
		list = t.rank(append(list, recipe{}), s)
		plain := slices.IndexFunc(list, func(r recipe) bool { return r.isPlain() })
		if plain < 0 {
			return nil // stopped
		}
		if s == first {
			t.setLimit(list[plain].cost * int64(t.sample.size()) / int64(s.size()))
		}
		list = list[:min(len(list), siftKeeps[k]*t.effort.kept/2)]
	}
	return list
}

// first returns the sample of the round between a glimpse and all of the sample.
func (t *trial) first() *sample {
	return t.narrow(t.sample, min(t.effort.firstBytes, t.sample.size()/firstShare), t.coder)
}

// firstShare: the round before the last is on at most one part in so many of the sample. Arbitrary.
const firstShare = 3

// A refinement returns variants of a recipe that may be better.
type refinement func(ev *evidence, r recipe) []recipe

// refine returns the best of kept and of the variants of the best of them.
func (t *trial) refine(kept []recipe, ev *evidence, variants refinement) []recipe {
	var tried []recipe
	t.stage(draftPercent, func() {
		for _, r := range distinct(kept, t.effort.plans) {
			tried = append(tried, variants(ev, r)...)
		}
	})
	if few := draftFactor * t.effort.kept; len(tried) > few {
		t.stage(draftPercent, func() { tried = t.rank(tried, t.first()) })
		tried = tried[:min(few, len(tried))]
	}
	kept = t.rank(append(kept, tried...), t.sample)
	return kept[:min(t.effort.kept, len(kept))]
}

// draftPercent is what finding variants, and then ranking them on a part of the sample, may take of
// what a refinement has left. Arbitrary.
const draftPercent = 60

// winners returns those of kept that save something, and hardly less than the best. If there
// are longer excerpts, these decide; so the recipes that kept were refined from, first, take
// part again.
func (t *trial) winners(kept, first []recipe) []recipe {
	s := t.sample
	if t.effort.longBytes > 0 {
		s = t.long
		kept = t.rank(append(kept, first...), s)
	}
	plain := t.price(recipe{}, s)
	if t.stopped() {
		return nil // kept may be empty
	}
	least := kept[0].cost
	return slices.DeleteFunc(kept, func(r recipe) bool {
		return !saves(r.cost, plain, minSaving) || !within(r.cost, least, maxLoss)
	})
}

const (
	// foldSaving is what folded residuals must save in all of a segment over those that are not,
	// or the other way round, one part in so many, by their entropy. At 180 vertex.npy is 0.7 %
	// larger at level 1, at 50 insects.wav.
	foldSaving = 100

	// maxFold is what they may take more in the sample, one part in so many: more than that
	// tells. At 256 insects.wav is 0.6 % larger at level 1.
	maxFold = 128
)

// folding returns r with its residuals folded or unfolded, whichever is shorter in all of the
// segment: a sample in which it is quieter or louder than elsewhere does not tell. insects.wav
// is 0.6 % larger at level 1 and 0.3 % at level 6 otherwise.
func (t *trial) folding(r recipe) recipe {
	q, ok := r.refold()
	if !ok || t.enough() || !within(t.price(q, r.sample), r.cost, maxFold) {
		return r
	}
	all := []excerpt{{0, t.src}}
	if now := t.entropy(r, all); t.entropy(q, all) < now-float64(now/foldSaving) {
		return q
	}
	return r
}

// distinct returns the first n recipes of list that predict differently and are not much
// worse than the best. One that only orders bytes is no measure of those that predict: in
// order, these may be better yet. Otherwise edge500.fit is 25 % larger at level 6.
func distinct(list []recipe, n int) (first []recipe) {
	var least [2]int64 // of those that only order bytes, and of those that predict
	for _, r := range list {
		bare := r.bare()
		kind := min(len(bare.ops), 1)
		if least[kind] == 0 {
			least[kind] = r.cost
		}
		if len(first) < n && within(r.cost, least[kind], maxDetour) &&
			!slices.ContainsFunc(first, func(f recipe) bool { return sameOps(f.bare().ops, bare.ops) }) {
			first = append(first, r)
		}
	}
	return first
}

// minPriced is how many recipes of a list are priced even when the search has reached its limit,
// so that there is a best one. Arbitrary.
const minPriced = 4

// rank prices the recipes of list on s, unless they are already, and sorts them. It leaves
// out equal ones and, once the search has reached its limit, those after the first few, but
// not the plain recipe.
func (t *trial) rank(list []recipe, s *sample) []recipe {
	for i := range list {
		r := &list[i]
		if r.sample == s {
			continue
		}
		if r.sample = s; i >= minPriced && !r.isPlain() && t.enough() {
			r.cost = unpriced
		} else {
			r.cost = t.price(*r, s)
		}
	}
	slices.SortStableFunc(list, func(a, b recipe) int {
		return cmp.Or(cmp.Compare(a.cost, b.cost), cmp.Compare(len(a.ops), len(b.ops)))
	})
	list = slices.CompactFunc(list, func(a, b recipe) bool {
		return a.cost == b.cost && a.lead == b.lead && slices.Equal(a.fields, b.fields) && sameOps(a.ops, b.ops)
	})
	return slices.DeleteFunc(list, func(r recipe) bool { return r.cost >= unpriced })
}

// A place is a small part of the sample, by which a segment may be dismissed.
type place struct {
	sample *sample
	plain  int64 // bytes that it takes without a plan, estimated
}

const (
	glimpseParts  = 2 // places per excerpt, of leastPlace bytes at least
	leastPlace    = 2 << 10
	constantParts = 16 // a place that is coded to one byte in so many is nearly constant
)

// places returns places of the sample, or of all of a short segment, glimpse bytes together or more. Nearly
// constant ones are left out. More and smaller ones have too few records: merge.dbf is 36 % larger in
// segments of 64 KiB, and 38 % at level 9.
func (t *trial) places() (list []place) {
	excerpts := t.sample.excerpts
	if len(t.src) < minLong {
		excerpts = []excerpt{{0, t.src}}
	}
	for _, x := range excerpts {
		for _, e := range x.spread(glimpseParts, max(glimpse/2/len(excerpts), leastPlace)) {
			if plain := int64(estimate(e.b)); plain*constantParts > int64(len(e.b)) {
				list = append(list, place{&sample{excerpts: []excerpt{e}, coder: roughly}, plain})
			}
		}
	}
	return list
}

// worthwhile returns ev, or ev divided, whichever is not hopeless; nil if both are.
func (t *trial) worthwhile(ev *evidence) *evidence {
	if !t.hopeless(ev, minSaving) {
		return ev
	}
	if ev = ev.divided(); ev == nil || t.hopeless(ev, minSaving) {
		return nil
	}
	return ev
}

// hopeless reports whether no simple recipe saves one part in parts of what the places take
// without a plan, both in total and in enough of them. Text and code are hopeless.
func (t *trial) hopeless(ev *evidence, parts int64) bool {
	if t.effort.hopeful == 0 && !isText(t.src) {
		return false
	}
	places := t.places()
	if len(places) == 0 {
		return true
	}
	plain := int64(0)
	for _, p := range places {
		plain += p.plain
	}
	for _, r := range simple(ev) {
		saving, sum := 0, int64(0)
		for _, p := range places {
			cost := t.price(r, p.sample)
			sum += cost
			if saves(cost, p.plain, parts) {
				saving++
			}
		}
		if saving*4 >= t.effort.hopeful*len(places) && saves(sum, plain, parts) {
			return false
		}
	}
	return true
}

// simple returns the simplest recipes that ev suggests, for the distances that are most
// telling: two near ones and a far one.
func simple(ev *evidence) (list []recipe) {
	for _, lag := range slices.Concat(ev.near[:min(2, len(ev.near))], ev.far[:min(1, len(ev.far))]) {
		list = append(list, recipe{ops: []dsl.Node{predict(1, 0, lag, 1)}})
		if lag > 1 {
			list = append(list,
				recipe{ops: []dsl.Node{transpose(1, lag)}},
				recipe{ops: []dsl.Node{predict(1, 0, lag, 1), transpose(1, lag)}})
		}
		if lag%2 == 0 {
			list = append(list, planes(recipe{ops: []dsl.Node{predict(2, 0, lag/2, 1)}}))
		}
	}
	return list
}
