package codec

import (
	"context"
	"io"
	"slices"

	"github.com/ktzip/ktzip/container"
)

// A Reader restores a file, or several concatenated ones, from the start. An error stays until
// Reset; after it Read returns no more bytes. A Reader is not safe for concurrent use. Use
// NewReader; the zero value is not ready.
//
// What a Writer has flushed can be read, whatever follows it and when. With several threads a
// Reader reads ahead: another goroutine may read the source until the Reader returns io.EOF or
// an error of the source, or until Reset returns. A context that is done ends reading ahead
// too, except for a Read of the source that waits: close the source to end that.
//
// With ReaderConfig.OneFile a Reader reads no byte after the end mark, and Reset with the same
// source reads the next file. If there is none, the error is io.ErrUnexpectedEOF and Offset is
// 0. The source should be an io.ByteReader: parts of others are read byte by byte.
type Reader struct {
	cfg     ReaderConfig
	in      contextSource
	src     *container.Reader
	header  *container.Header // of the file that is being read
	threads int               // segments of that file that may be under way
	tasks   []*task           // segments under way, oldest first
	ahead   *task             // the next part, being read by a goroutine; nil if none is
	free    []*task
	current *task  // whose bytes Read returns; nil if none
	unread  []byte // of the current segment
	ended   error  // the error that ended src: no more tasks follow; nil before that
	err     error

	offset int64 // in the source, after the parts that were read
	memory int64 // bytes that all tasks may take together, at most cfg.MemoryLimit
	litter litter
}

// A task restores a segment, and holds what that needs.
type task struct {
	decoder
	header *container.Header
	coded  container.Segment
	off    int64 // of the segment in the file
	out    []byte
	err    error
	memory int64 // bytes that it may take: what the most demanding file needs for which it may be used

	// Of the part that was read.
	next    *container.Header // the next header; nil if the part is a segment
	readErr error             // why there is neither
	end     int64             // where it ends in the source

	// If a goroutine does the work, a value comes from fetched once the part is read, and
	// from done once the segment is restored.
	fetched, done chan struct{}
	restored      bool // no value comes from done any more
}

// buffers returns how many bytes t holds at most in what depends on the segment's length.
func (t *task) buffers() int64 {
	return int64(cap(t.out)) + int64(len(t.coded.Programs)+cap(t.coded.Raw)) + 3*int64(cap(t.content))
}

// NewReader returns a Reader of src, and reads the first header; nil stands for the default
// configuration.
func NewReader(src io.Reader, cfg *ReaderConfig) (*Reader, error) {
	c, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	r := &Reader{cfg: c}
	return r, r.Reset(src)
}

// Reset makes r read src, with the same configuration, and reads the first header. It waits
// for the work under way: a source that is being read ahead must continue, or end.
func (r *Reader) Reset(src io.Reader) error {
	if t := r.ahead; t != nil {
		<-t.fetched
		r.tasks, r.ahead = append(r.tasks, t), nil
	}
	for _, t := range r.tasks {
		t.wait()
		r.free = append(r.free, t)
	}
	if r.current != nil {
		r.free = append(r.free, r.current)
	}
	if r.src == nil {
		r.src = new(container.Reader)
	}
	if r.cfg.OneFile {
		r.src.ResetOne(src) // which may be an io.ByteReader
	} else {
		r.in = contextSource{ctx: r.cfg.Context, src: src}
		r.src.Reset(&r.in)
	}
	r.header, r.tasks, r.current, r.unread, r.ended, r.err = nil, r.tasks[:0], nil, nil, nil, nil
	h, err := r.src.Next(nil)
	r.offset = r.src.Offset()
	if err == nil {
		err = r.setHeader(h, 0)
	}
	r.err = causeOf(r.cfg.Context, err)
	return r.err
}

// setHeader takes up a header that was read at off. The error is container.ErrMemory.
func (r *Reader) setHeader(h *container.Header, off int64) (err error) {
	r.header = h
	r.threads, err = r.cfg.threads(h, off)
	return err
}

// Header returns the header of the file from which the last bytes came, at first that of the
// first file; nil if that could not be read.
func (r *Reader) Header() *container.Header {
	if r.current != nil {
		return r.current.header // r.header is that of what is read ahead
	}
	return r.header
}

// Offset returns how many bytes of the source were read as parts of files.
func (r *Reader) Offset() int64 { return r.offset }

// Read implements io.Reader.
func (r *Reader) Read(p []byte) (n int, err error) {
	if len(p) == 0 {
		return 0, nil
	}
	if !r.next() {
		return 0, r.err
	}
	n = copy(p, r.unread)
	r.unread = r.unread[n:]
	return n, nil
}

// WriteTo implements io.WriterTo: it writes segment by segment without a copy.
func (r *Reader) WriteTo(w io.Writer) (n int64, err error) {
	for r.next() {
		k, err := writeAll(w, r.unread)
		n += int64(k)
		r.unread = r.unread[k:]
		if err != nil {
			return n, err
		}
	}
	if r.err != io.EOF {
		return n, r.err
	}
	return n, nil
}

