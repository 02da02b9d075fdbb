package plan

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/dsl"
)

// schemasOf returns the schemas of the lists of p, which makes src, if each byte of the streams costs 16.
func schemasOf(t *testing.T, p *dsl.Program, src []byte) map[int]*Schema {
	t.Helper()
	var m Machine
	streams, err := m.Split(src, p)
	if err != nil {
		t.Fatalf("%s\n%v", p, err)
	}
	costs := make([][]uint16, len(streams))
	for k, s := range streams {
		costs[k] = slices.Repeat([]uint16{16}, len(s))
	}
	schemas := map[int]*Schema{}
	_, err = m.Spread(len(src), p, streams, costs, func(x *Made) error {
		s, err := SchemaOf(p, x)
		if s != nil {
			schemas[x.Node] = s
			wantSums(t, p, s, x)
		}
		return err
	})
	if err != nil {
		t.Fatalf("%s\n%v", p, err)
	}
	return schemas
}

// wantSums wants what the parts of s cost to be what the list of x costs.
func wantSums(t *testing.T, p *dsl.Program, s *Schema, x *Made) {
	t.Helper()
	records, size, cost := 0, 0, uint64(0)
	for i := range s.Kinds {
		k := &s.Kinds[i]
		records, size, cost = records+k.Records, size+k.Bytes, cost+k.Cost
		sum := k.Rest
		for j := range k.Fields {
			f := &k.Fields[j]
			sum += f.Cost
			if f.Records > k.Records || f.Width < 1 || f.Records < 1 {
				t.Errorf("%s\n%d of %d records have a field of %d bytes", p, f.Records, k.Records, f.Width)
			}
			if values := f.Values(x.List, k); len(values) > shownRecords {
				t.Errorf("%d values", len(values))
			}
		}
		k.RestValues(x.List)
		if sum != k.Cost {
			t.Errorf("%s\n%s: the parts cost %d, all %d", p, k.Name, sum, k.Cost)
		}
	}
	if len(s.Kinds) == s.Total && (records != s.Records || size != s.Bytes || cost != s.Cost) || size > s.Bytes || cost > s.Cost {
		t.Errorf("%s\nkinds of %d records, %d bytes and costs of %d, want %d, %d and %d", p, records, size, cost, s.Records, s.Bytes, s.Cost)
	}
	if all := total(x.Costs[:s.Bytes]); all != s.Cost {
		t.Errorf("%s\nrecords cost %d, want %d", p, s.Cost, all)
	}
}

// TestSchemasOfAnything describes the lists of random plans.
func TestSchemasOfAnything(t *testing.T) {
	r := newSampler(81)
	described := 0
	for range 1000 {
		p, src := r.kinds()
		if _, err := new(Machine).Split(src, p); err == nil && len(src) > 0 {
			described += len(schemasOf(t, p, src))
		}
	}
	layouts(t, 300, func(p *dsl.Program, size int) {
		src := make([]byte, size)
		for i := range src {
			src[i] = byte(r.Uint32())
		}
		if _, err := new(Machine).Split(src, p); err == nil {
			described += len(schemasOf(t, p, src))
		}
	})
	if described < 1000 {
		t.Errorf("%d lists", described)
	}
}

// text returns the schema as text: of each kind the records, of each field what is known.
func (s *Schema) text(list []byte) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", s.Words)
	for i := range s.Kinds {
		k := &s.Kinds[i]
		fmt.Fprintf(&b, "%s: %d records, cost %d, rest %d\n", k.Name, k.Records, k.Cost/16, k.Rest/16)
		for j := range k.Fields {
			f := &k.Fields[j]
			values := f.Values(list, k)
			fmt.Fprintf(&b, " %d %s %s, cost %d: %s\n", f.Offset, f.Type, f.Predictor, f.Cost/16, strings.Join(values[:min(len(values), 3)], " "))
		}
	}
	return b.String()
}

