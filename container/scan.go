package container

import (
	"bufio"
	"encoding/binary"
	"hash/crc32"
	"io"
	"slices"
)

// A Part is a part of a damaged file: a header, an index, a segment, or bytes that are damaged.
type Part struct {
	Off     int64   // in the source
	Coded   int64   // bytes in the source
	Header  *Header // nil unless the part is a header
	Index   *Index  // nil unless the part is an index
	Size    int64   // of a segment: bytes that it restores to; of a damaged part -1 if that is unknown
	Damaged bool    // else the checksum is right
}

// A Scanner divides a damaged file, or several concatenated ones, into parts. It finds intact
// parts wherever they stand: bytes may have been lost or inserted.
type Scanner struct {
	src     io.ReaderAt
	size    int64   // bytes of src, without padding
	off     int64   // of the next part
	found   *Part   // the next part, if it was read already; else nil
	indexed bool    // src ends with a whole index
	places  []int64 // offsets of the segments that it lists and its own, if no bytes after them were lost
	work    int64   // bytes that may still be read in vain
	limit   int64   // bytes of memory that an index may take

	window []byte // bytes of src
	start  int64  // offset of the window
	r      *Reader
	buf    []byte
}

// In bytes.
const (
	scanWindow  = 64 << 10 // arbitrary
	scanBuffer  = 64 << 10 // arbitrary
	scanAhead   = 512      // most of what looks like an index or a header ends within
	scanEffort  = 64       // read in vain, per byte of the file; random ones take 2 (TestScannerEffort)
	maxFields   = 1 + 3*5 + 4
	minHeader   = 9 + 4
	maxHeader   = 9 + 2 + MaxName + 10 + 5 + 2 + 10 + 4
	entryMemory = 128 // of an entry of an index, with what Salvage keeps of it
)

// NewScanner returns a Scanner of the size bytes of src. It reads no index that takes more than
// limit bytes of memory.
func NewScanner(src io.ReaderAt, size, limit int64) (*Scanner, error) {
	end, err := PaddingStart(src, size)
	if err != nil {
		return nil, err
	}
	buffer := bufio.NewReaderSize(nil, scanAhead)
	s := &Scanner{
		src: src, size: end, work: scanEffort * (end + scanWindow), limit: limit,
		r: &Reader{src: buffer, buffer: buffer}, buf: make([]byte, scanBuffer), window: make([]byte, 0, scanWindow),
	}
	return s, s.findIndex()
}

// findIndex reads the index at the end of the source, if there is a whole one.
func (s *Scanner) findIndex() error {
	foot, err := s.peek(max(0, s.size-maxFooter), maxFooter)
	if err != nil {
		return err
	}
	k := len(foot) - 1
	if k < 0 || foot[k] != endMark {
		return nil
	}
	length, shift := int64(0), 0
	for more := true; more && k > 0 && shift < 56; shift += 7 {
		k--
		length |= int64(foot[k]&0x7f) << shift
		more = foot[k] >= 0x80
	}
	if off := s.size - int64(len(foot)-k) - length; off >= 0 && off < s.size {
		p, _, ok := s.index(off)
		if s.indexed = ok && off+p.Coded == s.size; !s.indexed {
			return nil
		}
		s.places = append(s.places, off)
		for _, e := range slices.Backward(p.Index.Entries) {
			off -= e.Coded
			s.places = append(s.places, off)
		}
		slices.Reverse(s.places)
	}
	return nil
}

// expected returns the damaged part at off, if the next segment that the index lists, or the
// index, is intact at its place. It skips what looks like a part before that: it may be part
// of a file in the data.
func (s *Scanner) expected(off int64) (p Part, ok bool, err error) {
	k, _ := slices.BinarySearch(s.places, off+1)
	if k == 0 || k == len(s.places) {
		return p, false, nil
	}
	next, ok, err := s.parse(s.places[k], false)
	if ok {
		s.found = &next
	}
	return Part{Off: off, Coded: s.places[k] - off, Size: -1, Damaged: true}, ok, err
}

