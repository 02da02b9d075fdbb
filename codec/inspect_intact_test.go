package codec

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/ktzip/ktzip/container"
)

// intactOf inspects what is intact of file, which restored to src, and checks what holds for every result:
// each segment is where it was, unless ranges of unknown size are missing before.
func intactOf(t *testing.T, what string, file, src []byte) (segments []SegmentInfo, s *Salvaged, err error) {
	t.Helper()
	s, err = InspectIntact(bytes.NewReader(file), int64(len(file)), nil, true, func(info *SegmentInfo) error {
		if info.Size == 0 {
			return nil
		}
		if end := info.Offset + info.Size; src != nil && (end > int64(len(src)) || !bytes.Equal(info.Restored, src[info.Offset:end])) {
			t.Errorf("%s: other bytes at %d", what, info.Offset)
		}
		if _, err := info.Costs(); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		for range info.Programs {
		}
		segments = append(segments, *info)
		return nil
	})
	if len(s.Reasons) != len(s.Missing) {
		t.Errorf("%s: %d reasons of %d ranges", what, len(s.Reasons), len(s.Missing))
	}
	for _, reason := range s.Reasons {
		if reason == nil {
			t.Errorf("%s: a range without a reason", what)
		}
	}
	return segments, s, err
}

// TestInspectIntactChanged changes bytes of each part of a file of several segments.
func TestInspectIntactChanged(t *testing.T) {
	for name, f := range salvageFiles(t) {
		for _, off := range f.places(211) {
			if off >= f.off[len(f.off)-2] && !f.sized() {
				continue // see TestSalvageChanged
			}
			b := bytes.Clone(f.file)
			b[off] ^= byte(1 + off%255)
			what := fmt.Sprintf("%s, byte %d", name, off)
			segments, s, err := intactOf(t, what, b, f.src)
			want := len(f.start) - 1
			if off >= f.off[0] && off < f.off[len(f.off)-2] {
				want--
			}
			if err != nil || len(segments) != want || int(s.Segments) != want || !s.Damaged {
				t.Errorf("%s: %d segments of %d, %+v, %v", what, len(segments), want, s, err)
			}
		}
	}
}

// TestInspectIntactReasons wants errors that say what is wrong.
func TestInspectIntactReasons(t *testing.T) {
	f, text := salvageFiles(t)["noise"], salvageFiles(t)["text"]
	changed := bytes.Clone(f.file)
	changed[f.off[1]+100] ^= 1
	without := append(bytes.Clone(text.file[:text.off[2]]), text.file[text.off[3]:]...)
	for _, c := range []struct {
		what string
		file []byte
		src  []byte
		want Range
		err  error
	}{
		{"changed", changed, f.src, Range{512, 512}, container.ErrChecksum},
		{"without the third", without, text.src, Range{1024, 512}, container.ErrCorrupt},
		{"cut within", f.file[:f.off[3]+50], f.src, Range{1536, 512}, io.ErrUnexpectedEOF},
		{"cut between", f.file[:f.off[3]], f.src, Range{1536, -1}, io.ErrUnexpectedEOF},
	} {
		_, s, err := intactOf(t, c.what, c.file, c.src)
		if err != nil || len(s.Missing) == 0 || s.Missing[0].Off != c.want.Off || !errors.Is(s.Reasons[0], c.err) {
			t.Errorf("%s: %+v, %v", c.what, s, err)
		}
	}
}

// TestInspectIntactWhole wants of an intact file what Inspect says.
func TestInspectIntactWhole(t *testing.T) {
	for name, f := range golden(t) {
		var want []SegmentInfo
		if err := Inspect(bytes.NewReader(f[0]), nil, true, func(s *SegmentInfo) error {
			if s.Size > 0 {
				want = append(want, *s)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		got, s, err := intactOf(t, name, f[0], f[1])
		if len(want) == 0 && err == nil {
			continue
		}
		if err != nil || s.Damaged || len(got) != len(want) {
			t.Fatalf("%s: %d segments, want %d; %v", name, len(got), len(want), err)
		}
		for k := range got {
			a, b := got[k], want[k]
			for _, s := range []*SegmentInfo{&a, &b} {
				s.Programs, s.Costs, s.Streams, s.Restored, s.Header, s.Plan = nil, nil, nil, nil, nil, nil
			}
			if fmt.Sprintf("%+v", a.Groups) == "" || a.File != b.File || a.Offset != b.Offset || a.Coded != b.Coded || a.Time != b.Time || a.Blocks != b.Blocks || a.ProgramBlocks != b.ProgramBlocks {
				t.Errorf("%s: %+v, want %+v", name, a, b)
			}
		}
	}
}

// TestInspectIntactHostile wants neither a panic nor an error that is none of files.
func TestInspectIntactHostile(t *testing.T) {
	names, err := filepath.Glob("testdata/hostile/*")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		if testing.Short() && filepath.Base(name) != "listbomb_300.ktz" {
			continue
		}
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := intactOf(t, name, file, nil); errors.Is(err, errPanic) {
			t.Error(name, err)
		}
	}
	stop := errors.New("stop")
	f := salvageFiles(t)["text"]
	_, err = InspectIntact(bytes.NewReader(f.file), int64(len(f.file)), nil, false, func(s *SegmentInfo) error { return stop })
	if err != stop {
		t.Error(err)
	}
}
