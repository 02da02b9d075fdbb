package predictors

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/ktzip/ktzip/dsl"
)

// A search looks for predictors of a stream: of each kind by a small part of it first, then of the kinds
// that seem best by more of it.
type search struct {
	*dsl.Stream
	*purse
	effort   effort
	numbers  *trial
	mixtures *blend
	records  *recorders
	whole    []tried // by what all of the stream was coded
}

// newSearch returns a search for predictors of stream.
func newSearch(ctx context.Context, stream *dsl.Stream, e effort) *search {
	p, plain := new(purse), map[stretch]int{}
	return &search{
		Stream: stream, purse: p, effort: e,
		numbers:  newTrial(ctx, stream, p, e.parts, plain),
		mixtures: newBlend(newTrial(ctx, stream, p, e.parts, plain)),
		records:  newRecorders(newTrial(ctx, stream, p, e.parts, plain)),
	}
}

const (
	// Percent of the purse that a screening spends on mixtures, and of what is left on numbers. Arbitrary.
	screenMixtures, screenNumbers = 35, 60

	// leadShare is the percentage of the purse that the leading kind may spend, of those that go on, and
	// clearShare if others take more, by one part in clearly. Arbitrary.
	leadShare, clearShare, clearly = 60, 90, 12
)

// screen compares simple predictors of all kinds by a small part of the stream, for which it may take so
// many nanoseconds.
func (s *search) screen(time int64) {
	s.left = time
	s.within(s.left*screenMixtures/100, s.mixtures.screen)
	s.within(s.left*screenNumbers/100, s.numbers.screen)
	s.records.screen()
}

// size returns how many bytes the stream seems to take, by the best of what was tried or without.
func (s *search) size() int {
	return min(s.Size, s.numbers.least, s.mixtures.least, s.records.least)
}

// measure codes all of the stream by the best of the kinds that seem best, for which it may take so many
// nanoseconds: a part may tell little of it.
func (s *search) measure(time int64) {
	s.left = time
	kinds := []*trial{s.mixtures.trial, s.numbers, s.records.trial}
	slices.SortStableFunc(kinds, func(a, b *trial) int { return cmp.Compare(a.least, b.least) })
	least, before := kinds[0].least, int64(1)
	after := before
	for i, t := range kinds {
		switch {
		case t.least == unusable:
		case i < measuredKinds && t.least-t.least/closeKinds <= least:
			n := int64(t.least)
			if s.measured(t); i == 0 {
				before, after = n, int64(t.least)
			}
		default:
			t.least = int(int64(t.least) * after / max(before, 1))
		}
	}
}

// All of the stream is coded by measuredKinds kinds at most: those that seem to take at most one part in
// closeKinds more than the best. Arbitrary.
const measuredKinds, closeKinds = 2, 4

// measured codes all of the stream by the best program of t.
func (s *search) measured(t *trial) {
	p, part := t.best.program, middle(s.Bytes, mostWhole, windowAlign)
	x := sample{part: part, program: p}
	switch t {
	case s.mixtures.trial:
		x.program = s.mixtures.full(len(part))
	case s.records.trial:
		x = s.records.leader.sample(s.Bytes, mostWhole, 1)
	}
	if y := t.ask([]sample{x})[0]; y.size < unusable {
		if t == s.records.trial { // of which a part has other framings
			y.program = s.records.leader.recorder.program()
		}
		t.least = y.size
		s.whole = append(s.whole, y)
	}
}

// climb improves the kinds of predictors that seem best, for which it may take so many nanoseconds.
func (s *search) climb(time int64) []dsl.Predicted {
	s.left = time
	type kind struct {
		*trial
		climb func()
	}
	kinds := []kind{
		{s.mixtures.trial, func() { s.mixtures.climb(s.effort.mixing) }},
		{s.numbers, func() { s.numbers.samples(s.effort.climbed) }},
		{s.records.trial, s.records.climb},
	}
	hoped := func(k kind) int {
		if k.trial == s.records.trial {
			return k.least - k.least/recordsGain
		}
		return k.least
	}
	slices.SortStableFunc(kinds, func(a, b kind) int { return cmp.Compare(hoped(a), hoped(b)) })
	kinds = slices.DeleteFunc(kinds, func(k kind) bool { return k.least == unusable })
	all := newTrial(s.numbers.ctx, s.Stream, s.purse, s.numbers.sizes, nil)
	for i, k := range kinds {
		if i > 0 && k.hopeless(all.last) {
			continue
		}
		share := s.left
		if i < len(kinds)-1 {
			share = share * leadShare / 100
			if next := kinds[i+1].least; next-next/clearly > k.least {
				share = s.left * clearShare / 100
			}
		}
		s.within(share, k.climb)
		if all.last = append(all.last, k.last...); len(k.last) == 0 { // there was no time for more
			all.last = append(all.last, k.best)
		}
	}
	all.last = append(all.last, s.whole...)
	return all.front()
}

// recordsGain: a climb saves one part in so many more of records, which few contexts measured, than of mixtures,
// which all components of a start did.
const recordsGain = 16

// hopeless reports whether one of list takes much less than t's best.
func (t *trial) hopeless(list []tried) bool {
	return slices.ContainsFunc(list, func(x tried) bool { return x.size < t.least-t.least/clearly })
}

