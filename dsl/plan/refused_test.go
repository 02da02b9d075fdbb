package plan

import (
	"encoding/binary"
	"errors"
	"math"
	"testing"

	"github.com/ktzip/ktzip/dsl"
)

// wrongFields are fields that no record has.
var wrongFields = map[string][]int32{
	"two numbers":                        {1, FieldDelta},
	"no bytes":                           {0, FieldDelta, 0},
	"numbers of 9 bytes":                 {9, FieldDelta, 0},
	"big-endian numbers of 9 bytes":      {-9, FieldDelta, 0},
	"the lowest width":                   {math.MinInt32, FieldDelta, 0},
	"big-endian text":                    {-4, FieldText, 0},
	"big-endian bytes":                   {-4, FieldBytes, 0},
	"too many bytes":                     {dsl.FullPlanned + 1, FieldBytes, 0},
	"together too many bytes":            {dsl.FullPlanned, FieldBytes, 0, 1, FieldDelta, 0},
	"predictor -1":                       {1, -1, 0},
	"predictor 8":                        {1, FieldText + 1, 0},
	"predictor 15":                       {1, FieldFloat - 1, 0},
	"floats of text":                     {4, FieldText + FieldFloat, 0},
	"floats of bytes":                    {4, FieldBytes + FieldFloat, 0},
	"the highest predictor":              {4, math.MaxInt32, 0},
	"no other field":                     {1, FieldDelta, 0, 1, FieldBeside, 0},
	"an other field for delta":           {1, FieldDelta, 0, 1, FieldDelta, 1},
	"an other field for bytes":           {1, FieldDelta, 0, 1, FieldBytes, 1},
	"an other field that comes later":    {1, FieldDelta, 0, 1, FieldBeside, -1},
	"an other field before the first":    {1, FieldDelta, 0, 1, FieldBeside, 2},
	"an other field far before":          {1, FieldDelta, 0, 1, FieldAlike, math.MaxInt32},
	"an other field of another width":    {2, FieldDelta, 0, 1, FieldStep, 1},
	"an other field of 9 bytes":          {9, FieldBytes, 0, 1, FieldAlike, 1},
	"an other field as wide as it is, 9": {9, FieldText, 0, 9, FieldBeside, 1},
}

// TestFieldsRefused lays out records of fields that there are none of, as columns and as kinds.
func TestFieldsRefused(t *testing.T) {
	if _, err := NewLayout(chain(oneStream, 1, of(dsl.Node{Op: dsl.Columns})), 100); !errors.Is(err, dsl.ErrExecution) {
		t.Errorf("columns without fields: %v", err)
	}
	for name, list := range wrongFields {
		p := chain(oneStream, 1, of(dsl.Node{Op: dsl.Columns, List: list}))
		if _, err := NewLayout(p, 100); !errors.Is(err, dsl.ErrExecution) {
			t.Errorf("columns of %s: %v", name, err)
		}
		if len(list)%fieldNumbers != 0 {
			continue // kinds say how many fields there are
		}
		p = framed(4, append([]int32{0, 1, 1, 0, 1, 0, 0, 5, int32(len(list) / fieldNumbers)}, list...), 8)
		if _, err := NewLayout(p, 100); !errors.Is(err, dsl.ErrExecution) {
			t.Errorf("kinds of %s: %v", name, err)
		}
	}
}

// framed is a plan of kinds with heads of h bytes, heads bytes together.
func framed(h int32, list []int32, heads int) *dsl.Program {
	return &dsl.Program{Nodes: []dsl.Node{
		{Op: dsl.Payload}, {Op: dsl.Between, Nums: [3]int32{0, int32(heads)}}, {Op: dsl.Payload, Nums: [3]int32{1}},
		{Op: dsl.Kinds, Refs: [2]int{1, 2}, Nums: [3]int32{h}, List: list},
	}, Out: 3}
}

