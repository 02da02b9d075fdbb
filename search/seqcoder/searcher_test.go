package seqcoder

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/kolmogorov"
	"github.com/ktzip/ktzip/search/programs"
	"github.com/ktzip/ktzip/search/seqcoder/model"
)

// outputs reports whether p outputs sequence.
func outputs(p *dsl.Program, sequence []byte) bool {
	var m dsl.Machine
	out := make([]byte, len(sequence))
	_, err := m.Bytes(out, p, dsl.Budget{Steps: 1 << 24, Elements: 1 << 20})
	return err == nil && slices.Equal(out, sequence)
}

// TestBestIsRight searches with the embedded weights, along with enumeration and alone: programs
// output the sequence, are the same the second time, and stay within twice the steps.
func TestBestIsRight(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine")
	}
	const steps = 20_000_000
	m := model.New(embeddedWeights(t), nil)
	both := New(m, programs.New(&programs.Config{Prior: programs.Uniform}), programs.Uniform)
	alone := New(m, nil, programs.Uniform)
	gen := kolmogorov.NewGenerator(31)
	sequences := 4
	if raceEnabled {
		sequences = 1 // 20 s each
	}
	for range sequences {
		_, seq := gen.Next()
		if len(seq) == 0 || len(seq) > programs.MaxBlock {
			continue
		}
		for _, s := range []*Searcher{both, alone} {
			p, used := s.Best(seq, steps)
			q, again := s.Best(seq, steps)
			if used != again || (p == nil) != (q == nil) || p != nil && p.String() != q.String() {
				t.Fatalf("%d: got %v, then %v", seq, p, q)
			}
			if p == nil && s == both || p != nil && !outputs(p, seq) {
				t.Fatalf("%d: got %v", seq, p)
			}
			if used > 2*steps {
				t.Errorf("%d elements take %d steps, want at most %d", len(seq), used, 2*steps)
			}
		}
	}
	if p, used := both.Best([]byte{1, 2, 3, 4}, 100); p == nil || !outputs(p, []byte{1, 2, 3, 4}) {
		t.Errorf("got %v after %d steps", p, used)
	}
}

// TestCompletePartial completes a Partial whose remainder is periodic.
func TestCompletePartial(t *testing.T) {
	s := New(model.New(tinyWeights(t), nil), programs.New(nil), programs.Adaptive)
	sequence := []byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 200, 100, 200, 100, 200, 100}
	partial := &Partial{Elements: 9, Remainder: sequence[9:], Merge: dsl.Concatenate, Program: &dsl.Program{
		Nodes: []dsl.Node{{Op: dsl.RangeUp, Nums: [3]int32{1, 9}}},
	}}
	p, _ := s.complete(partial, 100_000)
	if p == nil || !outputs(p, sequence) || p.Nodes[0].Op != dsl.RangeUp {
		t.Errorf("got %v", p)
	}
}

// TestFindIsRight finds programs for the blocks of a stream and runs them in order.
func TestFindIsRight(t *testing.T) {
	m := model.New(embeddedWeights(t), nil)
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
	for _, finder := range []*programs.Finder{nil, programs.New(nil)} {
		s := New(m, finder, programs.Adaptive)
		found, used := s.Find(t.Context(), stream, 0, size, limits, 30_000_000)
		if queued, settled := s.Blocks(); queued != settled || int(queued) != len(limits) || used == 0 {
			t.Errorf("%d of %d blocks are settled after %d steps", settled, queued, used)
		}
		var machine dsl.Machine
		out, n := slices.Clone(stream), 0
		machine.Forget()
		for i, p := range found {
			if p == nil {
				machine.Forget()
				continue
			}
			n++
			off := i * size
			clear(out[off : off+size])
			_, err := machine.Block(out, off, size, p, dsl.BlockBudget(size))
			if err != nil || !slices.Equal(out[off:off+size], stream[off:off+size]) {
				t.Fatalf("block %d: %v, %v", i, err, p)
			}
		}
		if finder != nil && n == 0 {
			t.Error("no programs were found")
		}
	}
}

// TestProcessorReplacesBackend breaks the backend in the middle of a search: the Searcher finds
// what it finds on the processor, and says why.
func TestProcessorReplacesBackend(t *testing.T) {
	w := tinyWeights(t)
	sequence := []byte{5}
	want, _ := New(model.New(w, nil), nil, programs.Uniform).Best(sequence, 1_000_000)
	for left := range 2 {
		s := New(model.New(w, brokenBackend{model.NewCPU(w), &left}), nil, programs.Uniform)
		if got, _ := s.Best(sequence, 1_000_000); (got == nil) != (want == nil) || got != nil && got.String() != want.String() {
			t.Errorf("got %v, want %v", got, want)
		}
		if s.Trouble() != errBroken {
			t.Errorf("trouble: got %v, want %v", s.Trouble(), errBroken)
		}
		if _, used := s.Best(sequence, 1_000_000); used == 0 {
			t.Error("the processor is not asked")
		}
	}
}

// TestImportAllocatesLittle runs this test binary with a trace of its initialization: tables
// are built when they are first used, not by every program that imports the packages.
func TestImportAllocatesLittle(t *testing.T) {
	const maxBytes = 16 << 10 // of each package
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	lines := regexp.MustCompile(`init (github\.com/ktzip/ktzip/search/\S+) .* (\d+) bytes`).FindAllSubmatch(out, -1)
	for _, m := range lines {
		if n, _ := strconv.Atoi(string(m[2])); n > maxBytes {
			t.Errorf("importing %s allocates %d bytes, want at most %d", m[1], n, maxBytes)
		}
	}
	if len(lines) == 0 {
		t.Errorf("no initialization was traced: %s", out)
	}
}
