// Command train learns the network of package rank, and writes its table and its card.
//
// It draws sequences (draw.go), of which a teacher knows the best cuts (teach.go); it asks the
// search what a ranker is shown on the way there (programs.Finder.Lessons); and it learns
// to tell which kid is the right one (learn.go). The same flags give the same table on
// the same kind of processor. Call it by go generate: see package rank.
//
// The teacher is the search, after the cuts of the generator's program. Flags are for
// experiments with others: that program alone, or the search alone, guided by a network that
// was learnt before; with windows of real files (real.go); with lessons weighed or in order.
package main

import (
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/ktzip/ktzip/search/programs/internal/rank"
)

// options are what flags set.
type options struct {
	seed     uint64 // of the sequences, and of what the network starts with
	count    int    // sequences to learn from
	tests    int    // more sequences, to test with
	steps    int64  // mean steps of the search for a sequence's cuts
	labels   string // file of sequences and cuts that are drawn already
	excluded string // file of sequences to leave out

	cuts        string   // how sequences to learn from are cut: one of the values of -cuts
	expert      string   // file of the weights that guide the search for cuts instead
	expertSteps int64    // mean steps of that search
	reward      bool     // whether lessons of short programs count more
	tilt        float64  // share of windows of real files in the sequences to learn from
	real        []string // these files
	order       string   // of lessons: one of the values of -order

	windowsDrawn int // windows of real files that were searched

	epochs, batch int
	rate, decay   float64

	table, card string // files to be written
}

func main() {
	log.SetFlags(0)
	var o options
	flag.Uint64Var(&o.seed, "seed", 1, "seed of sequences and of weights")
	flag.IntVar(&o.count, "n", 58_000, "`sequences` to learn from")
	flag.IntVar(&o.tests, "tests", 2000, "more `sequences`, to test with")
	flag.Int64Var(&o.steps, "steps", 700_000, "mean `steps` to search a sequence")
	flag.StringVar(&o.labels, "labels", "", "`file` of sequences with their cuts; made if it is not there")
	flag.StringVar(&o.excluded, "exclude", "", ".jsonl `file` of sequences to leave out")
	flag.StringVar(&o.cuts, "cuts", cutsSearch, "`WHAT` cuts sequences to learn from: the search, after the cuts of the generator's program, or that program alone: search or program")
	flag.StringVar(&o.expert, "expert", "", "instead, a search alone, guided by the weights in `file`, cuts them")
	flag.Int64Var(&o.expertSteps, "expertsteps", 2_000_000, "mean `steps` of that search")
	flag.BoolVar(&o.reward, "reward", false, "let lessons count by the share of bits that the program with the cuts saves")
	flag.Float64Var(&o.tilt, "tilt", 0, "`share` of windows of real files, which the search alone cuts, in the sequences to learn from")
	flag.Func("real", "real `file`, for -tilt; may be given several times", func(name string) error {
		o.real = append(o.real, name)
		return nil
	})
	flag.StringVar(&o.order, "order", orderShuffled, "`order` in which lessons are shown: shuffled, or length, which begins with those of short lines")
	flag.IntVar(&o.epochs, "epochs", 6, "times that each state is shown")
	flag.IntVar(&o.batch, "batch", 32, "states in a batch")
	flag.Float64Var(&o.rate, "rate", 3e-3, "of learning, at first")
	flag.Float64Var(&o.decay, "decay", 0.03, "of weights")
	flag.StringVar(&o.table, "table", "net.bin", "`file` of the weights")
	flag.StringVar(&o.card, "card", "CARD.md", "`file` that says how they were learnt")
	flag.Parse()
	err := o.check()
	if flag.NArg() > 0 {
		err = fmt.Errorf("train: %q is no flag", flag.Arg(0))
	}
	if err == nil {
		err = o.run()
	}
	if err != nil {
		log.Fatal(err)
	}
}

