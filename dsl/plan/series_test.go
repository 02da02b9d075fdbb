package plan

import (
	"encoding/binary"
	"fmt"
	"math"
	"testing"

	"github.com/ktzip/ktzip/dsl"
)

// seriesIn returns the Series of the number fields of a kind of the list of node, which p makes of src.
func seriesIn(t *testing.T, p *dsl.Program, src []byte, node, kind, most int) (k KindOf, fields []FieldOf, out Series) {
	t.Helper()
	var m Machine
	streams, err := m.Split(src, p)
	if err != nil {
		t.Fatalf("%s\n%v", p, err)
	}
	costs := make([][]uint16, len(streams))
	for i, s := range streams {
		costs[i] = make([]uint16, len(s))
		for j, c := range s {
			costs[i][j] = min(uint16(c), 16) // what stays as predicted costs nothing
		}
	}
	_, err = m.Spread(len(src), p, streams, costs, func(x *Made) error {
		if x.Node != node {
			return nil
		}
		s, err := SchemaOf(p, x)
		if err != nil || s == nil || kind >= len(s.Kinds) {
			return err
		}
		k = s.Kinds[kind]
		fields = k.Numbers()
		out, err = s.Series(p, x, kind, fields, most)
		return err
	})
	if err != nil {
		t.Fatalf("%s\n%v", p, err)
	}
	return k, fields, out
}

// TestSeriesOfKinds wants the values of heads and bodies of records of one kind among others, what is left of them, and
// the stretch in which something happens.
func TestSeriesOfKinds(t *testing.T) {
	height := func(i int) int {
		if i >= 600 && i < 700 {
			return i * (i % 7)
		}
		return 5
	}
	var src []byte
	var numbers []int // of the records of kind 1, among all
	total := 0
	for i := range 1000 {
		numbers = append(numbers, total)
		src = append(src, 1, byte(total))
		src = binary.BigEndian.AppendUint16(src, uint16(height(i)-3))
		src = binary.LittleEndian.AppendUint32(src, math.Float32bits(float32(i-500)/8))
		if total++; i%3 == 0 {
			src = append(src, 2, byte(3*total))
			total++
		}
	}
	// type 1: 8 bytes, int16be delta, float32 delta; type 2: 2 bytes. The heads: a byte, and one less the one before.
	p := mustParse(t, fmt.Sprintf("sequence_1 = payload(0)\nsequence_2 = columns(sequence_1, [1, 0, 0, 1, 1, 0])\nsequence_3 = get_subsequence_between_indices(sequence_2, 0, %d)\n"+
		"sequence_4 = payload(1)\nsequence_5 = kinds(sequence_3, sequence_4, 2, [0, 0, 1, 0, 1, 0, 2, 1, 8, 0, 2, 2, 0, 0, 2, -2, 1, 0, 4, 17, 0])\noutput = sequence_5", 2*total))
	k, fields, s := seriesIn(t, p, src, 4, 0, 100)
	if len(fields) != 3 || s.First != 600 {
		t.Fatalf("%d fields of %s, from record %d on; want 3 from 600 on", len(fields), k.Name, s.First)
	}
	for i := range 100 {
		n := 600 + i
		for j, want := range [][2]float64{
			{float64(byte(headNumber(numbers, n))), float64(int8(headNumber(numbers, n) - headBefore(numbers, n)))},
			{float64(height(n) - 3), float64(height(n) - height(n-1))},
			{float64(n-500) / 8, 1. / 8},
		} {
			c := &s.Curves[j]
			if len(c.Values) != 100 || len(c.Rest) != 100 || c.Values[i] != want[0] || c.Rest[i] != want[1] {
				t.Fatalf("field %d, record %d: %v of %d and %v of %d, want %v", j, n, c.Values[i], len(c.Values), c.Rest[i], len(c.Rest), want)
			}
		}
	}
}

// headNumber returns the second byte of the head of record n of kind 1.
func headNumber(numbers []int, n int) byte { return byte(numbers[n]) }

