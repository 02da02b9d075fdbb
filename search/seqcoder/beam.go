package seqcoder

import (
	"cmp"
	"errors"
	"runtime"
	"slices"
	"sync"

	"github.com/ktzip/ktzip/dsl"
)

// A hypothesis is the beginning of a program, and the likeliest tokens after it.
type hypothesis struct {
	grammar *grammar
	cache   *Cache
	score   float64 // natural logarithm of its probability
	ids     []int32
	logits  []float32
	total   float32
}

// A Proposal is what a beam found for a sequence.
type Proposal struct {
	Programs []*dsl.Program // that make it, the likeliest first
	// For want of one: a program that makes Made of its elements, and the elements that are
	// left. Merge makes the sequence of the two lists, in this order, or where Second in the
	// other one; nil: there is none.
	Part   *dsl.Program
	Made   int
	Left   []byte
	Merge  dsl.Op
	Second bool

	saves    float64 // bits, by Part
	sequence []byte
	beam     []*hypothesis
	reserve  []candidate // what the beam had no room for, the best first; their caches are to be released
}

// mostReserved is how many candidates are kept for when hypotheses end.
const mostReserved = 256

// A Beam says how widely programs are looked for.
type Beam struct {
	Width int // hypotheses that are followed at a time
	Most  int // tokens of a program
}

// Propose returns a Proposal for each sequence, and the floating-point operations that it
// took. Only programs are followed that parse and execute. Sequences are read and followed
// together, fewer at a time where the backend has not the memory; for those that the model
// has no room for nothing is proposed. The error is the backend's.
func (m *Model) Propose(sequences [][]byte, b Beam) (all []*Proposal, work float64, err error) {
	all, work, err = m.propose(sequences, b)
	if errors.Is(err, errPages) && len(sequences) > 1 {
		half := len(sequences) / 2
		first, w1, err := m.Propose(sequences[:half], b)
		if err != nil {
			return nil, work, err
		}
		second, w2, err := m.Propose(sequences[half:], b)
		return append(first, second...), work + w1 + w2, err
	}
	return all, work, err
}

func (m *Model) propose(sequences [][]byte, b Beam) ([]*Proposal, float64, error) {
	all, work := make([]*Proposal, len(sequences)), 0.0
	var open []*Proposal
	var beam []*hypothesis
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
		h := &hypothesis{grammar: &grammar{sequence: s}, cache: m.NewCache()}
		all[i].beam = []*hypothesis{h}
		open, beam, texts = append(open, all[i]), append(beam, h), append(texts, append(text, tokenProgram))
	}
	defer func() {
		for _, p := range all {
			p.end()
		}
	}()
	for range b.Most {
		if len(open) == 0 {
			break
		}
		if err := m.next(beam, texts, 2*b.Width, &work); err != nil {
			return nil, work, err
		}
		tokens := make([][][]Token, len(open))
		parallel(len(open), func(from, to int) {
			var machine dsl.Machine
			for i, p := range open[from:to] {
				tokens[from+i] = p.step(b.Width, m.w.Context, &machine)
			}
		})
		beam, texts = beam[:0:0], texts[:0]
		for i, p := range open {
			beam, texts = append(beam, p.beam...), append(texts, tokens[i]...)
		}
		open = slices.DeleteFunc(open, func(p *Proposal) bool { return len(p.beam) == 0 })
	}
	return all, work, nil
}

// parallel calls f for parts of 0..n, several at a time where there are many.
func parallel(n int, f func(from, to int)) {
	const many = 256
	parts := min(runtime.GOMAXPROCS(0), n/many)
	if parts < 2 {
		f(0, n)
		return
	}
	var wg sync.WaitGroup
	for k := range parts {
		wg.Go(func() { f(n*k/parts, n*(k+1)/parts) })
	}
	wg.Wait()
}

// next appends texts to hypotheses and sets the k likeliest tokens after them.
func (m *Model) next(beam []*hypothesis, texts [][]Token, k int, work *float64) error {
	var caches []*Cache
	masks := make([]mask, len(beam))
	for i, h := range beam {
		*work += m.w.flops(len(texts[i]), h.cache.length)
		caches = append(caches, h.cache)
	}
	parallel(len(beam), func(from, to int) {
		for i, h := range beam[from:to] {
			masks[from+i] = h.grammar.mask()
		}
	})
	ids, logits, totals, err := m.Extend(caches, texts, masks, k)
	if err != nil {
		return err
	}
	for i, h := range beam {
		h.ids, h.logits, h.total = ids[i*k:][:k], logits[i*k:][:k], totals[i]
	}
	return nil
}

