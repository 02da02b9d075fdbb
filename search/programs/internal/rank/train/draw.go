package main

import (
	"bufio"
	"encoding/json"
	"os"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/kolmogorov"
	"github.com/ktzip/ktzip/search/programs"
	"github.com/ktzip/ktzip/search/programs/internal/rank"
)

// A label is a sequence and the cuts of the best state that the search found.
type label struct {
	Sequence []int      `json:"sequence"`
	Cuts     []rank.Cut `json:"cuts"`
}

// Sequences that are drawn (arbitrary; longer ones take the search too long).
const (
	minElements = 12
	maxElements = 400
)

// meanWeight is the mean of weight over drawn sequences.
const meanWeight = 11_000

// weight returns the share of a sequence of n elements in the steps, as kteval has it.
func weight(n int) int64 { return int64(n)*int64(n) + 2000 }

// draw calls yield with the labels of a seed, in order, until it returns false. Sequences
// whose program interleaves nothing are left out, and those in excluded.
func draw(seed uint64, steps int64, excluded map[string]bool, yield func(*label) bool) {
	generator := kolmogorov.NewGenerator(seed)
	finder := programs.New(&programs.Config{Prior: programs.Uniform})
	for {
		p, sequence := generator.Next()
		p = p.Canonical()
		n := len(sequence)
		if n < minElements || n > maxElements || excluded[string(sequence)] || !interleaves(p) {
			continue
		}
		l := &label{Cuts: finder.Cuts(sequence, hints(p), steps*weight(n)/meanWeight)}
		if len(l.Cuts) == 0 {
			continue
		}
		for _, x := range sequence {
			l.Sequence = append(l.Sequence, int(x))
		}
		if !yield(l) {
			return
		}
	}
}

// interleaves reports whether p has an interleave.
func interleaves(p *dsl.Program) bool {
	for _, n := range p.Nodes {
		if n.Op == dsl.Interleave {
			return true
		}
	}
	return false
}

// maxHints bounds the hints of a program (arbitrary; most have one or two).
const maxHints = 4

// hints returns the cuts that undo the interleaves with which p's output begins. If both
// strands are equally long, either may get the tail: both are hints.
func hints(p *dsl.Program) [][]rank.Cut {
	var m dsl.Machine
	lengths, ok := lengthsOf(&m, p)
	if !ok {
		return nil
	}
	return cutsOf(p, lengths, p.Out, false)
}

// cutsOf returns the ways to undo the interleaves with which the list of node k begins;
// tail says whether elements follow it.
func cutsOf(p *dsl.Program, lengths []int, k int, tail bool) [][]rank.Cut {
	n := &p.Nodes[k]
	switch n.Op {
	case dsl.Concatenate:
		return cutsOf(p, lengths, n.Refs[0], true)
	case dsl.Interleave:
		a, b := lengths[n.Refs[0]], lengths[n.Refs[1]]
		pairs := min(a, b)
		if pairs < 2 {
			return nil
		}
		var first []rank.Cut
		if a > b || a == b {
			first = append(first, rank.Cut{Pairs: pairs})
		}
		if b > a || a == b && tail {
			first = append(first, rank.Cut{Pairs: pairs, Second: true})
		}
		var all [][]rank.Cut
		for _, c := range first {
			all = append(all, []rank.Cut{c})
			for _, more := range cutsOf(p, lengths, n.Refs[0], a > b || tail && !c.Second) {
				if len(all) < maxHints {
					all = append(all, append([]rank.Cut{c}, more...))
				}
			}
		}
		return all
	}
	return nil
}

// lengthsOf returns the lengths of the lists of p's nodes.
func lengthsOf(m *dsl.Machine, p *dsl.Program) (lengths []int, ok bool) {
	q := *p
	for k := range p.Nodes {
		q.Nodes, q.Out = p.Nodes[:k+1], k
		v, _, err := m.Run(&q, dsl.Budget{Steps: 1 << 24, Elements: 1 << 20})
		if err != nil {
			return nil, false
		}
		lengths = append(lengths, len(v))
	}
	return lengths, true
}

// write writes labels to the file called name.
func writeLabels(name string, seed uint64, steps int64, n int, excluded map[string]bool) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<14)
	e := json.NewEncoder(w)
	draw(seed, steps, excluded, func(l *label) bool {
		err = e.Encode(l)
		n--
		return err == nil && n > 0
	})
	if err != nil {
		return err
	}
	return w.Flush()
}
