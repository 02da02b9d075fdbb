package bench

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os/exec"

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

// A Comparison is what ktzip and GNU gzip make of the same data at the same level, in bytes.
type Comparison struct {
	Segments int // of the ktzip file
	Ktzip    int
	Gzip     int
}

// Bar returns the most that ktzip may take.
func (c Comparison) Bar() int { return c.Gzip + 256 }

// ErrNoGzip reports that GNU gzip is not installed.
var ErrNoGzip = errors.New("bench: no GNU gzip")

// Compare compresses data by ktzip and by GNU gzip. The error is ErrNoGzip if there is none.
func Compare(data []byte, level int) (c Comparison, err error) {
	program, err := exec.LookPath("gzip")
	if err != nil {
		return c, ErrNoGzip
	}
	if about, err := exec.Command(program, "--version").Output(); err != nil || !bytes.Contains(about, []byte("Free Software Foundation")) {
		return c, ErrNoGzip // such as that of a BSD
	}
	gzip := exec.Command(program, fmt.Sprint("-", level), "-n", "-c")
	gzip.Stdin = bytes.NewReader(data)
	zipped, err := gzip.Output()
	if err != nil {
		return c, err
	}
	file, err := Compress(Config(level, 2), data)
	if err != nil {
		return c, err
	}
	segments, err := Segments(file)
	return Comparison{len(segments), len(file), len(zipped)}, err
}
