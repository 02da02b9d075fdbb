package plans

import (
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// A place is a small part of the sample, by which a segment may be dismissed.
type place struct {
	sample *sample
	plain  int64 // bytes that it takes without a plan, estimated
}

const (
	glimpseParts  = 2  // places per excerpt
	constantParts = 16 // a place that is coded to one byte in so many is nearly constant
)

// places returns places of the sample, glimpse bytes together. Nearly constant ones are
// left out.
func (t *trial) places() (list []place) {
	for _, x := range t.sample.excerpts {
		for _, e := range x.spread(glimpseParts, glimpse/2/len(t.sample.excerpts)) {
			if plain := int64(estimate(e.b)); plain*constantParts > int64(len(e.b)) {
				list = append(list, place{&sample{excerpts: []excerpt{e}, coder: roughly}, plain})
			}
		}
	}
	return list
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
