package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// How networks are learnt, to be compared. The sequences are fewer than the built-in network's
// 58,000, so that all is done in 15 minutes.
const (
	rankerSequences   = 4000      // to learn from (arbitrary)
	rankerTests       = 800       // whose states are held out (arbitrary)
	rankerSeeds       = 3         // of weights; that of the sequences is 1
	rankerExpertSteps = 1_400_000 // twice those of the usual search
	rankerDrawnSeed   = 4242      // of the pairs drawn to measure with
	rankerPairs       = 400       // of each kind, to measure with (arbitrary)
	rankerWindows     = 300       // of each of the benchmark's files (arbitrary)
)

// A rankerVariant is a way to learn a network.
type rankerVariant struct {
	name   string
	labels string   // a name of sequences and cuts: variants may share them
	guide  string   // labels of the network that guides the search for cuts; "" for none
	tilt   float64  // share of real data
	flags  []string // more flags of train
}

// rankerVariants lists the variants. The network that guides another comes before it.
var rankerVariants = []rankerVariant{
	{name: "cuts of the generator's programs", labels: "program", flags: []string{"-cuts", "program"}},
	{name: "a search after these: the usual way", labels: "usual"},
	{name: "expert: a search guided by the first network", labels: "expert", guide: "program"},
	{name: "the same, with rewards", labels: "expert", guide: "program", flags: []string{"-reward"}},
	{name: "the usual way, short lines first", labels: "usual", flags: []string{"-order", "length"}},
	{name: "the usual way, a quarter real data", labels: "real", tilt: 0.25},
}

// A rankerTest is sequences that searches with a network are measured with.
type rankerTest struct {
	name string
	args []string // of kteval
}

// A rankerTrial learns and measures networks.
type rankerTrial struct {
	*lab
	dir, train    string
	tests         []rankerTest // first those of drawnTests, then those of real data
	drawn, onReal *table
}

// drawnTests is how many tests are of drawn sequences.
const drawnTests = 4

// ranker compares ways to learn the network that orders cuts.
func ranker(l *lab) error {
	r := &rankerTrial{lab: l, drawn: newTable("network", "states", "right cut first"), onReal: newTable("network")}
	if err := r.begin(); err != nil {
		return err
	}
	for i, t := range r.tests {
		if i < drawnTests {
			r.drawn.head = append(r.drawn.head, t.name)
		} else {
			r.onReal.head = append(r.onReal.head, t.name)
		}
	}
	for _, v := range []struct{ name, flag, value string }{
		{"none", "--without", "ranker"},
		{"the built-in one, of 58,000 sequences", "--ranker", filepath.Join(l.root, "search/programs/internal/rank/net.bin")},
	} {
		rates, err := r.rates(v.flag, v.value)
		if err != nil {
			return err
		}
		r.add(v.name, "", nil, [][]float64{rates})
	}
	for _, v := range rankerVariants {
		if err := r.measure(&v); err != nil {
			return fmt.Errorf("%s: %w", v.name, err)
		}
	}
	return errors.Join(l.publish(r.drawn, "ranker", kolmogorovPage), l.publish(r.onReal, "ranker-real", kolmogorovPage))
}

// begin builds what it takes and lists the tests.
func (r *rankerTrial) begin() (err error) {
	if _, err := os.Stat(r.pairs()); err != nil {
		return errors.Join(errNoFiles, err)
	}
	if r.dir, err = r.lab.dir(); err != nil {
		return err
	}
	r.train = filepath.Join(r.dir, "train")
	if _, err := output("go", "build", "-C", r.root, "-o", r.train, "./search/programs/internal/rank/train"); err != nil {
		return err
	}
	ktgen, err := r.build("ktgen")
	if err != nil {
		return err
	}
	pairs, err := output(ktgen, "--seed", strconv.Itoa(rankerDrawnSeed), "--count", strconv.Itoa(r.fewer(rankerPairs)), "--without", r.pairs())
	if err != nil {
		return err
	}
	drawn := filepath.Join(r.dir, "drawn.jsonl")
	if err := os.WriteFile(drawn, pairs, 0o644); err != nil {
		return err
	}
	for _, f := range []struct{ name, path string }{{"drawn", drawn}, {"published", r.pairs()}} {
		for _, budget := range []string{"3ms", "10ms"} {
			r.tests = append(r.tests, rankerTest{f.name + ", " + budget, []string{f.path, "--budget", budget, "--limit", strconv.Itoa(r.fewer(rankerPairs))}})
		}
	}
	for _, name := range []string{"audio_16bit", "audio_8bit", "dna", "synthetic"} {
		path := filepath.Join(r.shared, "kt", name+".bin")
		r.tests = append(r.tests, rankerTest{name, []string{path, "--budget", "3ms", "--limit", strconv.Itoa(r.fewer(rankerWindows))}})
	}
	return nil
}

