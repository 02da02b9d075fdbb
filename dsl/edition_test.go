package dsl

import (
	"bytes"
	"fmt"
	"testing"
)

// TestEdition checks that segments without programs cost next to nothing.
func TestEdition(t *testing.T) {
	e := NewEncoder(Edition2)
	e.Plan(Identity())
	if bits := e.RawCost().Bits(); bits > 1.5 {
		t.Errorf("the first raw flag costs %.2f bits, want at most 1.5", bits)
	}
	for range 5 {
		e.Raw()
	}
	if n := len(e.Finish()); n > 1 {
		t.Errorf("the identity plan and 5 raw flags take %d bytes, want 1", n)
	}
}

// Symbols and models by the numbers of container/FORMAT.md.
const (
	symReverse, symConcatenate, symInterleave, symRest, symMade = 5, 21, 22, 24, 63

	modelNear, modelDistance = 42575, 8196
)

// firstAt and secondAt are the models of the symbols of arguments 0 and 1.
func firstAt(parent int) int        { return 4 + 128*parent }
func secondAt(parent, last int) int { return 43087 + 4096*(parent-symConcatenate) + 64*last }

// nestedNodes and nested are all but the second list of an interleave after a concatenate.
const nestedNodes = "sequence_1 = rest()\nsequence_2 = rest()\nsequence_3 = reverse_list(sequence_2)\nsequence_4 = concatenate(sequence_1, sequence_3)\n"

func nested(w *walk) {
	w.tree(firstAt(rootBlock), opBits, symInterleave)
	w.tree(firstAt(symInterleave), opBits, symConcatenate)
	w.tree(firstAt(symConcatenate), opBits, symRest)
	w.tree(secondAt(symConcatenate, symRest), opBits, symReverse)
	w.tree(firstAt(symReverse), opBits, symRest)
	w.tree(secondAt(symInterleave, symReverse), opBits, symMade)
}

// chainNodes and chain are all but the second list of an interleave after nine times reverse, and
// that this is none of the last seven.
var chainNodes = func() string {
	nodes := "sequence_1 = rest()\n"
	for k := 2; k <= 10; k++ {
		nodes += fmt.Sprintf("sequence_%d = reverse_list(sequence_%d)\n", k, k-1)
	}
	return nodes
}()

func chain(w *walk) {
	w.tree(firstAt(rootBlock), opBits, symInterleave)
	w.tree(firstAt(symInterleave), opBits, symReverse)
	for range 8 {
		w.tree(firstAt(symReverse), opBits, symReverse)
	}
	w.tree(firstAt(symReverse), opBits, symRest)
	w.tree(secondAt(symInterleave, symReverse), opBits, symMade)
	for k := 7; k > 0; k-- {
		w.c.bit(modelNear+8*symReverse+k, 0)
	}
}

// edition2Cases are programs and how they may be coded.
var edition2Cases = []struct {
	name, text string
	code       func(w *walk)
	other      bool // than what an Encoder writes
}{
	{"a near list", nestedNodes + "sequence_5 = interleave(sequence_4, sequence_2)\noutput = sequence_5", func(w *walk) {
		nested(w)
		w.c.bit(modelNear+8*symReverse+2, 0)
		w.c.bit(modelNear+8*symRest+1, 1)
	}, false},
	{"a near list by its distance", nestedNodes + "sequence_5 = interleave(sequence_4, sequence_2)\noutput = sequence_5", func(w *walk) {
		nested(w)
		w.c.bit(modelNear+8*symReverse+2, 0)
		w.c.bit(modelNear+8*symRest+1, 0)
		w.c.bit(modelNear+8*symRest, 0)
		w.integer(modelDistance, 2)
	}, true},
	{"a concatenation", nestedNodes + "sequence_5 = interleave(sequence_4, sequence_4)\noutput = sequence_5", func(w *walk) {
		nested(w)
		w.c.bit(modelNear+8*symReverse+2, 0)
		w.c.bit(modelNear+8*symRest+1, 0)
		w.c.bit(modelNear+8*symRest, 0)
		w.integer(modelDistance, 0)
	}, false},
	{"after a reference", "sequence_1 = rest()\nsequence_2 = concatenate(earlier_1, sequence_1)\noutput = sequence_2", func(w *walk) {
		w.tree(firstAt(rootBlock), opBits, symConcatenate)
		w.tree(firstAt(symConcatenate), opBits, symMade)
		w.integer(modelDistance, 0)
		w.tree(secondAt(symConcatenate, symMade), opBits, symRest)
	}, false},
	{"the eighth list", chainNodes + "sequence_11 = interleave(sequence_10, sequence_3)\noutput = sequence_11", func(w *walk) {
		chain(w)
		w.c.bit(modelNear+8*symReverse, 1)
	}, false},
	{"the ninth list", chainNodes + "sequence_11 = interleave(sequence_10, sequence_2)\noutput = sequence_11", func(w *walk) {
		chain(w)
		w.c.bit(modelNear+8*symReverse, 0)
		w.integer(modelDistance, 8)
	}, false},
}

// TestEdition2 codes programs by hand and wants an Encoder to write the same and a Decoder to read
// them.
func TestEdition2(t *testing.T) {
	for _, c := range edition2Cases {
		p := mustParse(t, c.text, Block)
		e := NewEncoder(Edition2)
		e.flag(&e.w, 1)
		c.code(&e.walk)
		byHand := e.Finish()
		e.Reset(Edition2)
		e.Program(p)
		if written := e.Finish(); bytes.Equal(written, byHand) == c.other {
			t.Errorf("%s: an Encoder writes %x, by hand %x", c.name, written, byHand)
		}
		if got, err := NewDecoder(byHand, Edition2).Next(literals(wide), 1); err != nil || !same(got, p) {
			t.Errorf("%s: read as\n%v, %v", c.name, got, err)
		}
	}
}
