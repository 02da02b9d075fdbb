package plans

import "github.com/ktzip/ktzip/dsl"

// A message is too short for a search: pricing one recipe takes about as long as coding it.
// So the levels that are brief look at one kind of evidence and propose a single plan.

const (
	// maxMessage is the length of the longest message, in bytes.
	maxMessage = 4 << 10

	// briefLags and briefPlaces are how many distances are looked at, in how many places, but at
	// most one byte in briefShare: 10 us on a core of an AMD EPYC (November 2026), a tenth of what
	// a message of 1 KiB may take.
	briefLags, briefPlaces, briefShare = 64, 128, 4

	// briefSaving is what differences at a distance must save for a plan to be proposed, one
	// part in so many of those at the usual distance. Arbitrary.
	briefSaving = 6
)

// brief returns the plan of the record length by which the bytes of the message src are most
// alike, if it is a telling one: the difference of each record to the one before, in columns. Text
// has none: of 624 messages of lines of CSV, JSON, XML or C for which one was proposed, deflate
// codes each in fewer bytes (2026-11-27), and trying it doubles the time.
func brief(src []byte) []*dsl.Program {
	if isText(src) {
		return nil
	}
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
	return []*dsl.Program{r.plan(len(src))}
}
