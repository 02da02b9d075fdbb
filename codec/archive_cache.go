package codec

import (
	"context"
	"io"
	"slices"
	"sort"
	"sync"
	"sync/atomic"

	"github.com/ktzip/ktzip/container"
)

// maxCached is the most segments that a cache keeps. Arbitrary: what they take in addition to
// their bytes, 300 bytes each, is 1.2 MiB then.
const maxCached = 4096

// A cached segment is one that a cache holds, or that is being restored for it.
type cached struct {
	SegmentRange
	ready chan struct{} // closed once out and err are set
	out   []byte        // its bytes
	err   error         // why it could not be restored; it is in no cache then
	users atomic.Int32  // those that wait for it or read it; it stays as long
	used  atomic.Int64  // by cache.clock: when it was looked for last
	kept  bool          // it is restored; guarded by the mutex of the cache
}

// A cache holds restored segments and the tasks that restore them, in at most limit bytes. It is
// safe for concurrent use. Its mutex is held neither while a segment is restored, nor while one is
// copied.
//
// A segment that is being restored has all the memory that it may need before it begins, and waits
// for nobody then. So those that wait for memory get it.
type cache struct {
	ctx     context.Context
	limit   int64 // bytes
	threads int   // tasks that may run at a time

	clock    atomic.Int64 // segments that were looked for
	starving atomic.Bool  // somebody may wait for a segment to have no user

	mu       sync.RWMutex // guards what follows; without it no segment gets a user
	memory   int64        // bytes that the tasks may take, and of the segments; at most limit
	segments []*cached    // by offset, those being restored too
	kept     int          // those that are restored
	idle     []*task
	running  int           // tasks
	changed  chan struct{} // closed, and replaced, when memory or a task is free

	litterMu sync.Mutex // guards litter; may be locked while mu is
	litter   litter
}

// find returns the segment that holds the byte at off, maybe one that is being restored; nil if
// there is none. It has one more user.
func (c *cache) find(off int64) *cached {
	c.mu.RLock()
	defer c.mu.RUnlock()
	k := sort.Search(len(c.segments), func(i int) bool { return c.segments[i].Off > off })
	if k == 0 || off >= c.segments[k-1].end() {
		return nil
	}
	return c.use(c.segments[k-1])
}

// use gives s one more user.
func (c *cache) use(s *cached) *cached {
	s.users.Add(1)
	s.used.Store(c.clock.Add(1))
	return s
}

// add returns the segment at r; if there is none, a new one that the caller must restore. It has
// one more user.
func (c *cache) add(r SegmentRange) (s *cached, added bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k := c.place(r.Off)
	for _, s := range c.segments[k:] {
		if s.SegmentRange == r {
			return c.use(s), false
		}
		if s.Off != r.Off { // another segment at the same offset is of a file that changes
			break
		}
	}
	s = &cached{SegmentRange: r, ready: make(chan struct{}), err: errPanic}
	c.segments = slices.Insert(c.segments, k, s)
	return c.use(s), true
}

// place returns how many segments are before off.
func (c *cache) place(off int64) int {
	return sort.Search(len(c.segments), func(i int) bool { return c.segments[i].Off >= off })
}

// remove takes s out of c.segments.
func (c *cache) remove(s *cached) {
	k := c.place(s.Off)
	k += slices.Index(c.segments[k:], s)
	c.segments = slices.Delete(c.segments, k, k+1)
}

// wait waits until s is restored. The caller is no user of it any more, if there is an error.
func (c *cache) wait(s *cached) error {
	var err error
	select {
	case <-s.ready:
		if err = s.err; err == nil {
			return nil
		}
	case <-c.ctx.Done():
		err = context.Cause(c.ctx)
	}
	c.release(s)
	return err
}

// release ends a use of s.
func (c *cache) release(s *cached) {
	if s.users.Add(-1) == 0 && c.starving.Load() {
		c.mu.Lock()
		c.signal()
		c.mu.Unlock()
	}
}

// signal wakes those that wait for memory or a task.
func (c *cache) signal() {
	c.starving.Store(false)
	close(c.changed)
	c.changed = make(chan struct{})
}

// restore restores s, of a file with header h, and makes it ready.
func (c *cache) restore(s *cached, src io.ReaderAt, h *container.Header) {
	var t *task
	defer func() { c.end(s, t) }() // also if src panics: until it is known, s.err is errPanic
	work := Memory(h) - int64(h.SegmentSize())
	if s.Size > c.limit-work { // it would wait forever
		s.err = errChanged(s.CodedOff)
		return
	}
	var err error
	if t, err = c.begin(s.Size, work); err != nil {
		s.err = err
		return
	}
	if err := t.coded.Read(src, h, s.CodedOff, s.Coded); err != nil {
		s.err = err
		return
	}
	if int64(t.coded.Size) != s.Size {
		s.err = &container.Error{Off: s.CodedOff, Msg: "the segment is not the one that the index lists", Err: container.ErrCorrupt}
		return
	}
	t.header, t.off = h, s.CodedOff
	t.run()
	s.err = t.err
}

