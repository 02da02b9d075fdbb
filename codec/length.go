package codec

import (
	"bytes"

	"github.com/ktzip/ktzip/codec/internal/deflate"
	"github.com/ktzip/ktzip/dsl"
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
	pieces     []byte
	coded      bytes.Buffer
}

// size returns how many bytes the pieces of src take; anything if the Writer's context is
// done.
func (p *probe) size(cfg *WriterConfig, src []byte) int {
	p.pieces = p.pieces[:0]
	for k := range probes {
		off := k * (len(src) / probes)
		p.pieces = append(p.pieces, src[off:off+probePiece]...)
	}
	p.coded.Reset()
	p.compressor.Compress(cfg.Context, &p.coded, p.pieces, deflate.Level(probeLevel))
	return p.coded.Len()
}

// segmentLength returns the length of a segment that begins with src, of minAutoSegment bytes;
// and whether a plan may code it.
func (p *probe) segmentLength(cfg *WriterConfig, src []byte) (n int, planned bool) {
	n = autoLength(p.size(cfg, src), cfg.maxAuto())
	if n == minAutoSegment || cfg.Planner == nil || cfg.Plan != nil {
		return n, true
	}
	if cfg.Planner.Promising(src) {
		return minAutoSegment, true // a plan codes no longer one
	}
	return n, false
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

// maxAuto returns the longest segment that the Writer makes of itself, in bytes.
func (c *WriterConfig) maxAuto() int {
	if c.Plan != nil && !c.Plan.IsIdentity() {
		return dsl.MaxPlanned
	}
	return maxAutoSegment
}