// TestSchemaOfKinds describes records as of a sports watch: kinds told apart by their first byte, with
// numbers at the most significant byte first.
func TestSchemaOfKinds(t *testing.T) {
	var src []byte
	for i := range 100 {
		src = append(src, 1)
		src = binary.BigEndian.AppendUint32(src, uint32(1_000_000_000+i))
		src = binary.LittleEndian.AppendUint16(src, uint16(i-50))
		src = append(src, byte(200+i%3), 'k', 'm', ' ', ' ', 0xFF, 0xFF, 0x7F, 0x7F)
		if i%50 == 7 {
			src = append(src, 2, byte(i), 3, 4)
		}
	}
	p := mustParse(t, fmt.Sprintf("sequence_1 = payload(0)\nsequence_2 = get_subsequence_between_indices(sequence_1, 0, %d)\nsequence_3 = payload(1)\n"+
		"sequence_4 = kinds(sequence_2, sequence_3, 1, [0, 0, 1, 0, 1, 0, 2, 1, 16, 0, 2, 4, 0, 0, 4, -4, 1, 0, 2, 2, 0, 1, 3, 0, 8, 0, 0])\noutput = sequence_4", 102))
	want := `records of 2 kinds, told apart by their first byte
type 1: 100 records, cost 1600, rest 0
 0 constant×1 , cost 100: 01 01 01
 1 int32be less the one before, cost 400: 1000000050 1000000051 1000000052
 5 int16 less the line through the two before, cost 200: 0 1 2
 7 uint8 xor the one before, cost 100: 202 200 201
 8 constant×8 , cost 800: 6b6d2020ffff7f7f 6b6d2020ffff7f7f 6b6d2020ffff7f7f
type 2: 2 records, cost 8, rest 6
 0 bytes×1 , cost 2: 02 02
`
	if got := schemasOf(t, p, src)[3].text(src); got != want {
		t.Errorf("got\n%s", got)
	}
}

// TestSchemaOfColumns describes an array of structures, after a header that is as long as some of them.
func TestSchemaOfColumns(t *testing.T) {
	src := make([]byte, 64)
	for i := range 200 {
		src = binary.LittleEndian.AppendUint32(src, math.Float32bits(float32(i)/10))
		src = binary.LittleEndian.AppendUint32(src, math.Float32bits(float32(i)*0.5))
		src = binary.LittleEndian.AppendUint16(src, uint16(30_000+40*i)) // it passes 2^15
		src = fmt.Appendf(src, "%6d%7d %-8s", i, i*i, []string{"Ann", "Bob", "Caroline"}[i%3])
	}
	p := mustParse(t, "sequence_1 = payload(0)\nsequence_2 = columns(sequence_1, [4, 33, 0, 4, 17, 0, 2, 1, 0, 22, 0, 0])\noutput = sequence_2")
	want := `records of 32 bytes
records: 202 records, cost 6464, rest 0
 0 float32/1 less the one before, cost 808: 9.9 10 10.1
 4 float32 less the one before, cost 808: 49.5 50 50.5
 8 uint16 less the one before, cost 404: 33960 34000 34040
 10 text×6 , cost 1212: 99 100 101
 16 text×7 , cost 1414: 9801 10000 10201
 23 text×9 , cost 1818: Ann Bob Caroline
`
	if got := schemasOf(t, p, src)[1].text(src); got != want {
		t.Errorf("got\n%s", got)
	}
	rows := mustParse(t, "sequence_1 = payload(0)\nsequence_2 = transpose(sequence_1, 1, 32)\noutput = sequence_2")
	if s := schemasOf(t, rows, src)[1]; len(s.Kinds[0].Fields) != 4 || s.Kinds[0].Fields[2].Type != "text×7" {
		t.Errorf("got\n%s", s.text(src))
	}
	// Natures that change from byte to byte, in more columns than are told apart.
	var mixed []byte
	for i := range 20 {
		for range 300 {
			mixed = append(mixed, byte(i), 0, 0, 0, 0)
		}
	}
	many := mustParse(t, "sequence_1 = payload(0)\nsequence_2 = transpose(sequence_1, 1, 1500)\noutput = sequence_2")
	if f := schemasOf(t, many, mixed)[1].Kinds[0].Fields; len(f) != maxSchemaFields-1 || f[len(f)-1].Type != "bytes×865" {
		t.Errorf("%d fields, the last one is %s", len(f), f[len(f)-1].Type)
	}
	// Numbers of a wide field; a list without records; and one of which nothing costs anything.
	wide := mustParse(t, "sequence_1 = payload(0)\nsequence_2 = fields(sequence_1, [6000, 465])\noutput = sequence_2")
	if s := schemasOf(t, wide, src)[1]; s.Records != 0 || len(s.Kinds[0].Fields) != 0 {
		t.Errorf("got\n%s", s.text(src))
	}
	s, err := SchemaOf(p, &Made{Node: 1, List: src})
	if err != nil || s.Cost != 0 || s.Records != 202 || s.Kinds[0].Fields[4].Values(src, &s.Kinds[0])[0] != "9801" {
		t.Errorf("%v, %v", s, err)
	}
}

