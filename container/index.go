package container

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
)

// An Entry is a segment's place in a file.
type Entry struct {
	Coded int64 // bytes in the file
	Size  int64 // bytes that it restores to
}

// An Index lists a file's parts in order (FORMAT.md, section 5).
type Index struct {
	Header  int64 // bytes of the header
	Entries []Entry
}

// Append appends the coded index and the end mark to b.
func (x *Index) Append(b []byte) []byte {
	at := len(b)
	b = append(b, tagIndex)
	b = binary.AppendUvarint(b, uint64(x.Header))
	b = binary.AppendUvarint(b, uint64(len(x.Entries)))
	for _, e := range x.Entries {
		b = e.append(b)
	}
	b = binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE(b[at:]))
	b = appendReverse(b, uint64(len(b)-at))
	return append(b, endMark)
}

// appendReverse appends a varint that is read from its last byte backwards.
func appendReverse(b []byte, v uint64) []byte {
	var fwd [binary.MaxVarintLen64]byte
	for n := binary.PutUvarint(fwd[:], v) - 1; n >= 0; n-- {
		b = append(b, fwd[n])
	}
	return b
}

// A tally is what a Reader remembers of a file's segments, in constant memory,
// to compare it with the index.
type tally struct {
	header int64  // bytes of the header
	count  uint64 // segments
	size   int64  // bytes that they restore to
	sum    uint32 // checksum of their entries as coded in an index
}

func (t *tally) add(e Entry) {
	var b [2 * binary.MaxVarintLen64]byte
	t.count++
	t.size += e.Size
	t.sum = crc32.Update(t.sum, crc32.IEEETable, e.append(b[:0]))
}

func (e Entry) append(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(e.Coded))
	return binary.AppendUvarint(b, uint64(e.Size))
}

// readIndex reads an index whose tag has been read and compares it with what
// the reader has seen of the file.
func (r *Reader) readIndex() error {
	start := r.off - 1
	header, err := r.uvarint("index", 1<<63-1)
	if err != nil {
		return err
	}
	count, err := r.uvarint("index", 1<<63-1)
	if err != nil {
		return err
	}
	got := tally{header: int64(header)}
	for got.count < min(count, r.seen.count) {
		coded, err := r.uvarint("index", 1<<63-1)
		if err != nil {
			return err
		}
		size, err := r.uvarint("index", 1<<63-1)
		if err != nil {
			return err
		}
		got.add(Entry{int64(coded), int64(size)})
	}
	if got != r.seen || count != r.seen.count {
		return &Error{start, "the index is not that of the segments before it", ErrCorrupt}
	}
	if err := r.checkSum("index"); err != nil {
		return err
	}
	if err := r.endMark(start); err != nil {
		return err
	}
	if r.header.HasSize && r.seen.size != r.header.Size {
		return &Error{start, "the size in the header is not that of the segments", ErrCorrupt}
	}
	return nil
}

// endMark reads what follows an index that started at start.
func (r *Reader) endMark(start int64) error {
	for _, want := range append(appendReverse(nil, uint64(r.off-start)), endMark) {
		c, err := r.byte("end mark")
		if err != nil {
			return err
		}
		if c != want {
			return &Error{r.off - 1, "end mark", ErrCorrupt}
		}
	}
	return nil
}

// maxFooter is the most bytes that stand between an index and the end.
const maxFooter = binary.MaxVarintLen64 + 1

// ReadIndex reads the index of the file that ends at offset end of r, and
// returns the offset at which that file starts: those before it, where files
// are concatenated, end there. It reads no more than the index, whose memory is
// at most limit bytes.
func ReadIndex(r io.ReaderAt, end, limit int64) (x *Index, start int64, err error) {
	corrupt := func(kind error, msg string) (*Index, int64, error) {
		return nil, 0, &Error{end, msg, kind}
	}
	foot := make([]byte, min(maxFooter, end))
	if _, err := r.ReadAt(foot, end-int64(len(foot))); err != nil && err != io.EOF {
		return nil, 0, wrap(end, "end mark", err)
	}
	k := len(foot) - 1
	if k < 0 || foot[k] != endMark {
		return corrupt(ErrCorrupt, "no end mark")
	}
	length, shift := uint64(0), 0
	for more := true; more; shift += 7 {
		if k--; k < 0 || shift > 56 {
			return corrupt(ErrCorrupt, "length of the index")
		}
		length |= uint64(foot[k]&0x7f) << shift
		more = foot[k] >= 0x80
	}
	at := end - int64(len(foot)-k) - int64(length)
	if length < 7 || at < 0 {
		return corrupt(ErrCorrupt, "length of the index")
	}
	// An entry of at least 2 bytes takes 16 bytes of memory.
	if int64(length) > limit/10 {
		return corrupt(ErrLimit, "the index needs more memory than allowed")
	}
	b := make([]byte, length)
	if _, err := r.ReadAt(b, at); err != nil && err != io.EOF {
		return nil, 0, wrap(at, "index", err)
	}
	if sum := len(b) - 4; crc32.ChecksumIEEE(b[:sum]) != binary.LittleEndian.Uint32(b[sum:]) {
		return nil, 0, &Error{at, "index", ErrChecksum}
	}
	x, err = parseIndex(b[:len(b)-4])
	if err != nil {
		return nil, 0, &Error{at, err.Error(), ErrCorrupt}
	}
	start = at - x.Header
	for _, e := range x.Entries {
		if start -= e.Coded; start < 0 {
			break
		}
	}
	if start < 0 {
		return nil, 0, &Error{at, "the index lists more than the file holds", ErrCorrupt}
	}
	return x, start, nil
}

func parseIndex(b []byte) (*Index, error) {
	bad := fmt.Errorf("malformed index")
	if b[0] != tagIndex {
		return nil, bad
	}
	b = b[1:]
	next := func() uint64 {
		v, n := binary.Uvarint(b)
		if n <= 0 || v > 1<<40 {
			b, v = nil, 1<<63
		} else {
			b = b[n:]
		}
		return v
	}
	header, count := next(), next()
	if header > 1<<40 || count > uint64(len(b)/2) {
		return nil, bad
	}
	x := &Index{Header: int64(header), Entries: make([]Entry, count)}
	for i := range x.Entries {
		coded, size := next(), next()
		if coded > 1<<40 || size > 1<<40 || coded == 0 || size == 0 {
			return nil, bad
		}
		x.Entries[i] = Entry{int64(coded), int64(size)}
	}
	if len(b) != 0 {
		return nil, bad
	}
	return x, nil
}
