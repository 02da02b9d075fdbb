package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/kolmogorov"
	"github.com/ktzip/ktzip/search/programs/internal/rank"
)

// A label is a sequence and the cuts that a teacher says it should have.
type label struct {
	Sequence []int      `json:"sequence"`
	Cuts     []rank.Cut `json:"cuts,omitempty"`
	Bits     float64    `json:"bits,omitempty"` // of the program with the cuts
	Real     bool       `json:"real,omitempty"` // whether it is a window of a real file
}

func newLabel(sequence []byte, cuts []rank.Cut, bits float64) label {
	l := label{Cuts: cuts, Bits: bits}
	for _, x := range sequence {
		l.Sequence = append(l.Sequence, int(x))
	}
	return l
}

// countReal returns the number of windows of real files.
func countReal(labels []label) (n int) {
	for _, l := range labels {
		if l.Real {
			n++
		}
	}
	return n
}

// bytes returns the sequence.
func (l *label) bytes() []byte {
	s := make([]byte, len(l.Sequence))
	for i, x := range l.Sequence {
		s[i] = byte(x)
	}
	return s
}

// labelled returns the labels to test with and those to learn from. It reads them from
// the file of labels, and draws them if there is none.
func (o *options) labelled() ([]label, error) {
	n := o.tests + o.count
	labels, err := readLabels(o.labels)
	switch {
	case err == nil && len(labels) < n:
		return nil, fmt.Errorf("train: %s has %d labels, want %d", o.labels, len(labels), n)
	case err == nil && (countReal(labels[:o.tests]) > 0 || countReal(labels[o.tests:n]) != o.realCount()):
		return nil, fmt.Errorf("train: the windows of real files in %s are not those of -tilt, -n and -tests", o.labels)
	case err == nil && o.reward && slices.ContainsFunc(labels[:n], func(l label) bool { return l.Bits == 0 }):
		return nil, fmt.Errorf("train: %s does not say what programs cost, which -reward needs", o.labels)
	case err == nil:
		return labels[:n], nil
	case o.labels != "" && !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	labels, err = o.draw()
	if err != nil || o.labels == "" {
		return labels, err
	}
	return labels, writeLabels(o.labels, labels)
}

// draw returns the labels to test with and those to learn from. Of these, windows of real
// files are the last.
func (o *options) draw() (labels []label, err error) {
	excluded := map[string]bool{}
	if o.excluded != "" {
		list, err := readLabels(o.excluded)
		if err != nil {
			return nil, err
		}
		for _, l := range list {
			excluded[string(l.bytes())] = true
		}
	}
	teach, err := o.teacher()
	if err != nil {
		return nil, err
	}
	generator, real := kolmogorov.NewGenerator(o.seed), o.realCount()
	labels = draw(o.tests, generator, o.usual(), excluded)
	labels = append(labels, draw(o.count-real, generator, teach, excluded)...)
	if real == 0 {
		return labels, nil
	}
	list, drawn, err := windows(real, o.real, o.seed, teach)
	o.windowsDrawn = drawn
	return append(labels, list...), err
}

// Lengths of the sequences that are drawn, in elements. They are arbitrary: shorter ones
// have few cuts, and longer ones, 1 %, take the search too long.
const (
	minElements = 12
	maxElements = 400
)

// meanWeight is the mean of weight over drawn sequences.
const meanWeight = 11_000

// weight returns the share of a sequence of n elements in the steps (arbitrary).
func weight(n int) int64 { return int64(n)*int64(n) + 2000 }

// draw returns n labels of what the generator draws. Sequences whose program interleaves
// nothing, or of which the teacher cuts nothing, are left out, and those in excluded.
func draw(n int, generator *kolmogorov.Generator, teach teacher, excluded map[string]bool) (labels []label) {
	for len(labels) < n {
		p, sequence := generator.Next()
		p = p.Canonical()
		size := len(sequence)
		if size < minElements || size > maxElements || excluded[string(sequence)] {
			continue
		}
		if !slices.ContainsFunc(p.Nodes, func(n dsl.Node) bool { return n.Op == dsl.Interleave }) {
			continue
		}
		if cuts, bits := teach(p, sequence); len(cuts) > 0 {
			labels = append(labels, newLabel(sequence, cuts, bits))
		}
	}
	return labels
}

// maxHints bounds the hints of a program (arbitrary; most have one or two).
const maxHints = 4

// hints returns the cuts that undo the interleaves with which p's output begins. If both
// strands are equally long, either may get the tail: both are hints.
func hints(p *dsl.Program) [][]rank.Cut {
	lengths, err := lengthsOf(p)
	if err != nil {
		return nil
	}
	return cutsOf(p, lengths, p.Out, false)
}

// cutsOf returns the ways to undo the interleaves with which the list of node k begins;
// tail says whether elements follow it.
func cutsOf(p *dsl.Program, lengths []int, k int, tail bool) (ways [][]rank.Cut) {
	n := &p.Nodes[k]
	if n.Op == dsl.Concatenate {
		return cutsOf(p, lengths, n.Refs[0], true)
	}
	if n.Op != dsl.Interleave {
		return nil
	}
	a, b := lengths[n.Refs[0]], lengths[n.Refs[1]]
	pairs := min(a, b)
	if pairs < 2 {
		return nil
	}
	for _, second := range [2]bool{false, true} {
		if a > b && second || a < b && !second || a == b && second && !tail {
			continue
		}
		c := rank.Cut{Pairs: pairs, Second: second}
		ways = append(ways, []rank.Cut{c})
		for _, more := range cutsOf(p, lengths, n.Refs[0], a > b || tail && !second) {
			if len(ways) < maxHints {
				ways = append(ways, append([]rank.Cut{c}, more...))
			}
		}
	}
	return ways
}

// drawnBudget bounds the execution of a drawn program (arbitrary: it takes some
// thousands of steps).
var drawnBudget = dsl.Budget{Steps: 1 << 24, Elements: 1 << 20}

// lengthsOf returns the lengths of the lists of p's nodes.
func lengthsOf(p *dsl.Program) (lengths []int, err error) {
	var m dsl.Machine
	for k := range p.Nodes {
		q := dsl.Program{Nodes: p.Nodes[:k+1], Out: k}
		v, _, err := m.Run(&q, drawnBudget)
		if err != nil {
			return nil, err
		}
		lengths = append(lengths, len(v))
	}
	return lengths, nil
}

// maxLine is the most bytes of a line of a .jsonl file (arbitrary).
const maxLine = 64 << 20

// readLabels reads the file called name. Sequences may be without cuts.
func readLabels(name string) (labels []label, err error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	in := bufio.NewScanner(f)
	in.Buffer(nil, maxLine)
	for in.Scan() {
		var l label
		if err := json.Unmarshal(in.Bytes(), &l); err != nil {
			return nil, fmt.Errorf("train: %s, line %d: %w", name, len(labels)+1, err)
		}
		labels = append(labels, l)
	}
	return labels, in.Err()
}

// writeLabels writes the file called name.
func writeLabels(name string, labels []label) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	e := json.NewEncoder(w)
	for i := range labels {
		if err := e.Encode(&labels[i]); err != nil {
			return errors.Join(err, f.Close())
		}
	}
	return errors.Join(w.Flush(), f.Close())
}
