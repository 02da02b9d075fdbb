package codec

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
)

// A Writer compresses what is written to it. Only Close makes the file whole. An error stays
// until Reset. Once the context is done, the error is its cause, and the work under way ends
// soon. A Writer is not safe for concurrent use. Use NewWriter; the zero value is not ready.
type Writer struct {
	dst     io.Writer
	cfg     WriterConfig
	header  container.Header // of each file, without what is known only at its end
	buf     []byte           // the segment being filled
	target  int              // its length in bytes
	ahead   int              // the Writer looks at buf once it has so many bytes: looked < ahead <= target
	looked  int              // no segment ends in these first bytes of buf
	sized   bool             // target is final: it was configured, or chosen for the data in buf
	noPlan  bool             // the data in buf does not promise a plan
	roll    roll             // of segments
	jobs    []*job           // segments under way, oldest first
	index   container.Index
	pending []*job // segments that may be joined
	held    []byte // coded segments that wait for the header, which states if one has a predictor
	in      int64  // bytes written to the Writer
	out     int64  // bytes written to dst
	err     error

	encoders chan *encoder // those that are free
	spare    []*job
	probe    probe
	scratch  []byte // storage for the header and the index
}

// A job is a segment under way. Once coded and err are set, done has a value.
type job struct {
	work
	coded  []byte
	memory int64        // bytes that a predictor of it takes
	whole  *dsl.Program // the predictor that codes all of it in its own order; nil if there is none
	apart  bool         // that it is not joined with the one before was decided
	err    error
	done   chan struct{}
}

// Errors of a Writer.
var (
	// ErrClosed reports a Write to a Writer that was closed.
	ErrClosed = errors.New("codec: write to a closed Writer")
	// ErrSize reports that the size of the input is not the one in WriterConfig.Header.
	ErrSize = errors.New("codec: the input's size is not that of the header")
)

// maxEmptyReads is how many reads in a row may return (0, nil); package bufio allows as many.
const maxEmptyReads = 100

// NewWriter returns a Writer to dst; nil stands for the default configuration. Nothing is
// written to dst before the first segment is complete; with a Mixer, up to 8 MiB wait for the first segment
// that has a predictor, and if it is a Joiner up to 8 MiB of the input for segments that they may be joined
// with. Flush does not wait.
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

// Reset makes w write a new file to dst, with the same configuration. It drops what has not
// been written.
func (w *Writer) Reset(dst io.Writer) {
	for _, j := range w.jobs {
		<-j.done
		w.spare = append(w.spare, j)
	}
	w.spare = append(w.spare, w.pending...)
	w.dst, w.jobs, w.pending, w.buf = dst, w.jobs[:0], w.pending[:0], w.buf[:0]
	w.roll = roll{most: runSegments}
	if w.cfg.Rsyncable {
		w.roll = roll{most: contentRunSegments, apart: true}
	}
	w.cfg.Header = w.header
	w.index, w.held = container.Index{Entries: w.index.Entries[:0]}, w.held[:0]
	w.in, w.out, w.err = 0, 0, nil
	w.startSegment()
}

// Written returns how many bytes were taken from the caller and written to the destination so
// far.
func (w *Writer) Written() (in, out int64) { return w.in, w.out }

// Write implements io.Writer.
func (w *Writer) Write(p []byte) (n int, err error) {
	for len(p) > 0 && !w.stopped() {
		k := min(len(p), w.ahead-len(w.buf))
		w.buf = append(w.buf, p[:k]...)
		p = p[k:]
		n += k
		w.dispatchFull()
	}
	w.in += int64(n)
	return n, w.err
}

