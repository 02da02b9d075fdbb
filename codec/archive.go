package codec

import (
	"errors"
	"fmt"
	"io"
	"math"
	"sort"
	"sync"

	"github.com/ktzip/ktzip/container"
)

// An Archive gives random access to a file, or to several concatenated ones, through their
// indexes. ReadAt is safe for concurrent use; Read and Seek are not. Use NewArchive; the zero
// value holds no bytes.
//
// An Archive remembers a bounded number of places in the files, however many segments and
// files there are, and reads the indexes between two of them again.
type Archive struct {
	src  io.ReaderAt
	cfg  ReaderConfig
	size int64 // bytes that all files restore to
	pos  int64 // of Read

	mu       sync.Mutex // guards what follows
	index    *container.IndexReader
	files    places // the ends of the files, or of some, from the last file on
	nearby   places // the same, of the files between places nearbyTo and nearbyTo+1 of files
	nearbyTo int
	file     *container.Span
	start    int64  // offset of what file restores to
	points   places // the segments of file, or some
	task     task
	loaded   bool  // task holds a segment
	at       place // of that segment
	litter   litter
}

// A place is an offset in the source or in an index, with two offsets that belong to it.
type place struct {
	at       int64
	restored int64 // in the bytes restored
	segment  int64 // in the segments of the file, of the one that the next entry of the index lists
}

// places holds every step-th of the places that were added, at most maxPlaces.
type places struct {
	list  []place
	step  int // 0 stands for 1
	added int
}

// maxPlaces is arbitrary: they take 96 KiB.
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
	src = &contextSource{ctx: c.Context, at: src}
	a := &Archive{src: src, cfg: c, index: container.NewIndexReader(src)}
	if err := a.openAll(size); err != nil {
		return nil, causeOf(c.Context, err)
	}
	return a, nil
}

// openAll sets a.files and a.size.
func (a *Archive) openAll(size int64) error {
	end, err := container.PaddingStart(a.src, size)
	if err != nil {
		return err
	}
	for {
		if err := a.open(end); err != nil {
			return err
		}
		if _, err := a.cfg.threads(a.file.Header, a.file.Start); err != nil {
			return err
		}
		if a.file.Size > math.MaxInt64-a.size {
			return &container.Error{Off: a.file.Start, Msg: "files of more than 2^63 bytes together", Err: container.ErrLimit}
		}
		a.files.add(place{at: end, restored: a.size}) // counted from the end until a.size is known
		a.size += a.file.Size
		if end = a.file.Start; end == 0 {
			break
		}
	}
	for k := range a.files.list {
		a.files.list[k].restored = a.size - a.files.list[k].restored
	}
	return nil
}

// open makes a.file the one that ends at end.
func (a *Archive) open(end int64) (err error) {
	a.points.reset()
	at := place{} // of the entry visited; its index offset is 0 until the first one is known
	a.file, err = a.index.Span(end, func(e container.Entry, after int64) {
		a.points.add(at)
		at = place{after, at.restored + e.Size, at.segment + e.Coded}
	})
	if err == nil && len(a.points.list) > 0 {
		a.points.list[0].at = a.file.Entries
	}
	return err
}

// Size returns how many bytes the files restore to.
func (a *Archive) Size() int64 { return a.size }

// ReadAt implements io.ReaderAt.
func (a *Archive) ReadAt(b []byte, off int64) (n int, err error) {
	if off < 0 {
		return 0, errors.New("codec: negative offset")
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for n < len(b) && off+int64(n) < a.size {
		at := off + int64(n)
		if err := a.load(at); err != nil {
			return n, causeOf(a.cfg.Context, err)
		}
		n += copy(b[n:], a.task.out[at-a.at.restored:])
	}
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

// load restores the segment that holds the byte at off < a.size.
func (a *Archive) load(off int64) error {
	if a.loaded && off >= a.at.restored && off < a.at.restored+int64(len(a.task.out)) {
		return nil
	}
	if err := a.seek(off); err != nil {
		return err
	}
	// Walk from the last place before off. If segments are read in order, that is the end
	// of the segment read last.
	off -= a.start
	k := sort.Search(len(a.points.list), func(i int) bool { return a.points.list[i].restored > off })
	at := a.points.list[k-1]
	if last := a.at; a.loaded && last.restored >= a.start && last.restored-a.start <= off && last.restored-a.start > at.restored {
		at = place{last.at, last.restored - a.start, last.segment}
	}
	a.loaded = false
	var entry container.Entry
	err := a.index.Walk(a.file, at.at, func(e container.Entry, after int64) bool {
		if at.restored+e.Size <= off {
			at = place{after, at.restored + e.Size, at.segment + e.Coded}
			return true
		}
		entry = e
		return false
	})
	if err != nil {
		return err
	}
	t, from := &a.task, a.file.Segment+at.segment
	if err := t.coded.Read(a.src, a.file.Header, from, entry.Coded); err != nil {
		return err
	}
	if int64(t.coded.Size) != entry.Size {
		return &container.Error{Off: from, Msg: "the segment is not the one that the index lists", Err: container.ErrCorrupt}
	}
	t.header, t.off = a.file.Header, from
	t.run()
	a.litter.add(t.litter+segmentReaderLitter, Memory(a.file.Header))
	a.at, a.loaded = place{at.at, a.start + at.restored, at.segment}, t.err == nil
	return t.err
}

// seek makes a.file the one that holds the byte at off.
func (a *Archive) seek(off int64) error {
	if a.file != nil && off >= a.start && off < a.start+a.file.Size {
		return nil
	}
	a.loaded = false
	// Walk back from the last place that ends after off.
	k := sort.Search(len(a.files.list), func(i int) bool { return a.files.list[i].restored <= off }) - 1
	if k != a.nearbyTo {
		a.nearby.reset()
		a.nearbyTo = k
	}
	from := a.files.list[k]
	if k := sort.Search(len(a.nearby.list), func(i int) bool { return a.nearby.list[i].restored <= off }); k > 0 {
		from = a.nearby.list[k-1]
	}
	end := from.at
	a.start = from.restored
	for {
		if err := a.open(end); err != nil {
			a.file = nil
			return err
		}
		if a.start -= a.file.Size; a.start <= off {
			return nil
		}
		if end = a.file.Start; end == 0 || a.start < 0 {
			a.file = nil
			return &container.Error{Off: end, Msg: "the file has changed since it was opened", Err: container.ErrCorrupt}
		}
		if n := len(a.nearby.list); n == 0 || end < a.nearby.list[n-1].at {
			a.nearby.add(place{at: end, restored: a.start})
		}
	}
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
