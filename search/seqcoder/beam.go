package seqcoder

import (
	"cmp"
	"errors"
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// A hypothesis is the beginning of a program, and the likeliest tokens after it.
type hypothesis struct {
	of      *Proposal
	grammar *grammar
	cache   Cache
	score   float64 // natural logarithm of its probability
	ids     []int32
	logits  []float32
	total   float32
	users   int // the beam, and candidates
}

// drop counts one user less of a hypothesis and gives back what it holds after the last.
func (h *hypothesis) drop() {
	if h.users--; h.users == 0 {
		h.cache.Release()
	}
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
	Work   float64 // floating-point operations that it took

	saves    float64 // bits, by Part
	sequence []byte
	beam     []*hypothesis
	reserve  []candidate // what the beam had no room for, the best first
	fresh    []candidate // storage
}

// mostReserved is how many candidates are kept for when hypotheses end.
const mostReserved = 256

// A Beam says how widely programs are looked for.
type Beam struct {
	Width int // hypotheses that are followed at a time
	Most  int // tokens of a program
}

// Propose returns a Proposal for each sequence. Only programs are followed that parse and
// execute. Sequences are read and followed together, fewer at a time where the backend has
// not the memory; for those that the model has no room for nothing is proposed. The error is
// the backend's.
func (m *Model) Propose(sequences [][]byte, b Beam) ([]*Proposal, error) {
	all, err := m.propose(sequences, b)
	for errors.Is(err, errPages) && len(sequences) == 1 && m.pages.wait() { // others have them
		all, err = m.propose(sequences, b)
	}
	if errors.Is(err, errPages) && len(sequences) > 1 {
		half := len(sequences) / 2
		first, err := m.Propose(sequences[:half], b)
		if err != nil {
			return nil, err
		}
		second, err := m.Propose(sequences[half:], b)
		return append(first, second...), err
	}
	return all, err
}

func (m *Model) propose(sequences [][]byte, b Beam) ([]*Proposal, error) {
	all := make([]*Proposal, len(sequences))
	var open []*Proposal
	var beam []*hypothesis
	var texts [][]Token
	var machine dsl.Machine
	for i, s := range sequences {
		all[i] = &Proposal{sequence: s}
		if len(s) == 0 || len(s)+2 > m.w.Context {
			continue
		}
		text := make([]Token, 0, len(s)+1)
		for _, c := range s {
			text = append(text, Token(c))
		}
		h := &hypothesis{of: all[i], grammar: &grammar{sequence: s}, cache: *m.NewCache(), users: 1}
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
		if err := m.next(beam, texts, 2*b.Width); err != nil {
			return nil, err
		}
		beam, texts = beam[:0:0], texts[:0]
		for _, p := range open {
			texts = append(texts, p.step(b.Width, m.w.Context, &machine)...)
			beam = append(beam, p.beam...)
		}
		open = slices.DeleteFunc(open, func(p *Proposal) bool { return len(p.beam) == 0 })
	}
	return all, nil
}

// next appends texts to hypotheses and sets the k likeliest tokens after them.
func (m *Model) next(beam []*hypothesis, texts [][]Token, k int) error {
	caches, masks := make([]*Cache, len(beam)), make([]mask, len(beam))
	for i, h := range beam {
		h.of.Work += m.w.flops(len(texts[i]), h.cache.length)
		caches[i], masks[i] = &h.cache, h.grammar.mask()
	}
	ids, logits, totals, err := m.Extend(caches, texts, masks, k)
	if err != nil {
		return err
	}
	for i, h := range beam {
		h.ids, h.logits, h.total = ids[i*k:][:k], logits[i*k:][:k], totals[i]
	}
	return nil
}

// end gives back all that p holds.
func (p *Proposal) end() {
	for _, h := range p.beam {
		h.drop()
	}
	for _, c := range p.reserve {
		c.from.drop()
	}
	p.beam, p.reserve, p.fresh = nil, nil, nil
}

// A candidate is a hypothesis and a token to go on with. It is one of its users.
type candidate struct {
	from    *hypothesis
	grammar *grammar // after the token; nil: not looked at yet
	token   Token
	score   float64
}

// takeBest removes the likeliest token after the beam's hypotheses, whose own are in order;
// no hypothesis: there are no more.
func (p *Proposal) takeBest() (c candidate) {
	for _, h := range p.beam {
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

// step makes p's beam the best hypotheses of one token more and returns these tokens,
// which their caches have not seen; programs that end are found.
func (p *Proposal) step(width, context int, machine *dsl.Machine) (tokens [][]Token) {
	fresh := p.fresh[:0]
	for len(fresh) < 3*width {
		c := p.takeBest()
		if c.from == nil {
			break
		}
		if c.token == tokenEnd {
			p.Programs = append(p.Programs, c.from.grammar.program())
			continue
		}
		if c.from.cache.length == context {
			continue
		}
		if c.from.grammar.tells(c.token) {
			g, ok := c.from.grammar.after(c.token, machine)
			if !ok {
				continue
			}
			if !g.op {
				p.note(g)
			}
			c.grammar = g
			c.score += g.merit - c.from.grammar.merit
		}
		c.from.users++
		fresh = append(fresh, c)
	}
	slices.SortStableFunc(fresh, byScore)
	before := p.beam
	p.fresh, p.beam = fresh, make([]*hypothesis, 0, width)
	p.reserve = merge(p.reserve, fresh)
	width = min(max(width-len(p.Programs), 0), len(p.reserve))
	texts := make([]Token, width)
	tokens = make([][]Token, 0, width)
	for i, c := range p.reserve[:width] {
		if c.grammar == nil {
			c.grammar, _ = c.from.grammar.after(c.token, machine)
		}
		p.beam = append(p.beam, &hypothesis{of: p, grammar: c.grammar, cache: c.from.cache.fork(), score: c.score, users: 1})
		texts[i] = c.token
		tokens = append(tokens, texts[i:i+1])
		c.from.drop()
	}
	p.keep(width)
	for _, h := range before {
		h.ids, h.logits = nil, nil
		h.drop()
	}
	return tokens
}

// keep leaves of the reserve what comes from a place on: nothing where there is no beam.
func (p *Proposal) keep(from int) {
	left := copy(p.reserve, p.reserve[from:])
	clear(p.reserve[left:])
	p.reserve = p.reserve[:left]
	for most := min(mostReserved, from*mostReserved); len(p.reserve) > most; {
		last := len(p.reserve) - 1
		p.reserve[last].from.drop()
		p.reserve[last] = candidate{}
		p.reserve = p.reserve[:last]
	}
}

func byScore(a, b candidate) int { return cmp.Compare(b.score, a.score) }

// merge is the candidates of a and b, which are in order, in order; of equal ones a's first.
// It may be where a was.
func merge(a, b []candidate) []candidate {
	i, j := len(a)-1, len(b)-1
	a = append(a, b...)
	for at := len(a) - 1; j >= 0; at-- {
		if i >= 0 && byScore(a[i], b[j]) > 0 {
			a[at] = a[i]
			i--
		} else {
			a[at] = b[j]
			j--
		}
	}
	return a
}

// note keeps g's program where what its last line makes of the sequence saves more than any
// before: as it is or corrected of the start, or a strand of it.
func (p *Proposal) note(g *grammar) {
	last := g.last.made
	c := corrected(last, p.sequence)
	if c.made == len(p.sequence) {
		if more := c.lines(); more != nil { // else it ends by itself
			p.Programs = append(p.Programs, g.upTo(more))
		}
		return
	}
	if p.may(c.made) {
		p.offer(g.upTo(c.lines()), c.made, p.sequence[c.made:], dsl.Concatenate, false)
	}
	for first := range 2 {
		if !p.may(len(last)) {
			break
		}
		if left := strand(last, p.sequence, first); left != nil {
			p.offer(g.upTo(nil), len(last), left, dsl.Interleave, first == 1)
		}
	}
}

// settled are the bits that an element of a part saves: literally, it takes 8, and one more
// that is settled is worth a little.
const settled = 12

// may reports whether a part that makes so many elements may save more than the one so far.
func (p *Proposal) may(made int) bool {
	return made > 0 && (p.Part == nil || settled*float64(made) > p.saves)
}

// offer takes a part where it saves more than the one so far.
func (p *Proposal) offer(part *dsl.Program, made int, left []byte, merge dsl.Op, second bool) {
	if saves := settled*float64(made) - part.UniformBits(); p.Part == nil || saves > p.saves {
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
