package codec

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"

	"github.com/ktzip/ktzip/codec/internal/deflate"
	"github.com/ktzip/ktzip/container"
)

// appendMember appends the member of b, compressed with the effort, to dst; nothing if b is
// empty. Once the context is done, the member is of no use.
func (e *encoder) appendMember(dst *bytes.Buffer, b []byte, effort *deflate.Effort) {
	if len(b) > 0 {
		e.compressor.Compress(e.cfg.Context, dst, b, effort) // the error is the context's
	}
}

// deflate returns the deflate data of b, compressed with the effort, valid until the next
// call; anything if the context is done.
func (e *encoder) deflate(b []byte, effort *deflate.Effort) []byte {
	e.estimated.Reset()
	e.compressor.Compress(e.cfg.Context, &e.estimated, b, effort)
	return e.estimated.Bytes()
}

// The bytes before and after the deflate data of a GZIP member (RFC 1952) without optional
// fields, which members of versions 1 and 2 are.
const (
	gzipHead  = 10
	gzipTail  = 8
	gzipMagic = "\x1f\x8b\x08\x00"
)

// deflateData returns the deflate data of a member, of a file with header h.
func deflateData(h *container.Header, member []byte) ([]byte, error) {
	if !h.GZIP() {
		return member, nil
	}
	if len(member) < gzipHead+gzipTail || string(member[:len(gzipMagic)]) != gzipMagic {
		return nil, fmt.Errorf("%w: GZIP header", errMember)
	}
	return member[gzipHead : len(member)-gzipTail], nil
}

// member restores a member to the beginning of dst, and returns how many bytes it has; what
// follows them in dst may be changed. A member without bytes has no content; no other one may
// be empty.
func (d *decoder) member(dst []byte, h *container.Header, member []byte) (n int, err error) {
	if len(member) == 0 {
		return 0, nil
	}
	data, err := deflateData(h, member)
	if err != nil {
		return 0, err
	}
	n, d.deflateSteps, err = d.inflater.InflateUpTo(dst, data, d.deflateSteps)
	if err != nil {
		return 0, fmt.Errorf("%w: %w", errMember, err)
	}
	if n == 0 {
		return 0, errBlocks
	}
	if h.GZIP() {
		tail := member[len(member)-gzipTail:]
		if binary.LittleEndian.Uint32(tail[4:]) != uint32(n) {
			return 0, errBlocks
		}
		if binary.LittleEndian.Uint32(tail) != crc32.ChecksumIEEE(dst[:n]) {
			return 0, errSum
		}
	}
	return n, nil
}
