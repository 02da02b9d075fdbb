package plans

import (
	"context"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/search/plans/internal/lz"
)

// A segment should be of one nature: then it has the plan that a file of that nature has. It
// ends where the entries of an archive tell that another begins.

const (
	// minOwn is the size in bytes of the shortest entry that may be a segment of its own: that
	// takes some 30 bytes, and a plan 60.
	minOwn = 2 << 10

	// An entry of less than minAmong bytes must have one part in amongParts of what comes before it
	// in the segment, too. What comes after it can't repeat that: of Go's sources, a cut costs 9 KB
	// at level 9.
	minAmong, amongParts = 64 << 10, 16

	// minSeen is how much of an entry must be there to tell its nature, in bytes.
	minSeen = 64 << 10

	// maxSeen is how much of an entry is looked at, in bytes: as much as decides how long
	// segments become.
	maxSeen = 1 << 20

	// minRowsText is the size in bytes of the shortest text that is looked at for rows of some shapes,
	// minPlannedText for other plans. Texts hardly ever have these, and a look takes a tenth of the time
	// to code 64 KiB.
	minRowsText, minPlannedText = 8 << 10, 64 << 10

	// repetitiveText: no plan is looked for in a text of which a glimpse takes less than one byte
	// in so many. Sources and logs repeat themselves; texts that have plans are of numbers.
	repetitiveText = 4

	// joinParts: an entry is no other data if one part in so many came before in the segment,
	// as much as makes a segment longer than plans can code.
	joinParts = 3

	// differBytes of each of two stretches decide if they want plans of their own, which must save
	// one part in differSaving. Otherwise hopper.bmp is 1.2 % larger at level 6, azp.fits 1.0 %; at 64
	// firmware_avr32.elf 1.9 %, at 24 chinook.sqlite.
	differBytes, differSaving = 16 << 10, 12
)

// Border returns the first place, near the end of src[:looked] or after it, at which a segment that
// begins with src should end, since other data begins; 0 if there is none. What begins so near
// the end of src that its nature does not show is left for later if more follows; else it is other
// data. It implements codec.Divider.
func (f *Finder) Border(src []byte, looked int, more bool) int {
	if len(src) < minOwn {
		return 0
	}
	from := max(0, looked-maxSeen)
	var list []entry
	for _, e := range entries(src[from:]) {
		list = append(list, stretches(src[from:], e)...)
	}
	if len(list) < 2 {
		return 0
	}
	b := borders{finder: New(min(f.level, defaultLevel)), src: src[from:], from: from, planned: make([]int8, len(list))}
	for i := 1; i < len(list); i++ {
		if from+list[i].start >= looked-2*minSeen && b.parts(list, i, more) {
			return from + list[i].start
		}
	}
	return 0
}

// A borders finds the borders between the entries of src. Above defaultLevel they are those of
// defaultLevel: a longer search sees plans everywhere, and chinook.sqlite is 7 % larger.
type borders struct {
	finder  *Finder
	src     []byte
	from    int       // where src starts in the segment
	planned []int8    // 1 if an entry may have a plan, -1 if not, 0 if not known yet
	known   *lz.Known // what repeats in src[:added]; nil if nothing was looked at yet
	added   int
}

// parts reports whether a segment should end before entry i of list.
func (b *borders) parts(list []entry, i int, more bool) bool {
	e := list[i]
	if seen := e.end - e.data; seen < minSeen && e.end == len(b.src) && seen != e.size && (more || e.size != unknownSize) {
		return !more && b.mayHavePlan(list, i-1)
	}
	return (!e.bare || b.differ(list[i-1], e)) &&
		(b.mayHavePlan(list, i-1) || b.mayHavePlan(list, i)) && !b.repeats(e)
}

// differ reports whether simple recipes of their own code d and e shorter than one for both. Only
// the nature of their bytes says that they are two. Text and other data are.
func (b *borders) differ(d, e entry) bool {
	first, second := b.src[d.data:d.end], b.src[e.data:e.end]
	if isText(first) != isText(second) {
		return true
	}
	var trials [2]*trial
	recipes := []recipe{{}}
	for k, data := range [...][]byte{first, second} {
		t := newTrial(b.finder.effort, data, roughly, &meter{ctx: context.Background()})
		t.sample = t.narrow(t.sample, differBytes, roughly)
		if ev := gather(data, t.effort); ev != nil {
			recipes = append(recipes, simple(ev)...)
		}
		trials[k] = t
	}
	apart, both := [2]int64{unpriced, unpriced}, int64(unpriced)
	for _, r := range recipes {
		sum := int64(0)
		for k, t := range trials {
			cost := t.price(r, t.sample)
			apart[k] = min(apart[k], cost)
			sum += cost
		}
		both = min(both, sum)
	}
	return saves(apart[0]+apart[1], both, differSaving)
}

// repeats reports whether so much of e came before that it should be coded together with that.
func (b *borders) repeats(e entry) bool {
	if b.known == nil {
		b.known = new(lz.Known)
	}
	b.known.Add(b.src[b.added:e.data])
	strings, known := b.known.Add(b.src[e.data:e.end])
	b.added = e.end
	return known*joinParts > strings
}

// mayHavePlan reports whether a plan may pay for entry i of list so much that it should be a segment
// of its own.
func (b *borders) mayHavePlan(list []entry, i int) bool {
	if b.planned[i] == 0 {
		b.planned[i] = -1
		e := list[i]
		data := b.src[e.data:min(e.end, e.data+maxSeen)]
		if len(data) >= minOwn && (len(data) >= minAmong || len(data)*amongParts >= b.from+e.start) && b.finder.worthOwn(data) {
			b.planned[i] = 1
		}
	}
	return b.planned[i] > 0
}

// worthOwn reports whether a plan may pay for data, an entry.
func (f *Finder) worthOwn(data []byte) bool {
	if !isText(data) {
		return f.Promising(data)
	}
	if len(data) >= minRowsText && promisesRows(data, f.effort) {
		return true
	}
	if len(data) < minPlannedText {
		return false
	}
	t := newTrial(sectionEffort, data, roughly, &meter{ctx: context.Background()})
	if s := t.narrow(t.sample, glimpse, roughly); t.price(recipe{}, s)*repetitiveText < int64(s.size()) {
		return false
	}
	ev := gather(data, sectionEffort)
	return ev != nil && !t.hopeless(ev, sectionSaving)
}

// afterLead returns plans of src from those of what comes after its first bytes.
func afterLead(lead int, plans []*dsl.Program) []*dsl.Program {
	for i, p := range plans {
		d := &draft{}
		first := d.stream(lead)
		plans[i] = d.concatenate(first, d.embed(p))
	}
	return plans
}
