package codec

import (
	"bytes"
	"context"
	"encoding/binary"

	"github.com/klauspost/compress/flate"
)

// A deflate holds the coders of each level, to be used again.
type deflate struct {
	ctx      context.Context // ends the work early
	out      stopper
	writers  [numLevels]*flate.Writer
	tried    [2]bytes.Buffer
	squeezer squeezer
}

// A stopper passes on what is written until its context is done.
type stopper struct {
	ctx context.Context
	buf *bytes.Buffer
}

func (s *stopper) Write(p []byte) (int, error) {
	if s.ctx.Err() != nil {
		return 0, context.Cause(s.ctx)
	}
	return s.buf.Write(p)
}

// Levels of package flate: 1 to 9 and Huffman codes alone, for data in which equal
// strings are chance.
const (
	huffmanOnly = 0 // in deflate.writers
	numLevels   = 10
)

// piece appends deflate data of b to buf; last ends it, else the next piece may
// follow. Strings may be copied from before, the up to 32 KiB before b.
func (d *deflate) piece(buf *bytes.Buffer, level int, before, b []byte, last bool) error {
	d.out = stopper{d.ctx, buf}
	w := d.writers[level]
	fresh := w == nil
	if fresh {
		real := level
		if level == huffmanOnly {
			real = flate.HuffmanOnly
		}
		var err error
		if w, err = flate.NewWriter(&d.out, real); err != nil {
			return err
		}
		d.writers[level] = w
	}
	if !fresh || len(before) > 0 {
		w.ResetDict(&d.out, before) // Reset would keep the last one
	}
	if _, err := w.Write(b); err != nil {
		return err
	}
	if last {
		return w.Close()
	}
	return w.Flush()
}

const history = 32 << 10 // how far back deflate copies from, bytes

// mixed writes deflate data of b, in pieces of size bytes, each as levels has it
// shortest. What plans leave has parts of very different kinds: in the low bytes of
// samples equal strings are chance, and Huffman codes alone are shorter.
func (d *deflate) mixed(buf *bytes.Buffer, b []byte, size int, levels ...int) error {
	for at := 0; at < len(b) || at == 0; at += size {
		end := min(at+size, len(b))
		if len(b)-end < size/4 {
			end = len(b)
		}
		best := &d.tried[0]
		for k, level := range levels {
			try := &d.tried[1]
			if k == 0 {
				try = best
			}
			try.Reset()
			before := b[max(0, at-history):at]
			if level == huffmanOnly {
				before = nil
			}
			if err := d.piece(try, level, before, b[at:end], end == len(b)); err != nil {
				return err
			}
			if try != best && try.Len() < best.Len() {
				d.tried[0], d.tried[1] = d.tried[1], d.tried[0]
			}
		}
		buf.Write(best.Bytes())
		if end == len(b) {
			break
		}
	}
	return nil
}

// gzip writes the GZIP member of b, which is not empty and has the checksum
// sum, to buf: deflate at the level, or stored blocks where those are shorter.
func (e *encoder) gzip(buf *bytes.Buffer, b []byte, sum uint32) error {
	buf.Reset()
	buf.Grow(len(b)/2 + 1024) // most data fits; what does not grows once
	buf.WriteString(memberHead)
	if err := e.deflate.piece(buf, e.cfg.Level, nil, b, true); err != nil {
		return err
	}
	const most = 1<<16 - 1 // bytes of a stored block
	if stored := len(b) + 5*((len(b)+most-1)/most); buf.Len()-len(memberHead) > stored {
		buf.Truncate(len(memberHead))
		for rest := b; len(rest) > 0; {
			n := min(len(rest), most)
			final := byte(0)
			if n == len(rest) {
				final = 1
			}
			buf.Write([]byte{final, byte(n), byte(n >> 8), ^byte(n), ^byte(n >> 8)})
			buf.Write(rest[:n])
			rest = rest[n:]
		}
	}
	endMember(buf, b, sum)
	return nil
}

// mixedSize is the length of a piece of a member of several levels, in bytes.
const mixedSize = 32 << 10

// gzipMixed is gzip for what a plan leaves: levels are mixed.
func (e *encoder) gzipMixed(buf *bytes.Buffer, b []byte, sum uint32) error {
	buf.Reset()
	buf.WriteString(memberHead)
	if q := &e.deflate.squeezer; q.as(e.cfg.Level) {
		if err := q.squeeze(e.cfg.Context, buf, b); err != nil {
			return err
		}
	} else if err := e.deflate.mixed(buf, b, mixedSize, huffmanOnly, e.cfg.Level); err != nil {
		return err
	}
	endMember(buf, b, sum)
	return nil
}

// squeezers are the efforts of the levels; 0: pieces of package flate's.
var squeezers = [numLevels]struct{ depth, nice, passes int }{
	4: {8, 32, 0}, 5: {16, 64, 1}, 6: {64, 128, 1}, 7: {64, 258, 2}, 8: {128, 258, 2}, 9: {256, 258, 4},
}

// as makes q that of a level and reports whether that has one.
func (q *squeezer) as(level int) bool {
	s := squeezers[level]
	q.matches.depth, q.matches.nice, q.passes = s.depth, s.nice, s.passes
	return s.depth > 0
}

// sampled is how many bytes about a stream of a sample takes.
func (e *encoder) sampled(stream []byte, failed *error) int {
	e.rest.Reset()
	if err := e.deflate.mixed(&e.rest, stream, mixedSize/2, min(e.cfg.Level, 6), huffmanOnly); err != nil {
		*failed = err
	}
	return e.rest.Len()
}

// whole is how many bytes what a plan leaves of a whole segment takes, more exactly at
// the levels that have the time.
func (e *encoder) whole(content []byte, failed *error) int {
	if e.cfg.Level < planPrograms {
		return e.sampled(content, failed)
	}
	e.rest.Reset()
	e.deflate.squeezer.as(4)
	if err := e.deflate.squeezer.squeeze(e.cfg.Context, &e.rest, content); err != nil {
		*failed = err
	}
	return e.rest.Len()
}

// endMember appends the trailer of the member of b.
func endMember(buf *bytes.Buffer, b []byte, sum uint32) {
	var tail [memberTail]byte
	binary.LittleEndian.PutUint32(tail[:], sum)
	binary.LittleEndian.PutUint32(tail[4:], uint32(len(b)))
	buf.Write(tail[:])
}
