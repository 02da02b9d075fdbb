package codec

import (
	"math"
	"sync"

	"github.com/ktzip/ktzip/codec/internal/deflate"
	"github.com/ktzip/ktzip/dsl"
)

// Most data has few exact programs and must not be slowed down by the search for them. What
// can't pay is dismissed as early as that can be known: most blocks by sampling, whole
// segments by a trial of a few blocks, and blocks that code well anyway by their cost in the
// member. Where no reason is given, a number is arbitrary.
const (
	// The first block of each stretch of 16 is tested. If it is promising, the others of
	// its stretch and of the stretches before and after are tested too.
	stretch = 16

	// A trial searches up to trialBlocks blocks in each of trialWindows windows of
	// trialWindow blocks, for trialSteps of the Finder's steps per byte.
	trialWindows = 4
	trialWindow  = 64
	trialBlocks  = 3
	trialSteps   = 480

	// A trial of a short segment searches up to shortTrial blocks.
	shortTrial = 48

	// Blocks that cost less than minProgramCost stay in the raw part: hardly any program
	// is that short.
	minProgramCost dsl.Cost = 12 << 8

	// Programs must save 1/gainShare of the member: they make the encoder code the raw
	// part a second time.
	gainShare = 24

	// One run in firstRuns is searched first, if these have leastFirst blocks. Programs must seem to save
	// in all runs as much as another coding, and at least one part in maxMissed of what makes them pay;
	// arbitrary. chinook.sqlite takes two thirds of the time: copies save three times as much there, and
	// a trial promises too much.
	firstRuns, leastFirst, maxMissed = 8, 8, 2

	// Up to runBlocks blocks in a row are searched together.
	runBlocks = 64

	// Where programs seem to save less than 1/fullShare of the member, the search for them takes
	// as much less than searchSteps.
	fullShare = 3

	// In a run, up to gap other blocks may stand between two that are worth a search. The
	// program of a block may cost 1/patience and patienceBits more than the block does in
	// the raw part: ending the programs there may cost more.
	gap                   = 2
	patience              = 2
	patienceBits dsl.Cost = 64 << 8
)

// searchSteps returns how many of the Finder's steps per byte the search for programs takes at
// most: about what levels have to spend.
func (e *encoder) searchSteps() int64 {
	if e.cfg.Level < planPrograms {
		return 12 << 10
	}
	return 48 << 10
}

// withPrograms codes src like plain, a coding by GZIP alone, except for the blocks whose programs
// are cheaper; nil if there is no plain coding, or programs save too little of it to take less than
// most bytes.
func (e *encoder) withPrograms(plain *coding, src []byte, most int) *coding {
	if plain == nil || e.cfg.Finder == nil || e.brief(src) && !e.throughout(src) {
		return nil
	}
	programs := e.search(plain, src, dsl.Cost(plain.size()-most)*byteCost)
	if programs == nil {
		return nil
	}
	var raw []byte
	for i, p := range programs {
		if p == nil {
			raw = append(raw, e.block(src, i)...)
		}
	}
	return e.code(plain.frame, e.section(&plain.frame, programs), raw)
}

// throughout reports whether the first, the middle and the last whole block of the message src
// are promising: the time that a message may take is not for telemetry with a block like that, but
// for what is made of programs.
func (e *encoder) throughout(src []byte) bool {
	n := len(src) / e.cfg.BlockSize
	for _, i := range []int{0, n / 2, n - 1} {
		if n == 0 || !e.cfg.Finder.Promising(e.block(src, i)) {
			return false
		}
	}
	return true
}

// search returns the programs that pay of the blocks of src, which plain codes by GZIP alone;
// nil if they are not worth coding the raw part again, or save less than least.
func (e *encoder) search(plain *coding, src []byte, least dsl.Cost) []*dsl.Program {
	sampled := e.sample(src)
	member := plain.members.Bytes()
	all := dsl.Cost(len(member)) * byteCost
	worth := max(all/gainShare, least)
	if !e.programsPay(len(sampled), worth) {
		return nil
	}
	hoped := e.trial(plain, src, sampled)
	if hoped < worth {
		return nil
	}
	costs := e.blockCosts(src, member)
	steps := e.searchSteps() * int64(min(hoped, all/fullShare)) / max(1, int64(all/fullShare))
	e.begin(&plain.frame)
	found := e.findAll(src, runs(e.promising(src, sampled), costs), costs, steps, func(gain dsl.Cost) bool {
		return gain >= least && gain*maxMissed >= worth
	})
	if found == nil {
		return nil
	}
	programs, gain := e.choose(&plain.frame, src, found, costs)
	if gain < worth || e.cause() != nil {
		return nil
	}
	return programs
}

