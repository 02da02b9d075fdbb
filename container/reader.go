package container

import (
	"bufio"
	"encoding/binary"
	"hash/crc32"
	"io"
	"math/bits"
)

// A Reader reads the parts of one file or of several concatenated ones. Errors
// are *Error and stay.
type Reader struct {
	src      byteReader    // buffer, or in if only one file is read
	buffer   *bufio.Reader // of in
	in       source
	one      bool  // io.EOF follows the end mark of the first file
	off      int64 // bytes read
	header   *Header
	seen     tally // of the current file
	notMagic error // what a wrong magic means: ErrFormat for the first file
	err      error

	sum     [1]byte // storage for byte
	numbers [2 * binary.MaxVarintLen64]byte
	name    []byte // storage for readHeader
	crc     uint32
}

const bufferSize = 8 << 10 // long parts are read past it

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

// ResetOne makes r read one file, and nothing of what follows it in src. A src that is not
// an io.ByteReader is read byte by byte but for the long parts.
func (r *Reader) ResetOne(src io.Reader) {
	r.reset(src, true)
	r.src = &r.in
}

func (r *Reader) reset(src io.Reader, one bool) {
	*r = Reader{buffer: r.buffer, name: r.name, in: source{in: src}, one: one, notMagic: ErrFormat}
	r.in.bytes, _ = src.(io.ByteReader)
}

// NewSegmentReader returns a Reader of segments of a file with header h, the
// first of which starts at offset off of the file, where src stands.
func NewSegmentReader(src io.Reader, h *Header, off int64) *Reader {
	r := NewReader(src)
	r.header, r.off = h, off
	return r
}

// Offset is the offset of the next byte to be read, from where the Reader
// started.
func (r *Reader) Offset() int64 { return r.off }

// Next reads the next part: a header at the start of each file, which it
// returns, or a segment into s, whose slices it reuses. io.EOF follows the end
// mark of the last file and the padding after it. A zero-byte input is an error. If src
// goes on returning nothing, the error is io.ErrNoProgress.
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
		switch tag {
		case tagSegment:
			if err := r.readSegment(s); err != nil {
				return nil, err
			}
			r.seen.add(Entry{r.off - start, int64(s.Size)}, r.numbers[:0])
			return nil, nil
		case tagIndex:
			if err := r.readIndex(); err != nil {
				return nil, err
			}
		default:
			return nil, &Error{start, "tag", ErrCorrupt}
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
	r.header = h
	r.seen = tally{header: r.off - start}
	return h, nil
}

func (r *Reader) startSum() { r.crc = 0 }

// checkSum reads a checksum and compares it with that of the bytes since
// startSum.
func (r *Reader) checkSum(what string) error {
	want := r.crc
	got, err := r.uint32(what)
	if err == nil && got != want {
		err = &Error{r.off - 4, what, ErrChecksum}
	}
	return err
}

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

// bytes appends n bytes of the source to b, which will not have more than most
// bytes. Storage grows as they arrive, up to bigBuffer in powers of two and then
// once, so that what is dropped is little.
func (r *Reader) bytes(b []byte, n, most int, what string) ([]byte, error) {
	const bigBuffer = 1 << 20
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

// uvarint reads an unsigned LEB128 number of at most limit, in its shortest
// form.
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
