//go:build (linux && (386 || amd64 || arm || arm64 || ppc64le || riscv64 || s390x)) || (darwin && (amd64 || arm64)) || (windows && (amd64 || arm64)) || (freebsd && (amd64 || arm64)) || (openbsd && (amd64 || arm64)) || (netbsd && amd64)

package zlib

import (
	"fmt"
	"runtime"
	"unsafe"

	"modernc.org/libc"
	z "modernc.org/z/lib"
)

// A Size measures what Python's gzip.compress makes of data, which is zlib at level 9 in a gzip
// member. Use New. It holds 270 KB until Bytes. It is not safe for concurrent use.
type Size struct {
	s      *state
	unused runtime.Cleanup // frees s if nobody calls Bytes
}

// A state is what zlib reads and writes at addresses of its own: it must lie on the heap, where
// nothing moves.
type state struct {
	tls    *libc.TLS
	stream z.Z_stream
	in     [bufferSize]byte
	out    [bufferSize]byte
	filled int // bytes of in
	size   int // bytes that zlib wrote
}

// bufferSize is how many bytes zlib gets at a time; arbitrary.
const bufferSize = 4 << 10

// What gzip.compress asks of zlib.
const (
	level      = z.Z_BEST_COMPRESSION
	windowBits = z.MAX_WBITS + 16 // a gzip member
	memLevel   = 8                // zlib's default
)

// New returns the Size of no data. It is nil if this machine has no zlib.
func New() *Size {
	s := &state{tls: libc.NewTLS()}
	code := z.XdeflateInit2_(s.tls, s.address(), level, z.Z_DEFLATED, windowBits, memLevel, z.Z_DEFAULT_STRATEGY,
		z.XzlibVersion(s.tls), int32(unsafe.Sizeof(s.stream)))
	if code != z.Z_OK { // there is no memory
		panic(fmt.Sprintf("zlib: deflateInit2 returned %d", code))
	}
	w := &Size{s: s}
	w.unused = runtime.AddCleanup(w, (*state).free, s)
	return w
}

// Write adds data. It does not fail.
func (w *Size) Write(data []byte) (int, error) {
	s := w.s
	for more := data; len(more) > 0; {
		n := copy(s.in[s.filled:], more)
		s.filled, more = s.filled+n, more[n:]
		if s.filled == len(s.in) {
			s.deflate(z.Z_NO_FLUSH)
		}
	}
	return len(data), nil
}

// Bytes returns the size of what zlib made. Call it once; no more data may be added.
func (w *Size) Bytes() int {
	w.unused.Stop()
	w.s.deflate(z.Z_FINISH)
	w.s.free()
	return w.s.size
}

// address returns the address of the stream.
func (s *state) address() uintptr { return uintptr(unsafe.Pointer(&s.stream)) }

// deflate hands the bytes of in to zlib, and counts those that it writes.
func (s *state) deflate(flush int32) {
	s.stream.Fnext_in, s.stream.Favail_in = uintptr(unsafe.Pointer(&s.in)), z.UInt(s.filled)
	for full := true; full; full = s.stream.Favail_out == 0 {
		s.stream.Fnext_out, s.stream.Favail_out = uintptr(unsafe.Pointer(&s.out)), z.UInt(len(s.out))
		if code := z.Xdeflate(s.tls, s.address(), flush); code == z.Z_STREAM_ERROR { // no data causes it
			panic("zlib: the stream is damaged")
		}
		s.size += len(s.out) - int(s.stream.Favail_out)
	}
	s.filled = 0
}

// free frees what zlib allocated.
func (s *state) free() {
	z.XdeflateEnd(s.tls, s.address())
	s.tls.Close()
}
