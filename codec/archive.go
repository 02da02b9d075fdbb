package codec

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"runtime"
	"sort"
	"sync"

	"github.com/ktzip/ktzip/container"
)

// An Archive gives random access to a file, or to several concatenated ones, through their
// indexes. ReadAt, Segments, Size and Header are safe for concurrent use; Read, Seek and WriteTo
// move a position and are not. Use NewArchive; the zero value holds no bytes.
//
// An Archive restores whole segments and keeps those used last, within ReaderConfig.MemoryLimit:
// each that is being restored takes what Memory says, less its own bytes, from then on; restored
// ones take their own bytes, as many as fit beside that. One always fits; below twice what Memory
// says, few more do. It restores as many segments at a time as goroutines read and as the limit
// allows, at most ReaderConfig.Threads, of which 0 stands for GOMAXPROCS here. Those that read
// the same segment wait for one of them to restore it. All of it is freed with the Archive.
//
// An Archive remembers a bounded number of places in the files, however many segments and
// files there are, and reads the indexes between two of them again.
type Archive struct {
	cfg    ReaderConfig
	header *container.Header // of the first file
	size   int64             // bytes that all files restore to
	ahead  int               // segments that WriteTo restores ahead
	pos    int64             // of Read
	index  locator
	cache  cache
}

// A SegmentRange says where a segment of an Archive is.
type SegmentRange struct {
	Off      int64 // of its first byte, in what the files restore to
	Size     int64 // bytes that it restores to, at least 1
	CodedOff int64 // where it begins in the source
	Coded    int64 // bytes in the source
	File     int   // the number of its file, from 0 on
}

// end returns the offset after the last byte of s.
func (s *SegmentRange) end() int64 { return s.Off + s.Size }

// A locator finds segments by the indexes of the files. It is safe for concurrent use.
type locator struct {
	src  io.ReaderAt
	size int64 // bytes that all files restore to

	mu       sync.Mutex // guards what follows
	index    *container.IndexReader
	files    places // the ends of the files, or of some, from the last file on
	nearby   places // the same, of the files between places nearbyTo and nearbyTo+1 of files
	nearbyTo int
	file     *container.Span
	number   int64  // of file, from the first one on
	start    int64  // offset of what file restores to
	points   places // the segments of file, or some
	last     place  // after the segment of file that was listed last, if at is not 0
}

// A place is the end of a file in the source or an offset in an index, with what belongs to it.
type place struct {
	at       int64
	restored int64 // offset in the bytes restored
	segment  int64 // in an index: offset, in the segments of the file, of the one that the next entry lists
	number   int64 // of a file: how many are before it
}

// places holds every step-th of the places that were added, at most maxPlaces.
type places struct {
	list  []place
	step  int // 0 stands for 1
	added int
}

// maxPlaces is arbitrary: they take 128 KiB.
const maxPlaces = 4096

func (p *places) reset() { p.list, p.step, p.added = p.list[:0], 1, 0 }

// add adds a place that follows those added before. The first one is never dropped.
func (p *places) add(at place) {
	p.step = max(p.step, 1)
	if p.added%p.step == 0 {
		if len(p.list) == maxPlaces {
			for k := range maxPlaces / 2 {
				p.list[k] = p.list[2*k]
			}
			p.list = p.list[:maxPlaces/2]
			p.step *= 2
		}
		if p.added%p.step == 0 {
			p.list = append(p.list, at)
		}
	}
	p.added++
}

// NewArchive returns an Archive of the files that make up the size bytes of src, and reads
// their indexes; nil stands for the default configuration.
func NewArchive(src io.ReaderAt, size int64, cfg *ReaderConfig) (*Archive, error) {
	c, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	if size < 0 {
		return nil, fmt.Errorf("codec: an archive of %d bytes", size)
	}
	threads := c.Threads
	if valueOf(cfg).Threads == 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	src = &contextSource{ctx: c.Context, at: src}
	a := &Archive{cfg: c, index: locator{src: src, index: container.NewIndexReader(src)}}
	need, longest := int64(0), int64(0) // of the files that take most
	err = a.index.openAll(size, func(file *container.Span) error {
		a.header = file.Header
		need, longest = max(need, Memory(file.Header)), max(longest, int64(file.Header.SegmentSize()))
		_, err := c.threads(file.Header, file.Start)
		return err
	})
	if err != nil {
		return nil, causeOf(c.Context, err)
	}
	a.size = a.index.size
	if c.Threads > 1 { // one segment is being read, and those ahead may all be under way
		a.ahead = int(min(int64(c.Threads), (c.MemoryLimit-longest)/need))
	}
	a.cache = cache{ctx: c.Context, limit: c.MemoryLimit, threads: threads, changed: make(chan struct{})}
	return a, nil
}

