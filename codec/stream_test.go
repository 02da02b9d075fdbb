package codec

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"math"
	"runtime"
	"testing"
	"testing/iotest"

	"github.com/ktzip/ktzip/container"
)

// TestMessages reads each message from a connection before the next one is written, with any
// number of threads and with a part of the next one there.
func TestMessages(t *testing.T) {
	const messages = 20
	var parts [][]byte
	var out bytes.Buffer
	w, err := NewWriter(&out, nil)
	if err != nil {
		t.Fatal(err)
	}
	message := func(i int) []byte { return bytes.Repeat([]byte{byte(i), 'x'}, 20+i*1000) }
	for i := range messages {
		w.Write(message(i))
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		parts = append(parts, bytes.Clone(out.Bytes()))
		out.Reset()
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for _, threads := range []int{1, 2, 3, 8} {
		for _, more := range []int{0, 1, 20} { // bytes of the next message
			dst, src := io.Pipe()
			read := make(chan bool)
			go func() {
				defer src.Close()
				given := 0
				for i, p := range parts {
					src.Write(p[given:])
					given = 0
					if i+1 < len(parts) && more > 0 {
						given = min(more, len(parts[i+1])-1)
						go func() { src.Write(parts[i+1][:given]); read <- true }()
					}
					if !<-read { // the message
						return
					}
					if given > 0 {
						<-read // the part of the next one
					}
				}
				src.Write(out.Bytes())
			}()
			r, err := NewReader(dst, &ReaderConfig{Threads: threads})
			if err != nil {
				t.Fatal(err)
			}
			for i := range messages {
				want := message(i)
				got := make([]byte, len(want))
				if _, err := io.ReadFull(r, got); err != nil || !bytes.Equal(got, want) {
					t.Fatalf("%d threads, message %d: %v", threads, i, err)
				}
				read <- true
			}
			if n, err := io.Copy(io.Discard, r); n != 0 || err != nil {
				t.Errorf("%d threads: %d bytes more, %v", threads, n, err)
			}
		}
	}
}

// TestOneFile reads files from a stream that continues, each to its end mark and no further.
func TestOneFile(t *testing.T) {
	var all []byte
	var want [][]byte
	for i := range 4 {
		src := motley(i * 100_000)
		all = append(all, compress(t, src, 0, &WriterConfig{SegmentSize: 64 << 10})...)
		all = append(all, byte(i)) // anything
		want = append(want, src)
	}
	sources := map[string]func() io.Reader{
		"exact":    func() io.Reader { return io.MultiReader(bytes.NewReader(all)) },
		"one byte": func() io.Reader { return iotest.OneByteReader(bytes.NewReader(all)) },
		"buffered": func() io.Reader { return bufio.NewReaderSize(bytes.NewReader(all), 100) },
		"open": func() io.Reader {
			dst, src := io.Pipe()
			go src.Write(all) // never closed
			return dst
		},
	}
	for name, open := range sources {
		for _, threads := range []int{1, 3} {
			src := open()
			r := &Reader{}
			for i := range want {
				var err error
				if i == 0 {
					r, err = NewReader(src, &ReaderConfig{Threads: threads, OneFile: true})
				} else {
					err = r.Reset(src)
				}
				if err != nil {
					t.Fatalf("%s, file %d: %v", name, i, err)
				}
				got, err := io.ReadAll(r)
				if err != nil || !bytes.Equal(got, want[i]) {
					t.Fatalf("%s, file %d: %d bytes, %v", name, i, len(got), err)
				}
				if n, err := r.Read(make([]byte, 1)); n != 0 || err != io.EOF {
					t.Errorf("%s, file %d: %d, %v at the end", name, i, n, err)
				}
				var after [1]byte
				if _, err := io.ReadFull(src, after[:]); err != nil || after[0] != byte(i) {
					t.Fatalf("%s: after file %d comes %d, %v", name, i, after[0], err)
				}
			}
			if name == "open" {
				continue
			}
			if err := r.Reset(src); !errors.Is(err, io.ErrUnexpectedEOF) || r.Offset() != 0 {
				t.Errorf("%s: after the last file: %v at %d", name, err, r.Offset())
			}
		}
	}
}

// TestResetWaits resets Readers whose source is being read ahead.
func TestResetWaits(t *testing.T) {
	src := motley(400_000)
	file := compress(t, src, 0, &WriterConfig{SegmentSize: 16 << 10})
	r, err := NewReader(bytes.NewReader(file), &ReaderConfig{Threads: 4})
	for k := range 30 {
		if err != nil {
			t.Fatal(err)
		}
		if n, err := io.CopyN(io.Discard, r, int64(k*10_000)); err != nil {
			t.Fatal(n, err)
		}
		err = r.Reset(bytes.NewReader(file))
	}
	if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, src) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	if err := r.Reset(bytes.NewReader(file[:len(file)/2])); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, r); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("cut: %v", err)
	}
}

// TestSmallMessages holds what coding and decoding a message takes of objects and bytes
// if Writer and Reader are used again.
func TestSmallMessages(t *testing.T) {
	message := []byte(`{"time": 1764201600, "place": "here", "value": 17.5, "state": "as before"}`)
	header := container.Header{Name: "message.json"}
	var file bytes.Buffer
	w, err := NewWriter(&file, &WriterConfig{Threads: 1, Header: header, Finder: finder})
	if err != nil {
		t.Fatal(err)
	}
	write := func() {
		file.Reset()
		w.Reset(&file)
		if _, err := w.Write(message); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	write()
	coded := bytes.Clone(file.Bytes())
	src := bytes.NewReader(coded)
	r, err := NewReader(src, nil)
	if err != nil {
		t.Fatal(err)
	}
	got := make([]byte, len(message)+1)
	read := func() {
		src.Reset(coded)
		if err := r.Reset(src); err != nil {
			t.Fatal(err)
		}
		if n, err := io.ReadFull(r, got); n != len(message) || err != io.ErrUnexpectedEOF {
			t.Fatal(n, err)
		}
	}
	read()
	for name, f := range map[string]func(){"write": write, "read": read} {
		const runs = 200
		objects, size := math.Inf(1), uint64(math.MaxUint64)
		for range 5 { // the least, since goroutines of tests before may still allocate
			var before, after runtime.MemStats
			objects = min(objects, testing.AllocsPerRun(runs, f))
			runtime.ReadMemStats(&before)
			for range runs {
				f()
			}
			runtime.ReadMemStats(&after)
			size = min(size, (after.TotalAlloc-before.TotalAlloc)/runs)
		}
		t.Logf("%s: %v objects, %d bytes", name, objects, size)
		if objects > 2 || size > 1024 {
			t.Errorf("%s: %v objects, %d bytes", name, objects, size)
		}
	}
}
