package codec

import "io"

// A Writer compresses what is written to it. Only Close makes the file whole. An error stays
// until Reset. Once the context is done, the error is its cause, and the work under way ends
// soon. A Writer is not safe for concurrent use. Use NewWriter; the zero value is not ready.
//
// It is a Cutter, a Coder and an Assembler, with a goroutine for each segment.
type Writer struct {
	cfg     WriterConfig
	cut     Cutter
	coder   *Coder
	out     Assembler // its error is that of the Writer
	in      int64     // bytes written to the Writer
	jobs    []*job    // segments under way, oldest first
	spare   []*job
	leader  *leader // the last one; nil if there is none
	joining joining
}

// A leader hands a finding to the segments that wait for it.
type leader struct {
	done  chan struct{} // closed once found is set
	found Finding
}

// A job is a segment under way. Once Bytes, Found and err are set, done has a value.
type job struct {
	Coded
	like  *leader // whose plan is tried first; nil if there is none
	leads *leader // that the segment is; nil if it leads none
	apart bool    // that it is not joined with the one before was decided
	err   error
	done  chan struct{}
}

// NewWriter returns a Writer to dst; nil stands for the default configuration. Nothing is
// written to dst before the first segment is complete; with a Mixer, up to 8 MiB wait for the first segment
// that has a predictor, and if it is a Joiner up to 8 MiB of the input for segments that they may be joined
// with. Flush does not wait.
func NewWriter(dst io.Writer, cfg *WriterConfig) (*Writer, error) {
	c, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	w := &Writer{cfg: c, coder: newCoder(c)}
	w.cut.cfg, w.out.cfg, w.joining.coder = &w.cfg, &w.cfg, w.coder
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
	w.jobs, w.leader, w.in = w.jobs[:0], nil, 0
	w.spare = append(w.spare, w.joining.pending...)
	w.joining.pending = w.joining.pending[:0]
	w.cut.reset(Place{})
	w.out.reset(dst)
}

// Written returns how many bytes were taken from the caller and written to the destination so
// far.
func (w *Writer) Written() (in, out int64) { return w.in, w.out.out }

// Write implements io.Writer.
func (w *Writer) Write(p []byte) (n int, err error) {
	for n < len(p) && !w.out.stopped() {
		n += w.cut.write(p[n:])
		w.dispatchEnded(false)
	}
	w.in += int64(n)
	return n, w.out.err
}

// ReadFrom implements io.ReaderFrom: it reads r to its end, without a copy. The error is
// io.ErrNoProgress if many reads in a row return nothing.
func (w *Writer) ReadFrom(r io.Reader) (n int64, err error) {
	for !w.out.stopped() {
		k, err := w.cut.read(r)
		n += int64(k)
		w.in += int64(k)
		w.dispatchEnded(false)
		if err == io.EOF {
			break
		}
		if err != nil {
			return n, err
		}
	}
	return n, w.out.err
}

// dispatchEnded dispatches the segments that have ended. flush says that no more bytes follow for now.
func (w *Writer) dispatchEnded(flush bool) {
	for w.out.err == nil {
		n := w.cut.ends(flush)
		if n == 0 {
			return
		}
		w.dispatch(n)
	}
}

// dispatch codes the next n bytes as a segment in a goroutine of its own, once one of the encoders is free.
// If enough segments are under way, it waits for the oldest one.
func (w *Writer) dispatch(n int) {
	if w.out.stopped() {
		return
	}
	go w.code(w.job(n, false))
	for len(w.jobs) > 2*w.cfg.Threads { // as many wait as run, so that no encoder does
		w.collect()
	}
}

// job adds the next n bytes to the segments under way; last says that the input ends with them.
func (w *Writer) job(n int, last bool) *job {
	var j *job
	if k := len(w.spare) - 1; k >= 0 {
		j, w.spare = w.spare[k], w.spare[:k]
	} else {
		j = &job{done: make(chan struct{}, 1)}
	}
	j.Cut, j.Source = w.cut.take(n, j.Source, last)
	j.like, j.leads, j.apart = nil, nil, false
	if j.Follows {
		j.like = w.leader
	}
	if j.Leads {
		j.leads = &leader{done: make(chan struct{})}
		w.leader = j.leads
	}
	w.jobs = append(w.jobs, j)
	return j
}

// code codes the segment j once that is known which it follows.
func (w *Writer) code(j *job) {
	var lead Finding
	if j.like != nil {
		<-j.like.done
		lead = j.like.found
	}
	j.Bytes, j.Found, j.err = w.coder.Code(w.cfg.Context, j.Bytes[:0], j.Source, j.Cut, lead)
	if j.leads != nil {
		j.leads.found = j.Found
		close(j.leads.done)
	}
	j.done <- struct{}{}
}

// collect waits for the oldest segment and writes it, or lets it wait for others.
func (w *Writer) collect() {
	j := w.jobs[0]
	w.jobs = append(w.jobs[:0], w.jobs[1:]...)
	<-j.done
	if p := w.joining.pending; len(p) > 0 && (p[0].Joint != j.Joint || j.err != nil) {
		w.settle()
	}
	if w.fail(j.err); w.cfg.Joins() && !w.out.stopped() {
		w.fail(w.joining.add(w.cfg.Context, j))
		w.reuse()
	} else {
		w.add(j)
	}
}

// settle joins what is pending, and writes it.
func (w *Writer) settle() {
	if !w.out.stopped() {
		w.fail(w.joining.settle(w.cfg.Context))
		w.reuse()
	}
	for _, j := range w.joining.pending {
		w.add(j)
	}
	w.joining.pending = w.joining.pending[:0]
}

// reuse makes the segments spare that were joined with those before them.
func (w *Writer) reuse() {
	w.spare = append(w.spare, w.joining.joined...)
	w.joining.joined = w.joining.joined[:0]
}

// add writes the segment j.
func (w *Writer) add(j *job) {
	w.out.Add(&j.Coded) // the error stays
	w.spare = append(w.spare, j)
}

// fail makes err the error of w, if there is none.
func (w *Writer) fail(err error) {
	if w.out.err == nil {
		w.out.err = err
	}
}

// Flush ends the segment and writes it to the destination: a reader of what is there gets
// everything so far. Each segment costs some bytes.
func (w *Writer) Flush() error {
	w.finish(false)
	w.cut.endJoint()
	return w.out.Flush()
}

// finish codes and writes all segments; last says that the input ends with them.
func (w *Writer) finish(last bool) {
	w.dispatchEnded(true)
	if n := len(w.cut.buf); n > 0 && !w.out.stopped() {
		w.code(w.job(n, last)) // in this goroutine, which would wait for another one
	}
	for len(w.jobs) > 0 {
		w.collect()
	}
	w.settle()
}

// Close flushes, and writes the index and the end mark. It does not close the destination. A
// second Close does nothing. After an error, or once the context is done, it writes no end
// mark. If the file has one segment and Flush was not called, the header asks for no more
// memory than that segment needs, and does not state the size of the file.
func (w *Writer) Close() error {
	if w.out.err != ErrClosed {
		w.finish(true)
	}
	return w.out.Close()
}
