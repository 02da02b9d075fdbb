package codec

import (
	"bytes"
	"encoding/binary"

	"github.com/ktzip/ktzip/codec/internal/deflate"
)

// gzip writes the GZIP member of b, which is not empty and has the checksum
// sum, to buf, compressed by m.
func (e *encoder) gzip(buf *bytes.Buffer, b []byte, sum uint32, m deflate.Method) error {
	buf.Reset()
	buf.Grow(len(b)/2 + 1024) // most data fits; what does not grows once
	buf.WriteString(memberHead)
	if err := e.deflate.Compress(e.cfg.Context, buf, b, m); err != nil {
		return err
	}
	endMember(buf, b, sum)
	return nil
}

// sampled is how many bytes about a stream of a sample takes.
func (e *encoder) sampled(stream []byte) int {
	return e.compressed(stream, deflate.Pieces{Size: 16 << 10, Levels: []deflate.Level{deflate.Level(min(e.cfg.Level, 6)), deflate.HuffmanOnly}})
}

// whole is how many bytes what a plan leaves of a whole segment takes, more exactly at
// the levels that have the time.
func (e *encoder) whole(content []byte) int {
	if e.cfg.Level < planPrograms {
		return e.sampled(content)
	}
	return e.compressed(content, deflate.Mixed(4))
}

// compressed is how many bytes m makes of b; anything if the context is done.
func (e *encoder) compressed(b []byte, m deflate.Method) int {
	e.rest.Reset()
	e.deflate.Compress(e.cfg.Context, &e.rest, b, m)
	return e.rest.Len()
}

// endMember appends the trailer of the member of b.
func endMember(buf *bytes.Buffer, b []byte, sum uint32) {
	var tail [memberTail]byte
	binary.LittleEndian.PutUint32(tail[:], sum)
	binary.LittleEndian.PutUint32(tail[4:], uint32(len(b)))
	buf.Write(tail[:])
}
