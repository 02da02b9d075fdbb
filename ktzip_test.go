package ktzip_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/ktzip/ktzip"
	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
)

// compressed returns data as Compress appends it to nothing.
func compressed(t *testing.T, data []byte, level int) []byte {
	t.Helper()
	file, err := ktzip.Compress(nil, data, level)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// writeAll writes data to w and closes it.
func writeAll(t *testing.T, w io.WriteCloser, data []byte) {
	t.Helper()
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestSlicesRoundTrip(t *testing.T) {
	for _, data := range [][]byte{nil, {7}, records(1), records(5000), []byte(strings.Repeat("text, ", 3000))} {
		for level := range 10 {
			file := compressed(t, data, level)
			got, err := ktzip.Decompress(nil, file, len(data))
			if err != nil || !bytes.Equal(got, data) {
				t.Errorf("level %d, %d bytes: got %d bytes, %v", level, len(data), len(got), err)
			}
		}
	}
}

// TestLevelIsMeant holds that the level reaches the searches and the GZIP stage: level 0
// means the default, and a level that does not exist is an error.
func TestLevelIsMeant(t *testing.T) {
	data := records(20_000)
	if !bytes.Equal(compressed(t, data, 0), compressed(t, data, ktzip.DefaultCompression)) {
		t.Error("level 0 is not the default level")
	}
	for _, level := range []int{-1, 10} {
		if _, err := ktzip.NewWriter(io.Discard, level); err == nil || !strings.Contains(err.Error(), fmt.Sprint("level ", level)) {
			t.Errorf("NewWriter, level %d: %v", level, err)
		}
		if _, err := ktzip.Compress(nil, data, level); err == nil {
			t.Errorf("Compress takes level %d", level)
		}
	}
	if cfg := ktzip.WriterConfig(4); cfg.Level != 4 || cfg.Finder == nil || cfg.Planner == nil {
		t.Errorf("%+v", cfg)
	}
}

// TestSearchPays holds that NewWriter finds what a Writer without a search can't.
func TestSearchPays(t *testing.T) {
	data := records(20_000)
	plain := new(bytes.Buffer)
	w, err := codec.NewWriter(plain, nil)
	if err != nil {
		t.Fatal(err)
	}
	writeAll(t, w, data)
	if n := len(compressed(t, data, ktzip.BestSpeed)); n > plain.Len()/10 {
		t.Errorf("%d bytes with a search, %d without", n, plain.Len())
	}
}

func TestSlicesAppend(t *testing.T) {
	file, err := ktzip.Compress([]byte("before"), []byte("data"), 1)
	if err != nil || !bytes.HasPrefix(file, []byte("before")) {
		t.Fatalf("%q, %v", file, err)
	}
	both := append(file[len("before"):], compressed(t, []byte(" and more"), 1)...)
	got, err := ktzip.Decompress([]byte("got "), both, 100)
	if err != nil || string(got) != "got data and more" {
		t.Errorf("%q, %v", got, err)
	}
}

// TestCompressRepeats holds that a slice gives the same file each time, from any goroutine,
// whatever was compressed before.
func TestCompressRepeats(t *testing.T) {
	inputs := [][]byte{nil, records(300), []byte(strings.Repeat("text, ", 100)), make([]byte, 70_000)}
	want := make([][]byte, len(inputs))
	for i, data := range inputs {
		var file bytes.Buffer
		w, err := ktzip.NewWriter(&file, 2)
		if err != nil {
			t.Fatal(err)
		}
		writeAll(t, w, data)
		want[i] = file.Bytes()
	}
	var group sync.WaitGroup
	for k := range 4 {
		group.Go(func() {
			for n := range 3 * len(inputs) {
				i := (k + n) % len(inputs)
				if got, err := ktzip.Compress(nil, inputs[i], 2); err != nil || !bytes.Equal(got, want[i]) {
					t.Errorf("input %d: %d bytes, %v; want %d bytes", i, len(got), err, len(want[i]))
				}
			}
		})
	}
	group.Wait()
}

// TestDecompressIsBounded holds that no more than maxSize bytes come back, whether the
// header states the size or not, and over several concatenated files.
func TestDecompressIsBounded(t *testing.T) {
	zeros := make([]byte, 3<<20)
	silent := new(bytes.Buffer) // its header has no size
	w, err := ktzip.NewWriter(silent, 1)
	if err != nil {
		t.Fatal(err)
	}
	writeAll(t, w, zeros)
	one := compressed(t, zeros[:1000], 1)
	for name, c := range map[string]struct {
		file []byte
		size int
	}{
		"with its size":    {compressed(t, zeros, 1), len(zeros)},
		"without its size": {silent.Bytes(), len(zeros)},
		"concatenated":     {bytes.Repeat(one, 3), 3000},
	} {
		for _, short := range []int{1, c.size / 2, c.size} {
			got, err := ktzip.Decompress([]byte("kept"), c.file, c.size-short)
			if !errors.Is(err, ktzip.ErrTooLarge) || string(got) != "kept" {
				t.Errorf("%s, %d bytes allowed: %d bytes, %v", name, c.size-short, len(got), err)
			}
		}
		if got, err := ktzip.Decompress(nil, c.file, c.size); err != nil || len(got) != c.size {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
	}
	if _, err := ktzip.Decompress(nil, compressed(t, []byte("x"), 1), -1); !errors.Is(err, ktzip.ErrTooLarge) {
		t.Errorf("a negative limit: %v", err)
	}
}

func TestDamageIsAnError(t *testing.T) {
	file := compressed(t, records(3000), 1)
	flipped := bytes.Clone(file)
	flipped[len(file)/2] ^= 1
	for name, c := range map[string]struct {
		file []byte
		want error
	}{
		"empty":        {nil, io.ErrUnexpectedEOF},
		"cut short":    {file[:len(file)-1], io.ErrUnexpectedEOF},
		"flipped":      {flipped, container.ErrChecksum},
		"another file": {[]byte("PK\x03\x04 and so on"), container.ErrFormat},
	} {
		if got, err := ktzip.Decompress([]byte("kept"), c.file, 1<<20); !errors.Is(err, c.want) || string(got) != "kept" {
			t.Errorf("%s: got %q, %v, want %v", name, got, err, c.want)
		}
	}
}

// TestStreamsFlushAndReset uses a Writer and a Reader as those of compress/gzip are used.
func TestStreamsFlushAndReset(t *testing.T) {
	var first, second bytes.Buffer
	w, err := ktzip.NewWriter(&first, ktzip.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(records(3000)); err != nil {
		t.Fatal(err)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	r, err := ktzip.NewReader(bytes.NewReader(first.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	got := make([]byte, 3000)
	if _, err := io.ReadFull(r, got); err != nil || !bytes.Equal(got, records(3000)) {
		t.Errorf("after Flush: %v", err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	w.Reset(&second)
	writeAll(t, w, []byte("again"))
	if err := r.Reset(&second); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err != nil || string(got) != "again" {
		t.Errorf("after Reset: %q, %v", got, err)
	}
}

// TestPlansFitOthers compresses a part of a table by the plan of all of it, without a search.
func TestPlansFitOthers(t *testing.T) {
	var table bytes.Buffer
	for i := range 3000 {
		x := uint32(i) * 2654435761 >> 20
		fmt.Fprintf(&table, "2026-11-27 %02d:%02d:%02d;sensor %d;%d.%02d\n", i/3600, i/60%60, i%60, x%17, x%1300, x%97)
	}
	var plans []*dsl.Program
	file := compressed(t, table.Bytes(), 6)
	err := codec.Inspect(bytes.NewReader(file), nil, false, func(s *codec.SegmentInfo) error {
		if s.Plan != nil {
			plans = append(plans, s.Plan)
		}
		return nil
	})
	if err != nil || len(plans) != 1 || !strings.Contains(plans[0].String(), "lines(") {
		t.Fatalf("plans %v, %v", plans, err)
	}
	part := table.Bytes()[:table.Len()/3]
	var sizes []int
	for _, plans := range [][]*dsl.Program{nil, plans} {
		cfg := ktzip.WriterConfig(6)
		cfg.Planner, cfg.Plans = codec.RefitOnly(cfg.Planner), plans
		var out bytes.Buffer
		w, err := codec.NewWriter(&out, cfg)
		if err != nil {
			t.Fatal(err)
		}
		w.Write(part)
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		sizes = append(sizes, out.Len())
		if got, err := ktzip.Decompress(nil, out.Bytes(), len(part)); err != nil || !bytes.Equal(got, part) {
			t.Errorf("not restored: %v", err)
		}
	}
	if sizes[1] > sizes[0]*2/3 {
		t.Errorf("%d bytes by the plan of all, %d without one", sizes[1], sizes[0])
	}
}
