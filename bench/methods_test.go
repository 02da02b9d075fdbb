package bench

import (
	"bytes"
	stdgzip "compress/gzip"
	"fmt"
	"io"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/s2"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"

	"github.com/ktzip/ktzip/codec"
)

// A coder appends its result for src to dst, which is empty but may have capacity. Calls
// reuse what the library allows to be reused.
type coder func(dst, src []byte) []byte

// A method is a way to compress.
type method struct {
	name     string
	parallel bool // cuts its input into segments: measured on at least parallelSize bytes
	encoder  func(testing.TB) coder
	decoder  func(testing.TB) coder
}

func methods() []method {
	list := []method{}
	for _, threads := range []int{1, 2} {
		for _, level := range []int{1, 6, 9} {
			list = append(list, ktzipMethod(level, threads))
		}
	}
	for _, level := range []int{6, 9} {
		list = append(list, gzipMethod(level), stdGzipMethod(level))
	}
	return append(list,
		lz4Method("lz4-fast", lz4.Fast), lz4Method("lz4-hc", lz4.Level9),
		zstdMethod("zstd-default", zstd.SpeedDefault), zstdMethod("zstd-best", zstd.SpeedBestCompression),
		s2Method())
}

// A resetWriter is a compressor that can be used for several files.
type resetWriter interface {
	io.WriteCloser
	Reset(io.Writer)
}

// encodeWith returns an encoder that uses w.
func encodeWith(tb testing.TB, w resetWriter, err error) coder {
	must(tb, err)
	return func(dst, src []byte) []byte {
		buf := bytes.NewBuffer(dst)
		w.Reset(buf)
		_, err := w.Write(src)
		must(tb, err)
		must(tb, w.Close())
		return buf.Bytes()
	}
}

// decodeWith returns a decoder that resets r to its source, then reads from r.
func decodeWith(tb testing.TB, r io.Reader, reset func(io.Reader) error) coder {
	return func(dst, src []byte) []byte {
		must(tb, reset(bytes.NewReader(src)))
		buf := bytes.NewBuffer(dst)
		_, err := io.Copy(buf, r)
		must(tb, err)
		return buf.Bytes()
	}
}

func must(tb testing.TB, err error) {
	if err != nil {
		tb.Helper()
		tb.Fatal(err)
	}
}

func ktzipMethod(level, threads int) method {
	m := method{
		name:     fmt.Sprintf("ktzip-%d", level),
		parallel: threads > 1,
		encoder: func(tb testing.TB) coder {
			w, err := codec.NewWriter(nil, Config(level, threads))
			return encodeWith(tb, w, err)
		},
		decoder: func(tb testing.TB) coder {
			var r *codec.Reader // nil before the first call
			return func(dst, src []byte) (out []byte) {
				var err error
				if r == nil {
					r, err = codec.NewReader(bytes.NewReader(src), &codec.ReaderConfig{Threads: threads})
				} else {
					err = r.Reset(bytes.NewReader(src))
				}
				must(tb, err)
				return decodeWith(tb, r, func(io.Reader) error { return nil })(dst, src)
			}
		},
	}
	if threads > 1 {
		m.name += fmt.Sprintf("-T%d", threads)
	}
	return m
}

func gzipMethod(level int) method {
	return method{
		name: fmt.Sprintf("gzip-%d", level),
		encoder: func(tb testing.TB) coder {
			w, err := gzip.NewWriterLevel(nil, level)
			return encodeWith(tb, w, err)
		},
		decoder: func(tb testing.TB) coder {
			r := new(gzip.Reader)
			return decodeWith(tb, r, r.Reset)
		},
	}
}

func stdGzipMethod(level int) method {
	return method{
		name: fmt.Sprintf("stdgzip-%d", level),
		encoder: func(tb testing.TB) coder {
			w, err := stdgzip.NewWriterLevel(nil, level)
			return encodeWith(tb, w, err)
		},
		decoder: func(tb testing.TB) coder {
			r := new(stdgzip.Reader)
			return decodeWith(tb, r, r.Reset)
		},
	}
}

func lz4Method(name string, level lz4.CompressionLevel) method {
	return method{
		name: name,
		encoder: func(tb testing.TB) coder {
			w := lz4.NewWriter(nil)
			return encodeWith(tb, w, w.Apply(lz4.CompressionLevelOption(level), lz4.ConcurrencyOption(1)))
		},
		decoder: func(tb testing.TB) coder {
			r := lz4.NewReader(nil)
			return decodeWith(tb, r, func(src io.Reader) error { r.Reset(src); return nil })
		},
	}
}

func zstdMethod(name string, level zstd.EncoderLevel) method {
	return method{
		name: name,
		encoder: func(tb testing.TB) coder {
			w, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(level), zstd.WithEncoderConcurrency(1))
			must(tb, err)
			return func(dst, src []byte) []byte { return w.EncodeAll(src, dst) }
		},
		decoder: func(tb testing.TB) coder {
			r, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
			must(tb, err)
			tb.Cleanup(r.Close)
			return func(dst, src []byte) []byte {
				out, err := r.DecodeAll(src, dst)
				must(tb, err)
				return out
			}
		},
	}
}

func s2Method() method {
	return method{
		name: "s2",
		encoder: func(testing.TB) coder {
			return func(dst, src []byte) []byte { return s2.Encode(dst[:cap(dst)], src) }
		},
		decoder: func(tb testing.TB) coder {
			return func(dst, src []byte) []byte {
				out, err := s2.Decode(dst[:cap(dst)], src)
				must(tb, err)
				return out
			}
		},
	}
}
