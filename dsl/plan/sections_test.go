package plan

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/dsl"
)

// sectioned is a plan of four sections, one of which is a list that a transpose makes of two.
const sectioned = `sequence_1 = payload(0)
sequence_2 = get_subsequence_between_indices(sequence_1, 0, 12)
sequence_3 = payload(1)
sequence_4 = columns(sequence_3, [1, 0, 0, 2, 1, 0])
sequence_5 = get_subsequence_between_indices(sequence_4, 0, 60)
sequence_6 = payload(2)
sequence_7 = get_subsequence_between_indices(sequence_6, 0, 30)
sequence_8 = payload(3)
sequence_9 = get_subsequence_between_indices(sequence_8, 0, 20)
sequence_10 = expand(sequence_7, sequence_9, 3, [1, 2, 1])
sequence_11 = kinds(sequence_5, sequence_10, 3, [0, 0, 1, 0, 1, 0, 2, 1, 10, 0, 2, 20, 0])
sequence_12 = get_subsequence_between_indices(sequence_11, 0, 300)
sequence_13 = payload(4)
sequence_14 = get_subsequence_between_indices(sequence_13, 0, 50)
sequence_15 = payload(5)
sequence_16 = zigzag(sequence_15, 1)
sequence_17 = get_subsequence_between_indices(sequence_16, 0, 50)
sequence_18 = concatenate(sequence_14, sequence_17)
sequence_19 = transpose(sequence_18, 1, 2)
sequence_20 = predict(sequence_19, 2, 0, [1, 1])
sequence_21 = payload(6)
sequence_22 = get_subsequence_between_indices(sequence_21, 0, 1)
sequence_23 = concatenate(sequence_20, sequence_22)
sequence_24 = concatenate(sequence_12, sequence_23)
sequence_25 = concatenate(sequence_2, sequence_24)
output = sequence_25`

// TestSections wants the sections, the streams and the lines about a plan.
func TestSections(t *testing.T) {
	p, size := mustParse(t, sectioned), 12+300+100+1
	want := []Section{
		{0, 12, 0, KindBytes, "bytes as they are", []int{0}},
		{12, 300, 10, KindRecords, "records of 2 kinds, told apart by their first byte", []int{1, 2, 3}},
		{312, 100, 19, KindSamples, "differences of 16-bit numbers", []int{4, 5}},
		{412, 1, 20, KindBytes, "bytes as they are", []int{6}},
	}
	if got := Sections(p, size); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	streams := []string{
		"bytes 0 to 11", "heads of bytes 12 to 311", "new bytes of fields of bytes 12 to 311", "copies of fields of bytes 12 to 311",
		"channel 1 of 2 of bytes 312 to 411", "channel 2 of 2 of bytes 312 to 411", "byte 412",
	}
	if got := Streams(p, size); !slices.Equal(got, streams) {
		t.Errorf("got %q\nwant %q", got, streams)
	}
	about := []string{
		"bytes 0 to 11: as they are",
		"bytes 12 to 311: records of 2 kinds, told apart by their first byte",
		"  heads: records of 3 bytes with 2 fields, 1 of them predicted",
		"  fields: copies of what came before, at any distance, between new bytes",
		"bytes 312 to 411: differences of 16-bit numbers",
		"byte 412: as it is",
		"left to code: 223 bytes in 7 streams",
	}
	if got := About(p, size); !slices.Equal(got, about) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(about, "\n"))
	}
	for _, c := range []struct {
		p    *dsl.Program
		size int
	}{{nil, 5}, {p, 5}, {dsl.Identity(), 5}, {dsl.Identity(), 0}} {
		got := Sections(c.p, c.size)
		if len(got) > 1 || len(got) == 1 && (got[0].Offset != 0 || got[0].Size != c.size || got[0].Words == "") || len(got) == 0 && c.size > 0 {
			t.Errorf("%v: %+v", c.p, got)
		}
		if len(About(c.p, c.size)) == 0 {
			t.Errorf("nothing about %v", c.p)
		}
	}
}

// TestKindsOfChains wants the node of a chain of operations that tells most.
func TestKindsOfChains(t *testing.T) {
	for _, c := range []struct{ lines, kind, words string }{
		{"columns(sequence_1, [4, 1, 0, 4, 0, 0]); predict(sequence_2, 4, 0, [2, 1])", KindRecords, "records of 8 bytes with 2 fields, 1 of them predicted"},
		{"zigzag(sequence_1, 2); predict(sequence_2, 2, 0, [1, 1]); add_item_list(sequence_3, 1)", KindSamples, "differences of 16-bit numbers"},
		{"add_item_list(sequence_1, 1)", KindNumbers, "bytes, each plus 1"},
		{"payload(1); get_subsequence_between_indices(sequence_1, 0, 9); get_subsequence_between_indices(sequence_2, 0, 3); expand(sequence_3, sequence_4, 1, [1, 1, 1])", KindRepeated, "copies of what came before, at any distance, between new bytes"},
		{"payload(1); get_subsequence_between_indices(sequence_1, 0, 9); get_subsequence_between_indices(sequence_2, 0, 3); expand(sequence_3, sequence_4, 1, [1, 1, 1]); transpose(sequence_5, 1, 9)", KindNumbers, "rows of 9 bytes: all first bytes, then all second ones, …"},
	} {
		got := Sections(planOf(t, c.lines), 36)
		if len(got) != 1 || got[0].Kind != c.kind || got[0].Words != c.words {
			t.Errorf("%s\ngot %+v", c.lines, got)
		}
	}
}