// Next returns the next part; io.EOF after the last one. The parts follow each other without
// gaps: what is not intact is Damaged. If too much looked like a part and was not, the rest of
// the source is one damaged part.
func (s *Scanner) Next() (Part, error) {
	p, err := s.next()
	if err == nil {
		s.off = p.Off + p.Coded
	}
	return p, err
}

// next is Next, without moving on.
func (s *Scanner) next() (Part, error) {
	if s.found != nil {
		p := *s.found
		s.found = nil
		return p, nil
	}
	if s.off >= s.size {
		return Part{}, io.EOF
	}
	if p, ok, err := s.parse(s.off, false); ok || err != nil {
		return p, err
	}
	if p, ok, err := s.claimed(s.off); ok || err != nil {
		return p, err
	}
	if p, ok, err := s.expected(s.off); ok || err != nil {
		return p, err
	}
	damaged := Part{Off: s.off, Coded: s.size - s.off, Size: -1, Damaged: true}
	for off := s.off + 1; off < s.size && s.work >= 0; off++ {
		b, err := s.peek(off, 1)
		if err != nil {
			return Part{}, err
		}
		if b[0] != tagSegment && b[0] != tagIndex && b[0] != magic[0] {
			continue
		}
		p, ok, err := s.parse(off, true)
		if err != nil {
			return Part{}, err
		}
		if ok {
			s.found = &p
			damaged.Coded = off - s.off
			break
		}
	}
	return damaged, nil
}

// parse reads the part at off, if there is an intact one. If the part is searched, not expected,
// it must look like one before its checksum is computed.
func (s *Scanner) parse(off int64, searched bool) (p Part, ok bool, err error) {
	b, err := s.peek(off, len(magic))
	if err != nil {
		return p, false, err
	}
	cost := int64(0)
	switch {
	case string(b) == magic:
		p, cost, ok = s.header(off)
	case b[0] == tagIndex && len(b) > 1 && b[1] >= minHeader:
		p, cost, ok = s.index(off)
	case b[0] == tagSegment:
		p, cost, ok, err = s.segment(off, searched)
	}
	if !ok && err == nil {
		s.work -= cost
	}
	return p, ok, err
}

// claimed returns the damaged segment at off, if its first fields are believable: the part
// after it is intact, or the file was cut within it.
func (s *Scanner) claimed(off int64) (p Part, ok bool, err error) {
	f, ok, err := s.fields(off)
	if !ok || err != nil {
		return p, false, err
	}
	p = Part{Off: off, Coded: f.length, Size: f.size, Damaged: true}
	end := off + f.length
	if end >= s.size {
		p.Coded = s.size - off
		return p, f.tag == tagSegment && !s.indexed, nil
	}
	next, ok, err := s.parse(end, false)
	if ok {
		s.found = &next
	}
	return p, ok, err
}

// peek returns n bytes at off, fewer at the end of the source; they are valid until the next
// call.
func (s *Scanner) peek(off int64, n int) ([]byte, error) {
	n = int(min(int64(n), s.size-off))
	if off < s.start || off+int64(n) > s.start+int64(len(s.window)) {
		s.start, s.window = off, s.window[:min(scanWindow, s.size-off)]
		k, err := s.src.ReadAt(s.window, off)
		if s.window = s.window[:k]; k < n {
			if err == nil || err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return nil, &Error{off, "reading", err}
		}
	}
	at := off - s.start
	return s.window[at : at+int64(n)], nil
}

// reader returns a Reader of at most n bytes at off.
func (s *Scanner) reader(off, n int64) *Reader {
	s.r.buffer.Reset(io.NewSectionReader(s.src, off, min(n, s.size-off)))
	s.r.off, s.r.err = off, nil
	s.r.startSum()
	return s.r
}

// header reads a header at off, and returns what it cost if that was in vain.
func (s *Scanner) header(off int64) (p Part, cost int64, ok bool) {
	r := s.reader(off, maxHeader)
	h, err := r.readHeader()
	return Part{Off: off, Coded: r.off - off, Header: h}, r.off - off + scanAhead, err == nil
}

