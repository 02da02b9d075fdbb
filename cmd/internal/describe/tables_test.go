package describe

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
)

// tabulate returns the tables of src, which the plan p makes, if each byte of the streams costs a bit.
func tabulate(t *testing.T, p *dsl.Program, src []byte) *Detail {
	t.Helper()
	streams, err := new(plan.Machine).Split(src, p)
	if err != nil {
		t.Fatalf("%s\n%v", p, err)
	}
	costs := segmentCosts{content: streams}
	for _, s := range streams {
		costs.streams = append(costs.streams, slices.Repeat([]uint16{16}, len(s)))
	}
	d := &Detail{}
	tables := newTabled(d, newViews(&codec.SegmentInfo{Size: int64(len(src)), Plan: p, Restored: src}, streams))
	if _, err := new(plan.Machine).Spread(len(src), p, costs.content, costs.streams, tables.see); err != nil {
		t.Fatal(err)
	}
	tables.end()
	return d
}

func parsePlan(t *testing.T, format string, args ...any) *dsl.Program {
	t.Helper()
	p, err := dsl.Parse(fmt.Sprintf(format, args...), dsl.Plan)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// kindsPlan is a plan of records of kinds, whose heads have columns of their own.
const kindsPlan = "sequence_1 = payload(0)\nsequence_2 = columns(sequence_1, [1, 0, 0, 1, 1, 0])\nsequence_3 = get_subsequence_between_indices(sequence_2, 0, %d)\n" +
	"sequence_4 = payload(1)\nsequence_5 = kinds(sequence_3, sequence_4, 2, [0, 1, 1, 0, 1, %s])\noutput = sequence_5"

// TestTables wants the fields of heads and bodies of each kind, what costs most first, and no table of heads.
func TestTables(t *testing.T) {
	var src []byte
	for i := range 60 {
		src = append(src, 6, byte(i), byte(i), 9, byte(i), 1)
		if i%20 == 3 {
			src = append(src, 4, byte(i), 'a', 'b')
		}
	}
	d := tabulate(t, parsePlan(t, kindsPlan, 2*63, "1, 0, 0, 6, 1, 2, 1, 0"), src)
	var text strings.Builder
	for _, table := range d.Tables {
		fmt.Fprintf(&text, "%d: %s, %d records, %d bytes\n", table.Node, table.Words, table.Records, table.Size)
		for _, k := range table.Kinds {
			fmt.Fprintf(&text, "%s: %d of %g bytes, %g bits\n", k.Name, k.Records, k.Bytes, k.Bits)
			for _, f := range k.Fields {
				fmt.Fprintf(&text, "%4d %d %s (%s) %g bits %q\n", f.Offset, f.Width, f.Type, f.Predictor, f.Bits, f.Samples)
			}
		}
	}
	want := `4: records of 2 kinds that state their length at byte 0, which tells their kind, 63 records, 372 bytes
kind 6: 60 of 6 bytes, 360 bits
   0 1 constant×1 () 60 bits ["06"]
   1 1 uint8 (less the one before) 60 bits ["30" "31" "32" "33" "34" "35"]
   2 2 int16 (less the one before) 120 bits ["2334" "2335" "2336" "2337" "2338" "2339"]
   4 2 the rest of each record () 120 bits ["1e01" "1f01" "2001" "2101" "2201" "2301"]
kind 4: 3 of 4 bytes, 12 bits
   0 1 bytes×1 () 3 bits ["04" "04" "04"]
   1 1 uint8 (less the one before) 3 bits ["3" "23" "43"]
   2 2 the rest of each record () 6 bits ["6162" "6162" "6162"]
`
	if text.String() != want {
		t.Errorf("got\n%s", text.String())
	}
}

// TestTablesAreBounded leaves out kinds and fields that cost little, and sums them up.
func TestTablesAreBounded(t *testing.T) {
	var src []byte
	fields, schemas := "", ""
	for k := range 120 {
		for range 1 + k%7 {
			src = append(src, byte(130+k), byte(k))
			for j := range 128 + k {
				src = append(src, byte(j*k))
			}
		}
	}
	for range 100 {
		fields += ", 1, 1, 0"
	}
	records := 0
	for off := 0; off < len(src); off += int(src[off]) {
		records++
	}
	for k := range 120 {
		if k < 10 {
			schemas += fmt.Sprintf(", %d, 100%s", 130+k, fields)
		}
	}
	p := parsePlan(t, kindsPlan, 2*records, "1, 0, 0"+schemas)
	d := tabulate(t, p, src)
	all, bits, count := 0, 0.0, 0
	for _, table := range d.Tables {
		if len(table.Kinds) > maxKinds || table.Kinds[maxKinds-1].Name != otherKinds {
			t.Errorf("%d kinds, the last one is %q", len(table.Kinds), table.Kinds[len(table.Kinds)-1].Name)
		}
		for i, k := range table.Kinds {
			all += len(k.Fields)
			bits += k.Bits
			count += k.Records
			if i > 0 && i < maxKinds-1 && k.Bits > table.Kinds[i-1].Bits {
				t.Errorf("kind %d costs more than the one before", i)
			}
			sum := 0.0
			for _, f := range k.Fields {
				sum += f.Bits
			}
			if len(k.Fields) > maxFields+1 || len(k.Fields) > 0 && (sum < k.Bits-1 || sum > k.Bits+1) {
				t.Errorf("%s: %d fields cost %g, all %g", k.Name, len(k.Fields), sum, k.Bits)
			}
		}
	}
	if all > maxAllFields || count != records || bits < float64(len(src))-1 || bits > float64(len(src))+1 {
		t.Errorf("%d fields; %d records cost %g bits, want %d and %d", all, count, bits, records, len(src))
	}
}

// TestTextTables wants templates of rows first, and texts cut.
func TestTextTables(t *testing.T) {
	src := ""
	for i := range 50 {
		src += fmt.Sprintf("%d;%s;%d\n", i, strings.Repeat("é", 5+i), i%3)
	}
	n, a, b, err := plan.LinesNode([]byte(src), "%u1;%s;%<2>\n%u1\n", '\n', []int{1, 1})
	if err != nil {
		t.Fatal(err)
	}
	n.Refs = [2]int{1, 3}
	p := &dsl.Program{Nodes: []dsl.Node{
		{Op: dsl.Payload}, {Op: dsl.Between, Nums: [3]int32{0, int32(len(a))}},
		{Op: dsl.Payload, Nums: [3]int32{1}}, {Op: dsl.Between, Refs: [2]int{2}, Nums: [3]int32{0, int32(len(b))}}, n}, Out: 4}
	d := tabulate(t, p, []byte(src))
	if len(d.Texts) != 1 || len(d.Tables) != 0 {
		t.Fatalf("%d tables, %d of text", len(d.Tables), len(d.Texts))
	}
	x := d.Texts[0]
	if x.Rows != 50 || x.Total != 2 || len(x.Templates) != 2 || x.Templates[0].Set != 1 || x.Words != "50 lines of text" {
		t.Fatalf("got %+v", x)
	}
	slots := x.Templates[0].Slots
	if len(slots) != 3 || slots[0].Bits != 50 || slots[2].Bits != 50 || len(slots[1].Samples) != maxExamples || slots[1].Samples[0] != "ééééé" {
		t.Errorf("got %+v", slots)
	}
	if got := cutText(strings.Repeat("é", 25)+"\xff", maxSample); got != strings.Repeat("é", 23)+"…" {
		t.Errorf("cut to %q", got)
	}
	if got := cutText("a\xffb", maxSample); got != "a\uFFFDb" {
		t.Errorf("got %q", got)
	}
	many := []TextTable{{Templates: []Template{{Slots: make([]Slot, maxAllSlots)}, {Slots: make([]Slot, 1)}}}}
	if limitSlots(many); len(many[0].Templates[1].Slots) != 0 || len(many[0].Templates[0].Slots) != maxAllSlots {
		t.Error("slots beyond the limit stay")
	}
	if got := textWords(3, '}'); got != `3 rows of text, each followed by "}"` {
		t.Errorf("got %q", got)
	}
}

// TestTextWords wants the byte that ends rows, not the character of its number.
func TestTextWords(t *testing.T) {
	for end, want := range map[byte]string{'\n': "2 lines of text", ';': `2 rows of text, each followed by ";"`, 0: `2 rows of text, each followed by "\x00"`, 0x9b: `2 rows of text, each followed by "\x9b"`} {
		if got := textWords(2, end); got != want {
			t.Errorf("%q: %s, want %s", end, got, want)
		}
	}
}
