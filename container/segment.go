package container

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
)

// A Segment is a part of a file that can be restored without the others.
type Segment struct {
	Size      int    // bytes that it restores to, at least 1
	Sum       uint32 // CRC-32 (RFC 1952) of these bytes
	Programs  []byte // the section: plan, groups, block flags and programs; none if the segment is plain
	Raw       []byte // the members: of deflate data, or GZIP members (Header.GZIP), or by predictors; empty if there are no raw blocks
	Predicted bool   // the section says which groups have predictors

	coded []byte // storage that a Reader uses for Programs and Raw
}

// MaxCoded returns the most bytes that Programs and Raw of a segment of n bytes may have
// together (FORMAT.md, section 3). An encoder that codes no worse than deflate's stored blocks
// needs no more.
func MaxCoded(n int64) int64 { return n + n/256 + 128 }

// Append appends the coded segment of a file with header h to b. The error is ErrLimit.
func (s *Segment) Append(b []byte, h *Header) ([]byte, error) {
	n := int64(s.Size)
	if s.Predicted && (h.PredictorLog == 0 || len(s.Programs) == 0) {
		return b, fmt.Errorf("%w: predictors, of which the header does not speak", ErrLimit)
	}
	if n < 1 || n > 1<<MaxSegmentLog || int64(len(s.Programs)+len(s.Raw)) > MaxCoded(n) {
		return b, fmt.Errorf("%w: a segment's size or coded size", ErrLimit)
	}
	f := formOf(tagOld)
	if !h.GZIP() {
		f = formOf(tagSection)
		switch {
		case s.Predicted:
			f = formOf(tagPredicted)
		case len(s.Programs) == 0:
			f = formOf(tagPlain)
		}
	}
	at := len(b)
	b = append(b, f.tag)
	b = binary.AppendUvarint(b, uint64(s.Size))
	if f.section {
		b = binary.AppendUvarint(b, uint64(len(s.Programs)))
	}
	b = binary.AppendUvarint(b, uint64(len(s.Raw)))
	if f.checked(n) {
		b = binary.LittleEndian.AppendUint16(b, uint16(crc32.ChecksumIEEE(b[at:])))
	}
	b = binary.LittleEndian.AppendUint32(b, s.Sum)
	b = append(b, s.Programs...)
	b = append(b, s.Raw...)
	return binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE(b[at:])), nil
}

// A segmentHead is what precedes a section and members.
type segmentHead struct {
	size     int64  // bytes that the segment restores to
	programs int64  // bytes of its section
	raw      int64  // bytes of its members
	sum      uint32 // of the restored bytes
}

// rest returns how many bytes of the segment follow the head.
func (s *segmentHead) rest() int64 { return s.programs + s.raw + crcSize }

// crcSize is the length of a checksum in bytes.
const crcSize = 4

// readHead reads the head of a segment after its tag.
func (r *Reader) readHead(f *form) (s segmentHead, err error) {
	size, err := r.uvarint("segment size", uint64(r.header.SegmentSize()))
	if err != nil {
		return s, err
	}
	if size == 0 {
		return s, &Error{r.off - 1, "segment without bytes", ErrCorrupt}
	}
	programs, most := uint64(0), uint64(MaxCoded(int64(size)))
	if f.section {
		if programs, err = r.uvarint("size of programs", most); err != nil {
			return s, err
		}
		if programs == 0 && !f.gzip {
			return s, &Error{r.off - 1, "section without bytes", ErrCorrupt}
		}
	}
	raw, err := r.uvarint("size of the members", most-programs)
	if err != nil {
		return s, err
	}
	if f.checked(int64(size)) {
		if err := r.checkHead(); err != nil {
			return s, err
		}
	}
	sum, err := r.uint32("checksum of a segment")
	return segmentHead{size: int64(size), programs: int64(programs), raw: int64(raw), sum: sum}, err
}

// checkHead reads the checksum of a segment's lengths, and compares it.
func (r *Reader) checkHead() error {
	want := uint16(r.crc)
	for k := range 2 {
		c, err := r.byte("lengths of a segment")
		if err != nil {
			return err
		}
		if c != byte(want>>(8*k)) {
			return &Error{r.off - 1, "lengths of a segment", ErrChecksum}
		}
	}
	return nil
}

// readSegment reads a segment after its tag into s. It uses the storage of s: one buffer, which
// grows to what the longest segment of the file may need.
func (r *Reader) readSegment(s *Segment, f *form) error {
	head, err := r.readHead(f)
	if err != nil {
		return err
	}
	s.Size, s.Sum, s.Programs, s.Raw = int(head.size), head.sum, nil, nil
	most := int(MaxCoded(int64(r.header.SegmentSize())))
	if s.coded, err = r.bytes(s.coded[:0], int(head.programs), most, "programs"); err != nil {
		return err
	}
	if s.coded, err = r.bytes(s.coded, int(head.raw), most, "members"); err != nil {
		return err
	}
	s.Programs, s.Raw, s.Predicted = s.coded[:head.programs:head.programs], s.coded[head.programs:], f.predicted
	return r.checkSum("segment")
}

// Read reads the segment of a file with header h that takes coded bytes of src from
// offset off on. It uses the storage of s. The error is an *Error: also if there is another part
// of a file, or a segment of another length.
func (s *Segment) Read(src io.ReaderAt, h *Header, off, coded int64) error {
	r := NewReader(io.NewSectionReader(src, off, coded))
	r.header, r.off = h, off
	tag, err := r.byte("tag")
	if err != nil {
		return err
	}
	f := h.form(tag)
	if f == nil {
		return &Error{off, "tag", ErrCorrupt}
	}
	if err := r.readSegment(s, f); err != nil {
		return err
	}
	if r.off != off+coded {
		return &Error{off, "the segment is shorter than stated", ErrCorrupt}
	}
	return nil
}
