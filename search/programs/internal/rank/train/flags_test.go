package main

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/search/programs"
	"github.com/ktzip/ktzip/search/programs/internal/rank"
)

// tiny returns options of a run of few sequences, which change sets.
func tiny(t *testing.T, change func(*options)) *options {
	dir := t.TempDir()
	o := &options{
		seed: 3, count: 60, tests: 20, steps: 50_000, expertSteps: 50_000,
		cuts: cutsSearch, order: orderShuffled, epochs: 4, batch: 8, rate: 3e-3, decay: 0.03,
		table: filepath.Join(dir, "net.bin"), card: filepath.Join(dir, "CARD.md"),
	}
	change(o)
	return o
}

// result runs o and returns the table and the card, without the line of the time.
func result(t *testing.T, o *options) (table []byte, card string) {
	t.Helper()
	if err := o.check(); err != nil {
		t.Fatal(err)
	}
	if err := o.run(); err != nil {
		t.Fatal(err)
	}
	table, err := os.ReadFile(o.table)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := programs.NewRanker(table); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(o.card)
	if err != nil {
		t.Fatal(err)
	}
	lines := slices.DeleteFunc(strings.Split(string(text), "\n"), func(s string) bool { return strings.HasPrefix(s, "| time |") })
	return table, strings.Join(lines, "\n")
}

// realData is a file of strands that interleave, and noise.
func realData(t *testing.T) string {
	data := make([]byte, 4096)
	for i := range data {
		data[i] = byte(i / 2)
		if i%2 == 1 {
			data[i] = byte(200 - i/2*3)
		}
		if i > 3000 {
			data[i] = byte(i * i >> 3)
		}
	}
	name := filepath.Join(t.TempDir(), "data")
	if err := os.WriteFile(name, data, 0o666); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestFlagsDecide: each experiment's flag makes another table than the default, the same one
// each time, also from the labels that it wrote, and the card says it. What to test with is
// the same.
func TestFlagsDecide(t *testing.T) {
	usual, usualCard := result(t, tiny(t, func(*options) {}))
	if strings.Contains(usualCard, "windows") || strings.Contains(usualCard, "short") {
		t.Errorf("%s of the default", usualCard)
	}
	expert, data := filepath.Join(t.TempDir(), "expert.bin"), realData(t)
	if err := os.WriteFile(expert, usual, 0o666); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(*options)
		card   string
	}{
		"cuts":   {func(o *options) { o.cuts = cutsProgram }, "those of the generator's program; to test with"},
		"expert": {func(o *options) { o.expert = expert }, "50000 steps on average that a network guides"},
		"reward": {func(o *options) { o.reward = true }, "weighed by the bits"},
		"order":  {func(o *options) { o.order = orderLength }, "short lines first"},
		"tilt":   {func(o *options) { o.tilt, o.real = 0.25, []string{data, data} }, "| 45 of dsl/kolmogorov's generator whose programs interleave, 12 to 400 elements; 15 windows of real files"},
	} {
		labels := filepath.Join(t.TempDir(), "labels.jsonl")
		table, card := result(t, tiny(t, func(o *options) { c.change(o); o.labels = labels }))
		if bytes.Equal(table, usual) {
			t.Errorf("%s: the table of the default", name)
		}
		if !strings.Contains(card, c.card) {
			t.Errorf("%s: %s, want %q", name, card, c.card)
		}
		of := func(card string) string {
			_, tests, _ := strings.Cut(card, "states of 20 other sequences")
			row, _, _ := strings.Cut(tests, " % |\n| 2 |")
			estimates, _, _ := strings.Cut(row[strings.Index(row, "| 1 |"):], "%")
			return estimates
		}
		if got, want := of(card), of(usualCard); got != want {
			t.Errorf("%s: tests are %s, want %s", name, got, want)
		}
		if again, _ := result(t, tiny(t, func(o *options) { c.change(o); o.labels = labels })); !bytes.Equal(again, table) {
			t.Errorf("%s: another table from the labels", name)
		}
	}
}

