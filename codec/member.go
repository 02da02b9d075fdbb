package codec

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"github.com/ktzip/ktzip/codec/internal/deflate"
)

// The 10 bytes before and the 8 after the deflate data of a GZIP member (RFC 1952): no
// optional fields, no time, an unknown system.
const (
	memberHead = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
	memberTail = 8
)

// appendMember appends the GZIP member of c, compressed with the effort, to dst; nothing if c is empty.
// Once the context is done, the member is of no use.
func (e *encoder) appendMember(dst *bytes.Buffer, c content, effort *deflate.Effort) {
	if len(c.bytes) == 0 {
		return
	}
	dst.WriteString(memberHead)
	e.compressor.Compress(e.cfg.Context, dst, c.bytes, effort) // the error is the context's
	var tail [memberTail]byte
	binary.LittleEndian.PutUint32(tail[:], c.sum)
	binary.LittleEndian.PutUint32(tail[4:], uint32(len(c.bytes)))
	dst.Write(tail[:])
}

// deflate returns the deflate data of b, compressed with the effort, valid until the next call; anything
// if the context is done.
func (e *encoder) deflate(b []byte, effort *deflate.Effort) []byte {
	e.estimated.Reset()
	e.compressor.Compress(e.cfg.Context, &e.estimated, b, effort)
	return e.estimated.Bytes()
}

// A member is a GZIP member taken apart; the zero value is one without bytes.
type member struct {
	data []byte // deflate data
	size int    // bytes that they restore to
	sum  uint32 // their checksum
}

// parseMember takes apart a member that restores to at most limit bytes. One without bytes
// has no content; no other one may be empty.
func parseMember(b []byte, limit int) (m member, err error) {
	if len(b) == 0 {
		return member{}, nil
	}
	if len(b) < len(memberHead)+memberTail || string(b[:4]) != memberHead[:4] {
		return member{}, fmt.Errorf("%w: header", errMember)
	}
	data, tail := b[len(memberHead):len(b)-memberTail], b[len(b)-memberTail:]
	size := binary.LittleEndian.Uint32(tail[4:])
	if size == 0 || uint64(size) > uint64(limit) {
		return member{}, errBlocks
	}
	return member{data, int(size), binary.LittleEndian.Uint32(tail)}, nil
}
