package codec

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/internal/mutate"
)

// A salvageFile is a file, and where its segments are.
type salvageFile struct {
	src, file []byte
	off       []int // of each segment, of the index, of the end
	start     []int // of what each segment restores to, and of the end
}

func newSalvageFile(t testing.TB, src []byte, cfg WriterConfig) *salvageFile {
	f := &salvageFile{src: src, file: compress(t, src, 0, &cfg)}
	var entries []container.Entry
	x, err := container.NewIndexReader(bytes.NewReader(f.file)).Span(int64(len(f.file)), func(e container.Entry, _ int64) { entries = append(entries, e) })
	if err != nil {
		t.Fatal(err)
	}
	off, start := int(x.Segment), 0
	for _, e := range entries {
		f.off, f.start = append(f.off, off), append(f.start, start)
		off += int(e.Coded)
		start += int(e.Size)
	}
	f.off, f.start = append(f.off, off, len(f.file)), append(f.start, start)
	return f
}

// sized reports whether the header has the size.
func (f *salvageFile) sized() bool { return f.file[4+1]&8 != 0 }

// places are offsets in f: those at the start of each part, and each step-th.
func (f *salvageFile) places(step int) (list []int) {
	next := 0
	for off := range f.file {
		for next < len(f.off) && f.off[next] <= off {
			next++
		}
		if off < 12 || off%step == 0 || next > 0 && off < f.off[next-1]+4 || off+6 > len(f.file) {
			list = append(list, off)
		}
	}
	return list
}

// text has segments of different sizes, noise of equal ones.
func salvageFiles(t testing.TB) map[string]*salvageFile {
	noise := make([]byte, 3000)
	rand.NewChaCha8([32]byte{7}).Read(noise)
	text := mixed(3000, 5)
	sized := func(src []byte) container.Header {
		return container.Header{Name: "n", Mode: 0o600, HasMode: true, Size: int64(len(src)), HasSize: true}
	}
	return map[string]*salvageFile{
		"text":          newSalvageFile(t, text, WriterConfig{SegmentSize: 512, Level: 7, Finder: finder, Header: sized(text)}),
		"noise":         newSalvageFile(t, noise, WriterConfig{SegmentSize: 512, Header: sized(noise)}),
		"small blocks":  newSalvageFile(t, text, WriterConfig{SegmentSize: 512, BlockSize: 32, Finder: finder}),
		"without names": newSalvageFile(t, noise, WriterConfig{SegmentSize: 512}),
	}
}

// salvage restores file, and checks what holds for every result.
func salvage(t *testing.T, what string, file []byte, omit bool) ([]byte, *Salvaged) {
	t.Helper()
	var b bytes.Buffer
	s, err := Salvage(&b, bytes.NewReader(file), int64(len(file)), &SalvageConfig{Omit: omit})
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	return b.Bytes(), s
}

// wantSegments checks that exactly the segments of f are there that intact says,
// at their places.
func wantSegments(t *testing.T, what string, f *salvageFile, file []byte, intact func(k int) bool) {
	t.Helper()
	var want, omitted []byte
	var missing []Range
	for k := range len(f.start) - 1 {
		part := f.src[f.start[k]:f.start[k+1]]
		if intact(k) {
			want, omitted = append(want, part...), append(omitted, part...)
			continue
		}
		want = append(want, make([]byte, len(part))...)
		if n := len(missing) - 1; n >= 0 && missing[n].Off+missing[n].Size == int64(f.start[k]) {
			missing[n].Size += int64(len(part))
		} else {
			missing = append(missing, Range{int64(f.start[k]), int64(len(part))})
		}
	}
	got, s := salvage(t, what, file, false)
	if !bytes.Equal(got, want) || fmt.Sprint(s.Missing) != fmt.Sprint(missing) || !s.Damaged {
		t.Errorf("%s: %d bytes, want %d; missing %v, want %v; damaged: %v", what, len(got), len(want), s.Missing, missing, s.Damaged)
	}
	if got, _ := salvage(t, what, file, true); !bytes.Equal(got, omitted) {
		t.Errorf("%s: %d bytes without what is missing, want %d", what, len(got), len(omitted))
	}
}

