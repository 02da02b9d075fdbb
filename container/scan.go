package container

import (
	"bufio"
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
	Version uint8   // of a segment or an index: the last version of the format that writes such ones
	Damaged bool    // else the checksum is right

	Predicted bool // of a segment: groups may have predictors
}

// A Scanner divides a damaged file, or several concatenated ones, into parts. It finds intact
// parts wherever they stand: bytes may have been lost or inserted.
type Scanner struct {
	src     io.ReaderAt
	size    int64   // bytes of src, without padding
	off     int64   // of the next part
	last    Part    // the one before, at first none
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
	scanEffort  = 64       // read in vain, per byte of the file; random ones take 5 (TestScannerEffort)
	maxFields   = 1 + 3*5 + 2 + 4
	minHeader   = 7 + 4
	maxHeader   = 9 + 2 + MaxName + 10 + 5 + 2 + 10 + 4
	scanShort   = 4 << 10 // what is not longer is read through the window; arbitrary
	entryMemory = 128     // of an entry of an index, with what Salvage keeps of it
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

// findIndex reads the index or the short end at the end of the source, if there is a whole one.
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
	field := s.size - int64(len(foot)-k) // where the length begins
	if length < 1 || length > field {
		return nil
	}
	p, ok, err := s.parse(field-length, false)
	if ok && p.Header != nil {
		p, _, ok = s.end(field - 1)
	}
	if s.indexed = ok && p.Index != nil && p.Off+p.Coded == s.size; !s.indexed {
		return err
	}
	off := p.Off
	s.places = append(s.places, off)
	for _, e := range slices.Backward(p.Index.Entries) {
		off -= e.Coded
		s.places = append(s.places, off)
	}
	slices.Reverse(s.places)
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
		s.off, s.last = p.Off+p.Coded, p
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
		if !isIndex(b[0]) && b[0] != magic[0] && formOf(b[0]) == nil {
			continue // a short end counts only where one is expected
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
	case isIndex(b[0]) && len(b) > 1 && b[1] >= minHeader:
		p, cost, ok = s.index(off)
	case b[0] == tagEnd && !searched:
		p, cost, ok = s.end(off)
	case formOf(b[0]) != nil:
		p, cost, ok, err = s.segment(off, searched)
	}
	if !ok && err == nil {
		s.work -= cost
	}
	return p, ok, err
}

// claimed returns the damaged segment at off, if its first fields are believable: the part
// after it is intact, or the file was cut within it. The tag may be damaged, too. What is a
// damaged header, by all but a byte of its magic, is no segment: "KT" in it is the head of one.
func (s *Scanner) claimed(off int64) (p Part, ok bool, err error) {
	if b, err := s.peek(off, len(magic)); err != nil || likeMagic(b) {
		return p, false, err
	}
	for k := range forms {
		h, ok, err := s.fields(off, &forms[k])
		if err != nil {
			return p, false, err
		}
		if !ok {
			continue
		}
		p = Part{Off: off, Coded: h.length, Size: h.size, Damaged: true}
		end := off + h.length
		if end >= s.size {
			if h.tagged && !s.indexed {
				p.Coded = s.size - off
				return p, true, nil
			}
			continue
		}
		next, ok, err := s.parse(end, false)
		if err != nil {
			return p, false, err
		}
		if ok && next.startOfFile() <= off {
			s.found = &next
			return p, true, nil
		}
	}
	return p, false, nil
}

// likeMagic reports whether b differs from the magic in at most one byte.
func likeMagic(b []byte) bool {
	same := 0
	for i, c := range b {
		if c == magic[i] {
			same++
		}
	}
	return same >= len(magic)-1
}

// startOfFile returns where the file begins that the index p ends; 0 if p is no index.
func (p *Part) startOfFile() int64 {
	if p.Index == nil {
		return 0
	}
	start := p.Off - p.Index.Header
	for _, e := range p.Index.Entries {
		start -= e.Coded
	}
	return start
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
