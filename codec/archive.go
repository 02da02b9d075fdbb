package codec

import (
	"errors"
	"fmt"
	"io"
	"sort"
	"sync"

	"github.com/ktzip/ktzip/container"
)

// An Archive gives random access to a file, or to several concatenated ones,
// through their indexes. ReadAt may be called concurrently; Read and Seek not.
type Archive struct {
	src   io.ReaderAt
	cfg   ReaderConfig
	parts []part
	size  int64
	pos   int64

	mu     sync.Mutex
	task   task
	loaded int // the part that task holds, or -1
}

// A part is a segment's place in the files and in what they restore to.
type part struct {
	header      *container.Header
	coded, off  int64 // bytes and offset in the files
	size, start int64 // bytes and offset of what it restores to
}

// NewArchive reads the indexes of the files that make up the size bytes of src.
func NewArchive(src io.ReaderAt, size int64, cfg *ReaderConfig) (*Archive, error) {
	a := &Archive{src: src, cfg: cfg.withDefaults(), loaded: -1}
	var files [][]part // last first
	budget := a.cfg.MemoryLimit
	end, err := container.PaddingStart(src, size)
	if err != nil {
		return nil, err
	}
	for first := true; end > 0 || first; first = false {
		x, start, err := container.ReadIndex(src, end, budget)
		if err != nil {
			return nil, err
		}
		budget -= int64(len(x.Entries)+1) * 64
		r := container.NewReader(io.NewSectionReader(src, start, x.Header))
		h, err := r.Next(nil)
		if err == nil && r.Offset() != x.Header {
			err = &container.Error{Off: start, Msg: "the header's length is not the index's", Err: container.ErrCorrupt}
		}
		if err == nil {
			_, err = a.cfg.threads(h, start)
		}
		if err != nil {
			return nil, err
		}
		parts := make([]part, len(x.Entries))
		off := start + x.Header
		for i, e := range x.Entries {
			parts[i] = part{header: h, coded: e.Coded, off: off, size: e.Size}
			off += e.Coded
		}
		files = append(files, parts)
		end = start
	}
	for k := len(files) - 1; k >= 0; k-- {
		for _, p := range files[k] {
			p.start = a.size
			a.size += p.size
			a.parts = append(a.parts, p)
		}
	}
	return a, nil
}

// Size is the number of bytes that the files restore to.
func (a *Archive) Size() int64 { return a.size }

// ReadAt implements io.ReaderAt.
func (a *Archive) ReadAt(b []byte, off int64) (n int, err error) {
	if off < 0 {
		return 0, errors.New("codec: negative offset")
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	k := sort.Search(len(a.parts), func(i int) bool { return a.parts[i].start+a.parts[i].size > off })
	for ; n < len(b) && k < len(a.parts); k++ {
		if err := a.load(k); err != nil {
			return n, err
		}
		n += copy(b[n:], a.task.out[off+int64(n)-a.parts[k].start:])
	}
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

// load decodes part k.
func (a *Archive) load(k int) error {
	if a.loaded == k {
		return nil
	}
	if err := a.cfg.Context.Err(); err != nil {
		return err
	}
	a.loaded = -1
	p, t := &a.parts[k], &a.task
	r := container.NewSegmentReader(io.NewSectionReader(a.src, p.off, p.coded), p.header, p.off)
	if _, err := r.Next(&t.coded); err != nil {
		return err
	}
	if r.Offset() != p.off+p.coded || int64(t.coded.Size) != p.size {
		return &container.Error{Off: p.off, Msg: fmt.Sprintf("segment %d is not the one that the index lists", k), Err: container.ErrCorrupt}
	}
	t.header, t.off, t.done = p.header, p.off, make(chan struct{})
	t.run()
	if t.err == nil {
		a.loaded = k
	}
	return t.err
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