// TestSchemaOfManyKinds keeps the kinds with the most bytes.
func TestSchemaOfManyKinds(t *testing.T) {
	var src []byte
	for i := range 1000 {
		for range 1 + i/900*2 {
			src = append(src, byte(i>>8), byte(i), 6, 9, 9, 9)
		}
	}
	for _, op := range []string{
		"kinds(sequence_2, sequence_3, 3, [2, 1, 1, 0, 1, 2, 0, 1, 0])",
		"records(sequence_2, sequence_3, 3, [2, 1, 0])",
	} {
		p := mustParse(t, fmt.Sprintf("sequence_1 = payload(0)\nsequence_2 = get_subsequence_between_indices(sequence_1, 0, %d)\nsequence_3 = payload(1)\n"+
			"sequence_4 = %s\noutput = sequence_4", len(src)/2, op))
		s := schemasOf(t, p, src)[3]
		if s.Total != 1000 || len(s.Kinds) != maxSchemaKinds || s.Records != len(src)/6 || s.Bytes != len(src) {
			t.Errorf("%d of %d kinds, %d records", len(s.Kinds), s.Total, s.Records)
		}
		if k := s.Kinds[maxSchemaKinds-1]; k.Records != 3 || !strings.HasSuffix(k.Name, " 03e7") && k.Name != "head 03e706" {
			t.Errorf("%s: the last one is %q with %d records", op, k.Name, k.Records)
		}
	}
	bad := &dsl.Program{Nodes: []dsl.Node{{Op: dsl.Columns, List: []int32{0}}}}
	if _, err := SchemaOf(bad, &Made{}); !errors.Is(err, dsl.ErrExecution) {
		t.Errorf("wrong columns: %v", err)
	}
}

// TestTemplatesOf describes rows of a table of text, with times in a set of their own.
func TestTemplatesOf(t *testing.T) {
	src := "time,value\n"
	for i := range 50 {
		src += fmt.Sprintf("2026-01-02 03:%02d:00,%d\n", i, i*i)
	}
	n, a, b, err := LinesNode([]byte(src), "%<2>,%+u2\n%s\n%[Y-m-d H:M:S]4\n%w1\n", '\n', []int{2, 2})
	if err != nil {
		t.Fatal(err)
	}
	p, streams := linesPlan(n, a, b)
	costs := [][]uint16{slices.Repeat([]uint16{16}, len(a)), make([]uint16, len(b))}
	var got []TemplateOf
	_, err = new(Machine).Spread(len(src), p, streams, costs, func(x *Made) (err error) {
		if x.Node == p.Out {
			got, err = TemplatesOf(&p.Nodes[p.Out], x)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, k := range got {
		fmt.Fprintf(&text, "set %d, %q: %d, cost %d\n", k.Set, k.Text, k.Instances, k.Cost/16)
		for _, s := range k.Slots {
			fmt.Fprintf(&text, " %s, %s, cost %d: %s\n", s.Text, s.Words, s.Cost/16, strings.Join(s.Samples[:min(len(s.Samples), 2)], "|"))
		}
	}
	want := `set 1, "%<2>,%+u2": 51, cost 51
 %<2>, what a template of set 2 prints, cost 252: time|2026-01-02 03:00:00
 %+u2, a number, less the one before, cost 102: value|0
set 2, "%[Y-m-d H:M:S]4": 50, cost 50
 %[Y-m-d H:M:S]4, a time, cost 200: 2026-01-02 03:00:00|2026-01-02 03:01:00
set 2, "%w1": 1, cost 1
 %w1, a word that may repeat, cost 1: time
`
	if text.String() != want {
		t.Errorf("got\n%s", text.String())
	}
}

// TestTemplatesOfAnything describes random rows: their parts cost no more than all.
func TestTemplatesOfAnything(t *testing.T) {
	r := newSampler(83)
	for range 500 {
		n, a, b, src, err := r.lines(1 + r.IntN(40))
		if err != nil {
			t.Fatal(err)
		}
		p, streams := linesPlan(n, a, b)
		costs := [][]uint16{slices.Repeat([]uint16{3}, len(a)), slices.Repeat([]uint16{5}, len(b))}
		_, err = new(Machine).Spread(len(src), p, streams, costs, func(x *Made) error {
			if x.Node != p.Out {
				return nil
			}
			templates, err := TemplatesOf(&p.Nodes[p.Out], x)
			rows, cost := 0, uint64(0)
			for _, k := range templates {
				if k.Set == 1 {
					rows, cost = rows+k.Instances, cost+k.Cost
				}
				for _, s := range k.Slots {
					if k.Set == 1 {
						cost += s.Cost
					}
				}
			}
			if most := x.Cost(); rows != int(n.Nums[1]) || cost > most || len(src) > 200 && cost < most/8 {
				t.Errorf("%q\n%d rows of %d, which cost %d of %d", n.Text, rows, n.Nums[1], cost, most)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
