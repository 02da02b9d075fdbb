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

// A Proposal is what a beam found for a sequence.
type Proposal struct {
	Programs []*dsl.Program // that make it, the likeliest first
	// A program that makes its first Made elements, for want of one; nil: there is none.
	Prefix *dsl.Program
	Made   int

	sequence []byte
	beam     []*hypothesis
}

// A Beam says how widely programs are looked for.
type Beam struct {
	Width int // hypotheses that are followed at a time
	Most  int // tokens of a program
}

// Propose returns a Proposal for each sequence. Only programs are followed that parse and
// execute. Sequences are read and followed together; for those that the model has no room
// for nothing is proposed.
func (m *Model) Propose(sequences [][]byte, b Beam) ([]*Proposal, error) {
	all, open := make([]*Proposal, len(sequences)), []*Proposal(nil)
	var caches []*Cache
	var texts [][]Token
	for i, s := range sequences {
		all[i] = &Proposal{sequence: s}
		if len(s) == 0 || len(s)+2 > m.w.Context {
			continue
		}
		text := make([]Token, 0, len(s)+1)
		for _, c := range s {
			text = append(text, Token(c))
		}
		open, caches, texts = append(open, all[i]), append(caches, new(Cache)), append(texts, append(text, tokenProgram))
	}
	if len(open) == 0 {
		return all, nil
	}
	logits, err := m.Extend(caches, texts)
	if err != nil {
		return nil, err
	}
	for i, p := range open {
		p.beam = []*hypothesis{{grammar: &grammar{sequence: p.sequence}, cache: caches[i], next: logits[i]}}
	}
	var machine dsl.Machine
	for range b.Most {
		var next []*hypothesis // of all
		var tokens [][]Token
		for _, p := range open {
			t := p.step(b.Width, m.w.Context, &machine)
			next, tokens = append(next, p.beam...), append(tokens, t...)
		}
		if open = slices.DeleteFunc(open, func(p *Proposal) bool { return len(p.beam) == 0 }); len(open) == 0 {
			break
		}
		caches = caches[:0]
		for _, h := range next {
			caches = append(caches, h.cache)
		}
		if logits, err = m.Extend(caches, tokens); err != nil {
			return nil, err
		}
		for i, h := range next {
			h.next = logits[i]
		}
	}
	for _, p := range all {
		p.beam = nil
	}
	return all, nil
}

// A choice is a hypothesis and the token to go on with.
type choice struct {
	from  *hypothesis
	token Token
	score float64
}

// step makes p's beam the best hypotheses of one token more and returns these tokens,
// which their caches have not seen; programs that end are found.
func (p *Proposal) step(width, context int, machine *dsl.Machine) (tokens [][]Token) {
	var choices []choice
	for _, h := range p.beam {
		choices = h.choices(choices, 2*width)
	}
	slices.SortStableFunc(choices, func(a, b choice) int { return cmp.Compare(b.score, a.score) })
	p.beam = nil
	for _, c := range choices {
		if len(p.beam)+len(p.Programs) >= width {
			break
		}
		if c.token == tokenEnd {
			p.Programs = append(p.Programs, c.from.grammar.program())
			continue
		}
		g := c.from.grammar.clone()
		if lines := len(g.nodes); !g.push(c.token, machine) || c.from.cache.length == context {
			continue
		} else if len(g.nodes) > lines {
			p.note(g)
		}
		p.beam = append(p.beam, &hypothesis{grammar: g, cache: c.from.cache.Fork(), score: c.score})
		tokens = append(tokens, []Token{c.token})
	}
	return tokens
}

// choices appends the n likeliest tokens that may follow h, by their probability among
// all that may.
func (h *hypothesis) choices(list []choice, n int) []choice {
	start, most := len(list), float32(math.Inf(-1))
	var may [Vocabulary]bool
	for t, x := range h.next {
		if may[t] = h.grammar.allowed(Token(t)); may[t] {
			most = max(most, x)
		}
	}
	sum := 0.0
	for t, x := range h.next {
		if !may[t] {
			continue
		}
		sum += float64(exponential(x - most))
		if full := len(list)-start == n; full && list[len(list)-1].score >= float64(x) {
			continue
		} else if full {
			list = list[:len(list)-1]
		}
		list = append(list, choice{h, Token(t), float64(x)})
		for k := len(list) - 1; k > start && list[k].score > list[k-1].score; k-- {
			list[k], list[k-1] = list[k-1], list[k]
		}
	}
	for i := range list[start:] {
		list[start+i].score += h.score - float64(most) - math.Log(sum)
	}
	return list
}

// note keeps g's program where its last line, as it is or corrected, makes more of the
// start of the sequence than any before.
func (p *Proposal) note(g *grammar) {
	last := g.lists[len(g.lists)-1]
	n, more := corrected(last, p.sequence)
	if n <= p.Made || n == len(p.sequence) && more == nil { // that ends by itself
		return
	}
	q := &dsl.Program{Nodes: slices.Clone(g.nodes)}
	for _, m := range more {
		m.Refs[0] = len(q.Nodes) - 1
		q.Nodes = append(q.Nodes, m)
	}
	q.Out = len(q.Nodes) - 1
	q = q.Canonical()
	if n == len(p.sequence) {
		p.Programs = append(p.Programs, q)
		return
	}
	p.Prefix, p.Made = q, n
}
