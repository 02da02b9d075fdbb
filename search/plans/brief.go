package plans

import (
	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
	"github.com/ktzip/ktzip/search/plans/internal/text"
)

// A message is too short for a search: pricing one recipe takes about as long as coding it.
// So the levels that are brief look at one kind of evidence and propose a single plan.

const (
	// maxMessage is the length of the longest message, in bytes.
	maxMessage = 4 << 10

	// briefLags and briefPlaces are how many distances are looked at, in how many places, but at
	// most one byte in briefShare: 10 us on a core of an AMD EPYC (November 2026), a tenth of what
	// a message of 1 KiB may take.
	briefLags, briefPlaces, briefShare = 64, 128, 4

	// linesSaving is what templates must save by an estimate, one part in so many: of 290 messages up
	// to 4 KiB, all that became shorter had saved a tenth (2026-11-27).
	linesSaving = 10

	// briefSaving is what differences at a distance must save for a plan to be proposed, one
	// part in so many of those at the usual distance. Arbitrary.
	briefSaving = 6
)

// brief returns the plan of the message src: of rows if it is text, else of records.
func brief(src []byte) []*dsl.Program {
	p := briefRecords
	if isText(src) {
		p = briefLines
	}
	if made := p(src); made != nil {
		return []*dsl.Program{made}
	}
	return nil
}

// briefLines returns the plan that prints the rows of src by templates; nil if it promises none.
func briefLines(src []byte) *dsl.Program {
	m, ok := text.Brief(src, estimate)
	if !ok {
		return nil
	}
	m = ofRows(src, m)
	n, numbers, cells, err := plan.LinesNode(src, m.Text, m.End, m.Sets)
	if err != nil || !saves(int64(estimate(numbers)+estimate(cells)), int64(estimate(src)), linesSaving) {
		return nil
	}
	return printed(n, asStream, asStream, numbers, cells)
}

// briefRecords returns the plan of the record length by which the bytes of src are most alike, if it is a
// telling one: the difference of each record to the one before, in columns. Text has none: of 624
// messages of lines of CSV, JSON, XML or C for which one was proposed, deflate codes each in fewer
// bytes (2026-11-27).
func briefRecords(src []byte) *dsl.Program {
	most := min(briefLags, len(src)/distanceShare)
	p := probe{src, most, min(briefPlaces, len(src)/briefShare)}
	sum := make([]int, most+1)
	best := 1
	for lag := 1; lag <= most; lag++ {
		if sum[lag] = p.bits(lag); saves(int64(sum[lag]), int64(sum[best]), multipleSaving) {
			best = lag
		}
	}
	usual := int64(median(sum[1:]))
	if usual == 0 || !saves(int64(sum[best]), usual, briefSaving) {
		return nil // of constant bytes, too
	}
	r := recipe{ops: []dsl.Node{predict(1, 0, best, 1)}}
	if best > 1 {
		r = r.with(transpose(1, best))
	}
	return r.plan(len(src))
}
