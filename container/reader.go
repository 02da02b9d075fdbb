package container

import (
	"bufio"
	"encoding/binary"
	"hash/crc32"
	"io"
	"math/bits"
)

// A Reader reads the parts of a file, or of several concatenated ones. An error is an *Error
// and stays.
type Reader struct {
	src      byteReader    // buffer, or in if only one file is read
	buffer   *bufio.Reader // of in
	in       source
	one      bool    // io.EOF follows the end mark of the first file
	off      int64   // bytes read
	start    int64   // offset of the current file
	header   *Header // of the current file; nil before the first one
	seen     tally   // of the current file
	notMagic error   // the kind of a wrong magic: ErrFormat in the first file
	err      error

	crc     uint32                          // of the bytes since startSum
	sum     [1]byte                         // storage for byte
	numbers [2 * binary.MaxVarintLen64]byte // storage for entries and end marks
	name    []byte                          // storage for readHeader
}

// bufferSize is arbitrary, in bytes; long parts are read past the buffer.
const bufferSize = 8 << 10

// NewReader returns a Reader of src, from which it may read ahead.
func NewReader(src io.Reader) *Reader {
	r := new(Reader)
	r.Reset(src)
	return r
}

// Reset makes r read the files in src, from which it may read ahead.
func (r *Reader) Reset(src io.Reader) {
	r.reset(src, false)
	if r.buffer == nil {
		r.buffer = bufio.NewReaderSize(&r.in, bufferSize)
	}
	r.buffer.Reset(&r.in)
	r.src = r.buffer
}

// ResetOne makes r read one file, and no byte of src after it. If src is not an io.ByteReader,
// all but the long parts are read byte by byte.
func (r *Reader) ResetOne(src io.Reader) {
	r.reset(src, true)
	r.src = &r.in
}

func (r *Reader) reset(src io.Reader, one bool) {
	*r = Reader{buffer: r.buffer, name: r.name, in: source{in: src}, one: one, notMagic: ErrFormat}
	r.in.bytes, _ = src.(io.ByteReader)
}

// Offset returns the offset of the next byte to be read: how many bytes were read since Reset,
// or in the file.
func (r *Reader) Offset() int64 { return r.off }

// Next reads the next part: a header, which it returns, at the start of each file; else a
// segment into s, whose slices it reuses. After the end mark of the last file and its padding
// the error is io.EOF. An empty source is an error. The error is io.ErrNoProgress if many reads
// of the source in a row return nothing.
func (r *Reader) Next(s *Segment) (h *Header, err error) {
	if r.err != nil {
		return nil, r.err
	}
	h, r.err = r.next(s)
	return h, r.err
}

func (r *Reader) next(s *Segment) (*Header, error) {
	start := r.off
	if r.header != nil {
		r.startSum()
		tag, err := r.byte("tag")
		if err != nil {
			return nil, err
		}
		switch f := r.header.form(tag); {
		case f != nil:
			if err := r.readSegment(s, f); err != nil {
				return nil, err
			}
			r.seen.add(Entry{r.off - start, int64(s.Size)}, r.numbers[:0])
			return nil, nil
		case tag == r.header.indexTag():
			err = r.readIndex()
		case tag == tagEnd && !r.header.GZIP():
			err = r.readEnd(r.start)
		default:
			err = &Error{start, "tag", ErrCorrupt}
		}
		if err != nil {
			return nil, err
		}
		if r.one {
			return nil, io.EOF
		}
		if more, err := r.skipPadding(); err != nil {
			return nil, err
		} else if !more {
			return nil, io.EOF
		}
		r.notMagic = ErrCorrupt
		start = r.off
	}
	h, err := r.readHeader()
	if err != nil {
		return nil, err
	}
	r.start, r.header = start, h
	r.seen = tally{header: r.off - start}
	return h, nil
}

// startSum begins a checksum.
func (r *Reader) startSum() { r.crc = 0 }

// checkSum reads a checksum, and compares it with that of the bytes since startSum.
func (r *Reader) checkSum(what string) error {
	want := r.crc
	got, err := r.uint32(what)
	if err == nil && got != want {
		err = &Error{r.off - 4, what, ErrChecksum}
	}
	return err
}

// byte reads a byte; what says of which field.
func (r *Reader) byte(what string) (byte, error) {
	c, err := r.src.ReadByte()
	if err != nil {
		return 0, wrap(r.off, what, err)
	}
	r.off++
	r.sum[0] = c
	r.crc = crc32.Update(r.crc, crc32.IEEETable, r.sum[:])
	return c, nil
}

// bytes appends n bytes of the source to b, which will never have more than most bytes. Storage
// grows as they arrive, so that a length that lies costs little: up to bigBuffer in powers of
// two, then at once to most, so that few buffers are dropped.
func (r *Reader) bytes(b []byte, n, most int, what string) ([]byte, error) {
	const bigBuffer = 1 << 20 // bytes; arbitrary
	for n > 0 {
		at, k := len(b), min(n, bigBuffer)
		if need := at + k; cap(b) < need {
			room := most
			if need <= bigBuffer {
				room = min(most, 1<<bits.Len(uint(need-1)))
			}
			b = append(make([]byte, 0, room), b...)
		}
		b = b[:at+k]
		got, err := io.ReadFull(r.src, b[at:])
		r.off += int64(got)
		if err != nil {
			if err == io.ErrUnexpectedEOF {
				err = io.EOF
			}
			return b[:at], wrap(r.off, what, err)
		}
		r.crc = crc32.Update(r.crc, crc32.IEEETable, b[at:])
		n -= k
	}
	return b, nil
}

// uint32 reads a little-endian number.
func (r *Reader) uint32(what string) (uint32, error) {
	var b [4]byte
	for i := range b {
		c, err := r.byte(what)
		if err != nil {
			return 0, err
		}
		b[i] = c
	}
	return binary.LittleEndian.Uint32(b[:]), nil
}

// uvarint reads an unsigned LEB128 number in its shortest form. The error is ErrLimit if it is
// above limit.
func (r *Reader) uvarint(what string, limit uint64) (uint64, error) {
	start := r.off
	v := uint64(0)
	for shift := 0; ; shift += 7 {
		c, err := r.byte(what)
		if err != nil {
			return 0, err
		}
		if shift == 63 && c > 1 || shift > 0 && c == 0 {
			return 0, &Error{start, what, ErrCorrupt}
		}
		v |= uint64(c&0x7f) << shift
		if c < 0x80 {
			break
		}
	}
	if v > limit {
		return 0, &Error{start, what + " beyond its limit", ErrLimit}
	}
	return v, nil
}