// TestKindsRefused joins records whose framing no plan has, or whose heads do not fit.
// It is one function because it is one table.
func TestKindsRefused(t *testing.T) {
	byte0 := []int32{0, 1, 1, 0, 1, 0, 0} // byte 0 is the length
	types := []int32{0, 0, 1, 0, 1, 0, 2, 7, 5, 0, 8, 6, 1}
	// The bodies are of zeros.
	for _, c := range []struct {
		name  string
		h     int32
		list  []int32
		heads string
		body  int // bytes of bodies
		ok    bool
	}{
		{"two records", 2, byte0, "\x03a\x05b", 4, true},
		{"records that are too short", 2, byte0, "\x03a\x05b", 5, false},
		{"records that are too long", 2, byte0, "\x03a\x05b", 3, false},
		{"a head too many", 2, byte0, "\x03a\x05b\x02c", 4, true},
		{"a head of which there is no byte", 2, byte0, "\x04a\x03b", 2, false},
		{"half a head", 2, byte0, "\x03a\x05", 4, false},
		{"a record shorter than its head", 2, byte0, "\x01a\x05b", 3, false},
		{"no records", 2, byte0, "", 1, false},
		{"no records of nothing", 2, byte0, "", 0, true},
		{"types", 2, types, "\x07a\x08b", 7, true},
		{"a type that has no records yet", 2, types, "\x08b\x07a", 7, false},
		{"a type that has no records", 2, types, "\x07a\x09b", 7, false},
		{"a length that is negative", 2, []int32{0, 1, 1, -4, 1, 0, 0}, "\x03a", 0, false},
		{"units, bytes in addition, padding", 2, []int32{0, 1, 3, -1, 4, 0, 0}, "\x02a", 6, true},
		{"padding of a negative length", 2, []int32{0, 1, 1, -9, 8, 0, 0}, "\x02a", 0, false},
		{"varints", 2, []int32{0, varintElement, 1, 0, 1, 0, 0}, "\x03a\x83\x00", 5, true},
		{"a varint of 3 bytes", 2, []int32{0, varintElement, 1, 0, 1, 0, 0}, "\x83\x80", 3, false},
		{"3 bytes", 4, []int32{1, -3, 1, 0, 1, 0, 0}, "a\x00\x00\x06", 2, true},
		{"2^32 - 1 units", 4, []int32{0, 4, 65536, 0, 65536, 0, 0}, "\xff\xff\xff\xff", 2, false},

		{"no list", 2, nil, "", 0, false},
		{"6 numbers", 2, byte0[:6], "", 0, false},
		{"heads of no bytes", 0, byte0, "", 0, false},
		{"heads of 65 bytes", 65, byte0, "", 0, false},
		{"heads of 64 bytes", 64, byte0, "", 0, true},
		{"lengths before the head", 2, []int32{-1, 1, 1, 0, 1, 0, 0}, "", 0, false},
		{"lengths after the head", 2, []int32{2, 1, 1, 0, 1, 0, 0}, "", 0, false},
		{"lengths that end after the head", 2, []int32{1, 2, 1, 0, 1, 0, 0}, "", 0, false},
		{"varints that may end after the head", 2, []int32{1, varintElement, 1, 0, 1, 0, 0}, "", 0, false},
		{"types after the head", 2, []int32{2, 0, 1, 0, 1, 0, 0}, "", 0, false},
		{"lengths of -1 bytes", 2, []int32{0, -1, 1, 0, 1, 0, 0}, "", 0, false},
		{"lengths of 5 bytes", 8, []int32{0, 5, 1, 0, 1, 0, 0}, "", 0, false},
		{"lengths of the lowest number", 8, []int32{0, math.MinInt32, 1, 0, 1, 0, 0}, "", 0, false},
		{"units of 0 bytes", 2, []int32{0, 1, 0, 0, 1, 0, 0}, "", 0, false},
		{"units of 65537 bytes", 2, []int32{0, 1, 65537, 0, 1, 0, 0}, "", 0, false},
		{"padding to 0 bytes", 2, []int32{0, 1, 1, 0, 0, 0, 0}, "", 0, false},
		{"padding to 65537 bytes", 2, []int32{0, 1, 1, 0, 65537, 0, 0}, "", 0, false},
		{"65537 bytes in addition", 2, []int32{0, 1, 1, 65537, 1, 0, 0}, "", 0, false},
		{"65537 bytes less", 2, []int32{0, 1, 1, -65537, 1, 0, 0}, "", 0, false},
		{"-1 keys", 2, []int32{0, 1, 1, 0, 1, -1, 0}, "", 0, false},
		{"keys that are cut short", 2, []int32{0, 1, 1, 0, 1, 2, 1}, "", 0, false},
		{"no number of types", 2, []int32{0, 1, 1, 0, 1, 1, 1}, "", 0, false},
		{"5 keys", 2, []int32{0, 1, 1, 0, 1, 5, 0, 0, 0, 0, 0, 0}, "", 0, false},
		{"4 keys", 2, []int32{0, 1, 1, 0, 1, 4, 0, 0, 0, 0, 0}, "", 0, true},
		{"a key after the head", 2, []int32{0, 1, 1, 0, 1, 1, 2, 0}, "", 0, false},
		{"a key before the head", 2, []int32{0, 1, 1, 0, 1, 1, -1, 0}, "", 0, false},
		{"types beside lengths", 2, []int32{0, 1, 1, 0, 1, 0, 1, 5, 5, 0}, "", 0, false},
		{"types that are cut short", 2, []int32{0, 0, 1, 0, 1, 0, 1, 5, 5}, "", 0, false},
		{"type 256", 2, []int32{0, 0, 1, 0, 1, 0, 1, 256, 5, 0}, "", 0, false},
		{"type -1", 2, []int32{0, 0, 1, 0, 1, 0, 1, -1, 5, 0}, "", 0, false},
		{"a type that is shorter than the head", 2, []int32{0, 0, 1, 0, 1, 0, 1, 5, 1, 0}, "", 0, false},
		{"a type that is too long", 2, []int32{0, 0, 1, 0, 1, 0, 1, 5, dsl.FullPlanned + 1, 0}, "", 0, false},
		{"a type from record -1 on", 2, []int32{0, 0, 1, 0, 1, 0, 1, 5, 5, -1}, "", 0, false},
		{"types in the wrong order", 2, []int32{0, 0, 1, 0, 1, 0, 2, 5, 5, 3, 6, 5, 2}, "", 0, false},
		{"a kind without the number of its fields", 2, append(byte0[:7:7], 3), "", 0, false},
		{"a kind whose fields are cut short", 2, append(byte0[:7:7], 3, 1, 1, 1), "", 0, false},
		{"a kind twice", 2, append(byte0[:7:7], 3, 0, 3, 0), "", 0, false},
		{"kinds in the wrong order", 2, append(byte0[:7:7], 3, 0, otherKinds, 0), "", 0, false},
		{"kinds in their order", 2, append(byte0[:7:7], math.MinInt32, 0, otherKinds, 0, 0, 0, 7, 0), "", 0, true},
	} {
		err := new(Machine).Join(make([]byte, len(c.heads)+c.body), framed(c.h, c.list, len(c.heads)), [][]byte{[]byte(c.heads), make([]byte, c.body)})
		if c.ok != (err == nil) || !c.ok && !errors.Is(err, dsl.ErrExecution) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if _, err := NewLayout(mustParse(t, "sequence_1 = payload(0)\nsequence_2 = payload(1)\nsequence_3 = kinds(sequence_1, sequence_2, 2, [0, 1, 1, 0, 1, 0, 0])\noutput = sequence_3"), 8); !errors.Is(err, dsl.ErrExecution) {
		t.Errorf("heads without a stated length: %v", err)
	}
}

// TestManyKinds joins as many kinds of records as there may be, and one more.
func TestManyKinds(t *testing.T) {
	heads := []byte{}
	for k := range uint32(MaxKinds + 1) {
		heads = binary.LittleEndian.AppendUint32(heads, k<<8|4)
	}
	list := []int32{0, 1, 1, 0, 1, 3, 3, 2, 1, 0, otherKinds, 1, 1, FieldDelta, 0}
	for _, n := range []int{4 * MaxKinds, 4*MaxKinds + 4} {
		err := new(Machine).Join(make([]byte, n), framed(4, list, n), [][]byte{heads[:n], nil})
		if want := n > 4*MaxKinds; want != errors.Is(err, dsl.ErrLimit) || !want && err != nil {
			t.Errorf("%d kinds: %v", n/4, err)
		}
	}
}

// TestLongRecords joins records of the longest length, and of one more byte.
func TestLongRecords(t *testing.T) {
	for _, length := range []uint32{dsl.FullPlanned, dsl.FullPlanned + 1} {
		head := binary.LittleEndian.AppendUint32(nil, length)
		list := []int32{0, 4, 1, 0, 1, 0, 0, otherKinds, 1, 4, FieldDelta, 0}
		err := new(Machine).Join(make([]byte, length), framed(4, list, 4), [][]byte{head, make([]byte, length-4)})
		if want := length > dsl.FullPlanned; want != errors.Is(err, dsl.ErrExecution) || !want && err != nil {
			t.Errorf("a record of %d bytes: %v", length, err)
		}
	}
}
