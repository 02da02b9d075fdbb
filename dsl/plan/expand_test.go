package plan

import (
	"bytes"
	"errors"
	"testing"

	"github.com/ktzip/ktzip/dsl"
)

// copyPlan returns the plan of src with these copies, and its streams.
func copyPlan(src []byte, copies []Copy, least int) (*dsl.Program, [][]byte) {
	n, columns := CopyNode(copies, least)
	literals := AppendLiterals(nil, src, copies)
	n.Refs = [2]int{1, 3}
	return &dsl.Program{Nodes: []dsl.Node{
		{Op: dsl.Payload}, {Op: dsl.Between, Nums: [3]int32{0, int32(len(literals))}},
		{Op: dsl.Payload, Nums: [3]int32{1}}, {Op: dsl.Between, Nums: [3]int32{0, int32(len(columns))}, Refs: [2]int{2}}, n,
	}, Out: 4}, [][]byte{literals, columns}
}

// repetitive returns bytes that repeat, at near and far distances, and the copies of which they
// were made.
func (r sampler) repetitive(least int) (src []byte, copies []Copy) {
	for range r.IntN(40) {
		run := r.IntN(4) * r.IntN(20)
		for range run {
			src = append(src, byte(r.Uint32()))
		}
		if len(src) == 0 {
			continue
		}
		d := 1 + r.IntN(len(src))
		if n := len(copies); n > 0 && r.IntN(2) == 0 {
			d = int(copies[max(0, n-1-r.IntN(5))].Distance)
		}
		length := least + r.IntN(300)>>r.IntN(9)
		for range length {
			src = append(src, src[len(src)-d])
		}
		copies = append(copies, Copy{uint32(run), uint32(length), uint32(d)})
	}
	for range r.IntN(9) {
		src = append(src, byte(r.Uint32()))
	}
	return src, copies
}

// TestExpandMakesCopies joins literals and copies, as they were drawn and as FindCopies finds
// them, as the oracle does, and takes the result apart.
func TestExpandMakesCopies(t *testing.T) {
	r := newSampler(21)
	var m Machine
	found := 0
	for range 2000 {
		least := 1 + r.IntN(12)
		src, copies := r.repetitive(least)
		for _, list := range [][]Copy{copies, FindCopies(src, least)} {
			p, streams := copyPlan(src, list, least)
			dst := make([]byte, len(src))
			if err := m.Join(dst, p, streams); err != nil || !bytes.Equal(dst, src) {
				t.Fatalf("%s\n%v: joined to something else", p, err)
			}
			if o := (&oracle{p, streams}); !bytes.Equal(o.list(p.Out), src) {
				t.Fatalf("%s\nthe oracle joins to something else", p)
			}
			found += len(list)
		}
		p, streams := copyPlan(src, FindCopies(src, least), least)
		parts, err := m.Split(src, p)
		if err != nil || !bytes.Equal(parts[0], streams[0]) || !bytes.Equal(parts[1], streams[1]) {
			t.Fatalf("%s\n%v: split to something else", p, err)
		}
	}
	if found < 20_000 {
		t.Errorf("%d copies", found)
	}
}

// TestExpandRefuses joins copies that do not fit.
func TestExpandRefuses(t *testing.T) {
	for _, c := range []struct {
		name    string
		size    int
		least   int32
		widths  []int32
		columns string
		ok      bool
	}{
		{"three literals, then one of them three times", 6, 1, []int32{1, 1, 1}, "\x03\x02\x00", true},
		{"before the first byte", 6, 1, []int32{1, 1, 1}, "\x00\x02\x00", false},
		{"a byte too far", 6, 1, []int32{1, 1, 1}, "\x03\x02\x07", false},
		{"as far as can be", 6, 1, []int32{1, 1, 1}, "\x03\x02\x06", true},
		{"too many literals", 6, 1, []int32{1, 1, 1}, "\x04\x02\x00", false},
		{"a copy too long", 6, 1, []int32{1, 1, 1}, "\x03\x03\x00", false},
		{"a copy too short", 6, 1, []int32{1, 1, 1}, "\x03\x01\x00", false},
		{"no copies", 6, 1, []int32{1, 1, 1}, "", false},
		{"no copies of nothing", 3, 1, []int32{1, 1, 1}, "", true},
		{"half a copy", 6, 1, []int32{1, 1, 1}, "\x03\x02", false},
		{"2^32 literals", 6, 1, []int32{4, 1, 1}, "\xff\xff\xff\xff\x02\x00", false},
		{"a copy of 2^32 bytes", 6, 1, []int32{1, 4, 1}, "\x03\xff\xff\xff\xff\x00", false},
		{"2^32 bytes before", 6, 1, []int32{1, 1, 4}, "\x03\x02\xff\xff\xff\xff", false},
		{"less than literals", 2, 1, []int32{1, 1, 1}, "\x03\x02\x00", false},
		{"copies of 0 bytes", 6, 0, []int32{1, 1, 1}, "\x03\x03\x00", false},
	} {
		p := &dsl.Program{Nodes: []dsl.Node{
			{Op: dsl.Payload}, {Op: dsl.Between, Nums: [3]int32{0, 3}},
			{Op: dsl.Payload, Nums: [3]int32{1}}, {Op: dsl.Between, Nums: [3]int32{0, int32(len(c.columns))}, Refs: [2]int{2}},
			{Op: dsl.Expand, Refs: [2]int{1, 3}, Nums: [3]int32{c.least}, List: c.widths},
		}, Out: 4}
		err := new(Machine).Join(make([]byte, c.size), p, [][]byte{[]byte("abc"), []byte(c.columns)})
		if c.ok != (err == nil) || !c.ok && !errors.Is(err, dsl.ErrExecution) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	src := bytes.Repeat([]byte("twelve bytes"), 3)
	p, _ := copyPlan(src, FindCopies(src, 12), 12)
	for _, other := range []string{"twelve bytes not repeated, 36 of it.", "twelve bytestwelve bytes and others.", "twelve bytestwelve byteXtwelve bytes"} {
		if _, err := new(Machine).Split([]byte(other), p); !errors.Is(err, dsl.ErrExecution) {
			t.Errorf("%q is split by the plan of other bytes: %v", other, err)
		}
	}
	unstated := "sequence_1 = payload(0)\nsequence_2 = payload(1)\nsequence_3 = expand(sequence_1, sequence_2, 1, [1, 1, 1])\noutput = sequence_3"
	if _, err := NewLayout(mustParse(t, unstated), 8); !errors.Is(err, dsl.ErrExecution) {
		t.Errorf("lists without stated lengths: %v", err)
	}
}
