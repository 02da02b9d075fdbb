package container

import (
	"encoding/binary"
	"hash/crc32"
	"io"
)

// header reads a header at off, and returns what it cost if that was in vain.
func (s *Scanner) header(off int64) (p Part, cost int64, ok bool) {
	r := s.reader(off, maxHeader)
	h, err := r.readHeader()
	return Part{Off: off, Coded: r.off - off, Header: h}, r.off - off + scanAhead, err == nil
}

// claimedHead is a head that is read without a Reader.
type claimedHead struct {
	segmentHead
	length  int64 // of the segment in the file, in bytes
	members int64 // their offset in the segment
	tagged  bool  // the tag is right
}

// fields reads the head of a segment at off as one of form f, and reports whether it may be
// right. It does not test the tag.
func (s *Scanner) fields(off int64, f *form) (h claimedHead, ok bool, err error) {
	b, err := s.peek(off, maxFields)
	if err != nil || len(b) == 0 {
		return h, false, err
	}
	h.tagged = b[0] == f.tag
	at := 1
	for _, v := range []*int64{&h.size, &h.programs, &h.raw} {
		if v == &h.programs && !f.section {
			continue
		}
		u, n := binary.Uvarint(b[at:])
		if n <= 0 || n > 1 && b[at+n-1] == 0 || u > 1<<(MaxSegmentLog+1) {
			return h, false, nil
		}
		*v = int64(u)
		at += n
	}
	if f.checked(h.size) {
		if len(b) < at+2 {
			return h, false, nil
		}
		sum := crc32.Update(crc32.ChecksumIEEE([]byte{f.tag}), crc32.IEEETable, b[1:at])
		if binary.LittleEndian.Uint16(b[at:]) != uint16(sum) {
			return h, false, nil
		}
		at += 2
	}
	h.members = int64(at) + crcSize + h.programs
	h.length = int64(at) + crcSize + h.rest()
	ok = h.size >= 1 && h.size <= 1<<MaxSegmentLog && h.programs+h.raw <= MaxCoded(h.size)
	return h, ok && (f.gzip || h.programs > 0 == f.section), nil
}

// segment is header for a segment.
func (s *Scanner) segment(off int64, searched bool) (p Part, cost int64, ok bool, err error) {
	tag, err := s.peek(off, 1)
	if err != nil {
		return p, 0, false, err
	}
	f := formOf(tag[0])
	h, ok, err := s.fields(off, f)
	if !ok || err != nil || off+h.length > s.size {
		return p, 0, false, err
	}
	if searched && f.gzip && h.raw > 0 {
		var head [4]byte
		if _, err := s.src.ReadAt(head[:min(4, h.raw)], off+h.members); err != nil && err != io.EOF {
			return p, 0, false, wrap(off, "segment", err)
		}
		if string(head[:]) != "\x1f\x8b\x08\x00" {
			return p, int64(len(head)), false, nil
		}
	}
	ok, err = s.intact(off, h.length)
	return Part{Off: off, Coded: h.length, Size: h.size, Version: lastVersion(f.gzip), Predicted: f.predicted}, h.length, ok, err
}

// intact reports whether the length bytes at off end with their checksum.
func (s *Scanner) intact(off, length int64) (bool, error) {
	if length <= scanShort {
		b, err := s.peek(off, int(length))
		if err != nil {
			return false, err
		}
		b, sum := b[:length-crcSize], b[length-crcSize:]
		return crc32.ChecksumIEEE(b) == binary.LittleEndian.Uint32(sum), nil
	}
	sum := uint32(0)
	for at, end := off, off+length-crcSize; at < end; {
		b := s.buf[:min(scanBuffer, end-at)]
		if _, err := s.src.ReadAt(b, at); err != nil {
			return false, wrap(at, "segment", err)
		}
		sum = crc32.Update(sum, crc32.IEEETable, b)
		at += int64(len(b))
	}
	var tail [crcSize]byte
	if _, err := s.src.ReadAt(tail[:], off+length-crcSize); err != nil && err != io.EOF {
		return false, wrap(off, "segment", err)
	}
	return sum == binary.LittleEndian.Uint32(tail[:]), nil
}