// release gives back what p's beam holds.
func (p *Proposal) release() {
	for _, h := range p.beam {
		h.cache.Release()
	}
	p.beam = nil
}

// end gives back all that p holds.
func (p *Proposal) end() {
	p.release()
	for _, c := range p.reserve {
		c.cache.Release()
	}
	p.reserve = nil
}

// A choice is a hypothesis and the token to go on with.
type choice struct {
	from  *hypothesis
	token Token
	score float64
}

// A candidate is a choice that was made.
type candidate struct {
	token   Token
	cache   *Cache // before it
	grammar *grammar
	score   float64
}

// step makes p's beam the best hypotheses of one token more and returns these tokens,
// which their caches have not seen; programs that end are found.
func (p *Proposal) step(width, context int, machine *dsl.Machine) (tokens [][]Token) {
	var choices []choice
	for _, h := range p.beam {
		for i, id := range h.ids {
			if id >= 0 {
				choices = append(choices, choice{h, Token(id), h.score + float64(h.logits[i]-h.total)})
			}
		}
	}
	slices.SortStableFunc(choices, func(a, b choice) int { return cmp.Compare(b.score, a.score) })
	next := p.reserve
	for taken := 0; len(choices) > 0 && taken < 3*width; choices = choices[1:] {
		c := choices[0]
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
		next = append(next, candidate{c.token, c.from.cache.Fork(), g, c.score + g.merit - c.from.grammar.merit})
		taken++
	}
	p.release()
	slices.SortStableFunc(next, func(a, b candidate) int { return cmp.Compare(b.score, a.score) })
	width = min(max(width-len(p.Programs), 0), len(next))
	for _, c := range next[:width] {
		p.beam = append(p.beam, &hypothesis{grammar: c.grammar, cache: c.cache, score: c.score})
		tokens = append(tokens, []Token{c.token})
	}
	p.reserve = slices.Clone(next[width:])
	for len(p.reserve) > mostReserved || width == 0 && len(p.reserve) > 0 {
		last := len(p.reserve) - 1
		p.reserve[last].cache.Release()
		p.reserve = p.reserve[:last]
	}
	return tokens
}

// note keeps g's program where what its last line makes of the sequence saves more than any
// before: as it is or corrected of the start, or a strand of it.
func (p *Proposal) note(g *grammar) {
	last := g.lists[len(g.lists)-1]
	made, more := corrected(last, p.sequence)
	if made == len(p.sequence) {
		if more != nil { // else it ends by itself
			p.Programs = append(p.Programs, g.upTo(more))
		}
		return
	}
	p.offer(g.upTo(more), made, p.sequence[made:], dsl.Concatenate, false)
	for first := range 2 {
		if left := strand(last, p.sequence, first); left != nil {
			p.offer(g.upTo(nil), len(last), left, dsl.Interleave, first == 1)
		}
	}
}

// offer takes a part where it saves more than the one so far: literally, an element takes
// 8 bits, and one more that is settled is worth a little.
func (p *Proposal) offer(part *dsl.Program, made int, left []byte, merge dsl.Op, second bool) {
	const settled = 12
	if saves := float64(settled*made) - part.UniformBits(); made > 0 && (p.Part == nil || saves > p.saves) {
		p.Part, p.Made, p.Left, p.Merge, p.Second, p.saves = part, made, left, merge, second, saves
	}
}

// goesOn says that after p's sequence come others: what makes it is the beginning now.
func (p *Proposal) goesOn(more []byte) {
	if len(p.Programs) > 0 {
		p.Part, p.Made, p.Left, p.Merge, p.Second = p.Programs[0], len(p.sequence), nil, dsl.Concatenate, false
		p.Programs = nil
	}
	p.Left = slices.Concat(p.Left, more)
}

// upTo is the program whose output is the last line, and more lines of which each takes the
// one before.
func (g *grammar) upTo(more []dsl.Node) *dsl.Program {
	q := &dsl.Program{Nodes: slices.Clone(g.nodes)}
	for _, m := range more {
		m.Refs[0] = len(q.Nodes) - 1
		q.Nodes = append(q.Nodes, m)
	}
	q.Out = len(q.Nodes) - 1
	return q.Canonical()
}
