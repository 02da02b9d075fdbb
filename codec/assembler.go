package codec

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/ktzip/ktzip/container"
)

// An Assembler writes the file that coded segments make, as a Writer does: the header, the segments in
// their order, the index and the end mark. Only Close makes the file whole. An error stays. Once
// WriterConfig.Context is done, the error is its cause. An Assembler is not safe for concurrent use. Use
// NewAssembler; the zero value is not ready.
type Assembler struct {
	dst     io.Writer
	cfg     *WriterConfig
	header  container.Header // what of it is known
	index   container.Index  // index.Header is 0 until the header is written
	held    []byte           // coded segments that wait for the header, which states if one has a predictor
	in, out int64            // bytes added, and written
	scratch []byte           // storage for the header and the index
	err     error
}

// Errors of a Writer and of an Assembler.
var (
	// ErrClosed reports a Write to a Writer that was closed.
	ErrClosed = errors.New("codec: write to a closed Writer")
	// ErrSize reports that the size of the input is not the one in WriterConfig.Header.
	ErrSize = errors.New("codec: the input's size is not that of the header")
)

// maxHeld is how many bytes of segments without predictors wait for one that has one, or for the end, so
// that the header says nothing of predictors if there is none. Arbitrary.
const maxHeld = 8 << 20

// NewAssembler returns an Assembler to dst for the configuration by which the segments were cut and coded;
// nil stands for the default one. With a Mixer, up to 8 MiB wait for the first segment that has a predictor.
func NewAssembler(dst io.Writer, cfg *WriterConfig) (*Assembler, error) {
	d, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	a := &Assembler{cfg: &d}
	a.reset(dst)
	return a, nil
}

// reset makes a write a new file to dst.
func (a *Assembler) reset(dst io.Writer) {
	a.dst, a.header, a.index, a.held = dst, a.cfg.Header, container.Index{Entries: a.index.Entries[:0]}, a.held[:0]
	a.in, a.out, a.err = 0, 0, nil
}

// Written returns of how many bytes segments were added, and how many bytes were written so far.
func (a *Assembler) Written() (in, out int64) { return a.in, a.out }

// Add writes the segment c, which must follow those before. Its Source may be nil.
func (a *Assembler) Add(c *Coded) error {
	if a.stopped() {
		return a.err
	}
	if c.Offset != a.in || c.Size < 1 || len(c.Bytes) == 0 {
		a.err = fmt.Errorf("codec: a segment of %d bytes from %d on, coded in %d bytes; the next one is from %d on", c.Size, c.Offset, len(c.Bytes), a.in)
		return a.err
	}
	if c.only() && a.index.Header == 0 {
		a.fit(c.Size, c.Found.memory)
	}
	if a.index.Header == 0 && a.cfg.Mixer != nil && c.Found.memory == 0 && len(a.held)+len(c.Bytes) <= maxHeld {
		a.held = append(a.held, c.Bytes...)
	} else {
		a.start()
		a.write(c.Bytes)
	}
	if a.err == nil {
		a.in += int64(c.Size)
		a.index.Entries = append(a.index.Entries, container.Entry{Coded: int64(len(c.Bytes)), Size: int64(c.Size)})
	}
	return a.err
}

// Flush writes what waits: a reader of what is there gets all segments so far.
func (a *Assembler) Flush() error {
	if !a.stopped() {
		a.start()
	}
	return a.err
}

// Close flushes, and writes the index and the end mark. It does not close the destination. A second Close
// does nothing. After an error, or once the context is done, it writes no end mark.
func (a *Assembler) Close() error {
	if a.err == ErrClosed {
		return nil
	}
	if a.index.Header == 0 {
		if a.header.PredictorLog = 0; len(a.index.Entries) == 0 { // no segment has a predictor
			a.fit(0, 0)
		}
	}
	a.Flush()
	if h := &a.cfg.Header; a.err == nil && h.HasSize && h.Size != a.in {
		a.err = fmt.Errorf("%w: %d bytes, not %d", ErrSize, a.in, h.Size)
	}
	if !a.stopped() {
		a.scratch = a.index.Append(a.scratch[:0], &a.header)
		a.write(a.scratch)
	}
	if a.err != nil {
		return a.err
	}
	a.err = ErrClosed
	return nil
}

// stopped reports whether there is an error; the context's cause is one if it is done.
func (a *Assembler) stopped() bool {
	if a.err == nil && a.cfg.Context.Err() != nil {
		a.err = context.Cause(a.cfg.Context)
	}
	return a.err != nil
}

// fit makes the header that of a file of one segment, of size bytes, or none, whose predictors take so many
// bytes of memory.
func (a *Assembler) fit(size int, memory int64) {
	fitHeader(&a.header, size)
	a.header.PredictorLog = predictorLog(memory)
}

// fitHeader makes h state a segment size that fits a file which ends within its first segment, of size
// bytes: a reader then needs memory for no more. The file's size, which costs bytes, it leaves to the
// segment.
func fitHeader(h *container.Header, size int) {
	h.SegmentLog, h.Size, h.HasSize = log2(max(size, h.BlockSize())), 0, false
}

// start writes the header, and what waits for it, if that was not written yet.
func (a *Assembler) start() {
	if a.index.Header != 0 || a.err != nil {
		return
	}
	h, err := a.header.Append(a.scratch[:0])
	if a.scratch = h; err != nil {
		a.err = err
		return
	}
	if a.write(h) {
		a.index.Header = int64(len(h))
		a.write(a.held)
	}
	a.held = a.held[:0]
}

// write writes b to the destination, and reports whether that and all before it succeeded.
func (a *Assembler) write(b []byte) bool {
	if a.err != nil {
		return false
	}
	n, err := writeAll(a.dst, b)
	a.out += int64(n)
	a.err = err
	return err == nil
}

// writeAll writes b to dst. The error is io.ErrShortWrite if dst takes less and returns none.
func writeAll(dst io.Writer, b []byte) (n int, err error) {
	n, err = dst.Write(b)
	if err == nil && n < len(b) {
		err = io.ErrShortWrite
	}
	return n, err
}