// headBefore returns that of the record before it, of either kind.
func headBefore(numbers []int, n int) byte {
	if numbers[n] == numbers[n-1]+1 {
		return byte(numbers[n] - 1)
	}
	return byte(3 * (numbers[n-1] + 1))
}

// TestSeriesOfColumns wants the numbers of each form, and what is left of them.
func TestSeriesOfColumns(t *testing.T) {
	bits := func(i int) uint64 { return uint64(math.Float32bits(float32(i-500) / 8)) }
	for _, c := range []struct {
		name, list  string
		number      func(i int) uint64
		width       int
		value, left func(i int) float64
		kind        string
	}{
		{"int16be", "-2, 1, 0", func(i int) uint64 { return uint64(3*i - 900) }, -2, func(i int) float64 { return float64(3*i - 900) }, func(int) float64 { return 3 }, "int16be"},
		{"a line", "2, 2, 0", func(i int) uint64 { return uint64(i * i / 40) }, 2, func(i int) float64 { return float64(i * i / 40) },
			func(i int) float64 { return float64(i*i/40 - 2*((i-1)*(i-1)/40) + (i-2)*(i-2)/40) }, "int16"},
		{"xor", "1, 3, 0", func(i int) uint64 { return uint64(i % 256) }, 1, func(i int) float64 { return float64(i % 256) }, func(i int) float64 { return float64((i ^ (i - 1)) % 256) }, "uint8"},
		{"floats", "4, 17, 0", bits, 4, func(i int) float64 { return float64(i-500) / 8 }, func(int) float64 { return 1. / 8 }, "float32"},
		{"decimals", "4, 49, 0", func(i int) uint64 { return uint64(math.Float32bits(float32(i) / 10)) }, 4, func(i int) float64 { return float64(float32(i) / 10) }, func(int) float64 { return 0.1 }, "float32/10"},
		{"floats that the plan has as integers", "-4, 1, 0", bits, -4, func(i int) float64 { return float64(i-500) / 8 }, func(int) float64 { return 1. / 8 }, "float32be"},
		{"multiples", "0, 1000, 7, 4, 289, 0", func(i int) uint64 { return uint64(1000*i + 7) }, 4, func(i int) float64 { return float64(1000*i + 7) }, func(int) float64 { return 1000 }, "int32×1000"},
		{"bytes", "1, 0, 0", func(i int) uint64 { return uint64(i % 200) }, 1, func(i int) float64 { return float64(i % 200) }, nil, "uint8"},
	} {
		var src []byte
		for i := range 1000 {
			src = append(src, numberBytes(c.number(i), c.width)...)
		}
		p := mustParse(t, "sequence_1 = payload(0)\nsequence_2 = columns(sequence_1, ["+c.list+"])\noutput = sequence_2")
		k, fields, s := seriesIn(t, p, src, 1, 0, 100)
		if len(fields) != 1 || len(s.Curves[0].Values) != 100 {
			t.Errorf("%s: %d fields", c.name, len(fields))
			continue
		}
		if got := k.Fields[0].NumberType(); got != c.kind {
			t.Errorf("%s: type %s, want %s", c.name, got, c.kind)
		}
		curve := s.Curves[0]
		for i, got := range curve.Values {
			n := s.First + i
			if want := c.value(n); got != want {
				t.Fatalf("%s: record %d: %v, want %v", c.name, n, got, want)
			}
			if c.left == nil {
				if curve.Rest != nil {
					t.Fatalf("%s: something is left of bytes", c.name)
				}
			} else if want := c.left(n); math.Abs(curve.Rest[i]-want) > 1e-4 {
				t.Fatalf("%s: record %d: %v is left, want %v", c.name, n, curve.Rest[i], want)
			}
		}
	}
}

