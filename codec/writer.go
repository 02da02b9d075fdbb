package codec

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/flate"

	"github.com/ktzip/ktzip/container"
)

// A Writer compresses what is written to it. Close ends the file; nothing less
// makes it whole. Errors stay until Reset. Once its context is done, the error is the cause,
// and what was under way ends soon. It is not safe for concurrent use. NewWriter makes
// one; the zero value is of no use.
type Writer struct {
	dst    io.Writer
	cfg    WriterConfig
	header container.Header // of each file, before what is known only at its end
	buf    []byte           // the segment being filled
	target int              // its length in bytes
	sized  bool             // target was chosen for what is in buf
	plain  bool             // what is in buf does not promise a plan
	jobs   []*job           // segments under way, oldest first
	index  container.Index
	in     int64 // bytes written to w
	out    int64 // bytes written to dst
	err    error

	encoders chan *encoder
	spare    []*job
	probe    *flate.Writer
	scratch  []byte // for the header and the index
}

// A job is a segment under way; one value comes from done when coded and err are set.
type job struct {
	src, coded []byte
	err        error
	done       chan struct{}
}

// Errors of a Writer.
var (
	// ErrClosed is what a Writer returns that was closed.
	ErrClosed = errors.New("codec: write to a closed Writer")
	// ErrSize reports that a Writer got more or fewer bytes than WriterConfig.Header states.
	ErrSize = errors.New("codec: the input's size is not that of the header")
)

const maxEmptyReads = 100 // that return (0, nil), in a row; as many as package bufio's

// NewWriter returns a Writer to dst. It writes nothing before it has to.
func NewWriter(dst io.Writer, cfg *WriterConfig) (*Writer, error) {
	c, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	if _, err := c.Header.Append(nil); err != nil {
		return nil, err
	}
	w := &Writer{cfg: c, header: c.Header, encoders: make(chan *encoder, c.Threads)}
	for range c.Threads {
		w.encoders <- newEncoder(&w.cfg)
	}
	w.Reset(dst)
	return w, nil
}

// Reset makes w write a new file, with the same configuration, to dst. What has
// not been written is dropped.
func (w *Writer) Reset(dst io.Writer) {
	for _, j := range w.jobs {
		<-j.done
		w.spare = append(w.spare, j)
	}
	w.dst, w.jobs, w.buf, w.plain = dst, w.jobs[:0], w.buf[:0], false
	w.cfg.Header = w.header
	w.index = container.Index{Entries: w.index.Entries[:0]}
	w.in, w.out, w.err = 0, 0, nil
	w.startSegment()
}

// Written returns the bytes taken from the caller and written to the
// destination so far.
func (w *Writer) Written() (in, out int64) { return w.in, w.out }

// Write implements io.Writer.
func (w *Writer) Write(p []byte) (n int, err error) {
	for len(p) > 0 && !w.stopped() {
		k := min(len(p), w.target-len(w.buf))
		w.buf = append(w.buf, p[:k]...)
		p = p[k:]
		n += k
		w.filled()
	}
	w.in += int64(n)
	return n, w.err
}

// ReadFrom implements io.ReaderFrom: it reads r to its end without a copy. If r goes on
// returning nothing, the error is io.ErrNoProgress.
func (w *Writer) ReadFrom(r io.Reader) (n int64, err error) {
	for empty := 0; !w.stopped(); {
		if len(w.buf) == cap(w.buf) {
			w.buf = append(w.buf, 0)[:len(w.buf)]
		}
		k, err := r.Read(w.buf[len(w.buf):min(cap(w.buf), w.target)])
		w.buf = w.buf[:len(w.buf)+k]
		n += int64(k)
		w.in += int64(k)
		w.filled()
		if err == io.EOF {
			break
		}
		if empty++; k > 0 {
			empty = 0
		}
		if err == nil && empty >= maxEmptyReads {
			err = io.ErrNoProgress
		}
		if err != nil {
			return n, err
		}
	}
	return n, w.err
}

// stopped sets w.err to the cause if the context is done, and reports whether it is.
func (w *Writer) stopped() bool {
	if w.err == nil && w.cfg.Context.Err() != nil {
		w.err = context.Cause(w.cfg.Context)
	}
	return w.err != nil
}

func (w *Writer) startSegment() {
	w.target, w.sized = w.cfg.SegmentSize, true
	if w.target == 0 {
		w.target, w.sized = minAutoSegment, false
	}
	if h := &w.cfg.Header; cap(w.buf) < w.target && (!h.HasSize || h.Size >= int64(w.target)) {
		w.buf = make([]byte, 0, w.target)
	}
}

// filled sends a full segment on its way.
func (w *Writer) filled() {
	if w.err != nil || len(w.buf) < w.target {
		return
	}
	if !w.sized {
		w.sized = true
		if w.target, w.err = w.length(); len(w.buf) < w.target || w.err != nil {
			return
		}
	}
	w.dispatch()
}

// A segment should hold at least wantCoded bytes of raw part: each starts with
// no history, which costs about as much as 32 KiB at the segment's own rate.
const (
	wantCoded  = 512 << 10
	probePiece = 16 << 10
	probes     = 8
)

