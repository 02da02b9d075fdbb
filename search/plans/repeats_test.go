package plans

import (
	"bytes"
	"context"
	"math/rand/v2"
	"testing"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
)

// far returns noise that comes twice, with noise of its own between and after.
func far(r *rand.Rand, size int) []byte {
	b := make([]byte, size)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	copy(b[size/2:], b[:size/3])
	return b
}

// TestRepeatsBecomeCopies takes what repeats out of a segment and out of the streams of a plan.
func TestRepeatsBecomeCopies(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	src := far(r, 300_000)
	two, err := dsl.Parse("sequence_1 = payload(0)\nsequence_2 = payload(1)\nsequence_3 = interleave(sequence_2, sequence_1)\noutput = sequence_3", dsl.Plan)
	if err != nil {
		t.Fatal(err)
	}
	zeros := make([]byte, len(src))
	woven := make([]byte, 2*len(src))
	var m plan.Machine
	if err := m.Join(woven, two, [][]byte{src, zeros}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		src  []byte
		d    plan.Division
		most int // bytes of all streams
	}{
		{"a segment", src, plan.Division{Plan: dsl.Identity(), Streams: [][]byte{src}}, len(src)*2/3 + 1000},
		{"two streams", woven, plan.Division{Plan: two, Streams: [][]byte{src, zeros}}, len(src)*5/3 + 1000},
	} {
		for _, level := range []int{4, 6, 9} {
			got, ok := New(level).Repeats(context.Background(), c.d, estimate)
			if !ok {
				t.Errorf("%s, level %d: no repeats", c.name, level)
				continue
			}
			total := 0
			for _, s := range got.Streams {
				total += len(s)
			}
			dst := make([]byte, len(c.src))
			if err := m.Join(dst, got.Plan, got.Streams); err != nil || !bytes.Equal(dst, c.src) || total > c.most {
				t.Errorf("%s, level %d: %d bytes of streams, at most %d; joined %v\n%s", c.name, level, total, c.most, err, got.Plan)
			}
		}
	}
	if got, ok := New(9).Repeats(context.Background(), plan.Division{Plan: dsl.Identity(), Streams: [][]byte{src[:100_000]}}, estimate); ok {
		t.Errorf("noise has repeats\n%s", got.Plan)
	}
}

// TestTooManyCopies leaves out short copies if a plan cannot have so many.
func TestTooManyCopies(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var copies []plan.Copy
	size := 0
	for size < 30<<20 {
		c := plan.Copy{Run: uint32(r.IntN(9)), Length: uint32(3 + r.IntN(12)), Distance: uint32(1 + r.IntN(size+1))}
		size += int(c.Run + c.Length)
		copies = append(copies, c)
	}
	kept, least := affordable(copies, size)
	n, columns := plan.CopyNode(kept, least)
	p := &draft{}
	literals := size
	for _, c := range kept {
		literals -= int(c.Length)
	}
	p.Out = p.add(n, p.stream(literals), p.stream(len(columns)))
	if _, err := plan.NewLayout(p.Canonical(), size); err != nil || len(kept) < 500_000 || least < 8 {
		t.Errorf("%d copies of at least %d bytes: %v", len(kept), least, err)
	}
}

// TestLengthens asks for longer segments if what is far repeats.
func TestLengthens(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	src := far(r, 300_000)
	for level, want := range map[int]bool{1: false, 6: true, 9: true} {
		if got := New(level).Lengthens(src, 8); got != want {
			t.Errorf("level %d: %t, want %t", level, got, want)
		}
	}
	if New(9).Lengthens(src[:150_000], 32) {
		t.Error("noise that does not repeat")
	}
}