// check returns an error that names the flag if a value is wrong.
func (o *options) check() error {
	switch {
	case o.count < 1:
		return fmt.Errorf("train: -n %d, want at least 1", o.count)
	case o.tests < 0:
		return fmt.Errorf("train: -tests %d, want at least 0", o.tests)
	case min(o.steps, o.expertSteps) < 1: // no sequence would have a cut
		return fmt.Errorf("train: -steps %d and -expertsteps %d, want at least 1", o.steps, o.expertSteps)
	case o.epochs < 0 || o.batch < 1:
		return fmt.Errorf("train: -epochs %d and -batch %d, want at least 0 and 1", o.epochs, o.batch)
	case o.cuts != cutsSearch && o.cuts != cutsProgram:
		return fmt.Errorf("train: -cuts %s, want %s or %s", o.cuts, cutsSearch, cutsProgram)
	case o.order != orderShuffled && o.order != orderLength:
		return fmt.Errorf("train: -order %s, want %s or %s", o.order, orderShuffled, orderLength)
	case !(o.tilt >= 0 && o.tilt <= 1):
		return fmt.Errorf("train: -tilt %g, want 0 to 1", o.tilt)
	case o.tilt > 0 && len(o.real) == 0:
		return errors.New("train: -tilt needs -real")
	case o.cuts == cutsProgram && (o.expert != "" || o.tilt > 0):
		return fmt.Errorf("train: -cuts %s is for drawn sequences alone, without -expert and -tilt", cutsProgram)
	}
	return nil
}

// run learns and writes the files.
func (o *options) run() error {
	start := time.Now()
	labels, err := o.labelled()
	if err != nil {
		return err
	}
	drawn := time.Since(start)
	tests, lessons := lessonsOf(labels[:o.tests], alike), lessonsOf(labels[o.tests:], o.weighing())
	net := learn(lessons.list, tests.list, o)
	if err := os.WriteFile(o.table, net.table(), 0o666); err != nil {
		return err
	}
	loss, among := net.test(tests.list)
	c := card{options: o, lessons: lessons, tests: tests, loss: loss, among: among, drawn: drawn, learnt: time.Since(start) - drawn}
	return os.WriteFile(o.card, []byte(c.String()), 0o666)
}

// A card says how a network was learnt and what it can do.
type card struct {
	*options
	lessons, tests lessonSet
	loss           float64
	among          [len(tops)]float64
	drawn, learnt  time.Duration
}

// time says how long it took.
func (c *card) time() string {
	if c.labels != "" {
		return fmt.Sprintf("cuts from a file, %.0f s to learn", c.learnt.Seconds())
	}
	return fmt.Sprintf("%.0f s for the cuts, %.0f s to learn", c.drawn.Seconds(), c.learnt.Seconds())
}

// windows says how many windows of real files there are, and how many were drawn for them.
func (c *card) windows() string {
	switch n := c.realCount(); {
	case n == 0:
		return ""
	case c.windowsDrawn == 0:
		return fmt.Sprintf("; %d windows of real files", n)
	default:
		return fmt.Sprintf("; %d windows of real files, of %d that were searched", n, c.windowsDrawn)
	}
}

// how says what the cuts are.
func (c *card) how() string {
	usual := fmt.Sprintf("those of the best state of a search of %d steps on average, after the cuts of the generator's program", c.steps)
	switch {
	case c.expert != "":
		return fmt.Sprintf("those of the best state of a search of %d steps on average that a network guides, without hints; to test with: %s", c.expertSteps, usual)
	case c.cuts == cutsProgram:
		return "those of the generator's program; to test with: " + usual
	}
	return usual
}

// shown says what is unusual about how lessons are shown.
func (c *card) shown() (s string) {
	if c.order == orderLength {
		s += "; in the first half, short lines first"
	}
	if c.reward {
		s += "; weighed by the bits that programs save"
	}
	return s
}

// String returns the card in Markdown.
func (c *card) String() string {
	s := fmt.Sprintf(`# The ranker's network

Written by `+"`train`"+`; see [doc.go](doc.go).

| what | |
| --- | --- |
| seed | %d |
| sequences | %d of dsl/kolmogorov's generator whose programs interleave, %d to %d elements%s |
| cuts | %s |
| lessons | %d states; in %.1f %% more, the right kid was not among the first %d |
| network | %d rows of %d units, then 2 scores: %d weights |
| learning | %d epochs, batches of %d, Adam with a rate of %g falling to %g, decay %g%s |
| time | %s |

%d states of %d other sequences; the right kid is among the first:

| kids | estimates | network |
| --- | --- | --- |
`, c.seed, c.count-c.realCount(), minElements, maxElements, c.windows(), c.how(),
		len(c.lessons.list), c.lessons.lostPercent(), rank.MaxKids,
		rank.Rows, rank.Hidden, weights,
		c.epochs, c.batch, c.rate, c.rate/finalRate, c.decay, c.shown(),
		c.time(),
		len(c.tests.list), c.options.tests)
	estimates := c.tests.estimates()
	for k, top := range tops {
		s += fmt.Sprintf("| %d | %.1f %% | %.1f %% |\n", top, 100*estimates[k], 100*c.among[k])
	}
	return s + fmt.Sprintf("\nMean loss %.3f nats.\n", c.loss)
}
