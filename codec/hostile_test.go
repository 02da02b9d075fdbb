package codec

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"math"
	"math/rand/v2"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
)

// kinds are the errors that a file may give.
var kinds = []error{
	container.ErrFormat, container.ErrVersion, container.ErrCorrupt,
	container.ErrChecksum, container.ErrLimit, io.ErrUnexpectedEOF,
}

// wantError checks that err is typed and names an offset.
func wantError(t *testing.T, what string, err error) {
	t.Helper()
	var e *container.Error
	if !errors.As(err, &e) {
		t.Errorf("%s: %v is not an *Error", what, err)
		return
	}
	for _, k := range kinds {
		if errors.Is(err, k) {
			return
		}
	}
	t.Errorf("%s: %v has no kind", what, err)
}

// smallFile is a file of about 300 bytes with programs, raw blocks and all
// optional fields, and what it restores to.
func smallFile(t testing.TB) (file, src []byte) {
	src = append(mixed(128*5, 11), "the last block is shorter"...)
	file = compress(t, src, 0, &WriterConfig{
		Level: 7, Finder: finder, SegmentSize: 512,
		Header: container.Header{Name: "small", ModTime: time.Unix(1e9, 5), Mode: 0o644, HasMode: true, Size: int64(len(src)), HasSize: true},
	})
	programs, raw := 0, 0
	if err := Inspect(bytes.NewReader(file), nil, false, func(s *SegmentInfo) error {
		programs += s.ProgramBlocks
		raw += s.Blocks - s.ProgramBlocks
		return nil
	}); err != nil || programs == 0 || raw == 0 || len(file) > 500 {
		t.Fatalf("not what the tests want: %d bytes, %d programs, %d raw blocks, %v", len(file), programs, raw, err)
	}
	return file, src
}

// smallFiles are smallFile and files with a short end: without a segment, with a plain one and
// with one that has a section; and what they restore to.
func smallFiles(t testing.TB) (files, srcs [][]byte) {
	file, src := smallFile(t)
	files, srcs = [][]byte{file}, [][]byte{src}
	for _, src := range [][]byte{nil, []byte("a few bytes"), mixed(300, 3)} {
		files, srcs = append(files, compress(t, src, 0, &WriterConfig{Finder: finder})), append(srcs, src)
	}
	return files, srcs
}

func TestTruncated(t *testing.T) {
	files, srcs := smallFiles(t)
	for k, file := range files {
		for n := range file {
			got, err := decode(file[:n], nil)
			wantError(t, "truncated", err)
			if !bytes.HasPrefix(srcs[k], got) {
				t.Fatalf("file %d, cut at %d: wrong bytes", k, n)
			}
			a, err := NewArchive(bytes.NewReader(file[:n]), int64(n), nil)
			if err == nil {
				_, err = io.ReadAll(a)
			}
			wantError(t, "truncated, through the index", err)
		}
	}
}

// TestChanged tries other values at each offset of small files: all 255 with -full, else some
// that differ from offset to offset.
func TestChanged(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine, too slow")
	}
	files, srcs := smallFiles(t)
	for k, file := range files {
		t.Logf("%d bytes", len(file))
		wantChangesRefused(t, file, srcs[k])
	}
}

// wantChangesRefused is TestChanged of a file that restores to src.
func wantChangesRefused(t *testing.T, file, src []byte) {
	t.Helper()
	step := 255 / atLength(25, 255)
	for off := range file {
		for d := 1 + off%step; d < 256; d += step { // XORed
			b := bytes.Clone(file)
			b[off] ^= byte(d)
			got, err := decode(b, nil)
			wantError(t, "changed", err)
			if !bytes.HasPrefix(src, got) {
				t.Fatalf("byte %d ^ %d: wrong bytes", off, d)
			}
			a, err := NewArchive(bytes.NewReader(b), int64(len(b)), nil)
			if err == nil {
				got, err = io.ReadAll(a)
			}
			if err == nil && !bytes.Equal(got, src) {
				t.Fatalf("byte %d ^ %d: wrong bytes through the index", off, d)
			}
		}
	}
}

// TestChangedLarge changes a byte of a file of several segments, by several threads.
func TestChangedLarge(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine, too slow")
	}
	size := atLength(20_000, 200_000)
	src := mixed(size, 12)
	file := compress(t, src, 0, &WriterConfig{Level: 7, Finder: finder, SegmentSize: size / 7})
	r := rand.New(rand.NewPCG(12, 1))
	for range atLength(300, 2000) {
		b := bytes.Clone(file)
		b[r.IntN(len(b))] ^= byte(1 + r.IntN(255))
		got, err := decode(b, &ReaderConfig{Threads: 2})
		wantError(t, "changed", err)
		if !bytes.HasPrefix(src, got) {
			t.Fatal("wrong bytes")
		}
	}
}

