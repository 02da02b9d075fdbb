package describe

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/internal/mutate"
)

// TestReportIsBounded wants little JSON of many segments with all that takes room.
func TestReportIsBounded(t *testing.T) {
	b := newBuilder(&Options{Headers: true})
	restored := []byte(strings.Repeat("<", 1000))
	costs := make([]uint16, len(restored))
	var programs []codec.BlockInfo
	for range 7 {
		programs = append(programs, codec.BlockInfo{Length: 128, Program: new(dsl.Program), Text: "sequence_1 = set_list([" + strings.Repeat("1, ", 500) + "1])\noutput = sequence_1"})
	}
	for i := range 2000 {
		header := &container.Header{Version: container.Version, Name: strings.Repeat("<", 200), BlockLog: 7, SegmentLog: 10}
		if err := b.part(&codec.SegmentInfo{File: i, Header: header, Offset: int64(i) * 1000}); err != nil {
			t.Fatal(err)
		}
		p := &dsl.Program{Nodes: []dsl.Node{{Op: dsl.Payload}}}
		for k := range 30 {
			p.Nodes = append(p.Nodes, dsl.Node{Op: dsl.AddItem, Refs: [2]int{k}, Nums: [3]int32{int32(i % 256)}})
		}
		p.Out = len(p.Nodes) - 1
		info := &codec.SegmentInfo{
			File: i, Header: header, Offset: int64(i) * 1000, Size: 1000, Coded: 1000, Plan: p, Restored: restored,
			Groups:   []codec.GroupInfo{{Streams: []codec.StreamInfo{{Size: 1000}}}},
			Costs:    func() ([][]uint16, error) { return [][]uint16{costs}, nil },
			Streams:  func() ([][]byte, error) { return [][]byte{restored}, nil },
			Programs: slices.Values(programs),
		}
		if err := b.part(info); err != nil {
			t.Fatal(err)
		}
	}
	r := b.end(1000)
	checkReport(t, "large", r)
	if r.Omitted.Segments < 1000 || r.Omitted.Details < 1000 || r.Omitted.Programs < 1000 || len(r.Details) < 10 || len(r.List.Headers) < 50 {
		t.Errorf("%+v, %d details, %d headers", r.Omitted, len(r.Details), len(r.List.Headers))
	}
	text, _ := json.Marshal(r)
	t.Logf("%d bytes of JSON", len(text))
}

// FuzzBuild wants a Report, or an error, of any file.
func FuzzBuild(plain *testing.F) {
	f := mutate.Of(plain)
	for _, name := range []string{"every-operation", "several-segments", "predicted"} {
		file, err := os.ReadFile(goldenDir + "3/" + name + ".ktz")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(file, uint16(300), byte(0x40))
	}
	f.Fuzz(func(t *testing.T, file []byte, at uint16, c byte) {
		if int(at) < len(file) {
			file = slices.Clone(file)
			file[at] ^= c
		}
		r, err := Build(bytes.NewReader(file), int64(len(file)), nil)
		if (r == nil) == (err == nil) {
			t.Fatalf("%v, %v", r, err)
		}
		if r != nil {
			checkReport(t, "a mutant", r)
		}
	})
}

// TestDetailsAreBounded wants an end of the details that are made, however many segments have a plan.
func TestDetailsAreBounded(t *testing.T) {
	ds := newDetails(&Options{}, nil)
	info := &codec.SegmentInfo{Coded: 1, Groups: []codec.GroupInfo{{}}}
	n := 0
	for info.Coded < 2*maxFilled {
		if info.Coded++; ds.begin(info) != nil {
			n++
		}
	}
	if n != maxFilled {
		t.Errorf("%d details, want %d", n, maxFilled)
	}
}

// TestExplanationIsBounded wants the sums of all plans and programs, but not all of them.
func TestExplanationIsBounded(t *testing.T) {
	const segments, programs = 3, 300
	text := strings.Repeat("x", maxExplained/(2*programs))
	e := &Explanation{}
	for range segments {
		e.Add(&codec.SegmentInfo{Size: 1, Groups: []codec.GroupInfo{{Streams: make([]codec.StreamInfo, 1)}}, Programs: func(yield func(codec.BlockInfo) bool) {
			for range programs {
				if !yield(codec.BlockInfo{Length: 2, Text: text}) {
					return
				}
			}
		}})
	}
	if len(e.Programs)+e.OmittedPrograms != segments*programs || e.Covered != 2*segments*programs || len(e.Plans)+e.OmittedPlans != segments {
		t.Errorf("%d programs and %d more, %d plans and %d more, %d bytes", len(e.Programs), e.OmittedPrograms, len(e.Plans), e.OmittedPlans, e.Covered)
	}
	if n := len(e.Programs) * len(text); n > maxExplained || n < maxExplained-maxExplained/10 {
		t.Errorf("texts of %d bytes", n)
	}
}

// TestWithoutIsBounded wants an end of the segments that are coded without a step of their plan.
func TestWithoutIsBounded(t *testing.T) {
	p := &dsl.Program{Nodes: []dsl.Node{{Op: dsl.Payload}}, Out: maxTriedWithout + 1}
	for k := range p.Out {
		p.Nodes = append(p.Nodes, dsl.Node{Op: dsl.ReverseList, Refs: [2]int{k}})
	}
	for size, want := range map[int]int{1 << 20: maxTriedWithout, 8 << 20: maxWithoutBytes >> 23} {
		tried := -1 // the first one is with all steps
		ds := newDetails(&Options{Without: func([]byte, *dsl.Program) int64 { tried++; return 1 }}, nil)
		ds.measure(&detailed{Detail: Detail{Nodes: nodesOf(p)}, distinct: true}, &codec.SegmentInfo{Restored: make([]byte, size), Plan: p}, p, nil)
		if tried != want {
			t.Errorf("segments of %d bytes: %d are tried, want %d", size, tried, want)
		}
	}
}
