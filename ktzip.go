package ktzip

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/search/plans"
	"github.com/ktzip/ktzip/search/programs"
)

// Levels of compression, from 1 to 9: a higher one searches longer.
const (
	BestSpeed          = 1
	DefaultCompression = codec.DefaultLevel // 6
	BestCompression    = 9
)

// A Writer compresses what is written to it. It has the methods Write, ReadFrom, Flush,
// Close and Reset. The file is complete only after Close.
type Writer = codec.Writer

// A Reader decompresses a file, or several concatenated ones. It has the methods Read,
// WriteTo and Reset.
type Reader = codec.Reader

// ErrTooLarge reports that a file restores to more bytes than Decompress may append.
var ErrTooLarge = errors.New("ktzip: the restored data exceeds the limit")

// NewWriter returns a Writer to dst that searches as hard as the level says, from
// BestSpeed to BestCompression; level 0 is DefaultCompression. It compresses on all cores;
// what it writes does not depend on their number.
func NewWriter(dst io.Writer, level int) (*Writer, error) {
	return codec.NewWriter(dst, WriterConfig(level))
}

// WriterConfig returns the configuration of NewWriter's Writer for those who want to
// change it before they pass it to codec.NewWriter: to set a context, the number of
// threads or the name in the header, for example.
func WriterConfig(level int) *codec.WriterConfig {
	if level == 0 {
		level = DefaultCompression
	}
	return &codec.WriterConfig{
		Level:   level,
		Finder:  programs.New(&programs.Config{Level: level}),
		Planner: plans.New(level),
	}
}

// NewReader returns a Reader of src and reads the file's header. The Reader needs at most
// codec.DefaultMemoryLimit bytes of memory (128 MiB) and refuses a file that needs more.
// It does not limit how many bytes the file restores to; use io.LimitReader if you don't
// trust the file.
func NewReader(src io.Reader) (*Reader, error) { return codec.NewReader(src, nil) }

// Compress appends to dst a file that restores to src, and returns the extended slice. The
// levels are those of NewWriter.
func Compress(dst, src []byte, level int) ([]byte, error) {
	out := bytes.NewBuffer(dst)
	if len(src) < shortSize && level >= 0 && level < len(shortWriters) {
		pool := &shortWriters[level]
		w, _ := pool.Get().(*Writer)
		if w == nil {
			var err error
			if w, err = NewWriter(out, level); err != nil {
				return dst, err
			}
		}
		w.Reset(out)
		coded, err := finish(dst, src, out, w)
		w.Reset(nil)
		pool.Put(w) // not after a panic: a Writer that one left half-way is lost
		return coded, err
	}
	cfg := WriterConfig(level)
	cfg.Header.Size, cfg.Header.HasSize = int64(len(src)), true // for the reader's memory
	w, err := codec.NewWriter(out, cfg)
	if err != nil {
		return dst, err
	}
	return finish(dst, src, out, w)
}

// finish writes src to w, which writes to out, and returns what out holds; dst after an
// error.
func finish(dst, src []byte, out *bytes.Buffer, w *Writer) ([]byte, error) {
	if _, err := w.Write(src); err != nil {
		return dst, err
	}
	if err := w.Close(); err != nil {
		return dst, err
	}
	return out.Bytes(), nil
}

// shortSize is the length in bytes from which on Compress makes a Writer per call. Shorter
// slices make one segment, which states its size by itself.
const shortSize = 1 << 20

// shortWriters holds idle Writers by level. A new one takes 2 ms and 1.4 MB, to compress a
// short message takes 7 µs (26 bytes at level 6, 2026-11-27).
var shortWriters [BestCompression + 1]sync.Pool

// Decompress restores the file src, or several concatenated ones, appends the result to
// dst, and returns the extended slice. It appends at most maxSize bytes: if there are more, the
// error is ErrTooLarge. A few bytes of src may restore to gigabytes, so choose maxSize
// by what you expect. In addition to the result, it needs the memory of a Reader.
//
// After any error, Decompress returns dst as it was.
func Decompress(dst, src []byte, maxSize int) ([]byte, error) {
	r, err := NewReader(bytes.NewReader(src))
	if err != nil {
		return dst, err
	}
	out := &limitedBuffer{buf: dst, max: maxSize, left: maxSize}
	if h := r.Header(); h.HasSize && h.Size > int64(maxSize) { // a lie about less is caught below
		return dst, out.tooLarge()
	}
	if _, err := r.WriteTo(out); err != nil {
		return dst, err
	}
	return out.buf, nil
}

// A limitedBuffer appends what is written to it to buf, at most max bytes.
type limitedBuffer struct {
	buf       []byte
	max, left int // bytes; 0 <= left <= max
}

// Write implements io.Writer.
func (b *limitedBuffer) Write(p []byte) (int, error) {
	if len(p) > b.left {
		return 0, b.tooLarge()
	}
	b.left -= len(p)
	b.buf = append(b.buf, p...)
	return len(p), nil
}

func (b *limitedBuffer) tooLarge() error {
	return fmt.Errorf("%w of %d bytes", ErrTooLarge, b.max)
}
