package seqcoder

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/kolmogorov"
)

// TestGrammar follows drawn programs, and wants every token allowed.
func TestGrammar(t *testing.T) {
	gen := kolmogorov.NewGenerator(2)
	var m dsl.Machine
	const drawn = 500
	refused := 0
	for range drawn {
		p, seq := gen.Next()
		text, err := Encode(nil, seq, p)
		if err != nil {
			t.Fatal(err)
		}
		g := &grammar{sequence: seq}
		for _, k := range text[len(seq)+1:] {
			if g.lines() == maxLines || g.last != nil && g.last.total > maxElements-1000 {
				break
			}
			if !g.allowed(k) {
				t.Fatalf("%s\ntoken %d is not allowed after %v", p, k, g.nodes(0))
			}
			if k == tokenEnd {
				if g.program().String() != p.Canonical().String() {
					t.Fatalf("%s\nbecomes\n%s", p, g.program())
				}
				break
			}
			if !g.push(k, &m) {
				refused++ // an empty list, or one of which the sequence has other elements
				break
			}
		}
	}
	if refused*5 > drawn {
		t.Errorf("%d of %d programs are refused", refused, drawn)
	}
}

// TestGrammarRandom follows random tokens that are allowed: what ends makes the sequence.
func TestGrammarRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	var machine dsl.Machine
	ended := 0
	for range 300 {
		seq := []byte{7}
		g := &grammar{sequence: seq}
		for range 60 {
			var may []Token
			var m mask
			for k := range Token(Vocabulary) {
				if g.allowed(k) {
					may = append(may, k)
					m.set(k)
				}
			}
			if m != g.mask() {
				t.Fatalf("a mask of other tokens than %d", may)
			}
			if len(may) == 0 {
				break
			}
			k := may[r.IntN(len(may))]
			if g.allowed(7) && r.IntN(2) == 0 {
				k = 7
			} else if g.allowed(tokenListEnd) {
				k = tokenListEnd
			}
			if g.made() {
				k = tokenEnd
			}
			if k == tokenEnd {
				got := make([]byte, len(seq))
				if _, err := machine.Bytes(got, g.program(), dsl.Budget{Steps: 1 << 20, Elements: 1 << 20}); err != nil || !bytes.Equal(got, seq) {
					t.Fatalf("%v: %v, %d", g.program(), err, got)
				}
				ended++
				break
			}
			if next, ok := g.after(k, &machine); ok {
				g = next
			}
		}
	}
	if ended == 0 {
		t.Error("no program ended")
	}
}

// TestPropose wants the same programs each time and beside others, and one that is about
// to end to end.
func TestPropose(t *testing.T) {
	w, _ := tinyVector(t)
	m := NewModel(w, nil)
	beam := Beam{Width: 30, Most: 9}
	sequences := [][]byte{{5}, make([]byte, 1000), {1, 2, 3}, nil, {5}}
	all, err := m.Propose(sequences, beam)
	if err != nil {
		t.Fatal(err)
	}
	alone, err := m.Propose(sequences[:1], beam)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []*Proposal{all[4], alone[0]} {
		if len(p.Programs) != len(all[0].Programs) {
			t.Errorf("%d programs, then %d", len(all[0].Programs), len(p.Programs))
		}
	}
	if len(all[1].Programs)+len(all[3].Programs) > 0 {
		t.Error("a sequence that is too long, and an empty one:", all[1], all[3])
	}

	// set_list([5]) but for its end.
	var machine dsl.Machine
	h := &hypothesis{of: &Proposal{}, grammar: &grammar{sequence: []byte{5}}, cache: *m.NewCache(), users: 1}
	line := []Token{tokenOp + Token(dsl.SetList), 5, tokenListEnd}
	for _, k := range line {
		if !h.grammar.allowed(k) || !h.grammar.push(k, &machine) {
			t.Fatalf("token %d is refused", k)
		}
	}
	if err := m.next([]*hypothesis{h}, [][]Token{append([]Token{5, tokenProgram}, line...)}, Vocabulary); err != nil || h.of.Work == 0 {
		t.Fatal(err)
	}
	p := &Proposal{sequence: []byte{5}, beam: []*hypothesis{h}}
	tokens := p.step(Vocabulary, w.Context, &machine)
	if len(p.Programs) != 1 || p.Programs[0].String() != "sequence_1 = set_list([5])\noutput = sequence_1" {
		t.Errorf("found %v", p.Programs)
	}
	if len(tokens) == 0 || len(tokens) != len(p.beam) || p.beam[0].grammar == h.grammar {
		t.Errorf("%d hypotheses go on with %d tokens", len(p.beam), len(tokens))
	}
	if p.end(); !m.pages.whole() {
		t.Errorf("%d of %d pages are free", len(m.pages.free), m.pages.used)
	}
}