// begin returns a task that may take work bytes to restore a segment of size bytes. It has room for
// these bytes.
func (c *cache) begin(size, work int64) (*task, error) {
	for {
		c.mu.Lock()
		t, changed := c.take(size, work), c.changed
		c.mu.Unlock()
		if t != nil {
			if t.out == nil {
				t.out = make([]byte, size)
			}
			return t, nil
		}
		select {
		case <-changed:
		case <-c.ctx.Done():
			return nil, context.Cause(c.ctx)
		}
	}
}

// take returns a task that may take work bytes to restore a segment of size bytes, with storage for
// that or none, and counts both; nil if there is no memory or no task before another one ends, or
// before a segment has no user.
func (c *cache) take(size, work int64) *task {
	if c.running == c.threads {
		return nil
	}
	for {
		k := slices.IndexFunc(c.idle, func(t *task) bool { return t.memory >= work })
		need := size
		if k < 0 {
			need += work
		}
		if c.memory+need <= c.limit && c.kept < maxCached {
			return c.start(k, work, need, nil)
		}
		switch s := c.unused(); {
		case k < 0 && len(c.idle) > 0: // they are of no use here
			c.drop(len(c.idle) - 1)
		case s != nil:
			out := c.evict(s)
			room := int64(cap(out))
			// The last one stays as it is: a limit that is tight would see buffers come and go.
			if suits := room <= 2*size || c.kept == 0; suits && room >= size && c.memory+need+room-size <= c.limit {
				return c.start(k, work, need+room-size, out)
			}
			c.collect(room, c.memory)
		case len(c.idle) > 1:
			c.drop((k + 1) % len(c.idle))
		case len(c.idle) == 1 && c.idle[0].memory > work:
			c.drop(0)
		case !c.starving.Swap(true): // once more: the last user may have gone before
		default:
			return nil
		}
	}
}

// start returns the idle task k, or a new one that may take work bytes if k < 0. It takes need
// bytes more than are counted, with out, which holds the segment if it is not nil.
func (c *cache) start(k int, work, need int64, out []byte) *task {
	c.memory += need
	c.running++
	if k < 0 {
		return &task{memory: work, out: out}
	}
	t := c.idle[k]
	c.idle = slices.Delete(c.idle, k, k+1)
	t.out = out
	return t
}

// unused returns the segment without a user that was looked for first; nil if there is none.
func (c *cache) unused() (first *cached) {
	for _, s := range c.segments {
		if s.kept && s.users.Load() == 0 && (first == nil || s.used.Load() < first.used.Load()) {
			first = s
		}
	}
	return first
}

// evict forgets s, and returns its storage.
func (c *cache) evict(s *cached) []byte {
	c.remove(s)
	c.kept--
	c.memory -= int64(cap(s.out))
	return s.out
}

// drop forgets an idle task.
func (c *cache) drop(k int) {
	t := c.idle[k]
	c.idle = slices.Delete(c.idle, k, k+1)
	c.memory -= t.memory
	c.collect(t.memory, c.memory)
}

// end makes s ready, which t restored or did not; t is nil if there was none for it.
func (c *cache) end(s *cached, t *task) {
	left := int64(0)
	c.mu.Lock()
	if t != nil {
		c.running--
		c.idle = append(c.idle, t)
		if s.err == nil {
			s.out = t.out
		} else {
			c.memory -= int64(cap(t.out))
			left = int64(cap(t.out))
		}
		t.out = nil
		left += t.litter + segmentReaderLitter
	}
	if s.err == nil {
		s.kept = true
		c.kept++
	} else {
		c.remove(s)
	}
	close(s.ready)
	c.signal()
	memory := c.memory
	c.mu.Unlock()
	c.collect(left, memory)
}

// collect notes that n bytes were dropped while memory bytes were in use.
func (c *cache) collect(n, memory int64) {
	c.litterMu.Lock()
	defer c.litterMu.Unlock()
	c.litter.add(n, memory)
}

// A readAhead restores segments before they are read.
type readAhead struct {
	a     *Archive
	next  int64   // offset of the first segment that was not begun
	ends  []int64 // of those that were begun, from the one being read on
	group sync.WaitGroup
}

// pass notes that what is before off was read, and begins more segments. What fails ahead fails
// again when it is read.
func (r *readAhead) pass(off int64) {
	if r.a.ahead < 1 {
		return
	}
	for len(r.ends) > 0 && r.ends[0] <= off {
		r.ends = slices.Delete(r.ends, 0, 1)
	}
	for len(r.ends) <= r.a.ahead && r.next < r.a.size {
		list, _, err := r.a.index.list(make([]SegmentRange, 0, 1), r.next)
		if err != nil {
			return
		}
		at := r.next
		r.next = list[0].end()
		r.ends = append(r.ends, r.next)
		r.group.Go(func() {
			if s, err := r.a.segment(at); err == nil {
				r.a.cache.release(s)
			}
		})
	}
}
