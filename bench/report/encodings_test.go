package main

import (
	"math"
	"testing"

	"github.com/ktzip/ktzip/bench/internal/encoding"
	"github.com/ktzip/ktzip/dsl"
)

// TestChosenPrograms holds, for one sequence with two programs, which is the cheapest and what
// all take; and that free elements make the other one the cheapest.
func TestChosenPrograms(t *testing.T) {
	constant, err := dsl.Parse("sequence_1 = repeat_num(3, 7)\noutput = sequence_1", dsl.Block)
	if err != nil {
		t.Fatal(err)
	}
	literal := dsl.Literal([]byte{7, 7, 7})
	pool := []*dsl.Program{literal, constant}
	all := []solved{{size: 300, given: literal, found: constant, pool: pool}} // as if it were longer than any program
	lines := 2 * math.Log2(25)
	dear, cheap := lines+24, lines+8+math.Log2(20)
	uniform := coder{fresh: func() encoding.Coder { return encoding.NewLines(encoding.None) }}
	got := choosePrograms(all, uniform)
	for k, c := range [][2]float64{{got.given.Sum(), dear}, {got.foundBits, cheap + 1}, {got.usualBits, cheap + 1}, {got.poolBits, cheap + 1}, {got.size, 2400}} {
		if math.Abs(c[0]-c[1]) > 1e-9 {
			t.Errorf("number %d is %v, want %v", k, c[0], c[1])
		}
	}
	if got.others != 0 || got.count != 1 {
		t.Errorf("%d of %d have another program", got.others, got.count)
	}
	free := literalCode{fresh: fixed(0)}
	if s := others(all, free); s != "100.0 %" {
		t.Errorf("with free elements, another is the cheapest for %s", s)
	}
	sum := priceWith(all, func(s *solved) *dsl.Program { return s.given }, uniform.fresh(), encoding.NewTree(), free)
	if math.Abs(sum.bits-lines) > 1e-9 || sum.elements != 3 || sum.elementBits != 0 {
		t.Errorf("free elements: %+v, want %v bits", sum, lines)
	}
}

// TestGroups holds what is counted of sequences with and without a shorter program.
func TestGroups(t *testing.T) {
	list := []drawnPair{{sequence: make([]byte, 10), own: 20, fewer: true}, {sequence: make([]byte, 30), own: 60}}
	var bits [numWays][]float64
	for w := range bits {
		bits[w] = []float64{40, 241}
	}
	bits[wayModel] = []float64{81, 0}
	bits[way3Without] = []float64{81, 241}
	table := groupsTable("of", groupColumns)
	addGroups(table, groupColumns, list, bits, func(*drawnPair) string { return "all" })
	want := []string{"all", "2", "20", "0.2500", "", "0.8781", "1.0063", "12.7 %", "0.8781", "0.8781", "0.0 %", "50 %", "1", "1.0125", "0.5000"}
	for k, cell := range table.rows[0] {
		if cell != want[k] && want[k] != "" {
			t.Errorf("%s: %s, want %s", table.head[k], cell, want[k])
		}
	}
	if a, b := gzipBits([][]byte{{'a', 'b'}, {'c'}}), gzipBits([][]byte{[]byte("ab\nc")}); a != b {
		t.Errorf("gzip: %v bits, want %v", a, b)
	}
}
