package codec

import (
	"bytes"

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

// dispatchFull dispatches the segments that are complete. A segment whose length the Writer
// chooses is looked at each time it has minAutoSegment bytes more.
func (w *Writer) dispatchFull() {
	for w.err == nil && len(w.buf) >= w.ahead {
		src := w.buf[:w.ahead]
		switch {
		case w.cfg.Rsyncable:
			w.endsByContent()
		case w.endsEarly(src, true):
		case w.lasts(src):
			w.looked = len(src)
			w.ahead = min(w.target, w.ahead+minAutoSegment)
		case w.endsEarly(src, false):
		default:
			w.dispatch(len(src))
		}
	}
}

// lasts reports whether the segment that begins with src becomes longer.
func (w *Writer) lasts(src []byte) bool {
	if len(src) < w.target {
		return true
	}
	if !w.sized {
		planned := false
		w.target, planned = w.probe.segmentLength(&w.cfg, src)
		if w.sized, w.noPlan = true, !planned; len(src) < w.target {
			return true
		}
	}
	if w.lengthens(src) {
		w.target *= 2
		return true
	}
	return false
}

// endsEarly dispatches the segment that begins with src if other data begins within src. What
// begins near its end may be left for later if more follows.
func (w *Writer) endsEarly(src []byte, more bool) bool {
	d, ok := w.cfg.Planner.(Divider)
	if !ok || w.cfg.SegmentSize != 0 && !w.cfg.Rsyncable || w.cfg.only != nil || w.err != nil {
		return false
	}
	n := d.Border(src, w.looked, more)
	if n > 0 {
		w.dispatch(n)
	}
	return n > 0
}

// dispatchEnded dispatches the segments that end in w.buf, before this ends.
func (w *Writer) dispatchEnded() {
	for w.cfg.Rsyncable && !w.stopped() && w.endsByContent() {
	}
	for !w.stopped() && w.endsEarly(w.buf, false) {
	}
}

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

// fits reports whether one of the plans that the caller proposes seems to pay for src, of
// which the pieces take size bytes.
func (p *probe) fits(cfg *WriterConfig, src []byte, size int) bool {
	for _, plan := range cfg.Plans {
		streams, err := p.dividing.Split(src, plan)
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
