package describe

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
)

// linesDetail returns the detail of rows of text that templates print.
func linesDetail(t *testing.T, src, templates string, sets ...int) *Detail {
	t.Helper()
	n, a, b, err := plan.LinesNode([]byte(src), templates, '\n', sets)
	if err != nil {
		t.Fatal(err)
	}
	n.Refs = [2]int{1, 3}
	p := &dsl.Program{Nodes: []dsl.Node{
		{Op: dsl.Payload}, {Op: dsl.Between, Nums: [3]int32{0, int32(len(a))}},
		{Op: dsl.Payload, Nums: [3]int32{1}}, {Op: dsl.Between, Refs: [2]int{2}, Nums: [3]int32{0, int32(len(b))}}, n}, Out: 4}
	return tabulate(t, p, []byte(src))
}

// TestNamesOfSlots wants slots to be named by keys, by the heads of their columns, and by their places.
func TestNamesOfSlots(t *testing.T) {
	for _, x := range []struct {
		head, row, templates string
		sets                 []int
		want                 string
	}{
		{"", `{"delay":%d,"to":"%d"}`, "{\"delay\":%u1,\"to\":\"%u1\"}\n", []int{1}, "delay|to"},
		{"", "a=%d%% b=%d", "a=%u1%% b=%u1\n", []int{1}, "a|b"},
		{"time,value\n", "%d,%d", "%<2>,%<3>\n%u1\n%s\n%u1\n%s\n", []int{1, 2, 2}, "time|value||||"},
		{"3,4\n", "%d,%d", "%u1,%u1\n", []int{1}, "|"},
		{"", "$GPVTG,%d,T,%d*7", "$GPVTG,%u1,T,%u1*7\n", []int{1}, "$GPVTG, field 2|$GPVTG, field 4"},
		{"", "%d  1 Rx %d", "%u1  1 Rx %u1\n", []int{1}, "word 1|word 4"},
		{"", "%d%d", "%s\n", []int{1}, ""},
	} {
		src := x.head
		for i := range 50 {
			src += fmt.Sprintf(x.row, i, 3*i%50) + "\n"
		}
		var got []string
		for _, template := range linesDetail(t, src, x.templates, x.sets...).Texts[0].Templates {
			for _, s := range template.Slots {
				got = append(got, s.Name)
			}
		}
		if strings.Join(got, "|") != x.want {
			t.Errorf("%q: got %q, want %q", x.row, got, x.want)
		}
	}
}

// TestSetsInWords wants a slot of a set to say what the set prints nearly always, and digits that are no number.
func TestSetsInWords(t *testing.T) {
	src := "time;12345678\n"
	for i := range 50 {
		src += fmt.Sprintf("%d;%08d\n", i, 12345678*i%100_000_000)
	}
	slots := linesDetail(t, src, "%<2>;%08x4\n%+u1\n%s\n", 1, 2).Texts[0].Templates[0].Slots
	if slots[0].Words != "a number, less the one before (set 2)" || slots[1].Words != "digits, two in a byte" || slots[0].Samples[0] != "time" {
		t.Errorf("got %+v", slots)
	}
}

