package main

import (
	"bytes"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/kolmogorov"
	"github.com/ktzip/ktzip/search/programs/internal/rank"
)

// TestHintsUndoInterleaves lists the cuts with which programs begin.
func TestHintsUndoInterleaves(t *testing.T) {
	const lists = "sequence_1 = range_func_up(1, 9)\nsequence_2 = range_func_up(50, 58)\nsequence_3 = repeat_num(4, 7)\n"
	cut := func(pairs int, second bool) rank.Cut { return rank.Cut{Pairs: pairs, Second: second} }
	for _, c := range []struct {
		lines string
		want  [][]rank.Cut
	}{
		{"sequence_4 = concatenate(sequence_1, sequence_3)\noutput = sequence_4", nil},
		{"sequence_4 = interleave(sequence_1, sequence_3)\noutput = sequence_4", [][]rank.Cut{{cut(4, false)}}},
		{"sequence_4 = interleave(sequence_3, sequence_1)\noutput = sequence_4", [][]rank.Cut{{cut(4, true)}}},
		{"sequence_4 = interleave(sequence_1, sequence_2)\noutput = sequence_4", [][]rank.Cut{{cut(9, false)}}},
		{"sequence_4 = interleave(sequence_1, sequence_2)\nsequence_5 = concatenate(sequence_4, sequence_3)\noutput = sequence_5",
			[][]rank.Cut{{cut(9, false)}, {cut(9, true)}}},
		{"sequence_4 = interleave(sequence_1, sequence_2)\nsequence_5 = interleave(sequence_4, sequence_3)\noutput = sequence_5",
			[][]rank.Cut{{cut(4, false)}, {cut(4, false), cut(9, false)}, {cut(4, false), cut(9, true)}}},
	} {
		p, err := dsl.Parse(lists+c.lines, dsl.Block)
		if err != nil {
			t.Fatal(err)
		}
		if got := hints(p); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v, want %v", c.lines, got, c.want)
		}
	}
}

// drawnLessons returns lessons of n labels.
func drawnLessons(n int) []lesson {
	o := options{steps: 100_000}
	return lessonsOf(draw(n, kolmogorov.NewGenerator(5), o.usual(), nil), alike).list
}

// TestGradientIsTheSlope compares a gradient with the difference of losses.
func TestGradientIsTheSlope(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	n := newNetwork(r)
	l := &drawnLessons(1)[0]
	n.show(l)
	loss := func(i int, by float32) float64 {
		n.w[i] += by
		n.forward(&l.State)
		n.w[i] -= by
		return logSum(n.pass.scores) - n.pass.scores[l.Right]
	}
	const step = 1.0 / 512
	checked := 0
	for i, g := range n.gradient {
		if g == 0 || i < outAt && r.IntN(20) > 0 {
			continue
		}
		checked++
		if slope := (loss(i, step) - loss(i, -step)) / (2 * step); math.Abs(slope-float64(g)) > 0.05*max(0.2, math.Abs(slope)) {
			t.Errorf("weight %d: gradient %.4f, slope %.4f", i, g, slope)
		}
	}
	if checked < 100 {
		t.Errorf("%d weights", checked)
	}
}

// TestLearningHelps learns from a few sequences, twice: others get likelier, and the
// table is the same. What the table says is what the network does, rounded.
func TestLearningHelps(t *testing.T) {
	o := &options{seed: 1, epochs: 3, batch: 16, rate: 3e-3, decay: 0.03}
	lessons := drawnLessons(250)
	tests := lessons[:50]
	before, _ := newNetwork(rand.New(rand.NewPCG(1, 1))).test(tests)
	n := learn(slices.Clone(lessons[50:]), tests, o)
	after, _ := n.test(tests)
	if after > 0.9*before {
		t.Errorf("loss %.3f, %.3f before", after, before)
	}
	if again := learn(slices.Clone(lessons[50:]), tests, o); !bytes.Equal(again.table(), n.table()) {
		t.Error("another table at the second time")
	}
	fixed, err := rank.Parse(n.table())
	if err != nil {
		t.Fatal(err)
	}
	sum, count := 0.0, 0.0
	var ranker rank.Ranker
	for i := range tests {
		n.forward(&tests[i].State)
		scores, _ := ranker.Rank(fixed, &tests[i].State)
		for k, z := range n.pass.scores {
			sum += math.Abs(float64(scores[k])/rank.ScoreUnit - z)
			count++
		}
	}
	if mean := sum / count; mean > 0.2 {
		t.Errorf("scores differ by %.3f nats on average", mean)
	}
}
