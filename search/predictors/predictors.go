package predictors

import (
	"context"
	"math"
	"sync"

	"github.com/ktzip/ktzip/dsl"
)

// A Mixer proposes predictors. It is safe for concurrent use.
type Mixer struct{ effort effort }

// An effort is how much a search does.
type effort struct {
	parts   [stages]int // bytes of a stream on which predictors are compared
	climbed int         // sources that are climbed from
	mixing
}

// A mixing is how much a search for mixtures does.
type mixing struct {
	origins int // that are compared by a short part
	added   int // components that are tried beside those of the origin
}

// New returns a Mixer that searches as hard as the level says, from 1 to 9.
func New(level int) *Mixer {
	switch {
	case level < 4:
		return &Mixer{effort{[stages]int{8 << 10, 16 << 10, 32 << 10}, 1, mixing{1, 3}}}
	case level < 7:
		return &Mixer{effort{[stages]int{12 << 10, 24 << 10, 64 << 10}, 2, mixing{2, 6}}}
	}
	return &Mixer{effort{[stages]int{16 << 10, 48 << 10, 160 << 10}, 2, mixing{3, 16}}}
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

// Predictors looks for predictors of the streams of plans for a segment, for each plan a list of its
// streams. It returns those by which a stream may be shorter, the one of the least price first, then faster
// ones; none of streams of plans that seem worth no search. Once ctx is done, it soon returns anything.
func (m *Mixer) Predictors(ctx context.Context, _ int, plans [][]*dsl.Stream) map[*dsl.Stream][]dsl.Predicted {
	all := map[*dsl.Stream][]dsl.Predicted{}
	least := math.MaxInt // bytes of a plan's streams
	var lock sync.Mutex
	for _, streams := range plans {
		deflated, size := 0, 0
		for _, s := range streams {
			deflated += s.Size
		}
		if deflated/hopelessShare > least {
			continue
		}
		var wait sync.WaitGroup
		for _, s := range streams {
			lock.Lock()
			_, known := all[s]
			if !known {
				all[s] = nil
			}
			lock.Unlock()
			if known || len(s.Bytes) < minPredicted {
				continue
			}
			wait.Go(func() {
				list := m.search(ctx, s)
				lock.Lock()
				all[s] = list
				lock.Unlock()
			})
		}
		wait.Wait()
		for _, s := range streams {
			n := s.Size
			for _, x := range all[s] {
				n = min(n, x.Size)
			}
			size += n
		}
		least = min(least, size)
	}
	return all
}

const (
	// minPredicted is the length of the shortest stream, in bytes, for which predictors are looked
	// for. Arbitrary.
	minPredicted = 512

	// hopelessShare: of a plan whose streams take more than so many times as much by deflate as others by
	// predictors no predictors are looked for. Text takes 1.6 times as much.
	hopelessShare = 2
)

// search looks for predictors of s.
func (m *Mixer) search(ctx context.Context, s *dsl.Stream) []dsl.Predicted {
	parts := m.effort.parts
	t := newTrial(ctx, s, parts)
	parts[coarse] = coarseMixed
	parts[long] = max(parts[short], min(parts[long], len(s.Bytes)/longShare))
	b := newBlend(newTrial(ctx, s, parts))
	mixtures := b.origins()
	origins := t.origins(m.effort.climbed)
	numbers := len(mixtures) == 0 || t.least < mixtures[0].size-mixtures[0].size/clearly
	if !numbers {
		b.climb(mixtures, m.effort.mixing)
	}
	if numbers || t.least == unusable || mixtures[0].size >= t.least-t.least/clearly {
		t.samples(origins)
	}
	t.last = append(t.last, b.last...)
	t.records(s.Proposed)
	return t.front()
}

// clearly: only those predictors are searched for by which a stream takes less, by one part in so many,
// than by others. Arbitrary.
const clearly = 6

// longShare: the long part of a stream of which mixtures are compared is at most one part in so many of it.
// Arbitrary.
const longShare = 3
