package compare

import (
	stdgzip "compress/gzip"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"

	"github.com/ktzip/ktzip/codec"
)

// A Method is a way to compress data.
type Method struct {
	Name   string
	Writer func(w io.Writer) (io.WriteCloser, error) // compresses to w; nil if File is what it makes
	Reader func(r io.Reader) (io.Reader, error)      // restores r; if it is an io.Closer, it is closed
	File   []byte                                    // compressed data, of which only restoring is measured
}

// Ktzip returns the method that compresses as cfg says, with one thread.
func Ktzip(name string, cfg codec.WriterConfig) Method {
	cfg.Threads = 1
	return Method{
		Name:   name,
		Writer: func(w io.Writer) (io.WriteCloser, error) { return codec.NewWriter(w, &cfg) },
		Reader: ktzipReader(&cfg),
	}
}

// KtzipFile returns the method that restores file, which a Writer with any configuration made.
func KtzipFile(name string, file []byte) Method {
	return Method{Name: name, File: file, Reader: ktzipReader(&codec.WriterConfig{})}
}

// ktzipReader returns a function that opens a Reader that refuses no file because of its memory: the
// caller made it.
func ktzipReader(cfg *codec.WriterConfig) func(io.Reader) (io.Reader, error) {
	const anyMemory = 1 << 40 // bytes
	return func(r io.Reader) (io.Reader, error) {
		return codec.NewReader(r, &codec.ReaderConfig{Context: cfg.Context, Threads: 1, MemoryLimit: anyMemory})
	}
}

// Others returns the other compressors: gzip, lz4 and zstd, as packages in Go make them.
func Others() []Method {
	return []Method{
		{Name: "gzip -6", Writer: gzipWriter(6), Reader: gzipReader},
		{Name: "gzip -9", Writer: gzipWriter(9), Reader: gzipReader},
		{Name: "lz4", Writer: lz4Writer(lz4.Fast), Reader: lz4Reader},
		{Name: "lz4 -9", Writer: lz4Writer(lz4.Level9), Reader: lz4Reader},
		{Name: "zstd fastest", Writer: zstdWriter(zstd.SpeedFastest), Reader: zstdReader},
		{Name: "zstd default", Writer: zstdWriter(zstd.SpeedDefault), Reader: zstdReader},
		{Name: "zstd better", Writer: zstdWriter(zstd.SpeedBetterCompression), Reader: zstdReader},
		{Name: "zstd best", Writer: zstdWriter(zstd.SpeedBestCompression), Reader: zstdReader},
	}
}

// gzipWriter takes the standard library, whose sizes are nearest to GNU gzip's: at level 6, klauspost's
// are up to 4 % larger (November 2026).
func gzipWriter(level int) func(io.Writer) (io.WriteCloser, error) {
	return func(w io.Writer) (io.WriteCloser, error) { return stdgzip.NewWriterLevel(w, level) }
}

// gzipReader takes klauspost's package, which restores faster.
func gzipReader(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) }

func lz4Writer(level lz4.CompressionLevel) func(io.Writer) (io.WriteCloser, error) {
	return func(w io.Writer) (io.WriteCloser, error) {
		z := lz4.NewWriter(w)
		return z, z.Apply(lz4.CompressionLevelOption(level), lz4.ConcurrencyOption(1))
	}
}

func lz4Reader(r io.Reader) (io.Reader, error) { return lz4.NewReader(r), nil }

func zstdWriter(level zstd.EncoderLevel) func(io.Writer) (io.WriteCloser, error) {
	return func(w io.Writer) (io.WriteCloser, error) {
		return zstd.NewWriter(w, zstd.WithEncoderLevel(level), zstd.WithEncoderConcurrency(1))
	}
}

func zstdReader(r io.Reader) (io.Reader, error) {
	z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	return z.IOReadCloser(), nil
}
