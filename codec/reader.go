package codec

import (
	"context"
	"io"

	"github.com/ktzip/ktzip/container"
)

// A Reader restores a file, or several concatenated ones, from their start.
// Errors stay until Reset. It is not safe for concurrent use.
type Reader struct {
	cfg     ReaderConfig
	src     *container.Reader
	header  *container.Header
	threads int
	tasks   []*task // segments under way, oldest first
	free    []*task
	current *task
	rest    []byte // of the current segment, not handed out yet
	ended   error  // what src said last: no more tasks follow
	err     error
}

// A task is a segment being decoded, and all that this needs.
type task struct {
	decoder
	header *container.Header
	coded  container.Segment
	off    int64 // of the segment in the file
	out    []byte
	err    error
	done   chan struct{}
}

// NewReader returns a Reader of src and reads the first header.
func NewReader(src io.Reader, cfg *ReaderConfig) (*Reader, error) {
	r := &Reader{cfg: cfg.withDefaults()}
	return r, r.Reset(src)
}

// Reset makes r read src, with the same configuration.
func (r *Reader) Reset(src io.Reader) error {
	for _, t := range r.tasks {
		<-t.done
		r.free = append(r.free, t)
	}
	if r.current != nil {
		r.free = append(r.free, r.current)
	}
	r.src = container.NewReader(src)
	r.header, r.tasks, r.current, r.rest, r.ended, r.err = nil, nil, nil, nil, nil, nil
	h, err := r.src.Next(nil)
	if err == nil {
		err = r.setHeader(h, 0)
	}
	r.err = err
	return err
}

func (r *Reader) setHeader(h *container.Header, off int64) (err error) {
	r.header = h
	r.threads, err = r.cfg.threads(h, off)
	if len(r.free) > 0 {
		r.free = r.free[:min(len(r.free), 1)]
	}
	return err
}

// Header returns what the file being read says of itself.
func (r *Reader) Header() *container.Header { return r.header }

// Offset returns how many bytes of the source have been taken in.
func (r *Reader) Offset() int64 { return r.src.Offset() }

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
		k, err := w.Write(r.rest)
		n += int64(k)
		if err == nil && k < len(r.rest) {
			err = io.ErrShortWrite
		}
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
		if err := r.cfg.Context.Err(); err != nil {
			r.err = context.Cause(r.cfg.Context)
			break
		}
		if r.current != nil {
			r.free = append(r.free, r.current)
			r.current = nil
		}
		for len(r.tasks) < r.threads && r.ended == nil {
			r.begin()
		}
		if len(r.tasks) == 0 {
			r.err = r.ended
			break
		}
		t := r.tasks[0]
		r.tasks = r.tasks[1:]
		<-t.done
		r.current, r.rest, r.err = t, t.out, t.err
		if t.err != nil {
			r.rest = nil
		}
	}
	return len(r.rest) > 0
}

// begin reads the next part and, if it is a segment, starts to decode it: in a
// goroutine that waits for nobody, or at once where only one may run.
func (r *Reader) begin() {
	t := &task{}
	if k := len(r.free) - 1; k >= 0 {
		t, r.free = r.free[k], r.free[:k]
	}
	t.header, t.off, t.done = r.header, r.src.Offset(), make(chan struct{})
	h, err := r.src.Next(&t.coded)
	if err == nil && h != nil {
		err = r.setHeader(h, t.off)
	}
	if err != nil || h != nil {
		r.ended = err
		r.free = append(r.free, t)
		return
	}
	r.tasks = append(r.tasks, t)
	if r.threads == 1 {
		t.run()
	} else {
		go t.run()
	}
}

// run decodes the task's segment.
func (t *task) run() {
	defer close(t.done)
	if cap(t.out) < t.coded.Size {
		t.out = make([]byte, t.coded.Size)
	}
	t.out = t.out[:t.coded.Size]
	t.err = t.segment(t.out, t.header, &t.coded, t.off)
}