func TestNotAFile(t *testing.T) {
	for _, s := range []string{"", "\x1f\x8b\x08", "\x9cKT!", "hello, world", "\x9cKTZ\x03"} {
		_, err := decode([]byte(s), nil)
		wantError(t, s, err)
		_, err = NewArchive(bytes.NewReader([]byte(s)), int64(len(s)), nil)
		wantError(t, s, err)
	}
	if _, err := decode([]byte("\x9cKTZ\x04rest"), nil); !errors.Is(err, container.ErrVersion) {
		t.Error("a newer version gives", err)
	}
	if _, err := decode(nil, nil); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error("no bytes give", err)
	}
	if _, err := decode([]byte("PK\x03\x04rest"), nil); !errors.Is(err, container.ErrFormat) {
		t.Error("another format gives", err)
	}
}

// fileOf wraps segments, whose checksums it makes right, into a file.
func fileOf(t testing.TB, h container.Header, segments ...container.Segment) []byte {
	file, err := h.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	x := container.Index{Header: int64(len(file))}
	for _, s := range segments {
		at := len(file)
		if file, err = s.Append(file, &h); err != nil {
			t.Fatal(err)
		}
		x.Entries = append(x.Entries, container.Entry{Coded: int64(len(file) - at), Size: int64(s.Size)})
	}
	return x.Append(file, &h)
}

// section returns a section of programs: a plan and n times the program p, or raw
// blocks if p is nil.
func section(edition dsl.Edition, plan, p *dsl.Program, n int) []byte {
	e := dsl.NewEncoder(edition)
	e.Plan(plan)
	for range n {
		if p == nil {
			e.Raw()
		} else {
			e.Program(p)
		}
	}
	return e.Finish()
}

func text(t testing.TB, s string) *dsl.Program {
	p, err := dsl.Parse(s, dsl.Block)
	if err != nil {
		return parsePlan(t, s)
	}
	return p.Canonical()
}

// TestSteps wants a segment refused whose programs take too long together,
// though each alone would do.
func TestSteps(t *testing.T) {
	var b bytes.Buffer
	b.WriteString("sequence_1 = repeat_num(128, 7)\n")
	n := 1
	for ; n < 60; n++ {
		b.WriteString("sequence_" + strconv.Itoa(n+1) + " = reverse_list(sequence_" + strconv.Itoa(n) + ")\n")
	}
	b.WriteString("output = sequence_" + strconv.Itoa(n))
	p := text(t, b.String())
	_, err := decode(fileOf(t, container.Header{BlockLog: 7, SegmentLog: 20},
		container.Segment{Size: 128 * 1000, Programs: section(dsl.Edition2, dsl.Identity(), p, 1000)}), nil)
	if !errors.Is(err, container.ErrLimit) {
		t.Error(err)
	}
}

func TestMemoryLimit(t *testing.T) {
	file := compress(t, mixed(1000, 1), 0, nil)
	need := int64(0)
	if err := Inspect(bytes.NewReader(file), nil, false, func(s *SegmentInfo) error { need = Memory(s.Header); return nil }); err != nil {
		t.Fatal(err)
	}
	if _, err := decode(file, &ReaderConfig{MemoryLimit: need}); err != nil {
		t.Error(err)
	}
	for _, limit := range []int64{1, need - 1} {
		if _, err := decode(file, &ReaderConfig{MemoryLimit: limit}); !errors.Is(err, container.ErrMemory) || !errors.Is(err, container.ErrLimit) {
			t.Errorf("a limit of %d: %v", limit, err)
		}
		if _, err := NewArchive(bytes.NewReader(file), int64(len(file)), &ReaderConfig{MemoryLimit: limit}); !errors.Is(err, container.ErrMemory) {
			t.Errorf("a limit of %d, through the index: %v", limit, err)
		}
	}
	// A header that claims the most, and a segment that claims as much but has
	// nothing: little is allocated.
	big, _ := (&container.Header{BlockLog: 7, SegmentLog: container.MaxSegmentLog}).Append(nil)
	head := []byte{3, 0x80, 0x80, 0x80, 0x20, 0x80, 0x80, 0x80, 0x10} // a plain one, of 2^26 bytes in 2^25
	big = append(big, binary.LittleEndian.AppendUint16(head, uint16(crc32.ChecksumIEEE(head)))...)
	big = append(big, "sum and a few bytes of a member"...)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := decode(big, &ReaderConfig{MemoryLimit: 1 << 30})
	runtime.ReadMemStats(&after)
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error("a short file with a long segment:", err)
	}
	if n := after.TotalAlloc - before.TotalAlloc; n > 8<<20 {
		t.Errorf("%d bytes allocated", n)
	}
}

