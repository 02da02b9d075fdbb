package bench

import (
	"bytes"
	"io"

	"github.com/klauspost/compress/gzip"

	"github.com/ktzip/ktzip"
	"github.com/ktzip/ktzip/codec"
)

// Config returns the configuration of a Writer at a level, with both searches.
func Config(level, threads int) *codec.WriterConfig {
	cfg := ktzip.WriterConfig(level)
	cfg.Threads = threads
	return cfg
}

// Compress returns data as a ktzip file.
func Compress(cfg *codec.WriterConfig, data []byte) ([]byte, error) {
	var buf bytes.Buffer
	w, err := codec.NewWriter(&buf, cfg)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	err = w.Close()
	return buf.Bytes(), err
}

// Restore returns what a ktzip file holds.
func Restore(file []byte, threads int) ([]byte, error) {
	r, err := codec.NewReader(bytes.NewReader(file), &codec.ReaderConfig{Threads: threads})
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// Segments returns what a ktzip file says of its segments that hold data.
func Segments(file []byte) (list []codec.SegmentInfo, err error) {
	err = codec.Inspect(bytes.NewReader(file), nil, false, func(s *codec.SegmentInfo) error {
		if s.Size > 0 {
			list = append(list, *s)
		}
		return nil
	})
	return list, err
}

// A Comparison is what ktzip and gzip make of the same data, in bytes.
type Comparison struct {
	Segments int // of the ktzip file
	Ktzip    int
	Gzip     int // the sum over the segments, each a gzip file of its own
}

// Bar returns the most that ktzip may take: 0.5 % more than gzip, and 256 bytes for one
// segment or 64 bytes for each of several.
func (c Comparison) Bar() int {
	if c.Segments == 1 {
		return c.Gzip + c.Gzip/200 + 256
	}
	return c.Gzip + c.Gzip/200 + 64*c.Segments
}

// Compare compresses data by ktzip and by klauspost's gzip, at the same level.
func Compare(data []byte, level int) (c Comparison, err error) {
	file, err := Compress(Config(level, 2), data)
	if err != nil {
		return c, err
	}
	segments, err := Segments(file)
	if err != nil {
		return c, err
	}
	c.Segments, c.Ktzip = len(segments), len(file)
	var buf bytes.Buffer
	w, err := gzip.NewWriterLevel(&buf, level)
	if err != nil {
		return c, err
	}
	for _, s := range segments {
		buf.Reset()
		w.Reset(&buf)
		if _, err := w.Write(data[:s.Size]); err != nil {
			return c, err
		}
		if err := w.Close(); err != nil {
			return c, err
		}
		c.Gzip += buf.Len()
		data = data[s.Size:]
	}
	return c, nil
}