// TestCostParts wants parts of all details together, what costs most first, and channels rather than fields.
func TestCostParts(t *testing.T) {
	fields := []Field{{Offset: 2, Type: "int16", Bits: 800, Samples: []string{"7"}}, {Offset: 4, Type: bytesElsewhere, Bits: 80}, {Offset: -1, Type: shortElsewhere, Bits: 0.1}}
	details := []Detail{
		{Tables: []Table{{Kinds: []Kind{{Name: "type 1", Fields: fields}, {Name: otherKinds, Bits: 400}}}}},
		{Tables: []Table{{Kinds: []Kind{{Name: "records", Fields: fields}}}}},
		{Texts: []TextTable{{Templates: []Template{{Set: 1, Slots: []Slot{{Name: "word 3", Bits: 240, Samples: []string{" 1.5"}}, {Words: "any text"}}}, {Set: 2, Slots: []Slot{{Bits: 999}}}}}}},
		{Groups: []GroupPart{{Streams: []Stream{{Bits: 160, Words: "channel 1 of 2"}, {Bits: 960, Words: "channel 2 of 2"}, {Bits: 5}}}}, Tables: []Table{{Kinds: []Kind{{Name: "rows", Bits: 9999}}}}},
		{Tables: []Table{{Kinds: []Kind{{Name: "type 1", Fields: fields}, {Name: otherKinds, Bits: 8}}}}},
		{},
	}
	var got []string
	list := costParts(details)
	for _, p := range list {
		got = append(got, fmt.Sprintf("%s %g %d", p.Words, p.Bits, p.Detail))
	}
	const want = "type 1: int16 at byte 2 1600 0|channel 2 of 2 960 3|int16 at byte 2 800 1|other kinds 408 0|word 3 240 2|type 1: bytes from 4 on 160 0|channel 1 of 2 160 3|bytes from 4 on 80 1"
	if strings.Join(got, "|") != want {
		t.Errorf("got %s", strings.Join(got, "|"))
	}
	if words := costWords(list[3:], 100); words != "other kinds (51 %); word 3, such as 1.5 (30 %); type 1: bytes from 4 on (20 %)" {
		t.Errorf("got %q", words)
	}
	s := Stretch{Offset: 10, Size: 20, Bits: 40}
	if words := s.costWords(10); words != "bytes 10 to 29 (50 %, 2.00 bits a byte)" {
		t.Errorf("got %q", words)
	}
	many := Detail{}
	for range 2 * maxCostParts {
		many.Groups = append(many.Groups, GroupPart{Streams: []Stream{{Bits: 9, Words: fmt.Sprint(len(many.Groups))}}})
	}
	if n := len(costParts([]Detail{many})); n != maxCostParts {
		t.Errorf("%d parts", n)
	}
}

// TestCostWordsOfFiles wants a stretch that costs more than all parts that have a name to be named in place of these,
// if it is of the only segment and costs much.
func TestCostWordsOfFiles(t *testing.T) {
	parts := []CostPart{{Words: "rate", Bits: 80}, {Words: "time", Bits: 40}}
	for _, c := range []struct {
		parts    []CostPart
		costly   float64 // bits of the stretch
		segments int
		want     string
	}{
		{parts, 120, 1, "rate (10 %); time (5.0 %)"},
		{parts, 130, 1, "bytes 5 to 14 (16 %, 13.00 bits a byte)"},
		{parts, 130, 2, ""},
		{nil, 39, 1, ""},
		{nil, 40, 1, "bytes 5 to 14 (5.0 %, 4.00 bits a byte)"},
		{nil, 0, 1, ""},
	} {
		r := Report{Parts: c.parts, Segments: make([]SegmentPart, c.segments)}
		if c.costly > 0 {
			r.Costly = []Stretch{{Offset: 5, Size: 10, Bits: c.costly}}
		}
		if got := r.costWords(100); got != c.want {
			t.Errorf("%v: got %q", c, got)
		}
	}
}

// TestFloatSamples wants integers to be shown as floating-point numbers only if they look like these.
func TestFloatSamples(t *testing.T) {
	for _, x := range []struct{ integers, want string }{
		{"-1114703952 1096231936 0 1065353216", "-0.0698084 13.4482 0 1"},
		{"1065353216 0 0 0", ""},                               // too few
		{"1065353216 1065353217 1065353218", ""},               // a counter
		{"685895770 685895771 695895772 1065353216", ""},       // too small
		{"3180263344 1065353216 1077936128", "-0.0698084 1 3"}, // without a sign
		{"c7 1065353216 1077936128", ""},
	} {
		if got := strings.Join(floatSamples(strings.Fields(x.integers)), " "); got != x.want {
			t.Errorf("%s: got %q, want %q", x.integers, got, x.want)
		}
	}
}