func TestCancelled(t *testing.T) {
	src := mixed(1<<20, 1)
	file := compress(t, src, 0, &WriterConfig{SegmentSize: 64 << 10})
	ctx, cancel := context.WithCancel(context.Background())
	r, err := NewReader(bytes.NewReader(file), &ReaderConfig{Context: ctx})
	if err != nil {
		t.Fatal(err)
	}
	w, err := NewWriter(io.Discard, &WriterConfig{Context: ctx, SegmentSize: 64 << 10})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := io.ReadAll(r); !errors.Is(err, context.Canceled) {
		t.Error("Reader:", err)
	}
	if _, err := w.Write(src); !errors.Is(err, context.Canceled) {
		t.Error("Writer:", err)
	}
	if err := w.Close(); !errors.Is(err, context.Canceled) {
		t.Error("Close:", err)
	}
}

// TestAbandoned wants no goroutine to outlive a Reader that nobody reads.
func TestAbandoned(t *testing.T) {
	file := compress(t, mixed(1<<20, 1), 0, &WriterConfig{SegmentSize: 32 << 10})
	before := runtime.NumGoroutine()
	for range 20 {
		r, err := NewReader(bytes.NewReader(file), &ReaderConfig{Threads: 8})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Read(make([]byte, 10)); err != nil {
			t.Fatal(err)
		}
	}
	for wait := time.Millisecond; runtime.NumGoroutine() > before; wait *= 2 {
		if wait > 10*time.Second {
			t.Fatalf("%d goroutines, %d before", runtime.NumGoroutine(), before)
		}
		time.Sleep(wait)
	}
}

type failing struct{ left int }

var errDisk = errors.New("disk full")

func (f *failing) Write(p []byte) (int, error) {
	if len(p) > f.left {
		return f.left, errDisk
	}
	f.left -= len(p)
	return len(p), nil
}

func TestWriteError(t *testing.T) {
	src := mixed(100_000, 1)
	for _, left := range []int{0, 5, 100, 3000} {
		w, err := NewWriter(&failing{left}, &WriterConfig{SegmentSize: 10_000})
		if err != nil {
			t.Fatal(err)
		}
		w.Write(src)
		if err := w.Close(); !errors.Is(err, errDisk) {
			t.Errorf("room for %d: %v", left, err)
		}
		if err := w.Close(); !errors.Is(err, errDisk) {
			t.Errorf("room for %d, the second time: %v", left, err)
		}
	}
}

// planning returns a configuration that proposes plans.
func planning(plans ...*dsl.Program) WriterConfig { return WriterConfig{Plans: plans} }

func TestConfig(t *testing.T) {
	for _, c := range []WriterConfig{
		{Level: 10}, {Level: -1}, {BlockSize: 100}, {BlockSize: 8}, {BlockSize: 1 << 13}, {Threads: -1},
		{SegmentSize: 64}, {SegmentSize: MaxSegmentSize + 1}, {Header: container.Header{Name: "a/b"}},
		{Threads: math.MinInt}, planning(nil), planning(&dsl.Program{}), planning(&dsl.Program{Out: -1}),
		planning(&dsl.Program{Nodes: []dsl.Node{{Op: dsl.Payload}}, Out: 1}),
		planning(&dsl.Program{Nodes: []dsl.Node{{Op: dsl.Rest}}}),
		planning(&dsl.Program{Nodes: []dsl.Node{{Op: 255}}}),
		planning(&dsl.Program{Nodes: []dsl.Node{{Op: dsl.ReverseList}}}), // of itself
		planning(&dsl.Program{Nodes: []dsl.Node{{Op: dsl.Payload}, {Op: dsl.ReverseList, Refs: [2]int{2}}}, Out: 1}),
		planning(&dsl.Program{Nodes: []dsl.Node{{Op: dsl.Payload}, {Op: dsl.Fields, List: make([]int32, 5000)}}, Out: 1}),
	} {
		if _, err := NewWriter(io.Discard, &c); err == nil {
			t.Errorf("%+v is taken", c)
		}
	}
	w, _ := NewWriter(io.Discard, &WriterConfig{Header: container.Header{Size: 5, HasSize: true}})
	w.Write([]byte("abc"))
	if err := w.Close(); err == nil {
		t.Error("a size that is not the input's is taken")
	}
}
