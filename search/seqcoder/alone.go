package seqcoder

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

const (
	// Of the steps for a sequence, 1/beamShare are for its first beam: rate 0.4140 in 22 s, with 1
	// 0.4143 in 27 s (60 drawn pairs, 300 ms, 2026-11-27).
	beamShare = 2
	// The first beam may take all steps to have this width: with less, simple sequences get no
	// program. Arbitrary.
	minWidth = 8
	// Of the steps left, 1/partialShare are for the remainder of each Partial. Arbitrary.
	partialShare = 2

	minSplit       = 24 // elements of a sequence that is read in two parts; arbitrary
	maxSplitPrice  = 7  // bits per element of a program that needs no split; arbitrary: a literal has 8
	minTarget      = 64 // bits of a target's own program; arbitrary: 8 elements of a literal
	minTargetWidth = 4  // of the beam for a target; arbitrary
)

// alone returns the cheapest program that the model finds without enumeration, and the steps
// taken, about steps at most. It completes several Partials, simplifies what was found, and
// spends the steps that are left on better programs for parts of it.
func (s *Searcher) alone(sequence []byte, steps int64) (best *dsl.Program, used int64) {
	best, used = s.readAlone(sequence, steps)
	if best == nil {
		return nil, used
	}
	p, more := s.improve(best, steps-used)
	return p, used + more
}

// maxRead returns the length of the longest sequence that the model reads as a whole: context
// is left for a program.
func (s *Searcher) maxRead() int { return max(s.weights.Context-maxTokens, s.weights.Context/2) }

// roundBeam is beam with a width whose binary form is one or two digits and zeros: 1, 2, 3, 4, 6,
// 8, 12 and so on. A combiner joins requests with the same beam.
func (s *Searcher) roundBeam(n int, steps int64, width int) Beam {
	b := s.beam(n, steps, width)
	zeros := max(0, bits.Len(uint(b.Width))-2)
	b.Width = b.Width >> zeros << zeros
	return b
}

// readAlone returns the cheapest program that a beam finds, directly or by completing Partials,
// whose remainders are read in the same way. Remainders without a program become literals.
func (s *Searcher) readAlone(sequence []byte, steps int64) (best *dsl.Program, used int64) {
	read := sequence[:min(len(sequence), s.maxRead())]
	b := s.roundBeam(len(read), steps/beamShare, s.width)
	if b.Width < minWidth {
		b = s.roundBeam(len(read), steps, min(minWidth, s.width))
	}
	if b.Width == 0 {
		return nil, 0
	}
	p, used := s.proposeFrom(read, sequence[len(read):], b)
	best = s.cheapest(p.Programs...)
	for _, q := range p.partials() {
		if q.Elements < minElements {
			break
		}
		remainder, more := s.readAlone(q.Remainder, (steps-used)/partialShare)
		c, work := s.simplify(q.complete(orLiteral(remainder, q.Remainder)))
		best, used = s.cheapest(best, c), used+more+work
	}
	if n := len(sequence); n >= minSplit && (best == nil || s.price(best) > maxSplitPrice*float64(n)) {
		c, more := s.split(sequence, steps-used)
		best, used = s.cheapest(best, c), used+more
	}
	return best, used
}

// split returns the cheapest program that is found when the halves of a sequence, or every other
// element of it, are read apart.
func (s *Searcher) split(sequence []byte, steps int64) (best *dsl.Program, used int64) {
	half := (len(sequence) + 1) / 2
	strands := [2][]byte{}
	for i, v := range sequence {
		strands[i%2] = append(strands[i%2], v)
	}
	for k, parts := range [][2][]byte{{sequence[:half], sequence[half:]}, strands} {
		op := [...]dsl.Op{dsl.Concatenate, dsl.Interleave}[k]
		share := (steps - used) / int64(2-k)
		first, more := s.readAlone(parts[0], share/2)
		second, still := s.readAlone(parts[1], share-more)
		used += more + still
		if first == nil && second == nil {
			continue
		}
		c, work := s.simplify(join(op, orLiteral(first, parts[0]), orLiteral(second, parts[1])))
		best, used = s.cheapest(best, c), used+work
	}
	return best, used
}

// orLiteral returns p or, if it is nil, a literal.
func orLiteral(p *dsl.Program, sequence []byte) *dsl.Program {
	if p == nil {
		return dsl.Literal(sequence)
	}
	return p
}

// A target is a line of a program whose output may have a cheaper program.
type target struct {
	line   int
	output []byte
	price  float64 // of the line's own program
}

// improve returns p, or a cheaper program with the same output, and the steps taken: the model
// reads the outputs of lines as sequences of their own, the most expensive lines first.
func (s *Searcher) improve(p *dsl.Program, steps int64) (best *dsl.Program, used int64) {
	best, used = s.simplify(p)
	tried := map[string]bool{}
	for {
		list := s.targets(best)
		i := slices.IndexFunc(list, func(t target) bool { return !tried[string(t.output)] })
		if i < 0 {
			return best, used
		}
		t := list[i]
		tried[string(t.output)] = true
		b := s.roundBeam(len(t.output), steps-used, s.width)
		if b.Width < min(minTargetWidth, s.width) {
			continue
		}
		all, more := s.Propose([][]byte{t.output}, b)
		used += more
		if q := s.cheapest(all[0].Programs...); q != nil {
			c, work := s.simplify(replaceLine(best, t.line, q))
			best, used = s.cheapest(best, c), used+work
		}
	}
}

// targets returns the lines of p that are worth reading, the most expensive first.
func (s *Searcher) targets(p *dsl.Program) (list []target) {
	for i, out := range outputsOf(p) {
		own := (&dsl.Program{Nodes: p.Nodes[:i+1], Out: i}).Canonical()
		price := s.price(own)
		sequence, ok := bytesOf(out)
		if i != p.Out && ok && price >= minTarget && len(out) <= s.maxRead() {
			list = append(list, target{i, sequence, price})
		}
	}
	slices.SortStableFunc(list, func(a, b target) int { return cmp.Compare(b.price, a.price) })
	return list
}

// bytesOf returns the values of a list as bytes; false if a value is not 0 to 255.
func bytesOf(list []int32) ([]byte, bool) {
	out := make([]byte, len(list))
	for i, v := range list {
		if out[i] = byte(v); v != int32(out[i]) {
			return nil, false
		}
	}
	return out, true
}

// replaceLine returns p with the output of q instead of that of line i.
func replaceLine(p *dsl.Program, i int, q *dsl.Program) *dsl.Program {
	r := &dsl.Program{Nodes: slices.Clone(q.Nodes), Out: len(q.Nodes) + p.Out}
	for _, n := range p.Nodes {
		for k := range n.Op.Lists() {
			if n.Refs[k] == i {
				n.Refs[k] = q.Out
			} else {
				n.Refs[k] += len(q.Nodes)
			}
		}
		r.Nodes = append(r.Nodes, n)
	}
	return r.Canonical()
}