func TestSalvageWhole(t *testing.T) {
	for name, f := range salvageFiles(t) {
		for _, file := range [][]byte{f.file, append(bytes.Clone(f.file), make([]byte, 100)...)} {
			got, s := salvage(t, name, file, false)
			if !bytes.Equal(got, f.src) || s.Damaged || s.Missing != nil || s.Header == nil || s.Segments != 6 {
				t.Errorf("%s: %d bytes, %+v", name, len(got), s)
			}
		}
	}
	var b bytes.Buffer
	for _, c := range []struct {
		in   string
		want error
	}{{"", container.ErrFormat}, {"hello", container.ErrFormat}, {"\x9cKTZ\x09", container.ErrVersion}} {
		_, err := Salvage(&b, bytes.NewReader([]byte(c.in)), int64(len(c.in)), nil)
		if !errors.Is(err, c.want) || b.Len() > 0 {
			t.Errorf("%q: %v", c.in, err)
		}
	}
	f := salvageFiles(t)["text"]
	_, err := Salvage(&b, bytes.NewReader(f.file), int64(len(f.file)), &SalvageConfig{ReaderConfig: ReaderConfig{MemoryLimit: 1 << 20}})
	if !errors.Is(err, container.ErrLimit) {
		t.Error(err)
	}
}

// TestSalvageChanged changes each byte of a file: all segments but its own are
// restored at their places.
func TestSalvageChanged(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine, too slow")
	}
	for name, f := range salvageFiles(t) {
		for _, off := range f.places(37) {
			if off >= f.off[len(f.off)-2] && !f.sized() {
				continue // nothing tells whether more is missing than the index
			}
			b := bytes.Clone(f.file)
			b[off] ^= byte(1 + off%255)
			wantSegments(t, fmt.Sprintf("%s, byte %d", name, off), f, b, func(k int) bool { return off < f.off[k] || off >= f.off[k+1] })
		}
	}
}

// TestSalvageTruncated cuts a file at each place: the segments before that are
// restored, and what is known of the size.
func TestSalvageTruncated(t *testing.T) {
	for name, f := range salvageFiles(t) {
		for _, n := range f.places(37) {
			file := f.file[:n]
			if n < f.off[1] {
				continue
			}
			if f.sized() {
				wantSegments(t, fmt.Sprintf("%s, cut at %d", name, n), f, file, func(k int) bool { return f.off[k+1] <= n })
				continue
			}
			got, s := salvage(t, name, file, true)
			k := 0
			for f.off[k+1] <= n && k+1 < len(f.start) {
				k++
			}
			if !bytes.Equal(got, f.src[:f.start[k]]) || !s.Damaged || len(s.Missing) == 0 {
				t.Errorf("%s, cut at %d: %d bytes, %+v", name, n, len(got), s)
			}
		}
	}
}

// TestSalvageMoved takes bytes out of a file, or puts some in.
func TestSalvageMoved(t *testing.T) {
	for name, f := range salvageFiles(t) {
		end := f.off[len(f.off)-2]
		for off := 1; off < end; off += 97 {
			for _, n := range []int{1, 100, 520, 2 * (f.off[2] - f.off[1]), f.off[2] - f.off[1]} {
				if off+n > end {
					continue
				}
				without := append(bytes.Clone(f.file[:off]), f.file[off+n:]...)
				touched := func(k int) bool { return off+n <= f.off[k] || off >= f.off[k+1] }
				whole := false // segments that begin alike were cut out exactly: nothing tells which
				for k := range f.off {
					whole = whole || f.off[k] <= off && off < f.off[k]+9
				}
				if !whole {
					wantSegments(t, fmt.Sprintf("%s, %d bytes fewer at %d", name, n, off), f, without, touched)
				}
				with := append(bytes.Clone(f.file[:off]), append(bytes.Repeat([]byte{1}, n), f.file[off:]...)...)
				wantSegments(t, fmt.Sprintf("%s, %d bytes more at %d", name, n, off), f, with, func(k int) bool { return off <= f.off[k] || off >= f.off[k+1] })
			}
		}
	}
}

