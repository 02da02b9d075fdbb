package codec

import (
	"bytes"
	"sync"

	"github.com/ktzip/ktzip/codec/internal/deflate"
	"github.com/ktzip/ktzip/dsl"
)

// What cannot pay is dismissed as early as that can be known, since most data
// has few exact programs and is not to be slowed down: most blocks by
// sampling, whole segments by a trial of a few blocks, and blocks that code
// well anyway by their cost in the member.
const (
	// Of each stretch of stretch blocks the first is tested; where it is
	// promising, so are the others, and those of the stretches beside it.
	stretch = 16

	// A trial searches up to trialBlocks blocks in each of trialWindows windows
	// of trialWindow blocks, for trialSteps of the Finder's steps a byte.
	trialWindows = 4
	trialWindow  = 64
	trialBlocks  = 3
	trialSteps   = 480

	// Blocks that cost less than minProgramCost are left in the raw part, and
	// all are where programs promise to save less than 1/gainShare of the
	// member: coding the raw part again takes as long as coding it once.
	minProgramCost dsl.Cost = 12 << 8
	gainShare               = 24

	// Up to runBlocks blocks in a row are searched together, for at most
	// searchSteps of the Finder's steps a byte.
	runBlocks   = 64
	searchSteps = 49152

	// In a run there may be gap others between two blocks worth a search. A block
	// may cost 1/patience and patienceBits more than in the raw part: that may be
	// less than what ending the programs there costs.
	gap                   = 2
	patience              = 2
	patienceBits dsl.Cost = 64 << 8
)

// search fills e.found with the programs of src's blocks that may pay, and
// reports whether they are worth coding the raw part again. e.member holds the
// member of all of src.
func (e *encoder) search(src []byte) (bool, error) {
	if e.cfg.Finder == nil {
		return false, nil
	}
	sampled := e.sample(src)
	worth := dsl.Cost(e.member.Len()) << 11 / gainShare
	if most := dsl.Cost(len(sampled)*stretch*e.cfg.BlockSize) << 11; most <= worth {
		return false, nil // even if programs cost nothing
	}
	e.begin()
	if gain, err := e.trial(src, sampled); err != nil || gain < worth {
		return false, err
	}
	n := e.blocks(src)
	e.costs = append(e.costs[:0], make([]dsl.Cost, n)...)
	if err := e.walkTokens(e.costs, src, &e.member); err != nil {
		return false, err
	}
	e.found = append(e.found[:0], make([]*dsl.Program, n)...)
	if err := e.findAll(src, e.promising(src, sampled)); err != nil {
		return false, err
	}
	gain := e.choose(src)
	return gain >= worth, e.stopped()
}

// findAll fills e.found with the programs of blocks that are promising and cost
// enough. Blocks in a row are searched together, several such runs at a time.
func (e *encoder) findAll(src []byte, promising []int) error {
	type run struct{ first, end int }
	var runs []run
	for _, i := range promising {
		if e.costs[i] < minProgramCost {
			continue
		}
		if k := len(runs) - 1; k >= 0 && i-runs[k].end <= gap && i-runs[k].first < runBlocks {
			runs[k].end = i + 1
		} else {
			runs = append(runs, run{i, i + 1})
		}
	}
	limits := make([]dsl.Cost, len(e.costs))
	for i, cost := range e.costs {
		limits[i] = cost + cost/patience + patienceBits
	}
	work := make(chan run)
	var wg sync.WaitGroup
	together := e.cfg.Threads
	if f, ok := e.cfg.Finder.(interface{ Together() int }); ok {
		together = max(together, f.Together())
	}
	for range min(together, len(runs)) {
		wg.Go(func() {
			for r := range work {
				if e.cfg.Context.Err() != nil {
					continue
				}
				at, end := r.first*e.cfg.BlockSize, min(r.end*e.cfg.BlockSize, len(src))
				found, _ := e.cfg.Finder.Find(e.cfg.Context, src[:end], at, e.cfg.BlockSize, limits[r.first:r.end], searchSteps*int64(end-at))
				copy(e.found[r.first:r.end], found)
			}
		})
	}
	for _, r := range runs {
		work <- r
	}
	close(work)
	wg.Wait()
	return e.stopped()
}

// walkTokens fills costs with what the blocks of src cost in its member.
func (e *encoder) walkTokens(costs []dsl.Cost, src []byte, member *bytes.Buffer) error {
	data := member.Bytes()[len(memberHead) : member.Len()-memberTail]
	ends := make([]int, len(costs))
	for i := range ends {
		ends[i] = min((i+1)*e.cfg.BlockSize, len(src))
	}
	all, err := e.verify.inflate.Costs(e.scratch(len(src)), data, ends)
	for i, cost := range all {
		costs[i] = dsl.Cost(cost)
	}
	return err
}

// scratch returns n bytes for what is decoded.
func (e *encoder) scratch(n int) []byte {
	if cap(e.check) < n {
		e.check = make([]byte, n)
	}
	return e.check[:n]
}

// sample returns the numbers of the blocks that are promising, of the first of
// each stretch.
func (e *encoder) sample(src []byte) (list []int) {
	for i := 0; i < e.blocks(src); i += stretch {
		if e.cfg.Finder.Promising(e.block(src, i)) {
			list = append(list, i)
		}
	}
	return list
}

// promising returns the numbers of the promising blocks of the stretches of
// those sampled, and of the stretches before and after.
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

// trial estimates what programs would save in src from a few windows around
// the blocks sampled, coded by themselves. A short segment gets the benefit of
// the doubt.
func (e *encoder) trial(src []byte, sampled []int) (gain dsl.Cost, err error) {
	n := e.blocks(src)
	if n < 2*trialWindows*trialWindow {
		return 1 << 62, nil
	}
	e.raw = e.raw[:0]
	var tried [trialWindows * trialBlocks]int // numbers of blocks in e.raw
	count, next := 0, 0
	for k := range trialWindows {
		next = max(next, len(sampled)*(2*k+1)/(2*trialWindows))
		if next >= len(sampled) {
			break
		}
		first := max(0, min(sampled[next]-trialWindow/2, n-1-trialWindow))
		here := len(e.raw) / e.cfg.BlockSize
		for got := 0; next < len(sampled) && sampled[next] < first+trialWindow; next++ {
			if got < trialBlocks {
				tried[count] = here + sampled[next] - first
				count++
				got++
			}
		}
		at := first * e.cfg.BlockSize
		e.raw = append(e.raw, src[at:at+trialWindow*e.cfg.BlockSize]...)
	}
	const sum = 0 // nobody reads it
	if err := e.gzip(&e.rest, e.raw, sum, deflate.Level(e.cfg.Level)); err != nil {
		return 0, err
	}
	e.costs = append(e.costs[:0], make([]dsl.Cost, e.blocks(e.raw))...)
	if err := e.walkTokens(e.costs, e.raw, &e.rest); err != nil {
		return 0, err
	}
	for k, i := range tried[:count] {
		at, size := i*e.cfg.BlockSize, e.cfg.BlockSize
		found, _ := e.cfg.Finder.Find(e.cfg.Context, e.raw[:at+size], at, size, e.costs[i:i+1], int64(trialSteps*size))
		if err := e.stopped(); err != nil {
			return 0, err // found may be anything
		}
		if found[0] != nil {
			gain += max(0, e.costs[i]-e.bits.ProgramCost(found[0]))
		}
		if k == count/2 && gain == 0 {
			return 0, nil
		}
	}
	return gain * dsl.Cost(len(sampled)*stretch) / dsl.Cost(count), nil
}