// ReadFrom implements io.ReaderFrom: it reads r to its end, without a copy. The error is
// io.ErrNoProgress if many reads in a row return nothing.
func (w *Writer) ReadFrom(r io.Reader) (n int64, err error) {
	for empty := 0; !w.stopped(); {
		if len(w.buf) == cap(w.buf) {
			w.buf = append(w.buf, 0)[:len(w.buf)]
		}
		k, err := r.Read(w.buf[len(w.buf):min(cap(w.buf), w.ahead)])
		w.buf = w.buf[:len(w.buf)+k]
		n += int64(k)
		w.in += int64(k)
		w.dispatchFull()
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

// stopped reports whether there is an error; the context's cause is one if it is done.
func (w *Writer) stopped() bool {
	if w.err == nil && w.cfg.Context.Err() != nil {
		w.err = context.Cause(w.cfg.Context)
	}
	return w.err != nil
}

// startSegment sets the length of the next segment, of which w.buf may have a part.
func (w *Writer) startSegment() {
	w.target, w.sized = w.cfg.SegmentSize, true
	if w.target == 0 {
		w.target, w.sized = minAutoSegment, false
	}
	w.ahead, w.looked, w.noPlan = w.target, 0, false
	if h := &w.cfg.Header; cap(w.buf) < w.target && (!h.HasSize || h.Size >= int64(w.target)) {
		w.buf = append(make([]byte, 0, w.target), w.buf...)
	}
}

// dispatch codes the first n bytes of w.buf as a segment in a goroutine of its own, once one of
// the encoders is free. If enough segments are under way, it waits for the oldest one.
func (w *Writer) dispatch(n int) {
	if w.stopped() {
		return
	}
	go w.code(w.job(n))
	for len(w.jobs) > 2*w.cfg.Threads { // as many wait as run, so that no encoder does
		w.collect()
	}
	w.startSegment()
}

// job adds the first n bytes of w.buf to the segments under way.
func (w *Writer) job(n int) *job {
	var j *job
	if k := len(w.spare) - 1; k >= 0 {
		j, w.spare = w.spare[k], w.spare[:k]
	} else {
		j = &job{done: make(chan struct{}, 1)}
	}
	j.src, w.buf = w.buf[:n], append(j.src[:0], w.buf[n:]...)
	if j.work = (work{src: j.src, noPlan: w.noPlan || !w.cfg.plans()}); !j.work.noPlan {
		w.roll.add(&j.work)
	}
	w.jobs = append(w.jobs, j)
	return j
}

// code codes the segment j.
func (w *Writer) code(j *job) {
	j.work.wait()
	e := <-w.encoders
	var found finding
	j.coded, found, j.err = e.segment(j.coded[:0], &j.work)
	j.work.lead(found)
	j.memory, j.whole, j.apart = found.memory, found.whole, false
	w.encoders <- e
	j.done <- struct{}{}
}

// collect waits for the oldest segment and writes it, or lets it wait for others.
func (w *Writer) collect() {
	j := w.jobs[0]
	w.jobs = append(w.jobs[:0], w.jobs[1:]...)
	<-j.done
	if w.joins() {
		w.pend(j)
	} else {
		w.emit(j)
	}
}

// emit writes the segment j.
func (w *Writer) emit(j *job) {
	w.spare = append(w.spare, j)
	if w.err == nil {
		w.err = j.err
	}
	wait := w.index.Header == 0 && w.cfg.Mixer != nil && j.memory == 0 && len(w.held)+len(j.coded) <= maxHeld
	if wait {
		w.held = append(w.held, j.coded...)
	} else {
		w.start()
	}
	if w.err == nil && (wait || w.write(j.coded)) {
		w.index.Entries = append(w.index.Entries, container.Entry{Coded: int64(len(j.coded)), Size: int64(len(j.src))})
	}
}

// maxHeld is how many bytes of segments without predictors wait for one that has one, or for the end, so
// that the header says nothing of predictors if there is none. Arbitrary.
const maxHeld = 8 << 20

// fitHeader makes the header of a file that ends within its first segment state a segment
// size that fits: a reader then needs memory for no more. The file's size, which costs bytes,
// it leaves to the segment. It reports whether the file does.
func (w *Writer) fitHeader() bool {
	fits := w.err == nil && w.index.Header == 0 && len(w.jobs) == 0
	if fits {
		h := &w.cfg.Header
		h.SegmentLog, h.Size, h.HasSize = log2(max(len(w.buf), w.cfg.BlockSize)), 0, false
	}
	return fits
}

// start writes the header, and what waits for it, if that was not written yet.
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
		w.write(w.held)
	}
	w.held = w.held[:0]
}

// write writes b to the destination, and reports whether that and all before it succeeded.
func (w *Writer) write(b []byte) bool {
	if w.err != nil {
		return false
	}
	n, err := writeAll(w.dst, b)
	w.out += int64(n)
	w.err = err
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

// Flush ends the segment and writes it to the destination: a reader of what is there gets
// everything so far. Each segment costs some bytes.
func (w *Writer) Flush() error {
	w.dispatchEnded()
	return w.flush(false, false)
}

// flush is Flush once no other data begins in w.buf; last says that nothing follows, only that nothing
// came before either: then the header speaks of the memory of its predictors, if it has any.
func (w *Writer) flush(last, only bool) error {
	memory := int64(0)
	if len(w.buf) > 0 && !w.stopped() {
		j := w.job(len(w.buf))
		j.work.alone = last && j.work.like == nil
		w.code(j) // in this goroutine, which would wait for another one
		memory = j.memory
		w.startSegment()
	}
	if only {
		w.cfg.Header.PredictorLog = predictorLog(memory)
	}
	for len(w.jobs) > 0 {
		w.collect()
	}
	w.settle()
	if last && !only && w.index.Header == 0 {
		w.cfg.Header.PredictorLog = 0 // no segment has a predictor
	}
	if !w.stopped() {
		w.start()
	}
	return w.err
}

// Close flushes, and writes the index and the end mark. It does not close the destination. A
// second Close does nothing. After an error, or once the context is done, it writes no end
// mark. If the file has one segment and Flush was not called, the header asks for no more
// memory than that segment needs, and does not state the size of the file.
func (w *Writer) Close() error {
	if w.err == ErrClosed {
		return nil
	}
	w.dispatchEnded()
	w.flush(true, w.fitHeader())
	if h := &w.header; w.err == nil && h.HasSize && h.Size != w.in {
		w.err = fmt.Errorf("%w: %d bytes, not %d", ErrSize, w.in, h.Size)
	}
	if !w.stopped() {
		w.scratch = w.index.Append(w.scratch[:0], &w.cfg.Header)
		w.write(w.scratch)
	}
	if w.err != nil {
		return w.err
	}
	w.err = ErrClosed
	return nil
}
