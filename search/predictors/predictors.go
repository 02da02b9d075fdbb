package predictors

import (
	"context"

	"github.com/ktzip/ktzip/dsl"
)

// A Mixer proposes predictors. It is safe for concurrent use.
type Mixer struct{ effort effort }

// An effort is how much a search does.
type effort struct {
	perByte int         // nanoseconds of trials for a byte of a segment
	parts   [stages]int // bytes of a stream on which predictors are compared, at most
	climbed int         // sources that are climbed from
	mixing
}

// A mixing is how much a search for mixtures does.
type mixing struct {
	origins int // that are compared by a short part
	added   int // components that are tried beside those of the origin
}

// perByte is an effort's, by the level. At level 9, trials take 27 s of each MiB, beside 3 to 14 s that plans
// and codings take.
var perByte = [...]int{1: 400, 550, 800, 1500, 2400, 3800, 6000, 9500, 25_000}

// New returns a Mixer that searches as hard as the level says, from 1 to 9.
func New(level int) *Mixer {
	e := effort{parts: [stages]int{16 << 10, 48 << 10, 160 << 10}, climbed: 2, mixing: mixing{3, 16}}
	switch {
	case level < 4:
		e = effort{parts: [stages]int{8 << 10, 16 << 10, 32 << 10}, climbed: 1, mixing: mixing{1, 3}}
	case level < 7:
		e = effort{parts: [stages]int{12 << 10, 24 << 10, 64 << 10}, climbed: 2, mixing: mixing{2, 6}}
	}
	e.perByte = perByte[min(max(level, 1), 9)]
	return &Mixer{e}
}

// Plans returns the plans whose streams may be predicted: the identity; the one that cuts src where the plan
// found does; the plan found without its own predictions of numbers; and the plan found itself if it is of
// more than numbers. Of records it proposes predictors by the frames that the plan found states.
func (m *Mixer) Plans(_ context.Context, src []byte, found *dsl.Program) (list []dsl.Proposal) {
	known := map[string]bool{}
	propose := func(p *dsl.Program, predictors ...[]*dsl.Program) {
		if text := p.String(); !known[text] {
			known[text] = true
			list = append(list, dsl.Proposal{Plan: p, Predictors: predictors})
		}
	}
	records := recordParts(found, len(src))
	propose(dsl.Identity(), framed(records, 0, len(src)))
	if lengths := joined(parts(found, len(src))); len(lengths) > 1 {
		off := 0
		var predictors [][]*dsl.Program
		for _, n := range lengths {
			predictors = append(predictors, framed(records, off, n))
			off += n
		}
		propose(frame(lengths), predictors...)
	}
	propose(bare(found))
	if !ofNumbers(found) {
		propose(found)
	}
	return list
}

// framed returns predictors of n bytes from off on by the frames of the records in them, if these are most
// of the bytes.
func framed(records []recordPart, off, n int) (list []*dsl.Program) {
	for _, r := range records {
		if off <= r.off && r.off+r.size <= off+n && 2*r.size > n {
			r.first = r.off - off
			p := recorder{framing: r.framing}
			list = append(list, p.program())
		}
	}
	return list
}