// segmentFields are the first fields of a segment.
type segmentFields struct {
	tag      byte
	size     int64 // bytes that it restores to
	length   int64 // bytes in the file
	programs int64 // bytes
	raw      int64 // bytes
	members  int64 // offset of the GZIP members in the segment
}

// fields reads the first fields of a segment at off, and reports whether they may be right. It
// does not test the tag.
func (s *Scanner) fields(off int64) (f segmentFields, ok bool, err error) {
	b, err := s.peek(off, maxFields)
	if err != nil || len(b) == 0 {
		return f, false, err
	}
	f.tag = b[0]
	at := 1
	for _, v := range []*int64{&f.size, &f.programs, &f.raw} {
		u, n := binary.Uvarint(b[at:])
		if n <= 0 || n > 1 && b[at+n-1] == 0 || u > 1<<(MaxSegmentLog+1) {
			return f, false, nil
		}
		*v = int64(u)
		at += n
	}
	f.members = int64(at) + 4 + f.programs
	f.length = f.members + f.raw + 4
	ok = f.size >= 1 && f.size <= 1<<MaxSegmentLog && f.programs+f.raw <= MaxCoded(f.size)
	return f, ok, nil
}

// segment is header for a segment.
func (s *Scanner) segment(off int64, searched bool) (p Part, cost int64, ok bool, err error) {
	f, ok, err := s.fields(off)
	if !ok || err != nil || off+f.length > s.size {
		return p, 0, false, err
	}
	if searched && f.raw > 0 {
		var head [4]byte
		if _, err := s.src.ReadAt(head[:min(4, f.raw)], off+f.members); err != nil && err != io.EOF {
			return p, 0, false, wrap(off, "segment", err)
		}
		if string(head[:]) != "\x1f\x8b\x08\x00" {
			return p, int64(len(head)), false, nil
		}
	}
	sum := uint32(0)
	for at, end := off, off+f.length-4; at < end; {
		b := s.buf[:min(scanBuffer, end-at)]
		if _, err := s.src.ReadAt(b, at); err != nil {
			return p, f.length, false, wrap(at, "segment", err)
		}
		sum = crc32.Update(sum, crc32.IEEETable, b)
		at += int64(len(b))
	}
	var tail [4]byte
	if _, err := s.src.ReadAt(tail[:], off+f.length-4); err != nil && err != io.EOF {
		return p, f.length, false, wrap(off, "segment", err)
	}
	return Part{Off: off, Coded: f.length, Size: f.size}, f.length, sum == binary.LittleEndian.Uint32(tail[:]), nil
}

// index is header for an index.
func (s *Scanner) index(off int64) (p Part, cost int64, ok bool) {
	r := s.reader(off, s.size-off)
	x, err := r.scanIndex(min(s.limit/entryMemory, (s.size-off)/2))
	return Part{Off: off, Coded: r.off - off, Index: x}, r.off - off + scanAhead, err == nil
}

// scanIndex reads an index of at most most entries, without comparing it with segments.
func (r *Reader) scanIndex(most int64) (*Index, error) {
	start := r.off
	if _, err := r.byte("tag"); err != nil {
		return nil, err
	}
	header, err := r.uvarint("index", maxHeader)
	if err != nil {
		return nil, err
	}
	count, err := r.uvarint("index", uint64(most))
	if err != nil {
		return nil, err
	}
	x := &Index{Header: int64(header)}
	for range count {
		coded, err := r.uvarint("index", uint64(MaxCoded(1<<MaxSegmentLog)+maxFields+4))
		if err != nil {
			return nil, err
		}
		size, err := r.uvarint("index", 1<<MaxSegmentLog)
		if err != nil {
			return nil, err
		}
		if size == 0 || coded == 0 || int64(coded) > MaxCoded(int64(size))+maxFields+4 {
			return nil, &Error{r.off, "index", ErrCorrupt}
		}
		x.Entries = append(x.Entries, Entry{int64(coded), int64(size)})
	}
	if err := r.checkSum("index"); err != nil {
		return nil, err
	}
	return x, r.endMark(start)
}