// TestSectionsOfAnything holds what is true of the sections, streams and lines of any plan, and that they are few.
func TestSectionsOfAnything(t *testing.T) {
	r := newSampler(72)
	sectioned := 0
	for range 3000 {
		streams, size := 0, 60+r.IntN(400)
		p := &dsl.Program{Nodes: r.plan(r.IntN(6), &streams)}
		p.Out = len(p.Nodes) - 1
		if len(wantSections(t, p, size)) > 1 {
			sectioned++
		}
	}
	if sectioned < 20 {
		t.Errorf("%d plans of several sections", sectioned)
	}
	empty := []dsl.Node{{Op: dsl.Payload}, {Op: dsl.Payload, Nums: [3]int32{1}}, {Op: dsl.Between, Refs: [2]int{1}}}
	one := []dsl.Node{{Op: dsl.Payload}, {Op: dsl.Between, Nums: [3]int32{0, 1}}}
	wantSections(t, chain(empty, 60, twice(dsl.Concatenate)), 0)
	wantSections(t, chain(oneStream, 800, of(dsl.Node{Op: dsl.Zigzag, Nums: [3]int32{2}})), 64)
	wantSections(t, chain(one, 16, twice(dsl.Concatenate)), 1<<16)
}

// wantSections returns the sections of p, after checking them and what else there is to say.
func wantSections(t *testing.T, p *dsl.Program, size int) []Section {
	t.Helper()
	sections := Sections(p, size)
	if len(sections) > 2*maxSections {
		t.Fatalf("%d sections", len(sections))
	}
	end, taken := 0, map[int]bool{}
	for _, s := range sections {
		for _, k := range s.Streams {
			if taken[k] {
				t.Fatalf("%v\nstream %d is of two sections", p, k)
			}
			taken[k] = true
		}
		if s.Offset != end || s.Size < 1 || s.Node >= len(p.Nodes) || s.Kind == "" {
			t.Fatalf("%v\n%+v", p, sections)
		}
		wantPhrase(t, s.Words)
		end += s.Size
	}
	if end != size {
		t.Fatalf("%v\nsections of %d bytes, want %d", p, end, size)
	}
	lines := About(p, size)
	if len(lines) == 0 || len(lines) > maxAbout {
		t.Fatalf("%v\n%d lines", p, len(lines))
	}
	for _, line := range lines {
		if len(line) > 2000 { // bytes
			t.Fatalf("%v\na line of %d bytes", p, len(line))
		}
	}
	if l, err := NewLayout(p, size); err == nil && len(Streams(p, size)) != len(l.Streams) {
		t.Fatalf("%v\n%d streams, want %d", p, len(Streams(p, size)), len(l.Streams))
	}
	return sections
}

// TestWithout takes bytes apart by plans without a line, and joins them again.
func TestWithout(t *testing.T) {
	for op := range dsl.Op(len(rows)) {
		if !op.In(dsl.Plan) || !keepsLength(op) {
			continue
		}
		for size := range 40 {
			if got, err := rowOf(op).lengths(&dsl.Node{Op: op}, size, [2]int{-1, -1}); err != nil || got[0] != size {
				t.Errorf("%v makes %d bytes of %d, %v", op, size, got[0], err)
			}
		}
	}
	r := newSampler(73)
	var m Machine
	without := 0
	for range 2000 {
		streams := 0
		p := &dsl.Program{Nodes: r.plan(1+r.IntN(4), &streams)}
		p.Out = len(p.Nodes) - 1
		src := make([]byte, 60+r.IntN(400))
		for i := range src {
			src[i] = byte(r.Uint32())
		}
		if _, err := m.Split(src, p); err != nil {
			continue
		}
		before := p.String()
		for i := range p.Nodes {
			q, ok := Without(p, i)
			if ok != keepsLength(p.Nodes[i].Op) {
				t.Fatalf("%v\nwithout line %d: %t", p, i+1, ok)
			}
			if !ok {
				continue
			}
			without++
			if len(q.Nodes) != len(p.Nodes)-1 || !same(q, q.Canonical()) {
				t.Fatalf("%v\nwithout line %d is\n%v", p, i+1, q)
			}
			taken, err := m.Split(src, q)
			if err != nil {
				t.Fatalf("%v\nwithout line %d: %v", p, i+1, err)
			}
			got := make([]byte, len(src))
			if err := m.Join(got, q, taken); err != nil || !bytes.Equal(got, src) {
				t.Fatalf("%v\nwithout line %d does not restore, %v", p, i+1, err)
			}
		}
		if p.String() != before {
			t.Fatal("the plan has changed")
		}
	}
	if without < 500 {
		t.Errorf("%d plans", without)
	}
	p := planOf(t, "zigzag(sequence_1, 1); predict(sequence_1, 1, 0, [1, 1])")
	for _, i := range []int{-1, 0, 1, 3} {
		if q, ok := Without(p, i); ok {
			t.Errorf("without line %d: %v", i+1, q)
		}
	}
}

// TestRolesTogether wants numbered roles to be listed, and others to be several.
func TestRolesTogether(t *testing.T) {
	got := "channel 1 of 12"
	for _, k := range []int{2, 7} {
		got = joinRoles(got, fmt.Sprintf("channel %d of 12", k))
	}
	if got != "channels 1, 2, 7" {
		t.Errorf("got %q", got)
	}
	for k := range 100 {
		got = joinRoles(got, fmt.Sprintf("channel %d of 100", k))
	}
	if len(got) > maxRole || !strings.HasSuffix(got, ", …") {
		t.Errorf("got %q", got)
	}
	if got := joinRoles("heads", "heads of part 2 of 3"); got != "several heads" {
		t.Errorf("got %q", got)
	}
}
