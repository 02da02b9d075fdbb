package seqcoder

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/search/programs"
)

// Promising implements codec.Finder: enumeration's test, also if the model is alone.
func (s *Searcher) Promising(block []byte) bool {
	if s.finder != nil {
		return s.finder.Promising(block)
	}
	return defaultFinder().Promising(block)
}

// defaultFinder is built on first use: its prices take milliseconds.
var defaultFinder = sync.OnceValue(func() *programs.Finder { return programs.New(nil) })

// Find implements codec.Finder. Enumeration comes first. Then the model gets the blocks without
// a program, those with the highest limits first, for 1/streamShare of the steps that
// enumeration took; if it is alone, all steps.
func (s *Searcher) Find(ctx context.Context, stream []byte, from, size int, limits []dsl.Cost, steps int64) (found []*dsl.Program, used int64) {
	s.queued.Add(int64(len(limits)))
	defer s.settled.Add(int64(len(limits)))
	blocks := &blocks{stream: stream[from:], size: size, limits: limits}
	if s.finder == nil {
		blocks.found = make([]*dsl.Program, len(limits))
	} else {
		s.enumerating <- struct{}{}
		blocks.found, used = s.finder.Find(ctx, stream, from, size, limits, steps)
		<-s.enumerating
		steps = used / streamShare
	}
	return blocks.found, used + s.findOpen(ctx, blocks, steps)
}

// blocks are consecutive blocks of a stream and their programs.
type blocks struct {
	stream []byte // from the first block on
	size   int    // bytes of a block; the last one may be shorter
	limits []dsl.Cost
	found  []*dsl.Program // nil for a block without a program
}

// block returns the bytes of block i.
func (b *blocks) block(i int) []byte {
	return b.stream[i*b.size : min((i+1)*b.size, len(b.stream))]
}

// open returns the blocks without a program, those with the highest limits first.
func (b *blocks) open() (list []int) {
	for i, p := range b.found {
		if p == nil {
			list = append(list, i)
		}
	}
	slices.SortStableFunc(list, func(i, j int) int { return cmp.Compare(b.limits[j], b.limits[i]) })
	return list
}

// findOpen sets programs that the model finds for the blocks without one, and returns the
// steps taken, about steps at most.
func (s *Searcher) findOpen(ctx context.Context, b *blocks, steps int64) (used int64) {
	open := b.open()
	if len(open) == 0 {
		return 0
	}
	beam := s.beam(b.size, steps/int64(len(open)), maxWidth)
	if beam.Width == 0 { // too many blocks: a beam of 1 for those for which the steps suffice
		if beam = s.beam(b.size, steps, 1); beam.Width == 0 {
			return 0
		}
		read, each := s.beamSteps(b.size)
		open = open[:min(len(open), int(float64(steps)/(read+each)))]
	}
	perBlock := steps / int64(len(open))
	for list := range slices.Chunk(open, sequencesRead) {
		if ctx.Err() != nil {
			break
		}
		var sequences [][]byte
		for _, i := range list {
			sequences = append(sequences, b.block(i))
		}
		all, more := s.Propose(sequences, beam)
		used += more
		for k, i := range list {
			p := s.cheapest(all[k].Programs...)
			if p == nil && all[k].Partial.Elements >= minElements && used < steps {
				q, more := s.complete(&all[k].Partial, perBlock)
				p, used = s.cheapest(q), used+more
			}
			if p != nil && p.InitialCost() < b.limits[i] {
				b.found[i] = p
			}
		}
	}
	return used
}

// Blocks returns how many blocks have been queued, and how many of them are settled.
func (s *Searcher) Blocks() (queued, settled int64) { return s.queued.Load(), s.settled.Load() }