// rates returns the rate of each test, the rest raw, with more arguments of kteval.
func (r *rankerTrial) rates(args ...string) (rates []float64, err error) {
	for _, t := range r.tests {
		e, err := r.evaluate(slices.Concat(t.args, []string{"--no-coded"}, args)...)
		if err != nil {
			return nil, err
		}
		rates = append(rates, e.CompressionRateRaw)
	}
	return rates, nil
}

// measure learns the networks of v, one for each seed of weights, and measures them.
func (r *rankerTrial) measure(v *rankerVariant) error {
	var states string
	var first []float64
	var rates [][]float64
	for seed := 1; seed <= rankerSeeds; seed++ {
		table, card, err := r.learn(v, seed)
		if err != nil {
			return err
		}
		states, _, _ = strings.Cut(cell(card, "lessons", 1), " ")
		share, err := strconv.ParseFloat(strings.TrimSuffix(cell(card, "1", 2), " %"), 64)
		if err != nil {
			return fmt.Errorf("the card: %w", err)
		}
		of, err := r.rates("--ranker", table)
		if err != nil {
			return err
		}
		first, rates = append(first, share), append(rates, of)
	}
	r.add(v.name, states, first, rates)
	return nil
}

// learn learns a network, and returns the name of its table, and its card. The first network
// that uses labels makes them.
func (r *rankerTrial) learn(v *rankerVariant, seed int) (table, card string, err error) {
	table = r.table(v.labels, seed)
	text := filepath.Join(r.dir, "card.md")
	args := slices.Concat([]string{
		"-seed", strconv.Itoa(seed), "-n", strconv.Itoa(r.fewer(rankerSequences)), "-tests", strconv.Itoa(r.fewer(rankerTests)),
		"-labels", filepath.Join(r.dir, v.labels+".jsonl"), "-table", table, "-card", text,
	}, v.flags)
	if v.guide != "" {
		args = append(args, "-expert", r.table(v.guide, 1), "-expertsteps", strconv.Itoa(rankerExpertSteps))
	}
	if v.tilt > 0 {
		args = append(args, "-tilt", fmt.Sprint(v.tilt))
		for _, name := range r.realFiles() {
			args = append(args, "-real", name)
		}
	}
	if _, err := output(r.train, args...); err != nil {
		return "", "", err
	}
	b, err := os.ReadFile(text)
	if seed == 1 {
		fmt.Fprintf(r.out, "%s\n%s\n", v.name, b)
	}
	return table, string(b), err
}

// table returns the name of the table of the network that last learnt from labels.
func (r *rankerTrial) table(labels string, seed int) string {
	return filepath.Join(r.dir, fmt.Sprintf("%s-%d.bin", labels, seed))
}

// realFiles returns the files of real data to learn from: none of those of the benchmark.
func (r *rankerTrial) realFiles() (list []string) {
	const least = 4096 // bytes; arbitrary
	for _, pattern := range []string{"files/*", "field/*"} {
		paths, _ := filepath.Glob(filepath.Join(r.shared, filepath.FromSlash(pattern)))
		for _, path := range paths {
			info, err := os.Stat(path)
			if err == nil && info.Mode().IsRegular() && info.Size() >= least && filepath.Base(path) != "README.md" {
				list = append(list, path)
			}
		}
	}
	return list
}

// add adds a network, or several that were learnt alike, to the tables.
func (r *rankerTrial) add(name, states string, first []float64, rates [][]float64) {
	drawn, real := []any{name, states, spread(first, "%.1f")}, []any{name}
	for i := range r.tests {
		var of []float64
		for _, list := range rates {
			of = append(of, list[i])
		}
		if s := spread(of, "%.4f"); i < drawnTests {
			drawn = append(drawn, s)
		} else {
			real = append(real, s)
		}
	}
	r.drawn.add(drawn...)
	r.onReal.add(real...)
	fmt.Fprintln(r.out, slices.Concat(drawn, real))
}

// spread returns the mean of list and, if there are several, half the difference between the
// largest and the smallest.
func spread(list []float64, format string) string {
	if len(list) == 0 {
		return ""
	}
	sum := 0.0
	for _, x := range list {
		sum += x
	}
	s := fmt.Sprintf(format, sum/float64(len(list)))
	if len(list) > 1 {
		s += fmt.Sprintf(" ± "+format, (slices.Max(list)-slices.Min(list))/2)
	}
	return s
}

// cell returns cell k of the first row of a table in Markdown that begins with first, "" if
// there is none.
func cell(text, first string, k int) string {
	for line := range strings.Lines(text) {
		row := strings.Split(strings.Trim(line, "| \n"), " | ")
		if row[0] == first && k < len(row) {
			return row[k]
		}
	}
	return ""
}
