package seqcoder

import (
	"testing"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/kolmogorov"
	"github.com/ktzip/ktzip/search/seqcoder/model"
)

// TestProposalsAreReproducible proposes programs for a sequence twice in a batch, and alone.
func TestProposalsAreReproducible(t *testing.T) {
	m := model.New(tinyWeights(t), nil)
	beam := Beam{Width: 30, MaxTokens: 9}
	sequences := [][]byte{{5}, make([]byte, 1000), {1, 2, 3}, nil, {5}}
	all, err := Propose(m, sequences, beam)
	if err != nil {
		t.Fatal(err)
	}
	alone, err := Propose(m, sequences[:1], beam)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []*Proposal{all[4], alone[0]} {
		if got, want := len(p.Programs), len(all[0].Programs); got != want {
			t.Errorf("got %d programs, want %d", got, want)
		}
	}
	if len(all[1].Programs)+len(all[3].Programs) > 0 {
		t.Errorf("a sequence that is too long, and an empty one: got %v, %v", all[1], all[3])
	}
}

// TestProgramEnds follows set_list([5]) but for its end: the next step finds the program, and
// goes on with other tokens.
func TestProgramEnds(t *testing.T) {
	w := tinyWeights(t)
	m := model.New(w, nil)
	var machine dsl.Machine
	s := &search{proposal: &Proposal{sequence: []byte{5}}}
	h := &hypothesis{of: s, grammar: &grammar{sequence: []byte{5}}, cache: m.NewCache(), users: 1}
	line := []Token{tokenOp + Token(dsl.SetList), 5, tokenListEnd}
	for _, k := range line {
		if !h.grammar.allowed(k) || !h.grammar.push(k, &machine) {
			t.Fatalf("token %d is refused", k)
		}
	}
	text := append([]Token{5, tokenProgram}, line...)
	if err := extend(m, []*hypothesis{h}, [][]Token{text}, Vocabulary); err != nil || s.proposal.Flops == 0 {
		t.Fatalf("%v after %g operations", err, s.proposal.Flops)
	}
	s.beam = []*hypothesis{h}
	texts := s.step(Vocabulary, w.Context, &machine)
	found := s.proposal.Programs
	if len(found) != 1 || found[0].String() != "sequence_1 = set_list([5])\noutput = sequence_1" {
		t.Errorf("found %v", found)
	}
	if len(texts) == 0 || len(texts) != len(s.beam) || s.beam[0].grammar == h.grammar {
		t.Errorf("%d hypotheses go on with %d tokens", len(s.beam), len(texts))
	}
	if s.release(); !m.Idle() {
		t.Error("pages are in use after the search")
	}
}

// TestFewPages proposes programs with a backend that has too few pages for all sequences at
// once: what is found does not change.
func TestFewPages(t *testing.T) {
	w := tinyWeights(t)
	var sequences [][]byte
	for i := range 9 {
		sequences = append(sequences, []byte{byte(i), 7, 9})
	}
	beam := Beam{Width: 6, MaxTokens: 8}
	want, err := Propose(model.New(w, nil), sequences, beam)
	if err != nil {
		t.Fatal(err)
	}
	m := model.New(w, smallBackend{model.NewCPU(w), 120})
	got, err := Propose(m, sequences, beam)
	if err != nil {
		t.Fatal(err)
	}
	for i := range got {
		same(t, got[i], want[i])
	}
	if !m.Idle() {
		t.Error("pages are in use after the search")
	}
	if _, err := Propose(model.New(w, smallBackend{model.NewCPU(w), 1}), sequences, beam); err != model.ErrPages {
		t.Errorf("one page: got %v, want ErrPages", err)
	}
}

// same compares what was found for a sequence.
func same(t *testing.T, got, want *Proposal) {
	t.Helper()
	if len(got.Programs) != len(want.Programs) || got.Partial.Elements != want.Partial.Elements {
		t.Errorf("%d: got %d programs and %d elements, want %d and %d", want.sequence,
			len(got.Programs), got.Partial.Elements, len(want.Programs), want.Partial.Elements)
	}
}

// TestManySequences proposes programs for 600 sequences together: each gets what it gets alone.
func TestManySequences(t *testing.T) {
	m := model.New(tinyWeights(t), nil)
	var sequences [][]byte
	for i := range 600 {
		sequences = append(sequences, []byte{byte(i), byte(i >> 3), 3})
	}
	beam := Beam{Width: 2, MaxTokens: 5}
	all, err := Propose(m, sequences, beam)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(all); i += 37 {
		alone, err := Propose(m, sequences[i:i+1], beam)
		if err != nil {
			t.Fatal(err)
		}
		same(t, alone[0], all[i])
	}
}

// BenchmarkHost proposes programs with a backend that replays its answers: what grammar and
// beam take of the processor, in blocks a second.
func BenchmarkHost(b *testing.B) {
	const size = 128
	n := 256
	if testing.Short() {
		n = 16
	}
	w := embeddedWeights(b)
	gen := kolmogorov.NewGenerator(11)
	var stream []byte
	for len(stream) < n*size {
		_, seq := gen.Next()
		stream = append(stream, seq...)
	}
	var blocks [][]byte
	for i := range n {
		blocks = append(blocks, stream[i*size:][:size])
	}
	r := &recorder{Backend: model.NewCPU(w)}
	m := model.New(w, r)
	beam := Beam{Width: 8, MaxTokens: 40}
	if _, err := Propose(m, blocks, beam); err != nil {
		b.Fatal(err)
	}
	r.replay = true
	b.Logf("%d steps", len(r.answers))
	for b.Loop() {
		if _, err := Propose(m, blocks, beam); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "blocks/s")
}
