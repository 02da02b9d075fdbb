package container

import (
	"encoding/binary"
	"io"
	"math"
)

// A Span describes one of several concatenated files by its index. Its offsets are in the
// source.
type Span struct {
	Header  *Header
	Start   int64 // of its first byte
	Segment int64 // of its first segment
	Entries int64 // of the first entry of its index; not used if it has a short end
	End     int64 // after its end mark: of the next file
	Count   int64 // segments
	Size    int64 // bytes that they restore to together

	only *Entry    // of a file with a short end; nil if it has an index, or no segment
	list entryList // after the first entry
}

// An IndexReader reads files from their ends, through their indexes, in constant memory. It
// accepts the indexes that a Reader accepts, except that it does not compare them with the
// segments. It is not safe for concurrent use.
type IndexReader struct {
	src io.ReaderAt
	r   Reader
}

// NewIndexReader returns an IndexReader of src.
func NewIndexReader(src io.ReaderAt) *IndexReader {
	return &IndexReader{src: src, r: *NewReader(nil)}
}

// seek makes x.r read the n bytes of the source at off.
func (x *IndexReader) seek(off, n int64) *Reader {
	x.r.buffer.Reset(io.NewSectionReader(x.src, off, n))
	x.r.header, x.r.off, x.r.err = nil, off, nil
	x.r.startSum()
	return &x.r
}

// maxFooter is the most bytes between an index and the end of its file.
const maxFooter = binary.MaxVarintLen64 + 1

// footer returns the offset of the index of the file that ends at end, and the offset of the
// length that follows the index.
func (x *IndexReader) footer(end int64) (index, length int64, err error) {
	var b [maxFooter]byte
	foot := b[:min(maxFooter, max(end, 0))]
	if _, err := x.src.ReadAt(foot, end-int64(len(foot))); err != nil && err != io.EOF {
		return 0, 0, wrap(end, "end mark", err)
	}
	k := len(foot) - 1
	if k < 0 || foot[k] != endMark {
		return 0, 0, &Error{end, "no end mark", ErrCorrupt}
	}
	n, shift := uint64(0), 0
	for more := true; more; shift += 7 {
		if k--; k < 0 || shift > 56 {
			return 0, 0, &Error{end, "length of the index", ErrCorrupt}
		}
		n |= uint64(foot[k]&0x7f) << shift
		more = foot[k] >= 0x80
	}
	length = end - int64(len(foot)-k)
	if int64(n) > length || shortest(n) != shift/7 {
		return 0, 0, &Error{end, "length of the index", ErrCorrupt}
	}
	return length - int64(n), length, nil
}

// shortest returns how many bytes the uvarint v takes.
func shortest(v uint64) int {
	var b [binary.MaxVarintLen64]byte
	return binary.PutUvarint(b[:], v)
}

// Span reads the index and the header of the file that ends at offset end, and calls visit
// with each entry and the offset after it. If the file has a short end, it reads the first
// bytes of the segment instead.
func (x *IndexReader) Span(end int64, visit func(e Entry, after int64)) (*Span, error) {
	index, length, err := x.footer(end)
	if err != nil {
		return nil, err
	}
	if tag, err := x.seek(index, length-index).byte("index"); err == nil && tag == magic[0] {
		return x.shortSpan(index, length, end, visit)
	}
	return x.indexSpan(index, length, end, visit)
}

// shortSpan is Span for a file that begins at start, with a short end before offset length.
func (x *IndexReader) shortSpan(start, length, end int64, visit func(e Entry, after int64)) (*Span, error) {
	r := x.seek(start, length-start)
	h, err := r.readHeader()
	if err != nil {
		return nil, err
	}
	if h.GZIP() {
		return nil, &Error{start, "index", ErrCorrupt}
	}
	r.header = h
	s := &Span{Header: h, Start: start, Segment: r.off, End: end}
	r.startSum()
	tag, err := r.byte("tag")
	if err != nil {
		return nil, err
	}
	if f := h.form(tag); f != nil {
		head, err := r.readHead(f)
		if err != nil {
			return nil, err
		}
		after := r.off + head.rest()
		if after >= length {
			return nil, &Error{start, "a segment of more bytes than the file", ErrCorrupt}
		}
		s.Count, s.Size, s.only = 1, head.size, &Entry{after - s.Segment, head.size}
		visit(*s.only, end)
		r = x.seek(after, length-after)
		if tag, err = r.byte("tag"); err != nil {
			return nil, err
		}
	}
	if tag != tagEnd || r.off != length {
		return nil, &Error{start, "the length of the file is not that of its parts", ErrCorrupt}
	}
	return s, h.checkSize(s.Size, length)
}

// indexSpan is Span for a file with an index at offset index, that ends before offset length.
func (x *IndexReader) indexSpan(index, length, end int64, visit func(e Entry, after int64)) (*Span, error) {
	corrupt := func(msg string) (*Span, error) { return nil, &Error{index, msg, ErrCorrupt} }
	r := x.seek(index, length-index)
	tag, err := r.byte("index")
	if err != nil {
		return nil, err
	}
	if !isIndex(tag) {
		return corrupt("index")
	}
	header, err := r.uvarint("index", 1<<63-1)
	if err != nil {
		return nil, err
	}
	count, err := r.uvarint("index", 1<<63-1)
	if err != nil {
		return nil, err
	}
	s := &Span{Entries: r.off, End: end, Count: int64(count), list: entryList{absolute: tag == tagOldIndex}}
	before, longest := index, int64(0) // where the segments not listed yet must end; the longest segment
	for range count {
		e, err := s.list.next(r)
		if err != nil {
			return nil, err
		}
		if e.Coded > before || s.Size > math.MaxInt64-e.Size {
			return corrupt("the index lists more than the file holds")
		}
		before -= e.Coded
		s.Size += e.Size
		longest = max(longest, e.Size)
		visit(e, r.off)
	}
	if err := r.checkSum("index"); err != nil {
		return nil, err
	}
	if r.off != length {
		return corrupt("the index is longer than its entries")
	}
	if s.Start = before - int64(header); int64(header) > before {
		return corrupt("the index lists more than the file holds")
	}
	s.Segment = before
	if s.Header, err = x.seek(s.Start, int64(header)).readHeader(); err != nil {
		return nil, err
	}
	if tag != s.Header.indexTag() {
		return corrupt("index of another version")
	}
	if err := s.Header.checkCount(count, index); err != nil {
		return nil, err
	}
	if x.r.off != before {
		return corrupt("the header's length is not the index's")
	}
	if longest > int64(s.Header.SegmentSize()) {
		return corrupt("the index lists a segment of more bytes than the header allows")
	}
	return s, s.Header.checkSize(s.Size, index)
}

// Walk calls visit with entries of the index of s and the offsets after them, as long as it
// returns true. It begins at offset at: s.Entries, or one that visit was called with.
func (x *IndexReader) Walk(s *Span, at int64, visit func(e Entry, after int64) bool) error {
	if s.only != nil {
		visit(*s.only, s.End)
		return nil
	}
	r, list := x.seek(at, s.End-at), s.list
	if at == s.Entries {
		list.first = Entry{}
	}
	for more := true; more; {
		e, err := list.next(r)
		if err != nil {
			return err
		}
		more = visit(e, r.off)
	}
	return nil
}