// time returns how many nanoseconds the search for predictors of a segment of size bytes may take.
func (e *effort) time(size int) int64 { return int64(e.perByte) * int64(size+baseSize) }

// A segment is searched for as long as if it had baseSize bytes more: what a search needs to try does not
// shrink with the segment.
const baseSize = 64 << 10

// Predictors looks for predictors of the streams of plans for a segment of size bytes, for each plan a list
// of its streams. It returns those by which a stream may be shorter, the one of the least price first, then
// faster ones; none of streams of plans that seem worth no search. All trials together take as long as the
// level says, by the time that they state: what is found does not depend on the machine, nor on how many
// trials run at a time. Once ctx is done, it soon returns anything.
func (m *Mixer) Predictors(ctx context.Context, size int, plans [][]*dsl.Stream) map[*dsl.Stream][]dsl.Predicted {
	left := m.effort.time(size)
	searches := map[*dsl.Stream]*search{}
	var all []*search
	for _, stream := range slices.Concat(plans...) {
		if len(stream.Bytes) >= minPredicted && searches[stream] == nil {
			searches[stream] = newSearch(ctx, stream, m.effort)
			all = append(all, searches[stream])
		}
	}
	screening := left * screenShare / 100
	left += share(all, screening, func(s *search) int { return len(s.Bytes) }, (*search).screen) - screening
	plans = worth(plans, searches, measuredPlans, closeMeasured)
	measuring := left * measureShare / 100
	left += share(chosen(plans, searches), measuring, func(s *search) int { return len(s.Bytes) }, (*search).measure) - measuring
	plans = worth(plans, searches, maxPlans, closePlans)
	found := map[*dsl.Stream][]dsl.Predicted{}
	var lock sync.Mutex // of found
	share(chosen(plans, searches), left, (*search).size, func(s *search, time int64) {
		list := s.climb(time)
		lock.Lock()
		found[s.Stream] = list
		lock.Unlock()
	})
	return found
}

const (
	// screenShare is the percentage of all time that the streams of all plans are screened for, and
	// measureShare that of the rest for coding all of them once. Arbitrary.
	screenShare, measureShare = 28, 30

	// closePlans: the streams of a plan go on if they seem to take at most one part in so many more than
	// those of the best, and it is one of the maxPlans best. closeMeasured and measuredPlans are those for
	// coding them once. Arbitrary.
	closePlans, maxPlans         = 32, 2
	closeMeasured, measuredPlans = 3, 3

	// minPredicted is the length of the shortest stream, in bytes, for which predictors are looked
	// for. Arbitrary.
	minPredicted = 512
)

// chosen returns the searches for the streams of plans.
func chosen(plans [][]*dsl.Stream, searches map[*dsl.Stream]*search) (list []*search) {
	for _, stream := range slices.Concat(plans...) {
		if s := searches[stream]; s != nil && !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

// worth returns the n plans at most whose streams seem worth more trials, the best ones first: they take at most
// one part in so many more than the best.
func worth(plans [][]*dsl.Stream, searches map[*dsl.Stream]*search, n, parts int) [][]*dsl.Stream {
	size := func(streams []*dsl.Stream) (sum int) {
		for _, stream := range streams {
			if s := searches[stream]; s != nil {
				sum += s.size()
			} else {
				sum += stream.Size
			}
		}
		return sum
	}
	plans = slices.Clone(plans)
	slices.SortStableFunc(plans, func(a, b []*dsl.Stream) int { return cmp.Compare(size(a), size(b)) })
	var others [][]*dsl.Stream
	for _, streams := range plans {
		if !slices.ContainsFunc(others, func(before []*dsl.Stream) bool { return alikePlans(before, streams) }) {
			others = append(others, streams)
		}
	}
	plans = others
	plans = plans[:min(len(plans), n)]
	for len(plans) > 1 && size(plans[len(plans)-1])-size(plans[0]) > size(plans[0])/parts {
		plans = plans[:len(plans)-1]
	}
	return plans
}

// alikePlans reports whether plans do nearly the same: the longest stream of one has in it that of the other, and
// little more.
func alikePlans(a, b []*dsl.Stream) bool {
	if len(a) == 0 || len(b) == 0 {
		return true
	}
	longest := func(x, y *dsl.Stream) int { return cmp.Compare(len(x.Bytes), len(y.Bytes)) }
	x, y := slices.MaxFunc(a, longest).Bytes, slices.MaxFunc(b, longest).Bytes
	if len(x) < len(y) {
		x, y = y, x
	}
	return len(x)-len(y) <= len(x)/64 && bytes.Contains(x, y)
}

// share calls f for all searches at the same time, with their shares of so many nanoseconds by weight. It
// returns what f did not spend of them.
func share(all []*search, time int64, weight func(s *search) int, f func(s *search, time int64)) (left int64) {
	total := int64(0)
	for _, s := range all {
		total += int64(max(weight(s), 1))
	}
	var wait sync.WaitGroup
	for _, s := range all {
		n := int64(max(weight(s), 1))
		wait.Go(func() { f(s, time/total*n+time%total*n/total) })
	}
	wait.Wait()
	for _, s := range all {
		left += s.left
	}
	return left
}
