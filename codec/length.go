package codec

import (
	"bytes"
	"math/bits"

	"github.com/ktzip/ktzip/codec/internal/deflate"
	"github.com/ktzip/ktzip/dsl/plan"
)

const (
	// The lengths of segments that the Writer chooses, in bytes: powers of two.
	minAutoSegment = 1 << 20
	maxAutoSegment = 8 << 20

	// A segment should have at least wantCoded bytes of raw part: each starts without
	// history, which costs about as much as 32 KiB at the segment's own rate.
	wantCoded = 512 << 10

	// A probe compresses probes pieces of probePiece bytes from a segment's beginning, at
	// the fastest level.
	probes     = 8
	probePiece = 16 << 10
	probeLevel = 1
)

// A probe measures how well data codes.
type probe struct {
	compressor deflate.Compressor
	dividing   plan.Machine
	pieces     []byte
	coded      bytes.Buffer
}

// size returns how many bytes the pieces of src take; anything if the Writer's context is
// done.
func (p *probe) size(cfg *WriterConfig, src []byte) int {
	p.coded.Reset()
	p.compressor.Compress(cfg.Context, &p.coded, p.sample(src), deflate.Level(probeLevel))
	return p.coded.Len()
}

// sample returns the pieces of src, joined; src itself if it is no longer than they are. They
// are valid until the next call.
func (p *probe) sample(src []byte) []byte {
	if len(src) <= probes*probePiece {
		return src
	}
	p.pieces = p.pieces[:0]
	for k := range probes {
		off := k * (len(src) / probes)
		p.pieces = append(p.pieces, src[off:off+probePiece]...)
	}
	return p.pieces
}

// segmentLength returns the length of a segment that begins with src, of minAutoSegment bytes;
// and whether a plan may code it.
func (p *probe) segmentLength(cfg *WriterConfig, src []byte) (n int, planned bool) {
	size := p.size(cfg, src)
	n = autoLength(size, maxAutoSegment)
	if n == minAutoSegment || !cfg.plans() {
		return n, true
	}
	if cfg.Planner != nil && cfg.Planner.Promising(src) || p.fits(cfg, src, size) {
		return minAutoSegment, true // a plan codes no longer one
	}
	return n, false
}

// fits reports whether one of the plans that the caller proposes, fitted to src, seems to pay for
// src, of which the pieces take size bytes.
func (p *probe) fits(cfg *WriterConfig, src []byte, size int) bool {
	r, refits := cfg.Planner.(Refitter)
	for _, proposed := range cfg.Plans {
		streams, err := p.dividing.Split(src, proposed)
		if err != nil && refits {
			if fitted := r.Refit(proposed, src); fitted != nil {
				streams, err = p.dividing.Split(src, fitted)
			}
		}
		if err != nil {
			continue
		}
		if p.size(cfg, bytes.Join(streams, nil)) < size {
			return true
		}
	}
	return false
}

// autoLength returns the length of a segment, up to most bytes, for data of which a probe takes
// size bytes.
func autoLength(size, most int) int {
	n := minAutoSegment
	for n < most && int64(size)*int64(n) < wantCoded*probes*probePiece {
		n *= 2
	}
	return n
}

// With WriterConfig.Rsyncable, a segment ends where the bytes before say so, whatever lies farther back:
//
//	before     …│ A │  B  │ C │ D │…
//	after      …│ A │  B' │ C │ D │…     a byte was inserted in B
//
// The segments after the change are the same bytes, and are coded to the same bytes: a program such as
// rsync finds them at their new place. Runs begin where the bytes say so, too, and know nothing of each
// other. So a change reaches its segment and, if that is a leader whose plan changes, the others of its run.

const (
	// contentSegment is the most bytes of a segment that ends by content, unless SegmentSize says
	// otherwise; a mean one has a quarter of it. By 1, 2 and 4 MiB, at level 6, logs in JSON take 7.5, 2.8
	// and 0.5 % more, source code 8.3, 5.4 and -0.7 %; of 16 MB, rsync sends 1 to 3, 1 to 11 and 1 to 24 %
	// after one byte was inserted (November 2026).
	contentSegment = 2 << 20

	// The least and, beyond that, the mean bytes of such a segment are one part in so many of the most.
	// Few segments are cut before their content ends them (1 in 50).
	contentLeastParts, contentMeanParts = 16, 4

	// A run has one more segment 7 times in 8: 4 MiB on average, about as much as one without Rsyncable. A
	// change reaches it all only in its leader, 1 time in 8. With 3 times in 4, and at most 8, rsync sent the
	// same of logs in JSON and of tables, and logs took twice as long at level 6 (November 2026). Few runs
	// have contentRunSegments (1 in 70).
	contentRunLog, contentRunSegments = 3, 32
)

// contentWindow is how many bytes before a place say if a segment ends there: the bits of the sum in
// contentEnd.
const contentWindow = 64

// contentEnd returns where the segment that begins with src ends by content, if it has at most most bytes: at
// len(src), or most, if no place before does. It reports whether the next segment begins a run.
func contentEnd(src []byte, most int) (n int, leads bool) {
	src = src[:min(len(src), most)]
	least := max(most/contentLeastParts, contentWindow)
	log := bits.Len(uint(most/contentMeanParts)) - 1
	sum := uint64(0) // of the last bytes, each doubled by those after it
	for i := least - contentWindow; i < len(src); i++ {
		sum = sum<<1 + uint64(src[i])
		// The multiplier is 2^64 / φ (Knuth, volume 3, 6.4). A run of NULs ends nothing.
		if hash := ^(sum * 0x9e3779b97f4a7c15); i+1 >= least && hash>>(64-log) == 0 {
			return i + 1, hash<<log>>(64-contentRunLog) == 0
		}
	}
	return len(src), false
}
