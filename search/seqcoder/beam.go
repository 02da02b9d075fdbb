package seqcoder

import (
	"cmp"
	"errors"
	"slices"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/search/seqcoder/model"
)

// A Beam is the extent of a beam search.
type Beam struct {
	Width     int // hypotheses that are followed at a time
	MaxTokens int // of a program
}

// Propose returns a Proposal for each sequence. It follows the sequences together, or in two
// halves if the backend has too few pages. Sequences that are empty or too long for the model
// get empty Proposals. The error is the backend's.
func Propose(m *model.Model, sequences [][]byte, b Beam) ([]*Proposal, error) {
	all, err := propose(m, sequences, b)
	for errors.Is(err, model.ErrPages) && len(sequences) == 1 && m.WaitForPage() { // other goroutines have the pages
		all, err = propose(m, sequences, b)
	}
	if errors.Is(err, model.ErrPages) && len(sequences) > 1 {
		half := len(sequences) / 2
		first, err := Propose(m, sequences[:half], b)
		if err != nil {
			return nil, err
		}
		second, err := Propose(m, sequences[half:], b)
		return append(first, second...), err
	}
	return all, err
}

func propose(m *model.Model, sequences [][]byte, b Beam) ([]*Proposal, error) {
	context := m.Weights().Context
	all := make([]*Proposal, len(sequences))
	var active []*search
	var hypotheses []*hypothesis
	var texts [][]Token
	for i, sequence := range sequences {
		all[i] = &Proposal{sequence: sequence}
		if len(sequence) == 0 || len(sequence)+2 > context {
			continue
		}
		text := make([]Token, 0, len(sequence)+1)
		for _, c := range sequence {
			text = append(text, Token(c))
		}
		s := &search{proposal: all[i]}
		h := &hypothesis{of: s, grammar: &grammar{sequence: sequence}, cache: m.NewCache(), users: 1}
		s.beam = []*hypothesis{h}
		active, hypotheses, texts = append(active, s), append(hypotheses, h), append(texts, append(text, tokenProgram))
	}
	started := slices.Clone(active)
	defer func() {
		for _, s := range started {
			s.release()
		}
	}()
	var machine dsl.Machine
	for range b.MaxTokens {
		if len(active) == 0 {
			break
		}
		if err := extend(m, hypotheses, texts, 2*b.Width); err != nil {
			return nil, err
		}
		hypotheses, texts = hypotheses[:0:0], texts[:0]
		for _, s := range active {
			texts = append(texts, s.step(b.Width, context, &machine)...)
			hypotheses = append(hypotheses, s.beam...)
		}
		active = slices.DeleteFunc(active, func(s *search) bool { return len(s.beam) == 0 })
	}
	return all, nil
}

// extend appends texts[i] to hypothesis i and sets the k likeliest tokens after it.
func extend(m *model.Model, hypotheses []*hypothesis, texts [][]Token, k int) error {
	caches := make([]*model.Cache, len(hypotheses))
	allowed := make([]uint32, 0, len(hypotheses)*m.Weights().MaskWords())
	for i, h := range hypotheses {
		h.of.proposal.Flops += m.Weights().Flops(len(texts[i]), h.cache.Len())
		caches[i] = h.cache
		words := h.grammar.mask()
		allowed = append(allowed, words[:]...)
	}
	c, err := m.Extend(caches, texts, allowed, k)
	if err != nil {
		return err
	}
	for i, h := range hypotheses {
		h.ids, h.logits, h.total = c.IDs[i*k:][:k], c.Logits[i*k:][:k], c.Totals[i]
	}
	return nil
}

// A search is a beam search for the programs of one sequence.
type search struct {
	proposal *Proposal
	beam     []*hypothesis // the best first
	reserve  []candidate   // candidates that the beam had no room for, the best first
	fresh    []candidate   // scratch of step
}

// maxReserve is the number of candidates that are kept for when hypotheses end. Arbitrary: 8
// beams of 32.
const maxReserve = 256

// A hypothesis is the start of a program, and the likeliest tokens after it.
type hypothesis struct {
	of      *search
	grammar *grammar
	cache   *model.Cache
	score   float64   // log-probability plus merit, nats
	ids     []int32   // the likeliest tokens not yet taken, the likeliest first, then -1
	logits  []float32 // of ids
	total   float32   // log of the sum of exp(logit) over all allowed tokens
	users   int       // the beam, and the candidates that come from it
}

// drop removes a user. The last one releases the text.
func (h *hypothesis) drop() {
	if h.users--; h.users == 0 {
		h.cache.Release()
	}
}

