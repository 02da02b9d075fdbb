package describe

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
)

// goldenDir has files of each version of the format.
const goldenDir = "../../../container/testdata/golden/"

// goldenFile returns a file of the last version.
func goldenFile(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(goldenDir + "3/" + name + ".ktz")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// build returns the Report of file, which must have what every Report has.
func build(t *testing.T, name string, file []byte, o *Options) *Report {
	t.Helper()
	r, err := Build(bytes.NewReader(file), int64(len(file)), o)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	checkReport(t, name, r)
	return r
}

// checkReport checks what holds for every Report.
func checkReport(t *testing.T, name string, r *Report) {
	t.Helper()
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if len(text) > 2_300_000 {
		t.Errorf("%s: %d bytes of JSON", name, len(text))
	}
	size, cells := int64(0), 0
	for i, s := range r.Segments {
		size += s.Size
		cells += len(s.Heat)
		if len(s.Heat) != cellsOf(s.Size, s.Cell) || len(s.Heat) > maxSegmentCells || s.Detail < -1 || s.Detail >= len(r.Details) {
			t.Errorf("%s: segment %d of %d bytes has %d cells of %d bytes, and detail %d", name, i, s.Size, len(s.Heat), s.Cell, s.Detail)
			continue
		}
		if r.Damage == nil && i > 0 && s.Offset != r.Segments[i-1].Offset+r.Segments[i-1].Size {
			t.Errorf("%s: segment %d begins at %d", name, i, s.Offset)
		}
		checkHeat(t, name, &s)
		for _, section := range s.Sections {
			if section.Segment != i || section.Offset < s.Offset || section.Offset+section.Size > s.Offset+s.Size {
				t.Errorf("%s: segment %d has a section %+v", name, i, section)
			}
		}
	}
	if r.Damage == nil && size != r.List.Original || cells > maxCells+maxParts {
		t.Errorf("%s: segments of %d bytes of %d, %d cells", name, size, r.List.Original, cells)
	}
	for _, s := range r.Costly {
		if p := r.Segments[s.Segment]; s.Offset < p.Offset || s.Size <= 0 || s.Offset+s.Size > p.Offset+p.Size || s.Bits < 0 {
			t.Errorf("%s: a stretch %+v of %d bytes at %d", name, s, p.Size, p.Offset)
		}
	}
	for k, p := range r.Programs {
		for _, ref := range p.Refers {
			if ref >= k {
				t.Errorf("%s: program %d refers to %d", name, k, ref)
			}
		}
	}
	for k := range r.Details {
		d := &r.Details[k]
		if text, _ := json.Marshal(d); len(text) > d.weigh() {
			t.Errorf("%s: detail %d has %d bytes of JSON, expected are %d", name, k, len(text), d.weigh())
		}
		if len(d.Groups) == 0 || d.Out >= len(d.Nodes) || d.Text == "" {
			t.Errorf("%s: detail %d is %+v", name, k, d)
		}
	}
}

// checkHeat wants the cells of s to cost what s takes, about, unless one is as hot as can be.
func checkHeat(t *testing.T, name string, s *SegmentPart) {
	t.Helper()
	sum := int64(0)
	for k, heat := range s.Heat {
		sum += int64(heat) * min(int64(s.Cell), s.Size-int64(k)*int64(s.Cell))
		if heat == maxHeat {
			return
		}
	}
	if want := s.Coded * 128; math.Abs(float64(sum-want)) > float64(s.Cell)/2+float64(len(s.Heat)+1) {
		t.Errorf("%s: %d bytes at %d cost %d/16 bit, want %d", name, s.Size, s.Offset, sum, want)
	}
}

// TestBuildListsAsInspect wants of all golden files, and of hostile ones, the list that -l prints.
func TestBuildListsAsInspect(t *testing.T) {
	names, err := filepath.Glob(goldenDir + "*/*.ktz")
	if err != nil || len(names) < 10 {
		t.Fatal(names, err)
	}
	hostile, err := filepath.Glob("../../../codec/testdata/hostile/*")
	if err != nil || len(hostile) < 10 {
		t.Fatal(hostile, err)
	}
	for _, name := range append(names, hostile...) {
		if strings.Contains(name, "scratch2") && testing.Short() {
			continue // 5 s
		}
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		want := NewList("a name")
		err = codec.Inspect(bytes.NewReader(file), nil, false, func(s *codec.SegmentInfo) error {
			want.Add(s, true)
			return nil
		})
		want.End(int64(len(file)))
		r, err2 := Build(bytes.NewReader(file), int64(len(file)), &Options{Name: "a name", Headers: true})
		if err != nil {
			if err2 == nil && r.Damage == nil || err2 != nil && err2.Error() != err.Error() {
				t.Errorf("%s: %v, want %v", name, err2, err)
			}
			continue
		}
		if err2 != nil {
			t.Fatalf("%s: %v", name, err2)
		}
		checkReport(t, name, r)
		a, _ := json.Marshal(r.List)
		b, _ := json.Marshal(want)
		if !bytes.Equal(a, b) {
			t.Errorf("%s: %s, want %s", name, a, b)
		}
		if r.Damage != nil || r.Omitted.Segments != 0 || r.Omitted.Details != 0 && !strings.Contains(name, "scratch") {
			t.Errorf("%s: %+v, %+v", name, r.Damage, r.Omitted)
		}
	}
}

// TestBuildDetails wants of segments with a plan and of those with predictors what is known of them.
func TestBuildDetails(t *testing.T) {
	deflated, without := 0, 0
	o := &Options{
		Deflate: func(b []byte) int { deflated++; return len(b) + 1 },
		Without: func(segment []byte, p *dsl.Program) int64 { without++; return int64(len(segment)) + 2 },
	}
	r := build(t, "every-plan", goldenFile(t, "every-plan"), o)
	planned := 0
	for _, s := range r.Segments {
		if s.Detail < 0 {
			continue
		}
		planned++
		d := &r.Details[s.Detail]
		if n := d.Nodes[d.Out]; n.Size >= 0 && n.Size != s.Size {
			t.Errorf("the output has %d bytes, the segment %d", n.Size, s.Size)
		}
		if len(s.Sections) == 0 {
			t.Errorf("no section of %+v", s)
		}
		for _, n := range d.Nodes {
			if !strings.HasPrefix(n.Line, n.Name+" = ") || n.Words == "" {
				t.Errorf("node %+v", n)
			}
		}
	}
	if planned < 40 || deflated < maxTried || without < maxTried/2 || deflated > maxTried*20 {
		t.Errorf("%d segments with a plan, %d lists deflated, %d steps tried", planned, deflated, without)
	}

	r = build(t, "predictors", goldenFile(t, "predictors"), nil)
	components := 0
	for _, d := range r.Details {
		for _, g := range d.Groups {
			components += len(g.Predictor)
			for _, c := range g.Predictor {
				if c.Line == "" || c.Words == "" {
					t.Errorf("a component %+v", c)
				}
			}
		}
	}
	if components < 40 || !r.List.Predicted {
		t.Errorf("%d components", components)
	}
}

// TestBuildPrograms wants the programs of blocks, and which of them use others.
func TestBuildPrograms(t *testing.T) {
	r := build(t, "synthetic", goldenFile(t, "synthetic"), nil)
	if len(r.Programs) != 47 || r.Omitted.Programs != 0 {
		t.Fatalf("%d programs, %+v", len(r.Programs), r.Omitted)
	}
	for k, p := range r.Programs {
		uses := strings.Contains(p.Text, "earlier_") || strings.Contains(p.Text, "rest()")
		if uses != (len(p.Refers) > 0) || strings.Contains(p.Text, "rest()") && p.Refers[len(p.Refers)-1] != k-1 {
			t.Errorf("program %d refers to %v:\n%s", k, p.Refers, p.Text)
		}
	}
}

// TestRefersInRows follows references across blocks, and not across raw ones.
func TestRefersInRows(t *testing.T) {
	ps := programs{}
	info := &codec.SegmentInfo{Programs: func(yield func(codec.BlockInfo) bool) {
		for _, b := range []codec.BlockInfo{
			{Offset: 0, Length: 128, Text: "sequence_1 = repeat_num(64, 7)\nsequence_2 = repeat_list(2, sequence_1)\noutput = sequence_2"},
			{Offset: 128, Length: 128, Text: "sequence_1 = repeat_list(2, earlier_2)\noutput = sequence_1"},
			{Offset: 256, Length: 128, Text: "sequence_1 = concatenate(earlier_1, earlier_2)\noutput = sequence_1"},
			{Offset: 512, Length: 128, Text: "sequence_1 = concatenate(earlier_1, earlier_2)\noutput = sequence_1"},
			{Offset: 640, Length: 128, Text: "sequence_1 = rest()\noutput = earlier_1"},
		} {
			var err error
			if b.Program, err = dsl.Parse(b.Text, dsl.Block); err != nil {
				t.Fatal(err)
			}
			if !yield(b) {
				return
			}
		}
	}}
	ps.add(info, &mapPart{})
	var got [][]int
	for _, p := range ps.list {
		got = append(got, p.Refers)
	}
	if want := [][]int{nil, {0}, {0, 1}, nil, {3}}; !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestBuildDamaged describes what is intact.
func TestBuildDamaged(t *testing.T) {
	whole := goldenFile(t, "several-segments")
	want := build(t, "whole", whole, &Options{Headers: true})
	off := headerLength(whole)
	starts := []int64{off}
	for _, s := range want.Segments {
		off += s.Coded
		starts = append(starts, off)
	}
	changed := bytes.Clone(whole)
	changed[starts[2]-20] ^= 0x10
	index := bytes.Clone(whole)
	index[len(index)-3] ^= 0x10
	for _, c := range []struct {
		name     string
		file     []byte
		segments int
		off      int64
	}{
		{"changed", changed, 4, 1024},
		{"cut", whole[:starts[3]-100], 2, 2048},
		{"without the middle", append(bytes.Clone(whole[:starts[1]+9]), whole[starts[4]-30:]...), 2, 1024},
		{"index", index, 5, 4200},
		{"without an end", whole[:starts[5]], 5, 4200},
	} {
		r := build(t, c.name, c.file, &Options{Headers: true})
		if len(r.Segments) != c.segments || len(r.Damage) == 0 || r.Damage[0].Error == "" || len(r.List.Headers) != 1 {
			t.Errorf("%s: %d segments, %+v", c.name, len(r.Segments), r.Damage)
			continue
		}
		if d := r.Damage[0]; d.Offset != c.off && d.Offset != -1 {
			t.Errorf("%s: %+v", c.name, r.Damage)
		}
		for _, s := range r.Segments {
			found := false
			for _, o := range want.Segments {
				found = found || reflect.DeepEqual(s, o)
			}
			if !found {
				t.Errorf("%s: a segment at %d that the whole file has not", c.name, s.Offset)
			}
		}
	}
}

// headerLength returns the length of the header of a file.
func headerLength(file []byte) int64 {
	r := container.NewReader(bytes.NewReader(file))
	r.Next(nil)
	return r.Offset()
}

// TestBuildRefuses wants errors of what is no damage, and where nothing is intact.
func TestBuildRefuses(t *testing.T) {
	file := goldenFile(t, "several-segments")
	version := bytes.Clone(file)
	version[4] = 99
	for _, c := range []struct {
		name string
		file []byte
		cfg  *codec.ReaderConfig
		want error
	}{
		{"memory", file, &codec.ReaderConfig{MemoryLimit: 1 << 20}, container.ErrMemory},
		{"version", version, nil, container.ErrVersion},
		{"text", []byte("no file of ktzip at all"), nil, container.ErrFormat},
		{"empty", nil, nil, io.ErrUnexpectedEOF},
	} {
		r, err := Build(bytes.NewReader(c.file), int64(len(c.file)), &Options{Reader: c.cfg})
		if r != nil || !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

// TestBuildShort describes files of no byte and of one.
func TestBuildShort(t *testing.T) {
	if r := build(t, "empty", goldenFile(t, "empty"), nil); len(r.Segments) != 0 || r.Costly != nil {
		t.Errorf("%+v", r)
	}
	r := build(t, "one-byte", goldenFile(t, "one-byte"), nil)
	if len(r.Segments) != 1 || r.Segments[0].Size != 1 || r.Segments[0].Heat[0] == 0 || r.Segments[0].Preview == "" {
		t.Errorf("%+v", r)
	}
}

// TestBuildManySegments joins segments on the map.
func TestBuildManySegments(t *testing.T) {
	src := make([]byte, 40_000)
	rand.NewChaCha8([32]byte{1}).Read(src[20_000:])
	var b bytes.Buffer
	w, err := codec.NewWriter(&b, &codec.WriterConfig{SegmentSize: 16, BlockSize: 16})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(src); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	done := int64(0)
	r := build(t, "tiny", b.Bytes(), &Options{Progress: func(n int64) { done = n }})
	if len(r.Segments) > maxParts || len(r.Segments)+r.Omitted.Segments != 2500 || r.List.Segments != 2500 || done == 0 {
		t.Errorf("%d segments, %+v, %d bytes done", len(r.Segments), r.Omitted, done)
	}
	coded := int64(0)
	for _, s := range r.Segments {
		coded += s.Coded
	}
	if coded != done || len(r.Costly) == 0 || r.Costly[0].Offset < 19_000 {
		t.Errorf("%d bytes of %d; %+v", coded, done, r.Costly)
	}

	one := goldenFile(t, "predicted")
	r = build(t, "files", bytes.Repeat(one, 600), &Options{Headers: true})
	if n := len(r.List.Headers); n < 500 || n == 600 || len(r.Segments)+r.Omitted.Segments != 600 || r.Omitted.Details != 600-len(r.Details) || len(r.Details) == 0 {
		t.Errorf("%d headers, %d segments, %d details, %+v", len(r.List.Headers), len(r.Segments), len(r.Details), r.Omitted)
	}
}
