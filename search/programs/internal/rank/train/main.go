// Command train learns the network of package rank, and writes its table and its card.
//
// It draws sequences (draw.go), of which the search finds the best cuts; it asks the
// search what a ranker is shown on the way there (programs.Finder.Lessons); and it learns
// to tell which kid is the right one (learn.go). The same flags give the same table on
// the same kind of processor. Call it by go generate: see package rank.
package main

import (
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
	flag.IntVar(&o.epochs, "epochs", 6, "times that each state is shown")
	flag.IntVar(&o.batch, "batch", 32, "states in a batch")
	flag.Float64Var(&o.rate, "rate", 3e-3, "of learning, at first")
	flag.Float64Var(&o.decay, "decay", 0.03, "of weights")
	flag.StringVar(&o.table, "table", "net.bin", "`file` of the weights")
	flag.StringVar(&o.card, "card", "CARD.md", "`file` that says how they were learnt")
	flag.Parse()
	if err := o.run(); err != nil {
		log.Fatal(err)
	}
}

// run learns and writes the files.
func (o *options) run() error {
	start := time.Now()
	labels, err := o.labelled()
	if err != nil {
		return err
	}
	drawn := time.Since(start)
	tests, lessons := lessonsOf(labels[:o.tests]), lessonsOf(labels[o.tests:])
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

// String returns the card in Markdown.
func (c *card) String() string {
	s := fmt.Sprintf(`# The ranker's network

Written by `+"`train`"+`; see [doc.go](doc.go).

| what | |
| --- | --- |
| seed | %d |
| sequences | %d of dsl/kolmogorov's generator whose programs interleave, %d to %d elements |
| cuts | those of the best state of a search of %d steps on average, after the cuts of the generator's program |
| lessons | %d states; in %.1f %% more, the right kid was not among the first %d |
| network | %d rows of %d units, then 2 scores: %d weights |
| learning | %d epochs, batches of %d, Adam with a rate of %g falling to %g, decay %g |
| time | %s |

%d states of %d other sequences; the right kid is among the first:

| kids | estimates | network |
| --- | --- | --- |
`, c.seed, c.count, minElements, maxElements, c.steps,
		len(c.lessons.list), c.lessons.lostPercent(), rank.MaxKids,
		rank.Rows, rank.Hidden, weights,
		c.epochs, c.batch, c.rate, c.rate/finalRate, c.decay,
		c.time(),
		len(c.tests.list), c.options.tests)
	estimates := c.tests.estimates()
	for k, top := range tops {
		s += fmt.Sprintf("| %d | %.1f %% | %.1f %% |\n", top, 100*estimates[k], 100*c.among[k])
	}
	return s + fmt.Sprintf("\nMean loss %.3f nats.\n", c.loss)
}
