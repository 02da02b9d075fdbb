package container

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
)

// An Entry describes a segment in an Index.
type Entry struct {
	Coded int64 // bytes in the file
	Size  int64 // bytes that it restores to
}

// An Index lists the segments of a file in order (FORMAT.md, section 5).
type Index struct {
	Header  int64 // bytes of the header
	Entries []Entry
}

// maxShort is how many segments a file with a short end may have: what an index would say of
// them follows from the file's length.
const maxShort = 1

// Append appends the coded index of a file with header h, and the end mark, to b.
func (x *Index) Append(b []byte, h *Header) []byte {
	at := len(b)
	if !h.GZIP() && len(x.Entries) <= maxShort {
		b = append(b, tagEnd)
		size := x.Header + int64(len(b)-at)
		for _, e := range x.Entries {
			size += e.Coded
		}
		return append(appendReverse(b, uint64(size)), endMark)
	}
	b = append(b, h.indexTag())
	b = binary.AppendUvarint(b, uint64(x.Header))
	b = binary.AppendUvarint(b, uint64(len(x.Entries)))
	list := entryList{absolute: h.GZIP()}
	for _, e := range x.Entries {
		b = list.append(b, e)
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

// A tally sums up a file's segments in constant memory, to compare them with the index.
type tally struct {
	header int64  // bytes of the header
	count  uint64 // segments
	size   int64  // bytes that they restore to
	sum    uint32 // checksum of their entries
}

// add adds a segment; it uses storage.
func (t *tally) add(e Entry, storage []byte) {
	t.count++
	t.size += e.Size
	list := entryList{absolute: true}
	t.sum = crc32.Update(t.sum, crc32.IEEETable, list.append(storage, e))
}

// An entryList codes the entries of an index one after the other: all but the first one as
// differences to that, since messages are alike.
type entryList struct {
	absolute bool  // of versions 1 and 2: entries as they are
	first    Entry // coded before; zero if there is none
}

// append appends the coded entry to b.
func (l *entryList) append(b []byte, e Entry) []byte {
	if l.absolute || l.first == (Entry{}) {
		l.first = e
		b = binary.AppendUvarint(b, uint64(e.Coded))
		return binary.AppendUvarint(b, uint64(e.Size))
	}
	b = binary.AppendVarint(b, e.Coded-l.first.Coded)
	return binary.AppendVarint(b, e.Size-l.first.Size)
}

// next reads the next entry from r.
func (l *entryList) next(r *Reader) (e Entry, err error) {
	start := r.off
	relative := !l.absolute && l.first != (Entry{})
	for _, field := range [...]struct{ to, base *int64 }{{&e.Coded, &l.first.Coded}, {&e.Size, &l.first.Size}} {
		u, err := r.uvarint("index", math.MaxUint64)
		if err != nil {
			return e, err
		}
		*field.to = int64(u)
		if relative {
			*field.to = *field.base + (int64(u>>1) ^ -int64(u&1)) // an overflow is below 1
		}
	}
	if e.Coded < 1 || e.Size < 1 {
		return e, &Error{start, fmt.Sprintf("a segment of %d bytes for %d", e.Coded, e.Size), ErrCorrupt}
	}
	if !relative {
		l.first = e
	}
	return e, nil
}

// readEnd reads a short end after its tag, of a file that begins at start.
func (r *Reader) readEnd(start int64) error {
	at := r.off - 1
	if r.seen.count > maxShort {
		return &Error{at, "no index of several segments", ErrCorrupt}
	}
	if err := r.endMark(start); err != nil {
		return err
	}
	return r.header.checkSize(r.seen.size, at)
}

// readIndex reads an index after its tag, and compares it with the segments read.
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
	if err := r.header.checkCount(count, start); err != nil {
		return err
	}
	got := tally{header: int64(header)}
	list := entryList{absolute: r.header.GZIP()}
	for got.count < min(count, r.seen.count) {
		e, err := list.next(r)
		if err != nil {
			return err
		}
		got.add(e, r.numbers[:0])
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
	return r.header.checkSize(r.seen.size, start)
}

// checkCount returns an error if a file with an index of count segments should have a short end;
// off is where the index is.
func (h *Header) checkCount(count uint64, off int64) error {
	if !h.GZIP() && count <= maxShort {
		return &Error{off, "an index where a short end should be", ErrCorrupt}
	}
	return nil
}

// endMark reads what follows an index that begins at start.
func (r *Reader) endMark(start int64) error {
	for _, want := range append(appendReverse(r.numbers[:0], uint64(r.off-start)), endMark) {
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

// checkSize compares the size in the header with size, that of all segments; off is where the
// index lists them.
func (h *Header) checkSize(size, off int64) error {
	if h.HasSize && size != h.Size {
		return &Error{off, "the size in the header is not that of the segments", ErrCorrupt}
	}
	return nil
}
