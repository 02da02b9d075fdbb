package codec

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/internal/mutate"
	"github.com/ktzip/ktzip/search/programs"
)

// seedFiles are the golden and the hostile files, but those that restore to much.
func seedFiles(f testing.TB) (files [][]byte) {
	golden, _ := filepath.Glob("../container/testdata/golden/*/*.ktz")
	hostile, _ := filepath.Glob("testdata/hostile/*.ktz")
	if len(golden) == 0 || len(hostile) == 0 {
		f.Fatal("no files to start from")
	}
	for _, name := range append(golden, hostile...) {
		file, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		if !strings.Contains(name, "ratio20") && !strings.Contains(name, "scratch2") {
			files = append(files, file)
		}
	}
	return files
}

func FuzzDecode(plain *testing.F) {
	f := mutate.Of(plain)
	file, _ := smallFile(f)
	f.Add(file)
	for _, file := range seedFiles(f) {
		f.Add(file)
	}
	f.Add(compress(f, nil, 0, nil))
	for _, text := range planTexts {
		f.Add(compress(f, samples16(200, 3), 0, &WriterConfig{only: parsePlan(f, text)}))
	}
	for _, file := range predictedFiles(f) {
		f.Add(file)
	}
	f.Add([]byte("\x9cKTZ\x01\x00\x01\x07\x14"))
	f.Fuzz(func(t *testing.T, b []byte) {
		cfg := &ReaderConfig{MemoryLimit: 64 << 20}
		got, err := decode(b, cfg)
		if err != nil {
			wantError(t, "fuzz", err)
		}
		a, err2 := NewArchive(bytes.NewReader(b), int64(len(b)), cfg)
		if err == nil {
			if err2 != nil {
				t.Fatal("good from the start, bad from the end:", err2)
			}
			if again, err := io.ReadAll(a); err != nil || !bytes.Equal(got, again) {
				t.Fatal("the index gives something else:", err)
			}
		}
		if err3 := Inspect(bytes.NewReader(b), cfg, true, func(*SegmentInfo) error { return nil }); (err == nil) != (err3 == nil) {
			t.Fatalf("a Reader gives %v, Inspect %v", err, err3)
		}
	})
}

func FuzzRoundTrip(plain *testing.F) {
	f := mutate.Of(plain)
	f.Add([]byte("hello"), uint8(6), uint16(100), uint8(0))
	f.Add(mixed(1000, 1), uint8(1), uint16(300), uint8(3))
	quick := programs.New(&programs.Config{Level: 1})
	f.Fuzz(func(t *testing.T, src []byte, level uint8, segment uint16, block uint8) {
		src = src[:min(len(src), 1024)]
		cfg := WriterConfig{Level: 1 + int(level)%9, BlockSize: MinBlockSize << (block % 9), Threads: 2, Finder: quick}
		cfg.SegmentSize = cfg.BlockSize + int(segment)
		if got := restore(t, compress(t, src, 0, &cfg)); !bytes.Equal(got, src) {
			t.Fatal("comes back wrong")
		}
	})
}

// FuzzSegment gives a decoder any section and member, with checksums that are
// right for what comes out of it.
func FuzzSegment(plain *testing.F) {
	f := mutate.Of(plain)
	file, _ := smallFile(f)
	for _, text := range planTexts {
		file = append(file, compress(f, samples16(200, 3), 0, &WriterConfig{only: parsePlan(f, text)})...)
	}
	for _, predicted := range predictedFiles(f) {
		file = append(file, predicted...)
	}
	for _, file := range append(seedFiles(f), file) {
		r := container.NewReader(bytes.NewReader(file))
		var s container.Segment
		for version := uint8(0); ; {
			h, err := r.Next(&s)
			if err != nil {
				break
			}
			if h != nil {
				version = h.Version
				continue
			}
			form := version - 1
			if s.Predicted {
				form += container.Version
			}
			f.Add(form, uint16(min(s.Size, 1<<15)), bytes.Clone(s.Programs), bytes.Clone(s.Raw))
		}
	}
	f.Fuzz(func(t *testing.T, form uint8, size uint16, section, member []byte) {
		s := container.Segment{Size: int(size), Programs: section, Raw: member}
		if s.Size == 0 {
			return
		}
		h := &container.Header{Version: 1 + form%container.Version, BlockLog: 7, SegmentLog: 16}
		if h.Version == container.Version && form/container.Version%2 == 1 {
			s.Predicted = true
			h.PredictorLog = container.MaxPredictorLog
		}
		var d decoder
		out := make([]byte, s.Size)
		if sum, err := d.restore(out, h, &s); err == nil {
			s.Sum = sum
		}
		again := make([]byte, s.Size)
		if err := new(decoder).segment(again, h, &s, 5); err != nil {
			wantError(t, "fuzz", err)
		} else if !bytes.Equal(out, again) {
			t.Fatal("the second time gives something else")
		}
	})
}