// release releases all hypotheses.
func (s *search) release() {
	for _, h := range s.beam {
		h.drop()
	}
	for _, c := range s.reserve {
		c.from.drop()
	}
	s.beam, s.reserve, s.fresh = nil, nil, nil
}

// A candidate is a hypothesis and the token to go on with. It is a user of the hypothesis.
type candidate struct {
	from    *hypothesis
	grammar *grammar // after the token; nil if the token has not been taken yet
	token   Token
	score   float64
}

// takeBest removes and returns the best pair of a hypothesis of the beam and a token after it;
// from is nil if there are no more. It is no user of the hypothesis yet.
func (s *search) takeBest() (c candidate) {
	for _, h := range s.beam {
		if len(h.ids) == 0 || h.ids[0] < 0 {
			continue
		}
		if score := h.score + float64(h.logits[0]-h.total); c.from == nil || score > c.score {
			c = candidate{from: h, token: Token(h.ids[0]), score: score}
		}
	}
	if c.from != nil {
		c.from.ids, c.from.logits = c.from.ids[1:], c.from.logits[1:]
	}
	return c
}

// step replaces the beam by the best hypotheses with one more token, and returns that token of
// each as a text: their caches have not read it. Programs that end are found; each makes the
// beam narrower by one.
func (s *search) step(width, context int, machine *dsl.Machine) (texts [][]Token) {
	s.collect(width, context, machine)
	slices.SortStableFunc(s.fresh, byScore)
	s.reserve = merge(s.reserve, s.fresh)
	before := s.beam
	n := min(max(width-len(s.proposal.Programs), 0), len(s.reserve))
	s.beam = make([]*hypothesis, 0, n)
	tokens := make([]Token, n)
	texts = make([][]Token, 0, n)
	for i, c := range s.reserve[:n] {
		if c.grammar == nil {
			c.grammar, _ = c.from.grammar.after(c.token, machine)
		}
		s.beam = append(s.beam, &hypothesis{of: s, grammar: c.grammar, cache: c.from.cache.Fork(), score: c.score, users: 1})
		tokens[i] = c.token
		texts = append(texts, tokens[i:i+1])
		c.from.drop()
	}
	s.removeReserve(n)
	for _, h := range before {
		h.ids, h.logits = nil, nil
		h.drop()
	}
	return texts
}

// freshPerHypothesis is the number of candidates for each place in the beam that a step looks
// at. Arbitrary.
const freshPerHypothesis = 3

// collect sets s.fresh to the likeliest candidates that the grammar accepts, and adds the
// programs that end to the proposal.
func (s *search) collect(width, context int, machine *dsl.Machine) {
	s.fresh = s.fresh[:0]
	for len(s.fresh) < freshPerHypothesis*width {
		c := s.takeBest()
		if c.from == nil {
			return
		}
		if c.token == tokenEnd {
			s.proposal.Programs = append(s.proposal.Programs, c.from.grammar.program())
			continue
		}
		if c.from.cache.Len() == context {
			continue
		}
		if c.from.grammar.affectsScore(c.token) {
			g, ok := c.from.grammar.after(c.token, machine)
			if !ok {
				continue
			}
			if !g.open { // the token ended a line
				s.proposal.note(g)
			}
			c.grammar = g
			c.score += g.merit - c.from.grammar.merit
		}
		c.from.users++
		s.fresh = append(s.fresh, c)
	}
}

// removeReserve removes the first n candidates, which are in the beam now, and the last ones
// beyond maxReserve: all of them if the beam is empty.
func (s *search) removeReserve(n int) {
	left := copy(s.reserve, s.reserve[n:])
	clear(s.reserve[left:])
	s.reserve = s.reserve[:left]
	for size := min(maxReserve, n*maxReserve); len(s.reserve) > size; {
		last := len(s.reserve) - 1
		s.reserve[last].from.drop()
		s.reserve[last] = candidate{}
		s.reserve = s.reserve[:last]
	}
}

func byScore(a, b candidate) int { return cmp.Compare(b.score, a.score) }

// merge returns the candidates of a and b, which are sorted, sorted; of equal ones a's come
// first. It may reuse a.
func merge(a, b []candidate) []candidate {
	i, j := len(a)-1, len(b)-1
	a = append(a, b...)
	for k := len(a) - 1; j >= 0; k-- {
		if i >= 0 && byScore(a[i], b[j]) > 0 {
			a[k] = a[i]
			i--
		} else {
			a[k] = b[j]
			j--
		}
	}
	return a
}
