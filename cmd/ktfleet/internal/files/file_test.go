package files

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"cloud.google.com/go/storage"
)

// noise returns n bytes that are the same each time.
func noise(n int) string {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{1}).Read(b)
	return string(b)
}

func openTest(t *testing.T, path string) *File {
	t.Helper()
	f, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestRangesAreThoseOfTheFile(t *testing.T) {
	data := noise(300_000)
	eachScheme(t, func(t *testing.T, base string) {
		path := Join(base, "f")
		put(t, path, data)
		f := openTest(t, path)
		if f.Size() != int64(len(data)) || f.Info().Path != path || f.Info().Rel != "f" {
			t.Errorf("%+v", f.Info())
		}
		var group sync.WaitGroup
		for _, at := range [][2]int{{0, 0}, {0, 1}, {0, 300_000}, {1, 1000}, {100_000, 65_536}, {299_999, 1}, {299_000, 1000}} {
			group.Go(func() {
				p := make([]byte, at[1])
				n, err := f.ReadAt(p, int64(at[0]))
				if n != len(p) || err != nil || string(p) != data[at[0]:at[0]+at[1]] {
					t.Errorf("ReadAt(%d at %d) = %d, %v, or other bytes", len(p), at[0], n, err)
				}
			})
		}
		group.Wait()
		for _, at := range [][3]int{{299_000, 2000, 1000}, {300_000, 1, 0}, {400_000, 1, 0}} {
			n, err := f.ReadAt(make([]byte, at[1]), int64(at[0]))
			if n != at[2] || err != io.EOF {
				t.Errorf("ReadAt(%d at %d) = %d, %v, want %d, EOF", at[1], at[0], n, err, at[2])
			}
		}
		if _, err := f.ReadAt(make([]byte, 1), -1); err == nil {
			t.Error("reads before the beginning")
		}
		for _, from := range []int{0, 1, 123_456, 300_000, 300_001} {
			got, err := io.ReadAll(f.Reader(int64(from)))
			if err != nil || string(got) != data[min(from, len(data)):] {
				t.Errorf("Reader(%d): %d bytes, %v", from, len(got), err)
			}
		}
	})
}

func TestEmptyFilesRead(t *testing.T) {
	eachScheme(t, func(t *testing.T, base string) {
		put(t, Join(base, "f"), "")
		if got := get(t, Join(base, "f")); got != "" {
			t.Errorf("%q", got)
		}
		if n, err := openTest(t, Join(base, "f")).ReadAt(make([]byte, 1), 0); n != 0 || err != io.EOF {
			t.Errorf("%d, %v", n, err)
		}
	})
}

func TestObjectsAreReadByOneRequestPerStream(t *testing.T) {
	data := noise(3 << 20)
	for scheme, relay := range relays {
		path := Join(scheme+"://"+testBucket, "requests")
		put(t, path, data)
		f := openTest(t, path)
		before := relay.ranges.Load()
		if _, err := f.ReadAt(make([]byte, 1000), 2<<20); err != nil {
			t.Fatal(err)
		}
		if n := relay.ranges.Load() - before; n != 1 {
			t.Errorf("%s: ReadAt takes %d requests for ranges, want 1", scheme, n)
		}
		got, err := io.ReadAll(f.Reader(1 << 20))
		if err != nil || string(got) != data[1<<20:] {
			t.Errorf("%s: %d bytes, %v", scheme, len(got), err)
		}
		if n := relay.ranges.Load() - before; n != 2 {
			t.Errorf("%s: Reader takes %d requests for ranges, want 1", scheme, n-1)
		}
	}
}

func TestBrokenStreamsContinue(t *testing.T) {
	data := noise(100_000)
	for scheme, relay := range relays {
		path := Join(scheme+"://"+testBucket, "broken")
		put(t, path, data)
		f := openTest(t, path)
		relay.cuts.Store(3)
		got, err := io.ReadAll(f.Reader(10))
		if err != nil || string(got) != data[10:] {
			t.Errorf("%s: %d bytes, %v", scheme, len(got), err)
		}
		relay.cuts.Store(2)
		p := make([]byte, 50_000)
		if _, err := f.ReadAt(p, 20_000); err != nil || string(p) != data[20_000:70_000] {
			t.Errorf("%s: %v", scheme, err)
		}
		if relay.cuts.Load() >= 0 {
			t.Errorf("%s: no answer was cut", scheme)
		}
		relay.cuts.Store(0)
	}
}

func TestOneVersionIsRead(t *testing.T) {
	for scheme := range relays {
		path := Join(scheme+"://"+testBucket, "versions")
		put(t, path, "first version")
		f := openTest(t, path)
		put(t, path, "other version")
		got := make([]byte, 5)
		if n, err := f.ReadAt(got, 0); err == nil {
			t.Errorf("%s: reads %q of another version", scheme, got[:n])
		} else if !errors.Is(err, errChanged) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", scheme, err)
		}
	}
}