// index is header for an index.
func (s *Scanner) index(off int64) (p Part, cost int64, ok bool) {
	r := s.reader(off, s.size-off)
	x, version, err := r.scanIndex(min(s.limit/entryMemory, (s.size-off)/2))
	return Part{Off: off, Coded: r.off - off, Index: x, Version: version}, r.off - off + scanAhead, err == nil
}

// scanIndex reads an index of at most most entries, without comparing it with segments, and
// returns the last version that writes such ones.
func (r *Reader) scanIndex(most int64) (x *Index, version uint8, err error) {
	start := r.off
	tag, err := r.byte("tag")
	if err != nil {
		return nil, 0, err
	}
	header, err := r.uvarint("index", maxHeader)
	if err != nil {
		return nil, 0, err
	}
	count, err := r.uvarint("index", uint64(most))
	if err != nil {
		return nil, 0, err
	}
	version = lastVersion(tag == tagOldIndex)
	if err := (&Header{Version: version}).checkCount(count, start); err != nil {
		return nil, 0, err
	}
	x = &Index{Header: int64(header)}
	list := entryList{absolute: tag == tagOldIndex}
	for range count {
		e, err := list.next(r)
		if err != nil {
			return nil, 0, err
		}
		if e.Size > 1<<MaxSegmentLog || e.Coded > MaxCoded(e.Size)+maxFields+crcSize {
			return nil, 0, &Error{r.off, "index", ErrCorrupt}
		}
		x.Entries = append(x.Entries, e)
	}
	if err := r.checkSum("index"); err != nil {
		return nil, 0, err
	}
	return x, version, r.endMark(start)
}

// end is header for a short end. It must state where the file begins: there is a header, or the
// part before is the file's segment. The index is the one that the file would have; the size of
// a segment whose head is damaged is -1.
func (s *Scanner) end(off int64) (p Part, cost int64, ok bool) {
	b, err := s.peek(off, 1+maxFooter)
	if err != nil || len(b) == 0 || b[0] != tagEnd {
		return p, 0, false
	}
	for n := 2; n < len(b); n++ {
		if b[n] != endMark { // which may be a byte of the length, too
			continue
		}
		length, ok := forwardReverse(b[1:n])
		if start := off + 1 - length; ok && start >= 0 {
			x, more := s.shortIndex(start, off)
			if cost += more; x != nil {
				return Part{Off: off, Coded: int64(n + 1), Index: x, Version: Version}, cost, true
			}
		}
	}
	return p, cost, false
}

// forwardReverse returns the number whose reverse uvarint is b; ok is false if there is none.
func forwardReverse(b []byte) (v int64, ok bool) {
	for _, c := range b {
		v = v<<7 | int64(c&0x7f)
	}
	return v, v >= 0 && string(appendReverse(nil, uint64(v))) == string(b)
}

// shortIndex returns the index that a file from start to a short end at off would have, and how
// many bytes it read; nil if there is no such file.
func (s *Scanner) shortIndex(start, off int64) (x *Index, cost int64) {
	if h, cost, ok := s.header(start); ok && !h.Header.GZIP() && start+h.Coded <= off {
		x = &Index{Header: h.Coded}
		if coded := off - start - h.Coded; coded > 0 {
			x.Entries = []Entry{{coded, s.claimedSize(start+h.Coded, coded)}}
		}
		return x, cost
	}
	if header := s.last.Off - start; s.last.intactSegment() && s.last.Off+s.last.Coded == off && minHeader <= header && header <= maxHeader {
		x = &Index{Header: header, Entries: []Entry{{s.last.Coded, s.last.Size}}}
	}
	return x, maxHeader
}

func (p *Part) intactSegment() bool {
	return p.Coded > 0 && !p.Damaged && p.Header == nil && p.Index == nil
}

// claimedSize returns how many bytes a segment of coded bytes at off restores to; -1 if its head
// does not say so.
func (s *Scanner) claimedSize(off, coded int64) int64 {
	for k := range forms {
		if h, ok, err := s.fields(off, &forms[k]); err == nil && ok && !forms[k].gzip && h.length == coded {
			return h.size
		}
	}
	return -1
}