// numberBytes returns x as w bytes, big endian if w is negative.
func numberBytes(x uint64, w int) []byte {
	if w < 0 {
		return binary.BigEndian.AppendUint64(nil, x)[8+w:]
	}
	return binary.LittleEndian.AppendUint64(nil, x)[:w]
}

// TestFloatsInParts wants floating-point numbers that the plan has as integers, bytes and parts of these, of which one says
// little by itself; and the other fields.
func TestFloatsInParts(t *testing.T) {
	value := func(i int) []float32 {
		x := math.Sin(float64(i) / 30)
		return []float32{float32(x), float32(x*x - 0.3), float32(9.8 + x/10)}
	}
	var src []byte
	for i := range 1000 {
		src = binary.LittleEndian.AppendUint32(src, uint32(1_000_000_000+i))
		for _, x := range value(i) {
			src = binary.LittleEndian.AppendUint32(src, math.Float32bits(x))
		}
		src = append(src, byte(i))
	}
	p := mustParse(t, "sequence_1 = payload(0)\nsequence_2 = columns(sequence_1, [4, 1, 0, 3, 1, 0, 1, 3, 0, 6, 0, 0, -2, 1, 0, 1, 1, 0])\noutput = sequence_2")
	_, fields, s := seriesIn(t, p, src, 1, 0, 100)
	if len(fields) != 5 || fields[0].NumberType() == "float32" || fields[4].Offset != 16 {
		t.Fatalf("%d numbers: %+v", len(fields), fields)
	}
	for k, f := range fields[1:4] {
		if c := s.Curves[1+k]; f.NumberType() != "float32" || f.Offset != 4+4*k || c.Rest != nil || c.Values[7] != float64(value(s.First + 7)[k]) {
			t.Errorf("number %d: %s at %d", k, f.NumberType(), f.Offset)
		}
	}
}

// TestTimesAreIntegers wants times and longitudes to be integers, although floating-point numbers have such bits.
func TestTimesAreIntegers(t *testing.T) {
	for _, first := range []int{1_000_000_000, -1_240_813_560} {
		var src []byte
		for i := range 1000 {
			src = binary.LittleEndian.AppendUint32(src, uint32(first+3600*i))
		}
		p := mustParse(t, "sequence_1 = payload(0)\nsequence_2 = columns(sequence_1, [4, 1, 0])\noutput = sequence_2")
		if k, _, _ := seriesIn(t, p, src, 1, 0, 100); k.Fields[0].NumberType() == "float32" {
			t.Errorf("numbers from %d on are floats", first)
		}
	}
}

// TestSeriesOfAnything wants finite numbers, as many of each field, of the lists of random plans.
func TestSeriesOfAnything(t *testing.T) {
	r := newSampler(82)
	shown := 0
	for range 1000 {
		p, src := r.kinds()
		if _, err := new(Machine).Split(src, p); err != nil || len(src) == 0 {
			continue
		}
		for node := range p.Nodes {
			k, fields, s := seriesIn(t, p, src, node, 0, 1+int(r.Uint32()%50))
			if len(fields) > 0 && p.Nodes[node].Op == dsl.Records && s.Curves == nil {
				continue
			}
			if len(s.Curves) != len(fields) {
				t.Fatalf("%s\n%d curves of %d fields", p, len(s.Curves), len(fields))
			}
			for i := range s.Curves {
				c := &s.Curves[i]
				if len(c.Values) != len(s.Curves[0].Values) || c.Rest != nil && len(c.Rest) != len(c.Values) || s.First+len(c.Values) > k.Records {
					t.Fatalf("%s\n%d values and %d residuals from %d on, of %d records", p, len(c.Values), len(c.Rest), s.First, k.Records)
				}
				shown += len(c.Values)
				for _, x := range append(c.Values, c.Rest...) {
					if math.IsNaN(x) || math.IsInf(x, 0) {
						t.Fatalf("%s\n%v", p, x)
					}
				}
			}
		}
	}
	if shown < 1000 {
		t.Errorf("%d values", shown)
	}
}
