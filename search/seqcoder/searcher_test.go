package seqcoder

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/kolmogorov"
	"github.com/ktzip/ktzip/search/programs"
)

// makes executes p and reports whether its output is sequence.
func makes(t *testing.T, p *dsl.Program, sequence []byte) bool {
	t.Helper()
	var m dsl.Machine
	out := make([]byte, len(sequence))
	_, err := m.Bytes(out, p, dsl.Budget{Steps: 1 << 24, Elements: 1 << 20})
	return err == nil && slices.Equal(out, sequence)
}

// TestBest wants right programs, the same each time, beside enumeration and alone, with
// the model built in.
func TestBest(t *testing.T) {
	w, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	m := NewModel(w, nil)
	e := programs.New(&programs.Config{Prior: programs.Uniform})
	both, alone := New(m, e, programs.Uniform), New(m, nil, programs.Uniform)
	gen := kolmogorov.NewGenerator(31)
	for range 6 {
		_, seq := gen.Next()
		if len(seq) == 0 || len(seq) > programs.MaxBlock {
			continue
		}
		for _, s := range []*Searcher{both, alone} {
			p, used := s.Best(seq, 20_000_000)
			q, again := s.Best(seq, 20_000_000)
			if used != again || (p == nil) != (q == nil) || p != nil && p.String() != q.String() {
				t.Fatalf("%d: %v, then %v", seq, p, q)
			}
			if p == nil && s == both || p != nil && !makes(t, p, seq) {
				t.Fatalf("%d: %v", seq, p)
			}
			if used > 40_000_000 {
				t.Errorf("%d elements take %d steps", len(seq), used)
			}
		}
	}
	if p, used := both.Best([]byte{1, 2, 3, 4}, 100); !makes(t, p, []byte{1, 2, 3, 4}) {
		t.Errorf("%v after %d steps", p, used)
	}
}

// TestRepaired goes on from a beginning.
func TestRepaired(t *testing.T) {
	w, _ := tinyVector(t)
	s := New(NewModel(w, nil), programs.New(nil), programs.Adaptive)
	sequence := []byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 200, 100, 200, 100, 200, 100}
	p := &Proposal{sequence: sequence, Made: 9, Left: sequence[9:], Merge: dsl.Concatenate, Part: &dsl.Program{
		Nodes: []dsl.Node{{Op: dsl.RangeUp, Nums: [3]int32{1, 9}}},
	}}
	q, _ := s.repaired(p, 100_000)
	if q == nil || !makes(t, q, sequence) || q.Nodes[0].Op != dsl.RangeUp {
		t.Errorf("%v", q)
	}
}

// TestFind wants programs for the blocks of a stream that make them one after the other.
func TestFind(t *testing.T) {
	w, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(3, 4))
	gen := kolmogorov.NewGenerator(5)
	var stream []byte
	for len(stream) < 1500 {
		_, seq := gen.Next()
		stream = append(stream, seq...)
		for range r.IntN(20) {
			stream = append(stream, byte(r.Uint32()))
		}
	}
	const size = 64
	limits := slices.Repeat([]dsl.Cost{1 << 30}, len(stream)/size)
	for _, e := range []*programs.Finder{nil, programs.New(nil)} {
		s := New(NewModel(w, nil), e, programs.Adaptive)
		found, used := s.Find(t.Context(), stream, 0, size, limits, 30_000_000)
		if queued, settled := s.Blocks(); queued != settled || int(queued) != len(limits) || used == 0 {
			t.Errorf("%d of %d blocks after %d steps", settled, queued, used)
		}
		var m dsl.Machine
		out, made := slices.Clone(stream), 0
		m.Forget()
		for i, p := range found {
			if p == nil {
				m.Forget()
				continue
			}
			made++
			at := i * size
			clear(out[at : at+size])
			if _, err := m.Block(out, at, size, p, dsl.BlockBudget(size)); err != nil || !slices.Equal(out[at:at+size], stream[at:at+size]) {
				t.Fatalf("block %d: %v, %v", i, err, p)
			}
		}
		if e != nil && made == 0 {
			t.Error("no programs")
		}
	}
}

// broken is a backend that fails after some calls.
type broken struct {
	Backend
	left *int
}

func (b broken) Shared() bool { return true }

var errBroken = errors.New("broken")

func (b broken) Extend(wide, k int, index, place, text, seen, last, tables []int32, mask []uint32) ([]int32, []float32, []float32, error) {
	if *b.left--; *b.left < 0 {
		return nil, nil, nil, errBroken
	}
	return b.Backend.Extend(wide, k, index, place, text, seen, last, tables, mask)
}

// TestTrouble loses the backend in the middle, and wants what the processor finds.
func TestTrouble(t *testing.T) {
	w, _ := tinyVector(t)
	sequence := []byte{5}
	want, _ := New(NewModel(w, nil), nil, programs.Uniform).Best(sequence, 1_000_000)
	for left := range 2 {
		s := New(NewModel(w, broken{NewCPU(w), &left}), nil, programs.Uniform)
		if got, _ := s.Best(sequence, 1_000_000); (got == nil) != (want == nil) || got != nil && got.String() != want.String() {
			t.Errorf("%v, not %v", got, want)
		}
		if s.Trouble() != errBroken {
			t.Errorf("%v is said", s.Trouble())
		}
		if _, used := s.Best(sequence, 1_000_000); used == 0 {
			t.Error("the processor does not take over")
		}
	}
}