// TestWrongFlagsAreRefused names the flag that is wrong.
func TestWrongFlagsAreRefused(t *testing.T) {
	data := realData(t)
	short := filepath.Join(t.TempDir(), "short")
	if err := os.WriteFile(short, make([]byte, windowSize-1), 0o666); err != nil {
		t.Fatal(err)
	}
	old := filepath.Join(t.TempDir(), "old.jsonl")
	if err := os.WriteFile(old, bytes.Repeat([]byte(`{"sequence":[1,2,1,2,1],"cuts":[{"pairs":2}]}`+"\n"), 80), 0o666); err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func(*options){
		"-cuts magic":                   func(o *options) { o.cuts = "magic" },
		"-order down":                   func(o *options) { o.order = "down" },
		"-tilt 2":                       func(o *options) { o.tilt = 2 },
		"-tilt NaN":                     func(o *options) { o.tilt = math.NaN() },
		"-tilt needs -real":             func(o *options) { o.tilt = 0.5 },
		"-cuts program is for":          func(o *options) { o.cuts, o.tilt, o.real = cutsProgram, 0.5, []string{data} },
		"no file of at least 128 bytes": func(o *options) { o.tilt, o.real = 0.5, []string{short} },
		"is no file":                    func(o *options) { o.tilt, o.real = 0.5, []string{filepath.Dir(short)} },
		"no such file":                  func(o *options) { o.expert = short + "er" },
		"a table of 127 bytes":          func(o *options) { o.expert = short },
		"-n 0":                          func(o *options) { o.count = 0 },
		"-tests -1":                     func(o *options) { o.tests = -1 },
		"-steps 0":                      func(o *options) { o.steps = 0 },
		"-batch 0":                      func(o *options) { o.batch = 0 },
		"not those of -tilt":            func(o *options) { o.labels, o.tilt, o.real = old, 0.5, []string{data} },
		"which -reward needs":           func(o *options) { o.labels, o.reward = old, true },
	} {
		o := tiny(t, change)
		err := o.check()
		if err == nil {
			err = o.run()
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// TestWindowsThatTeachNothing ends the search for windows with a cut where there are none.
func TestWindowsThatTeachNothing(t *testing.T) {
	o := tiny(t, func(o *options) { o.steps = 1000 })
	none := func(*dsl.Program, []byte) ([]rank.Cut, float64) { return nil, 8 }
	_, drawn, err := windows(2, []string{realData(t)}, o.seed, none)
	if err == nil || drawn != 2*maxTries+1 {
		t.Errorf("%d windows, %v", drawn, err)
	}
}

// TestPoolGrows holds which lessons each epoch shows.
func TestPoolGrows(t *testing.T) {
	lessons := make([]lesson, 30)
	for i := range lessons {
		lessons[i].Line = make([]int32, 1+7*i%30)
	}
	for order, want := range map[string][]int{orderShuffled: {30, 30, 30, 30, 30, 30}, orderLength: {10, 20, 30, 30, 30, 30}} {
		o := options{order: order, epochs: len(want)}
		for epoch, n := range want {
			pool := o.pool(lessons, epoch)
			if len(pool) != n {
				t.Errorf("%s: %d lessons in epoch %d, want %d", order, len(pool), epoch, n)
			}
			for i := range pool {
				if n < 30 && len(pool[i].Line) > n {
					t.Errorf("%s: a line of %d elements in epoch %d", order, len(pool[i].Line), epoch)
				}
			}
		}
	}
}

// TestRewardsAreBitsSaved holds what rewards are, and that weights are 1 on average.
func TestRewardsAreBitsSaved(t *testing.T) {
	for bits, want := range map[float64]float64{0: 1, 40: 0.5, 80: 0, 90: 0} {
		l := label{Sequence: make([]int, 10), Bits: bits}
		if got := reward(&l); got != want {
			t.Errorf("%g bits: reward %g, want %g", bits, got, want)
		}
	}
	sequence := func(n int) (s []byte) {
		for i := range n {
			s = append(s, byte(i), byte(200-2*i))
		}
		return s
	}
	labels := []label{newLabel(sequence(20), []rank.Cut{{Pairs: 20}}, 80), newLabel(sequence(30), []rank.Cut{{Pairs: 30}}, 400)}
	set := lessonsOf(labels, reward)
	sum := 0.0
	for _, l := range set.list {
		sum += float64(l.weight)
	}
	if n := len(set.list); n != 2 || math.Abs(sum-2) > 1e-6 || set.list[0].weight <= set.list[1].weight {
		t.Errorf("%d lessons weigh %g", n, sum)
	}
	for _, l := range lessonsOf(labels, alike).list {
		if l.weight != 1 {
			t.Errorf("weight %g", l.weight)
		}
	}
}
