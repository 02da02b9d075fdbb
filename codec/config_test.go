package codec

import (
	"bytes"
	"errors"
	"hash/crc32"
	"io"
	"math"
	"runtime"
	"testing"

	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
)

// TestReaderConfig wants negative numbers refused.
func TestReaderConfig(t *testing.T) {
	file := compress(t, mixed(1000, 1), 0, nil)
	for _, c := range []ReaderConfig{{Threads: -1}, {Threads: math.MinInt}, {MemoryLimit: -1}} {
		_, errs := verdicts(file, c)
		_, err := NewReader(bytes.NewReader(file), &c)
		if err == nil || c.MemoryLimit < 0 && (errs[0] == nil || errs[2] == nil || errs[3] == nil) {
			t.Errorf("%+v: %v, %v", c, err, errs)
		}
	}
	if _, err := NewArchive(bytes.NewReader(file), -1, nil); err == nil {
		t.Error("an archive of -1 bytes is taken")
	}
}

// TestManyThreads wants goroutines and memory by the work there is, not by the
// number that was asked for.
func TestManyThreads(t *testing.T) {
	src := mixed(1<<20, 1)
	before := runtime.NumGoroutine()
	most := 0
	watch := func(b []byte) (int, error) {
		most = max(most, runtime.NumGoroutine()-before)
		return len(b), nil
	}
	for _, threads := range []int{10_000_000, math.MaxInt} {
		n := allocatedBy(func() {
			w, err := NewWriter(io.Discard, &WriterConfig{Threads: threads, SegmentSize: 8 << 10, NoVerify: true, Level: 1})
			if err != nil {
				t.Fatal(err)
			}
			for k := 0; k < len(src); k += 8 << 10 {
				if _, err := w.Write(src[k : k+8<<10]); err != nil {
					t.Fatal(err)
				}
				watch(nil)
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
		})
		// An encoder has about 1 MiB; the segments wait in turn.
		if limit := int64(maxThreads()+4) * (4 << 20); n > limit {
			t.Errorf("a Writer with %d threads allocates %d bytes, want at most %d", threads, n, limit)
		}
	}
	file := compress(t, src, 0, &WriterConfig{SegmentSize: 1 << 10})
	for _, threads := range []int{10_000_000, math.MaxInt} {
		n := allocatedBy(func() {
			r, err := NewReader(bytes.NewReader(file), &ReaderConfig{Threads: threads, MemoryLimit: math.MaxInt64})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.Copy(writerFunc(watch), r); err != nil {
				t.Fatal(err)
			}
		})
		if limit := int64(maxThreads()+4) * (1 << 20); n > limit {
			t.Errorf("a Reader with %d threads allocates %d bytes, want at most %d", threads, n, limit)
		}
	}
	if limit := 3*maxThreads() + 4; most > limit {
		t.Errorf("%d goroutines, want at most %d", most, limit)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

// TestPanic wants a panic of a decoder to be an error of its Reader.
func TestPanic(t *testing.T) {
	src := bytes.Repeat([]byte{7}, 1000)
	segment := container.Segment{Size: len(src), Sum: crc32.ChecksumIEEE(src), Programs: section(dsl.Edition2, dsl.Identity(), nil, 8), Raw: memberOf(src, 2)}
	file := fileOf(t, container.Header{BlockLog: 7, SegmentLog: 20}, segment)
	for _, threads := range []int{1, 3} {
		r, err := NewReader(bytes.NewReader(file), &ReaderConfig{Threads: threads})
		if err != nil {
			t.Fatal(err)
		}
		r.header = &container.Header{BlockLog: 200, SegmentLog: 20} // blocks of 0 bytes: a division by zero
		if _, err := io.ReadAll(r); !errors.Is(err, errPanic) || !errors.Is(err, container.ErrCorrupt) {
			t.Errorf("%d threads: %v", threads, err)
		}
	}
}