// programsPay reports whether programs may save worth, if so many blocks sampled are promising: even
// if they cost nothing.
func (e *encoder) programsPay(sampled int, worth dsl.Cost) bool {
	return dsl.Cost(sampled*stretch*e.cfg.BlockSize)*byteCost > worth
}

// byteCost is the price of a byte.
const byteCost dsl.Cost = 8 << 8

// A blockRun is some blocks in a row.
type blockRun struct{ first, end int }

// runs returns the runs of promising blocks that cost enough.
func runs(promising []int, costs []dsl.Cost) (list []blockRun) {
	for _, i := range promising {
		if costs[i] < minProgramCost {
			continue
		}
		if k := len(list) - 1; k >= 0 && i-list[k].end <= gap && i-list[k].first < runBlocks {
			list[k].end = i + 1
		} else {
			list = append(list, blockRun{i, i + 1})
		}
	}
	return list
}

// findAll returns the programs of the blocks of list; nil for the others. Blocks in a row are searched
// together, for at most steps steps per byte. It returns nil if what some runs seem to gain in all of
// them does not pay.
func (e *encoder) findAll(src []byte, list []blockRun, costs []dsl.Cost, steps int64, pays func(gain dsl.Cost) bool) []*dsl.Program {
	found := make([]*dsl.Program, len(costs))
	var first, others []blockRun
	for i, r := range list {
		if i%firstRuns == firstRuns/2 {
			first = append(first, r)
		} else {
			others = append(others, r)
		}
	}
	e.find(found, src, first, costs, steps)
	gain := dsl.Cost(0)
	for i, p := range found {
		if p != nil {
			gain += max(0, costs[i]-e.bits.ProgramCost(p))
		}
	}
	if n := blocksOf(first); n >= leastFirst && !pays(gain*dsl.Cost(blocksOf(list))/dsl.Cost(n)) {
		return nil
	}
	e.find(found, src, others, costs, steps)
	return found
}

// blocksOf returns how many blocks the runs of list have.
func blocksOf(list []blockRun) (n int) {
	for _, r := range list {
		n += r.end - r.first
	}
	return n
}

// find sets the programs of the blocks of list in found, several runs at a time.
func (e *encoder) find(found []*dsl.Program, src []byte, list []blockRun, costs []dsl.Cost, steps int64) {
	work := make(chan blockRun)
	var wg sync.WaitGroup
	for range min(e.concurrency(), len(list)) {
		wg.Go(func() {
			var limits []dsl.Cost
			for r := range work {
				if e.cfg.Context.Err() != nil {
					continue
				}
				limits = limits[:0]
				for _, cost := range costs[r.first:r.end] {
					limits = append(limits, cost+cost/patience+patienceBits)
				}
				off, end := r.first*e.cfg.BlockSize, min(r.end*e.cfg.BlockSize, len(src))
				programs, _ := e.cfg.Finder.Find(e.cfg.Context, src[:end], off, e.cfg.BlockSize, limits, steps*int64(end-off))
				copy(found[r.first:r.end], programs)
			}
		})
	}
	for _, r := range list {
		work <- r
	}
	close(work)
	wg.Wait()
}

// concurrency returns how many searches to run at a time.
func (e *encoder) concurrency() int {
	if f, ok := e.cfg.Finder.(ConcurrentFinder); ok {
		return max(e.cfg.Threads, f.Concurrency())
	}
	return e.cfg.Threads
}

