package container

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
)

// Tags of the parts that follow a header (FORMAT.md, sections 3 and 5).
const (
	tagSegment = 0x01
	tagIndex   = 0x02
	endMark    = 0xE5 // the last byte of a file
)

// A Segment is a part of a file that can be restored without the others.
type Segment struct {
	Size     int    // bytes that it restores to, at least 1
	Sum      uint32 // CRC-32 (RFC 1952) of these bytes
	Programs []byte // the section: plan, groups, block flags and programs
	Raw      []byte // the GZIP members of the raw blocks; empty if there are none

	coded []byte // storage that a Reader uses for Programs and Raw
}

// MaxCoded returns the most bytes that Programs and Raw of a segment of n bytes may have
// together (FORMAT.md, section 3). An encoder that codes no worse than deflate's stored blocks
// needs no more.
func MaxCoded(n int64) int64 { return n + n/256 + 128 }

// Append appends the coded segment to b. The error is ErrLimit.
func (s *Segment) Append(b []byte) ([]byte, error) {
	n := int64(s.Size)
	if n < 1 || n > 1<<MaxSegmentLog || int64(len(s.Programs)+len(s.Raw)) > MaxCoded(n) {
		return b, fmt.Errorf("%w: a segment's size or coded size", ErrLimit)
	}
	at := len(b)
	b = append(b, tagSegment)
	b = binary.AppendUvarint(b, uint64(s.Size))
	b = binary.AppendUvarint(b, uint64(len(s.Programs)))
	b = binary.AppendUvarint(b, uint64(len(s.Raw)))
	b = binary.LittleEndian.AppendUint32(b, s.Sum)
	b = append(b, s.Programs...)
	b = append(b, s.Raw...)
	return binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE(b[at:])), nil
}

// readSegment reads a segment after its tag into s. It uses the storage of s: one buffer, which
// grows to what the longest segment of the file may need.
func (r *Reader) readSegment(s *Segment) error {
	size, err := r.uvarint("segment size", uint64(r.header.SegmentSize()))
	if err != nil {
		return err
	}
	if size == 0 {
		return &Error{r.off - 1, "segment without bytes", ErrCorrupt}
	}
	programs, err := r.uvarint("size of programs", uint64(MaxCoded(int64(size))))
	if err != nil {
		return err
	}
	raw, err := r.uvarint("size of the GZIP member", uint64(MaxCoded(int64(size)))-programs)
	if err != nil {
		return err
	}
	s.Size, s.Programs, s.Raw = int(size), nil, nil
	if s.Sum, err = r.uint32("checksum of a segment"); err != nil {
		return err
	}
	most := int(MaxCoded(int64(r.header.SegmentSize())))
	if s.coded, err = r.bytes(s.coded[:0], int(programs), most, "programs"); err != nil {
		return err
	}
	if s.coded, err = r.bytes(s.coded, int(raw), most, "GZIP member"); err != nil {
		return err
	}
	s.Programs, s.Raw = s.coded[:programs:programs], s.coded[programs:]
	return r.checkSum("segment")
}