func TestGzipOfObjectsIsNotRestored(t *testing.T) {
	zipped := "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x4b\x04\x00\x43\xbe\xb7\xe8\x01\x00\x00\x00" // "a"
	w := gcsClient().Bucket(testBucket).Object("gzip").NewWriter(t.Context())
	w.ObjectAttrs = storage.ObjectAttrs{Bucket: testBucket, Name: "gzip", ContentEncoding: "gzip"}
	io.WriteString(w, zipped)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if got := get(t, "gs://"+testBucket+"/gzip"); got != zipped {
		t.Errorf("%q", got)
	}
}

func TestFilesWithoutRangesAreReadByParts(t *testing.T) {
	data := noise(maxWhole + 1000)
	for _, n := range []int{maxWhole, maxWhole + 1000} {
		put(t, "memfs://whole", data[:n])
		f := openTest(t, "memfs://whole")
		p := make([]byte, 1000)
		if _, err := f.ReadAt(p, maxWhole-1000); err != nil || string(p) != data[maxWhole-1000:maxWhole] {
			t.Errorf("%d bytes: %v", n, err)
		}
		if got, err := io.ReadAll(f.Reader(1000)); err != nil || string(got) != data[1000:n] {
			t.Errorf("%d bytes: %d read, %v", n, len(got), err)
		}
	}
}

func TestReadsEndWithTheirContext(t *testing.T) {
	eachScheme(t, func(t *testing.T, base string) {
		path := Join(base, "f")
		put(t, path, noise(100_000))
		ctx, cancel := context.WithCancel(t.Context())
		f, err := Open(ctx, path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		r := f.Reader(0)
		if _, err := io.ReadFull(r, make([]byte, 10)); err != nil {
			t.Fatal(err)
		}
		cancel()
		if _, err := io.Copy(io.Discard, r); !errors.Is(err, context.Canceled) {
			t.Errorf("read: %v", err)
		}
		if _, err := f.ReadAt(make([]byte, 1), 0); !errors.Is(err, context.Canceled) {
			t.Errorf("ReadAt: %v", err)
		}
		r.Close()
	})
}

func TestMissingFilesAreNamed(t *testing.T) {
	eachScheme(t, func(t *testing.T, base string) {
		path := Join(base, "no/such")
		_, open := Open(t.Context(), path)
		_, stat := Stat(t.Context(), path)
		_, read := ReadFile(t.Context(), path, 10)
		for _, err := range []error{open, stat, read} {
			if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), path) {
				t.Errorf("%v", err)
			}
		}
		if exists, err := Exists(t.Context(), path); exists || err != nil {
			t.Errorf("Exists: %v, %v", exists, err)
		}
	})
}

func TestReadFileHasALimit(t *testing.T) {
	eachScheme(t, func(t *testing.T, base string) {
		path := Join(base, "f")
		put(t, path, "12345")
		if got, err := ReadFile(t.Context(), path, 5); err != nil || !bytes.Equal(got, []byte("12345")) {
			t.Errorf("%q, %v", got, err)
		}
		if _, err := ReadFile(t.Context(), path, 4); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%v", err)
		}
	})
}