// blockCosts returns what each block of src costs in data, its deflate data; anything if
// the context is done.
func (e *encoder) blockCosts(src, data []byte) []dsl.Cost {
	ends := make([]int, e.blocks(src))
	for i := range ends {
		ends[i] = min((i+1)*e.cfg.BlockSize, len(src))
	}
	bits, _ := e.decoding.inflater.Costs(e.scratch(len(src)), data, ends) // the data is whole unless the context is done
	costs := make([]dsl.Cost, len(bits))
	for i, cost := range bits {
		costs[i] = dsl.Cost(cost)
	}
	return costs
}

// sample returns the numbers of those blocks that are the first of their stretch and
// promising.
func (e *encoder) sample(src []byte) (list []int) {
	for i := 0; i < e.blocks(src); i += stretch {
		if e.cfg.Finder.Promising(e.block(src, i)) {
			list = append(list, i)
		}
	}
	return list
}

// promising returns the numbers of the promising blocks of the stretches of those sampled,
// and of the stretches before and after.
func (e *encoder) promising(src []byte, sampled []int) (list []int) {
	next := 0
	for _, i := range sampled {
		end := min(i+2*stretch, e.blocks(src))
		for next = max(next, i-stretch); next < end; next++ {
			if e.cfg.Finder.Promising(e.block(src, next)) {
				list = append(list, next)
			}
		}
	}
	return list
}

// trial estimates what programs would save in src, from a few blocks sampled in windows that are
// coded by themselves, or from some of the promising blocks of a segment not much longer than the
// windows. It tries nothing and expects any gain in a message, or if there is no block to be tried:
// the only one is the last of the segment, which may be short.
func (e *encoder) trial(plain *coding, src []byte, sampled []int) dsl.Cost {
	if len(src) <= maxMessage {
		return math.MaxInt64
	}
	e.begin(&plain.frame)
	if e.blocks(src) < 2*trialWindows*trialWindow {
		promising := e.promising(src, sampled)
		tried := spaced(promising, shortTrial)
		return e.tried(src, tried, e.blockCosts(src, plain.members.Bytes()), len(promising))
	}
	windows, tried := e.trialWindows(src, sampled)
	costs := e.blockCosts(windows, e.deflate(windows, deflate.Level(e.cfg.Level)))
	e.begin(&plain.frame)
	return e.tried(windows, tried, costs, len(sampled)*stretch)
}

// spaced returns about n elements of list, evenly spaced; all if there are no more.
func spaced(list []int, n int) (some []int) {
	for k := range min(n, len(list)) {
		some = append(some, list[k*len(list)/min(n, len(list))])
	}
	return some
}

// tried estimates what programs would save in count blocks like those of src that are tried.
func (e *encoder) tried(src []byte, tried []int, costs []dsl.Cost, count int) (gain dsl.Cost) {
	if len(tried) == 0 {
		return math.MaxInt64
	}
	for k, i := range tried {
		off, size := i*e.cfg.BlockSize, e.cfg.BlockSize
		found, _ := e.cfg.Finder.Find(e.cfg.Context, src[:min(off+size, len(src))], off, size, costs[i:i+1], int64(trialSteps*size))
		if e.cause() != nil {
			return 0 // found may be anything
		}
		if found[0] != nil {
			gain += max(0, costs[i]-e.bits.ProgramCost(found[0]))
		}
		if k == len(tried)/2 && gain == 0 {
			return 0
		}
	}
	return gain * dsl.Cost(count) / dsl.Cost(len(tried))
}

// trialWindows returns windows of src around some of the blocks sampled, joined, and the
// numbers that the blocks to be tried have there.
func (e *encoder) trialWindows(src []byte, sampled []int) (windows []byte, tried []int) {
	next := 0
	for k := range trialWindows {
		next = max(next, len(sampled)*(2*k+1)/(2*trialWindows)) // the middle of the k-th part
		if next >= len(sampled) {
			break
		}
		first := max(0, min(sampled[next]-trialWindow/2, e.blocks(src)-1-trialWindow))
		here := len(windows) / e.cfg.BlockSize
		for got := 0; next < len(sampled) && sampled[next] < first+trialWindow; next++ {
			if got < trialBlocks {
				tried = append(tried, here+sampled[next]-first)
				got++
			}
		}
		off := first * e.cfg.BlockSize
		windows = append(windows, src[off:off+trialWindow*e.cfg.BlockSize]...)
	}
	return windows, tried
}
