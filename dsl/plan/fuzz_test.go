package plan

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/internal/dsltest"
	"github.com/ktzip/ktzip/internal/mutate"
)

// FuzzPlan takes bytes apart by plans, from text or from bits, and puts them together
// again; then it joins streams of arbitrary bytes.
func FuzzPlan(plain *testing.F) {
	f := mutate.Of(plain)
	r := newSampler(15)
	for range 30 {
		streams := 0
		p := &dsl.Program{Nodes: r.plan(r.IntN(5), &streams)}
		p.Out = len(p.Nodes) - 1
		e := dsl.NewEncoder(dsl.Edition2)
		e.Plan(p.Canonical())
		f.Add(p.String(), []byte(nil), []byte("some bytes that a plan takes apart, and others that it makes"))
		f.Add("", e.Finish(), []byte("some bytes that a plan takes apart, and others that it makes"))
	}
	f.Add("sequence_1 = payload(0)\nsequence_2 = get_subsequence_between_indices(sequence_1, 0, 4)\nsequence_3 = payload(1)\nsequence_4 = records(sequence_2, sequence_3, 2, [0, 1, 0])\noutput = sequence_4", []byte(nil), []byte("\x03\x01a\x02\x02"))
	for range 20 {
		p, src := r.kinds()
		f.Add(p.String(), []byte(nil), src)
	}
	for range 20 {
		n, s, t, src, err := r.lines(12)
		if err != nil {
			f.Fatal(err)
		}
		p, _ := linesPlan(n, s, t)
		f.Add(p.String(), []byte(nil), src)
	}
	f.Add(lookupPlan(-2, 1, 8).String(), []byte(nil), []byte("ababcdabefef"))
	empty := []dsl.Node{{Op: dsl.Payload}, {Op: dsl.Payload, Nums: [3]int32{1}}, {Op: dsl.Between, Refs: [2]int{1}}}
	for _, p := range []*dsl.Program{ // that take much
		chain(empty, 64, twice(dsl.Concatenate)), chain(empty, 7, twice(dsl.Interleave)), chain(oneStream, 108, of(dsl.Node{Op: dsl.Pack, Nums: [3]int32{9}})),
		chain(oneStream, 300, of(dsl.Node{Op: dsl.Transpose, Nums: [3]int32{1, 1}})), chain(oneStream, 31, of(dsl.Node{Op: dsl.Paeth, Nums: [3]int32{1, 1, 7}})),
		mustParse(f, slowRecords(56, 2, 2)),
	} {
		f.Add(p.String(), []byte(nil), bytes.Repeat([]byte("seven.."), 8))
	}
	for _, g := range dsltest.Golden(f, "../..", "3") {
		f.Add("", g.Programs, g.Restored)
	}
	f.Fuzz(func(t *testing.T, text string, section, src []byte) {
		p, err := dsl.Parse(text, dsl.Plan)
		if err != nil {
			if p, err = dsl.NewDecoder(section, dsl.Edition2).Plan(); err != nil {
				return
			}
		}
		isRefusal := func(err error) bool { return errors.Is(err, dsl.ErrExecution) || errors.Is(err, dsl.ErrLimit) }
		layout, err := NewLayout(p, len(src))
		if err != nil {
			if !isRefusal(err) {
				t.Fatalf("%s\n%v", p, err)
			}
			return
		}
		var m Machine
		streams, err := m.Split(src, p)
		dst := make([]byte, len(src))
		if err == nil {
			if err := m.Join(dst, p, streams); err == nil && !slices.Equal(dst, src) {
				t.Fatalf("%s\nsplits %q to %q and joins that to %q", p, src, streams, dst)
			} else if err != nil && !isRefusal(err) {
				t.Fatalf("%s\n%v", p, err)
			}
		} else if !isRefusal(err) {
			t.Fatalf("%s\n%v", p, err)
		}
		streams = nil
		if len(src) == 0 {
			return
		}
		for k, n := range layout.Streams {
			s := make([]byte, n)
			for i := range s {
				s[i] = src[(i*7+k)%len(src)]
			}
			streams = append(streams, s)
		}
		if err := m.Join(dst, p, streams); err != nil && !isRefusal(err) {
			t.Fatalf("%s\n%v", p, err)
		}
	})
}