// next makes r.unread hold bytes, or sets r.err; it reports which.
func (r *Reader) next() bool {
	for len(r.unread) == 0 && r.err == nil {
		if r.err = context.Cause(r.cfg.Context); r.err != nil {
			break
		}
		if r.current != nil {
			r.free = append(r.free, r.current)
			r.current = nil
		}
		for len(r.tasks) < r.threads && r.ended == nil && r.err == nil && r.begin() {
		}
		if len(r.tasks) == 0 || r.err != nil {
			if r.err == nil {
				r.err = causeOf(r.cfg.Context, r.ended)
			}
			break
		}
		t := r.tasks[0]
		r.tasks = append(r.tasks[:0], r.tasks[1:]...)
		t.wait()
		r.litter.add(t.litter, r.memory)
		r.current, r.unread, r.err = t, t.out, t.err
		if t.err != nil {
			r.unread = nil
		}
	}
	return len(r.unread) > 0
}

// take returns a task for a segment of the present file; nil if there is no memory for one
// before another one ends.
func (r *Reader) take() *task {
	need := Memory(r.header)
	for k, t := range slices.Backward(r.free) {
		if t.memory >= need {
			r.free = slices.Delete(r.free, k, k+1)
			return t
		}
	}
	// The free ones are of files with shorter segments: they make room.
	for _, t := range r.free {
		r.memory -= t.memory
		r.litter.add(t.buffers(), r.memory)
	}
	r.free = r.free[:0]
	if r.memory+need > r.cfg.MemoryLimit {
		return nil
	}
	r.memory += need
	return &task{memory: need}
}

// begin reads the next part and, if it is a segment, starts to restore it: in a goroutine that
// waits for nobody, or at once if only one may run. It reports whether more may be begun: not
// if there is no memory for it (if nothing is under way, there is), nor if a segment is
// restored before the next part was read.
func (r *Reader) begin() bool {
	t := r.ahead
	if t == nil {
		if t = r.take(); t == nil {
			return false
		}
		t.header, t.off = r.header, r.offset
		if r.threads == 1 {
			t.restored = true
			t.read(r.src)
			r.add(t)
			return true
		}
		if t.done == nil {
			t.fetched, t.done = make(chan struct{}, 1), make(chan struct{}, 1)
		}
		r.ahead, t.restored = t, false
		go t.fetch(r.src)
	}
	var ready chan struct{}
	if len(r.tasks) > 0 {
		if ready = r.tasks[0].done; r.tasks[0].restored {
			return false
		}
	}
	select {
	case <-t.fetched:
		r.ahead = nil
		r.add(t)
		return true
	case <-ready:
		r.tasks[0].restored = true
	case <-r.cfg.Context.Done():
		r.err = context.Cause(r.cfg.Context)
	}
	return false
}

// add takes up the part that t read.
func (r *Reader) add(t *task) {
	r.offset = t.end
	if t.isSegment() {
		r.tasks = append(r.tasks, t)
		if t.restored {
			t.run()
		}
		return
	}
	if r.ended = t.readErr; r.ended == nil {
		r.ended = r.setHeader(t.next, t.off)
	}
	r.free = append(r.free, t)
}

// read reads the next part of src.
func (t *task) read(src *container.Reader) {
	t.next, t.readErr = src.Next(&t.coded)
	t.end = src.Offset()
}

func (t *task) isSegment() bool { return t.next == nil && t.readErr == nil }

// fetch reads the next part of src and, if it is a segment, restores it.
func (t *task) fetch(src *container.Reader) {
	t.read(src)
	segment := t.isSegment() // from here on another goroutine may use t, unless it holds a segment
	t.fetched <- struct{}{}
	if segment {
		t.run()
		t.done <- struct{}{}
	}
}

// wait waits until t is restored, if it holds a segment.
func (t *task) wait() {
	if !t.restored && t.isSegment() {
		<-t.done
	}
	t.restored = true
}

// run restores the task's segment.
func (t *task) run() {
	t.out = buffer(t.out, t.coded.Size, t.header.SegmentSize())
	t.err = t.segment(t.out, t.header, &t.coded, t.off)
}

// A contextSource is a source, sequential or not, that can't be read any more once its context
// is done: reads return the cause.
type contextSource struct {
	ctx context.Context
	src io.Reader
	at  io.ReaderAt
}

func (c *contextSource) Read(p []byte) (int, error) {
	if err := context.Cause(c.ctx); err != nil {
		return 0, err
	}
	return c.src.Read(p)
}

func (c *contextSource) ReadAt(p []byte, off int64) (int, error) {
	if err := context.Cause(c.ctx); err != nil {
		return 0, err
	}
	return c.at.ReadAt(p, off)
}

// causeOf returns the cause if ctx is done and err is not nil; else err.
func causeOf(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}