// length chooses the length of a segment by how well pieces of its beginning
// code.
func (w *Writer) length() (int, error) {
	var size counter
	if w.probe == nil {
		p, err := flate.NewWriter(&size, 1)
		if err != nil {
			return 0, err
		}
		w.probe = p
	} else {
		w.probe.Reset(&size)
	}
	for k := range probes {
		at := k * (len(w.buf) / probes)
		if _, err := w.probe.Write(w.buf[at : at+probePiece]); err != nil {
			return 0, err
		}
	}
	if err := w.probe.Close(); err != nil {
		return 0, err
	}
	n := w.grown(int64(size))
	if n == minAutoSegment || w.cfg.Planner == nil || w.cfg.Plan != nil {
		return n, nil
	}
	if w.cfg.Planner.Promising(w.buf) {
		n = minAutoSegment // longer segments can't have plans
	} else {
		w.plain = true // nor will there be any for the longer one
	}
	return n, nil
}

// grown is the length of a segment for data of which the probe takes size bytes.
func (w *Writer) grown(size int64) int {
	n := minAutoSegment
	for n < w.cfg.maxAuto() && size*int64(n) < wantCoded*probes*probePiece {
		n *= 2
	}
	return n
}

// A counter counts the bytes written to it.
type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// dispatch codes w.buf in a goroutine of its own, once one of the encoders is
// free, and waits for the oldest segment when there are enough under way.
func (w *Writer) dispatch() {
	if w.stopped() {
		return
	}
	var j *job
	if k := len(w.spare) - 1; k >= 0 {
		j, w.spare = w.spare[k], w.spare[:k]
	} else {
		j = &job{done: make(chan struct{}, 1)}
	}
	j.src, w.buf = w.buf, j.src[:0]
	plain := w.plain
	w.plain = false
	w.jobs = append(w.jobs, j)
	go func() {
		e := <-w.encoders
		j.coded, j.err = e.segment(j.coded[:0], j.src, plain)
		w.encoders <- e
		j.done <- struct{}{}
	}()
	for len(w.jobs) > 2*w.cfg.Threads { // as many wait as run, so that no encoder does
		w.collect()
	}
	w.startSegment()
}

// collect waits for the oldest segment and writes it.
func (w *Writer) collect() {
	j := w.jobs[0]
	w.jobs = append(w.jobs[:0], w.jobs[1:]...)
	<-j.done
	w.spare = append(w.spare, j)
	if w.err == nil {
		w.err = j.err
	}
	w.start()
	if w.write(j.coded) {
		w.index.Entries = append(w.index.Entries, container.Entry{Coded: int64(len(j.coded)), Size: int64(len(j.src))})
	}
}

// fitHeader makes the header of a file that ends within its first segment state segments
// as short as if the size had been known from the start: a decoder needs memory for no
// more. The size itself stays out of it: it would cost bytes, and the segment says it.
func (w *Writer) fitHeader() {
	if w.err == nil && w.index.Header == 0 && len(w.jobs) == 0 {
		w.cfg.Header.SegmentLog = log2(max(len(w.buf), w.cfg.BlockSize))
	}
}

// start writes the header if it has not been written.
func (w *Writer) start() {
	if w.index.Header != 0 || w.err != nil {
		return
	}
	h, err := w.cfg.Header.Append(w.scratch[:0])
	if w.scratch = h; err != nil {
		w.err = err
		return
	}
	if w.write(h) {
		w.index.Header = int64(len(h))
	}
}

func (w *Writer) write(b []byte) bool {
	if w.err != nil {
		return false
	}
	n, err := writeAll(w.dst, b)
	w.out += int64(n)
	w.err = err
	return err == nil
}

// writeAll writes b to dst. If that takes less without an error, it is io.ErrShortWrite.
func writeAll(dst io.Writer, b []byte) (n int, err error) {
	n, err = dst.Write(b)
	if err == nil && n < len(b) {
		err = io.ErrShortWrite
	}
	return n, err
}

// Flush ends the current segment and writes all that was taken to the
// destination: a reader of what is there gets everything so far. Each segment
// costs some bytes.
func (w *Writer) Flush() error {
	if len(w.buf) > 0 && w.err == nil {
		w.dispatch()
	}
	for len(w.jobs) > 0 {
		w.collect()
	}
	if !w.stopped() {
		w.start()
	}
	return w.err
}

// Close flushes and writes the index and the end mark. If nothing was flushed before and
// there is one segment, the header asks for no more memory than that needs. It does not
// close the destination. A second Close does nothing. After an error, or once the context
// is done, there is no end mark.
func (w *Writer) Close() error {
	if w.err == ErrClosed {
		return nil
	}
	w.fitHeader()
	w.Flush()
	if h := &w.cfg.Header; w.err == nil && h.HasSize && h.Size != w.in {
		w.err = fmt.Errorf("%w: %d bytes, not %d", ErrSize, w.in, h.Size)
	}
	if !w.stopped() {
		w.scratch = w.index.Append(w.scratch[:0])
		w.write(w.scratch)
	}
	if w.err != nil {
		return w.err
	}
	w.err = ErrClosed
	return nil
}