// TestSalvageTwice damages two places, and takes bytes out at one of them.
func TestSalvageTwice(t *testing.T) {
	f := salvageFiles(t)["text"]
	b := bytes.Clone(f.file)
	b[f.off[1]+30] ^= 1
	at := f.off[4] + 20
	b = append(b[:at:at], b[at+5:]...)
	wantSegments(t, "two places", f, b, func(k int) bool { return k != 1 && k != 4 })
	b = append(b[:at:at], append([]byte("1234567890"), b[at:]...)...)
	b = append(b[:f.off[1]+20:f.off[1]+20], b[f.off[1]+30:]...)
	wantSegments(t, "cut twice", f, b, func(k int) bool { return k != 1 && k != 4 })
}

// TestSalvageConcatenated damages several files in a row.
func TestSalvageConcatenated(t *testing.T) {
	all := salvageFiles(t)
	a, b := all["text"], all["small blocks"]
	both := append(bytes.Clone(a.src), b.src...)
	file := append(bytes.Clone(a.file), b.file...)
	for _, c := range []struct{ from, to int }{
		{len(a.file) - 5, len(a.file)},
		{len(a.file), len(a.file) + 5},
		{len(a.file) - 5, len(a.file) + 5},
		{0, 5},
		{len(file) - 5, len(file)},
	} {
		d := bytes.Clone(file)
		for i := c.from; i < c.to; i++ {
			d[i] ^= 0x55
		}
		if got, s := salvage(t, fmt.Sprint(c), d, true); !bytes.Equal(got, both) || !s.Damaged {
			t.Errorf("%v: %d bytes of %d, %+v", c, len(got), len(both), s)
		}
	}
}

// TestSalvageNested wants no part of a file within a file taken for one of the
// outer file.
func TestSalvageNested(t *testing.T) {
	inner := salvageFiles(t)["noise"].file
	src := bytes.Repeat(inner, 2)
	f := newSalvageFile(t, src, WriterConfig{SegmentSize: 1600, Level: 1, Header: container.Header{Size: int64(len(src)), HasSize: true}})
	for off := f.off[0]; off < len(f.file); off += 23 {
		b := bytes.Clone(f.file)
		b[off] ^= 0x10
		wantSegments(t, fmt.Sprint("byte ", off), f, b, func(k int) bool { return off < f.off[k] || off >= f.off[k+1] })
	}
	for n := f.off[1]; n < len(f.file); n += 23 {
		if bytes.HasSuffix(f.file[:n], inner[len(inner)-16:]) {
			continue // what is left ends as a whole file does
		}
		wantSegments(t, fmt.Sprint("cut at ", n), f, f.file[:n], func(k int) bool { return f.off[k+1] <= n })
	}
}

func FuzzSalvage(plain *testing.F) {
	f := mutate.Of(plain)
	for _, s := range salvageFiles(f) {
		f.Add(s.file, uint16(100), uint16(3), byte(1))
	}
	f.Fuzz(func(t *testing.T, file []byte, at, n uint16, c byte) {
		if k := int(at); k < len(file) {
			file = append(bytes.Clone(file[:k]), append(bytes.Repeat([]byte{c}, int(n%300)), file[min(len(file), k+int(n%512)):]...)...)
		}
		var b bytes.Buffer
		s, err := Salvage(&b, bytes.NewReader(file), int64(len(file)), &SalvageConfig{Omit: true})
		whole, wrong := decode(file, nil)
		if wrong == nil && (err != nil || s.Damaged || !bytes.Equal(b.Bytes(), whole)) {
			t.Fatalf("a whole file: %v, %+v", err, s)
		}
		if wrong != nil && err == nil && !s.Damaged {
			t.Fatalf("a damaged file (%v) is whole", wrong)
		}
		size := int64(0)
		look, err2 := InspectIntact(bytes.NewReader(file), int64(len(file)), nil, true, func(s *SegmentInfo) error {
			size += s.Size
			if s.Size == 0 {
				return nil
			}
			_, err := s.Costs()
			return err
		})
		if (err == nil) != (err2 == nil) || size != int64(b.Len()) || !slices.Equal(look.Missing, s.Missing) || len(look.Reasons) != len(s.Missing) {
			t.Fatalf("InspectIntact: %d bytes, %+v, %v; Salvage: %d bytes, %+v, %v", size, look, err2, b.Len(), s, err)
		}
	})
}