// openAll opens each file of the size bytes of the source, from the last one on, and calls check.
func (l *locator) openAll(size int64, check func(*container.Span) error) error {
	end, err := container.PaddingStart(l.src, size)
	if err != nil {
		return err
	}
	count := int64(0)
	for ; end > 0 || count == 0; end = l.file.Start {
		if err := l.open(end); err != nil {
			return err
		}
		if err := check(l.file); err != nil {
			return err
		}
		if l.file.Size > math.MaxInt64-l.size {
			return &container.Error{Off: l.file.Start, Msg: "files of more than 2^63 bytes together", Err: container.ErrLimit}
		}
		count++
		l.files.add(place{at: end, restored: l.size, number: count}) // counted from the end until the sums are known
		l.size += l.file.Size
	}
	for k := range l.files.list {
		p := &l.files.list[k]
		p.restored, p.number = l.size-p.restored, count-p.number
	}
	return nil
}

// open makes l.file the one that ends at end.
func (l *locator) open(end int64) (err error) {
	l.points.reset()
	l.last = place{}
	at := place{} // of the entry visited; its index offset is 0 until the first one is known
	l.file, err = l.index.Span(end, func(e container.Entry, after int64) {
		l.points.add(at)
		at = place{at: after, restored: at.restored + e.Size, segment: at.segment + e.Coded}
	})
	if err == nil && len(l.points.list) > 0 {
		l.points.list[0].at = l.file.Entries
	}
	return err
}

// list appends the segment that holds the byte at off to dst, and those that follow it in its file
// as long as dst has room; 0 <= off < l.size. The header is that of their file.
func (l *locator) list(dst []SegmentRange, off int64) ([]SegmentRange, *container.Header, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.seek(off); err != nil {
		return dst, nil, err
	}
	// Walk from the last place before off. If segments are read in order, that is the end
	// of the segment listed last.
	off -= l.start
	k := sort.Search(len(l.points.list), func(i int) bool { return l.points.list[i].restored > off })
	at := l.points.list[k-1]
	if l.last.at != 0 && l.last.restored <= off && l.last.restored > at.restored {
		at = l.last
	}
	changed := false
	err := l.index.Walk(l.file, at.at, func(e container.Entry, after int64) bool {
		if e.Size > min(int64(l.file.Header.SegmentSize()), l.file.Size-at.restored) || e.Coded > l.file.End-l.file.Segment-at.segment {
			changed = true
			return false
		}
		if at.restored+e.Size > off {
			dst = append(dst, SegmentRange{
				Off: l.start + at.restored, Size: e.Size,
				CodedOff: l.file.Segment + at.segment, Coded: e.Coded, File: int(l.number),
			})
		}
		at = place{at: after, restored: at.restored + e.Size, segment: at.segment + e.Coded}
		return at.restored <= off || len(dst) < cap(dst) && at.restored < l.file.Size
	})
	if err != nil {
		return dst, nil, err
	}
	if changed {
		return dst, nil, errChanged(l.file.Start)
	}
	l.last = at
	return dst, l.file.Header, nil
}

// seek makes l.file the one that holds the byte at off.
func (l *locator) seek(off int64) error {
	if l.file != nil && off >= l.start && off < l.start+l.file.Size {
		return nil
	}
	// Walk back from the last place that ends after off.
	k := sort.Search(len(l.files.list), func(i int) bool { return l.files.list[i].restored <= off }) - 1
	if k != l.nearbyTo {
		l.nearby.reset()
		l.nearbyTo = k
	}
	from := l.files.list[k]
	if k := sort.Search(len(l.nearby.list), func(i int) bool { return l.nearby.list[i].restored <= off }); k > 0 {
		from = l.nearby.list[k-1]
	}
	end := from.at
	l.start, l.number = from.restored, from.number
	for {
		if err := l.open(end); err != nil {
			l.file = nil
			return err
		}
		if l.start -= l.file.Size; l.start <= off {
			return nil
		}
		if end = l.file.Start; end == 0 || l.start < 0 {
			l.file = nil
			return errChanged(end)
		}
		l.number--
		if n := len(l.nearby.list); n == 0 || end < l.nearby.list[n-1].at {
			l.nearby.add(place{at: end, restored: l.start, number: l.number})
		}
	}
}

