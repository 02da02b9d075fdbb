package seqcoder

import (
	"cmp"
	"math"
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// A hypothesis is the beginning of a program.
type hypothesis struct {
	grammar *grammar
	cache   *Cache
	score   float64 // natural logarithm of its probability
	next    []float32
}

// Propose returns programs that make sequence, the shortest under the uniform prior
// first: those that a beam of width hypotheses ends with, within most tokens. Only
// programs are followed that parse and execute. It returns none for sequences that the
// model has no room for.
func (m *Model) Propose(sequence []byte, width, most int) ([]*dsl.Program, error) {
	text := make([]Token, 0, len(sequence)+1)
	for _, c := range sequence {
		text = append(text, Token(c))
	}
	text = append(text, tokenProgram)
	if most = min(most, m.w.Context-len(text)); len(sequence) == 0 || most < 1 {
		return nil, nil
	}
	first := &hypothesis{grammar: &grammar{}, cache: new(Cache)}
	logits, err := m.Extend([]*Cache{first.cache}, [][]Token{text})
	if err != nil {
		return nil, err
	}
	first.next = logits[0]
	beam := []*hypothesis{first}
	var machine dsl.Machine
	var found []*dsl.Program
	for range most {
		beam = m.step(beam, sequence, width, &machine, &found)
		if len(beam) == 0 || len(found) >= width {
			break
		}
	}
	slices.SortStableFunc(found, func(a, b *dsl.Program) int { return cmp.Compare(a.UniformBits(), b.UniformBits()) })
	return found, nil
}

// A choice is a hypothesis and the token to go on with.
type choice struct {
	from  *hypothesis
	token Token
	score float64
}

// step returns the best hypotheses of one token more, and appends the programs that end
// to found.
func (m *Model) step(beam []*hypothesis, sequence []byte, width int, machine *dsl.Machine, found *[]*dsl.Program) []*hypothesis {
	var choices []choice
	for _, h := range beam {
		// The probability is that among the tokens that are allowed.
		most := float32(math.Inf(-1))
		for t, x := range h.next {
			if h.grammar.allowed(Token(t), sequence) {
				most = max(most, x)
			}
		}
		sum := 0.0
		start := len(choices)
		for t, x := range h.next {
			if h.grammar.allowed(Token(t), sequence) {
				sum += math.Exp(float64(x - most))
				choices = append(choices, choice{h, Token(t), float64(x - most)})
			}
		}
		for i := range choices[start:] {
			choices[start+i].score += h.score - math.Log(sum)
		}
	}
	slices.SortStableFunc(choices, func(a, b choice) int { return cmp.Compare(b.score, a.score) })
	var next []*hypothesis
	var tokens [][]Token
	var caches []*Cache
	for _, c := range choices {
		if len(next) == width {
			break
		}
		if c.token == tokenEnd {
			*found = append(*found, c.from.grammar.program())
			continue
		}
		g := c.from.grammar.clone()
		if !g.push(c.token, machine) {
			continue
		}
		h := &hypothesis{grammar: g, cache: c.from.cache.Fork(), score: c.score}
		next, tokens, caches = append(next, h), append(tokens, []Token{c.token}), append(caches, h.cache)
	}
	if len(next) == 0 {
		return nil
	}
	logits, err := m.Extend(caches, tokens)
	if err != nil {
		return nil // no room for more
	}
	for i, h := range next {
		h.next = logits[i]
	}
	return next
}
