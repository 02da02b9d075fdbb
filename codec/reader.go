package codec

import (
	"context"
	"io"
	"slices"

	"github.com/ktzip/ktzip/container"
)

// A Reader restores a file, or several concatenated ones, from their start.
// Errors stay until Reset; after one of them Read returns nothing more. It is not safe
// for concurrent use. NewReader makes one; the zero value is of no use.
//
// What a Writer has flushed can be read, whatever follows and when. With several threads a
// Reader reads ahead: another goroutine may be reading its source until the Reader returns
// io.EOF, an error of the source, or from Reset. A context that is done ends the reading
// ahead too, except for a Read of the source that waits: close the source to end that.
//
// With ReaderConfig.OneFile it reads no byte after the end mark, and Reset with the same
// source reads the next file. If there is none, the error is io.ErrUnexpectedEOF and
// Offset is 0. The source should be an io.ByteReader: of another one some parts are read
// byte by byte.
type Reader struct {
	cfg     ReaderConfig
	in      contextSource
	src     *container.Reader
	header  *container.Header
	threads int     // segments of the present file that may be under way
	tasks   []*task // segments under way, oldest first
	ahead   *task   // the next part, being read by a goroutine; nil if none is
	free    []*task
	current *task
	rest    []byte // of the current segment, not handed out yet
	ended   error  // what src said last: no more tasks follow
	err     error

	offset int64 // in the source, after the parts that were read
	memory int64 // that all tasks may take together, at most cfg.MemoryLimit
	litter litter
}

// A task is a segment being decoded, and all that this needs.
type task struct {
	decoder
	header *container.Header
	coded  container.Segment
	off    int64 // of the segment in the file
	out    []byte
	err    error
	memory int64 // that it may take: what decoding a file needs for which it may be used

	// Of the part that was read: if it is no segment, the next header or why there is none.
	next    *container.Header
	readErr error
	end     int64 // its end in the source

	fetched, done chan struct{} // if a goroutine does it: a value each, once it is read and decoded
	decoded       bool          // nothing more comes from done
}

// buffers is how many bytes t holds at most in what depends on the segment's length.
func (t *task) buffers() int64 {
	return int64(cap(t.out)) + int64(len(t.coded.Programs)+cap(t.coded.Raw)) + 3*int64(cap(t.content))
}

// NewReader returns a Reader of src and reads the first header.
func NewReader(src io.Reader, cfg *ReaderConfig) (*Reader, error) {
	c, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	r := &Reader{cfg: c}
	return r, r.Reset(src)
}

// Reset makes r read src, with the same configuration. It waits for what is under way: a
// source that is being read ahead must go on, or end.
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
	r.header, r.tasks, r.current, r.rest, r.ended, r.err = nil, r.tasks[:0], nil, nil, nil, nil
	h, err := r.src.Next(nil)
	r.offset = r.src.Offset()
	if err == nil {
		err = r.setHeader(h, 0)
	}
	r.err = causeOf(r.cfg.Context, err)
	return r.err
}

func (r *Reader) setHeader(h *container.Header, off int64) (err error) {
	r.header = h
	r.threads, err = r.cfg.threads(h, off)
	return err
}

// Header returns what the file says of itself from which the last bytes came, at first
// the first file; nil if it could not be read.
func (r *Reader) Header() *container.Header {
	if r.current != nil {
		return r.current.header // r.header is that of what is read ahead
	}
	return r.header
}

// Offset returns how many bytes of the source have been taken in.
func (r *Reader) Offset() int64 { return r.offset }

// Read implements io.Reader.
func (r *Reader) Read(p []byte) (n int, err error) {
	if len(p) == 0 {
		return 0, nil
	}
	if !r.next() {
		return 0, r.err
	}
	n = copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// WriteTo implements io.WriterTo: it writes segment by segment without a copy.
func (r *Reader) WriteTo(w io.Writer) (n int64, err error) {
	for r.next() {
		k, err := writeAll(w, r.rest)
		n += int64(k)
		r.rest = r.rest[k:]
		if err != nil {
			return n, err
		}
	}
	if r.err != io.EOF {
		return n, r.err
	}
	return n, nil
}

// next makes r.rest hold bytes, or sets r.err.
func (r *Reader) next() bool {
	for len(r.rest) == 0 && r.err == nil {
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
		r.current, r.rest, r.err = t, t.out, t.err
		if t.err != nil {
			r.rest = nil
		}
	}
	return len(r.rest) > 0
}

// take returns a task for a segment of the present file, or nil if there is no
// memory for one before another one ends.
func (r *Reader) take() *task {
	need := Memory(r.header)
	for k, t := range slices.Backward(r.free) {
		if t.memory >= need {
			r.free = slices.Delete(r.free, k, k+1)
			return t
		}
	}
	// Those that are free are of files with shorter segments.
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

// begin reads the next part and, if it is a segment, starts to decode it: in a goroutine
// that waits for nobody, or at once where only one may run. It reports whether more may be
// begun: not if there is no memory for that (if nothing is under way, there is), nor if a
// segment is ready before the next part has come.
func (r *Reader) begin() bool {
	t := r.ahead
	if t == nil {
		if t = r.take(); t == nil {
			return false
		}
		t.header, t.off = r.header, r.offset
		if r.threads == 1 {
			t.decoded = true
			t.read(r.src)
			r.add(t)
			return true
		}
		if t.done == nil {
			t.fetched, t.done = make(chan struct{}, 1), make(chan struct{}, 1)
		}
		r.ahead, t.decoded = t, false
		go t.fetch(r.src)
	}
	var ready chan struct{}
	if len(r.tasks) > 0 {
		if ready = r.tasks[0].done; r.tasks[0].decoded {
			return false
		}
	}
	select {
	case <-t.fetched:
		r.ahead = nil
		r.add(t)
		return true
	case <-ready:
		r.tasks[0].decoded = true
	case <-r.cfg.Context.Done():
		r.err = context.Cause(r.cfg.Context)
	}
	return false
}

// add takes up the part that t has read.
func (r *Reader) add(t *task) {
	r.offset = t.end
	if t.isSegment() {
		r.tasks = append(r.tasks, t)
		if t.decoded {
			t.run()
		}
		return
	}
	if r.ended = t.readErr; r.ended == nil {
		r.ended = r.setHeader(t.next, t.off)
	}
	r.free = append(r.free, t)
}

// read reads the next part.
func (t *task) read(src *container.Reader) {
	t.next, t.readErr = src.Next(&t.coded)
	t.end = src.Offset()
}

func (t *task) isSegment() bool { return t.next == nil && t.readErr == nil }

// fetch reads the next part and, if it is a segment, decodes it.
func (t *task) fetch(src *container.Reader) {
	t.read(src)
	segment := t.isSegment() // t may soon be used again if it is none
	t.fetched <- struct{}{}
	if segment {
		t.run()
		t.done <- struct{}{}
	}
}

// wait waits until t is decoded, if there is a segment in it.
func (t *task) wait() {
	if !t.decoded && t.isSegment() {
		<-t.done
	}
	t.decoded = true
}

// run decodes the task's segment.
func (t *task) run() {
	t.out = buffer(t.out, t.coded.Size, t.header.SegmentSize())
	t.err = t.segment(t.out, t.header, &t.coded, t.off)
}