// TestNote keeps the longest list that the sequence starts with, corrected.
func TestNote(t *testing.T) {
	sequence := []byte{1, 2, 3, 9, 3}
	for _, c := range []struct {
		list    []int32
		made    int
		program string // after the list
	}{
		{[]int32{1, 2}, 2, ""},
		{[]int32{7, 8}, 0, "sequence_2 = subtract_item_list(sequence_1, 6)"}, // 2 of them
		{[]int32{1, 2, 3, 4}, 4, "sequence_2 = substitute(sequence_1, 4, 9)"},
		{[]int32{1, 2, 3}, 3, ""},
		{[]int32{1, 2, 0, 9, 0}, 5, "sequence_2 = substitute(sequence_1, 0, 3)"},
		{[]int32{0, 1, 2, 8, 2}, 5, "sequence_2 = add_item_list(sequence_1, 1)"},
		{[]int32{1, 2, 3, 9, 3, 4}, 5, "sequence_2 = get_subsequence_between_indices(sequence_1, 0, 5)"},
		{[]int32{1, 2, 3, 9, 3}, 0, ""}, // the beam ends it
	} {
		p := &Proposal{sequence: sequence}
		literal := dsl.Node{Op: dsl.SetList, List: c.list}
		p.note(&grammar{last: &line{node: literal, made: c.list, count: 1, total: len(c.list)}})
		got, made := p.Part, p.Made
		if len(p.Programs) > 0 {
			got, made = p.Programs[0], len(sequence)
		}
		if c.program != "" && c.made == 0 {
			c.made = 2
		}
		if made != c.made {
			t.Errorf("%d: %d elements, not %d", c.list, made, c.made)
		}
		if got == nil {
			continue
		}
		if lines := strings.Split(got.String(), "\n"); c.program != "" && lines[1] != c.program || c.program == "" && len(lines) != 2 {
			t.Errorf("%d: %s", c.list, got)
		}
		if !makes(t, got, sequence[:made]) {
			t.Errorf("%d: %s does not make them", c.list, got)
		}
	}
}

// few is a backend of few pages.
type few struct {
	*cpuBackend
	n int
}

func (f few) Pages() int { return f.n }

// TestFewPages wants the same where the backend has no memory for all sequences at once.
func TestFewPages(t *testing.T) {
	w, _ := tinyVector(t)
	var sequences [][]byte
	for i := range 9 {
		sequences = append(sequences, []byte{byte(i), 7, 9})
	}
	beam := Beam{Width: 6, Most: 8}
	want, err := NewModel(w, nil).Propose(sequences, beam)
	if err != nil {
		t.Fatal(err)
	}
	const pages = 120
	m := NewModel(w, few{newCPU(w), pages})
	got, err := m.Propose(sequences, beam)
	if err != nil {
		t.Fatal(err)
	}
	for i := range got {
		if len(got[i].Programs) != len(want[i].Programs) || got[i].Made != want[i].Made {
			t.Errorf("sequence %d: %d programs, not %d", i, len(got[i].Programs), len(want[i].Programs))
		}
	}
	if !m.pages.whole() || m.pages.used > pages {
		t.Errorf("%d of %d pages are free", len(m.pages.free), m.pages.used)
	}
	if _, err := NewModel(w, few{newCPU(w), 1}).Propose(sequences, beam); err != errPages {
		t.Errorf("one page: %v", err)
	}
}

// TestMany follows so many sequences that several are followed at a time, and wants what
// each gets alone.
func TestMany(t *testing.T) {
	w, _ := tinyVector(t)
	m := NewModel(w, nil)
	var sequences [][]byte
	for i := range 600 {
		sequences = append(sequences, []byte{byte(i), byte(i >> 3), 3})
	}
	beam := Beam{Width: 2, Most: 5}
	all, err := m.Propose(sequences, beam)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(all); i += 37 {
		one, err := m.Propose(sequences[i:i+1], beam)
		if err != nil || one[0].Made != all[i].Made || len(one[0].Programs) != len(all[i].Programs) {
			t.Errorf("sequence %d: %v, not %v, %v", i, all[i], one[0], err)
		}
	}
}
