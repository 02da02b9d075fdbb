package plans

import (
	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/search/plans/internal/lz"
)

// A segment should be of one nature: then it has the plan that a file of that nature has. It
// ends where the entries of an archive tell that another begins.

const (
	// minOwn is the size in bytes of the shortest entry that may be a segment of its own: that
	// takes some 30 bytes, and a plan 60.
	minOwn = 2 << 10

	// minSeen is how much of an entry must be there to tell its nature, in bytes.
	minSeen = 64 << 10

	// maxSeen is how much of an entry is looked at, in bytes: as much as decides how long
	// segments become.
	maxSeen = 1 << 20

	// minPlannedText is the size in bytes of the shortest text that is looked at for a plan.
	// Texts hardly ever have any, and a look takes a tenth of the time to code 64 KiB.
	minPlannedText = 64 << 10

	// joinParts: an entry is no other data if one part in so many came before in the segment,
	// as much as makes a segment longer than plans can code.
	joinParts = 3
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
	b := borders{finder: f, src: src[from:], planned: make([]int8, len(list))}
	for i := 1; i < len(list); i++ {
		if from+list[i].start >= looked-2*minSeen && b.parts(list, i, more) {
			return from + list[i].start
		}
	}
	return 0
}

// A borders finds the borders between the entries of src.
type borders struct {
	finder  *Finder
	src     []byte
	planned []int8    // 1 if an entry may have a plan, -1 if not, 0 if not known yet
	known   *lz.Known // what repeats in src[:added]; nil if nothing was looked at yet
	added   int
}

// parts reports whether a segment should end before entry i of list.
func (b *borders) parts(list []entry, i int, more bool) bool {
	e := list[i]
	if seen := e.end - e.data; seen < minSeen && e.end == len(b.src) && seen != e.size && (more || e.size != unknownSize) {
		return !more
	}
	if !b.mayHavePlan(list, i-1) && !b.mayHavePlan(list, i) {
		return false
	}
	return !b.repeats(e)
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

// mayHavePlan reports whether a plan may pay for entry i of list.
func (b *borders) mayHavePlan(list []entry, i int) bool {
	if b.planned[i] == 0 {
		b.planned[i] = -1
		e := list[i]
		if data := b.src[e.data:min(e.end, e.data+maxSeen)]; b.finder.worthOwn(data) {
			b.planned[i] = 1
		}
	}
	return b.planned[i] > 0
}

// worthOwn reports whether data, an entry, may be worth a segment of its own.
func (f *Finder) worthOwn(data []byte) bool {
	return len(data) >= minOwn && !(len(data) < minPlannedText && isText(data)) && f.Promising(data)
}

// afterLead returns plans of src from those of what comes after its first bytes.
func afterLead(lead int, plans []*dsl.Program) []*dsl.Program {
	if lead == 0 {
		return plans
	}
	for i, p := range plans {
		d := &draft{}
		first := d.stream(lead)
		plans[i] = d.concatenate(first, d.embed(p))
	}
	return plans
}