// errChanged returns the error of a file at off that is not what it was when it was opened.
func errChanged(off int64) error {
	return &container.Error{Off: off, Msg: "the file has changed since it was opened", Err: container.ErrCorrupt}
}

// Size returns how many bytes the files restore to.
func (a *Archive) Size() int64 { return a.size }

// Header returns the header of the first file. Do not modify it.
func (a *Archive) Header() *container.Header { return a.header }

// Segments returns the segments of all files in order, as the indexes list them: none is restored.
// It ends after an error. While it is in use the Archive may be used, too.
func (a *Archive) Segments() iter.Seq2[SegmentRange, error] {
	return func(yield func(SegmentRange, error) bool) {
		list := make([]SegmentRange, 0, listedAtOnce)
		for off := int64(0); off < a.size; {
			var err error
			list, _, err = a.index.list(list[:0], off)
			if err != nil {
				yield(SegmentRange{}, causeOf(a.cfg.Context, err))
				return
			}
			for _, s := range list {
				if !yield(s, nil) {
					return
				}
			}
			off = list[len(list)-1].end()
		}
	}
}

// listedAtOnce is how many segments are taken from an index at a time; arbitrary.
const listedAtOnce = 256

// ReadAt implements io.ReaderAt.
func (a *Archive) ReadAt(b []byte, off int64) (n int, err error) {
	if off < 0 {
		return 0, errors.New("codec: negative offset")
	}
	for n < len(b) && off < a.size-int64(n) {
		at := off + int64(n)
		s, err := a.segment(at)
		if err != nil {
			return n, causeOf(a.cfg.Context, err)
		}
		n += copy(b[n:], s.out[at-s.Off:])
		a.cache.release(s)
	}
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

// segment returns the segment that holds the byte at off < a.size, restored. The caller must
// release it, after no error.
func (a *Archive) segment(off int64) (*cached, error) {
	if err := context.Cause(a.cfg.Context); err != nil {
		return nil, err
	}
	s := a.cache.find(off)
	if s == nil {
		list, h, err := a.index.list(make([]SegmentRange, 0, 1), off)
		if err != nil {
			return nil, err
		}
		var added bool
		if s, added = a.cache.add(list[0]); added {
			a.cache.restore(s, a.index.src, h)
		}
	}
	return s, a.cache.wait(s)
}

// Seek implements io.Seeker.
func (a *Archive) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += a.pos
	case io.SeekEnd:
		offset += a.size
	case io.SeekStart:
	default:
		return a.pos, errors.New("codec: invalid whence")
	}
	if offset < 0 {
		return a.pos, errors.New("codec: negative offset")
	}
	a.pos = offset
	return offset, nil
}

// Read implements io.Reader.
func (a *Archive) Read(b []byte) (n int, err error) {
	n, err = a.ReadAt(b, a.pos)
	a.pos += int64(n)
	if n > 0 && err == io.EOF {
		err = nil
	}
	return n, err
}

// WriteTo implements io.WriterTo: it writes what follows the position of Read. With
// ReaderConfig.Threads of more than 1, it restores segments ahead in as many goroutines, if
// MemoryLimit allows; they end before it returns. It holds no segment while w takes bytes.
func (a *Archive) WriteTo(w io.Writer) (n int64, err error) {
	ahead := readAhead{a: a, next: a.pos}
	defer ahead.group.Wait()
	b := make([]byte, min(copySize, max(0, a.size-a.pos)))
	for a.pos < a.size {
		ahead.pass(a.pos)
		k, err := a.ReadAt(b[:min(copySize, a.size-a.pos)], a.pos)
		if err == nil {
			k, err = writeAll(w, b[:k])
			a.pos += int64(k)
			n += int64(k)
		}
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// copySize is how many bytes WriteTo copies at a time. Arbitrary: much less than a segment, and
// enough for a system call.
const copySize = 128 << 10
