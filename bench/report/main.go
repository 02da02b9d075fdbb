// Command report measures ktzip and writes the tables and charts of the project's
// README files. Without arguments it lists what it can measure.
//
// Run it in its own folder:
//
//	go run . ratios            # print a table
//	go run . -update ratios    # and write it, and its chart, where they belong
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/ktzip/ktzip/bench/internal/peak"
)

// A report is something to measure.
type report struct {
	name    string
	about   string // what it measures, and how long it takes on 2 idle cores
	measure func(*lab) error
}

// reports lists the reports in the order in which "all" measures them.
func reports() []report {
	return []report{
		{"ratios", "sizes beside gzip, zstd and xz, with a chart; 2 minutes", ratios},
		{"speeds", "speeds beside gzip, zstd and xz; 4 minutes", speeds},
		{"never-worse", "sizes beside gzip at the same level; 5 minutes", neverWorse},
		{"raw", "sizes without the searches beside gzip, libdeflate, zstd and xz; 2 minutes", raw},
		{"synthetic", "the KoLMogorov Test's file; 1 minute", synthetic},
		{"overhead", "files that nothing can shorten", overhead},
		{"messages", "short messages, as files and flushed", messages},
		{"plans", "what plans gain, and what they take; 5 minutes", plans},
		{"predictors", "what predictors gain, and how fast they restore; 10 minutes", predicted},
		{"mixed", "what predictors make of files of many formats, beside zpaq; 20 minutes", mixed},
		{"zpaq-speed", "how fast files restore by predictors and by zpaq; 5 minutes", zpaqSpeed},
		{"field", "files of many formats beside xz, and times; 10 minutes", field},
		{"repeats", "files that repeat what is far back, beside zstd and xz; 10 minutes", repeats},
		{"archives", "archives of files of many kinds beside the files alone; an hour", archives},
		{"levels", "files that a higher level codes larger; 15 minutes", levelSizes},
		{"bounds", "what searches cost where they win nothing; 1 minute", bounds},
		{"like", "64 MiB of segments that are alike; 2 minutes", like},
		{"gzip-speed", "speeds beside gzip in Go, without plans; 30 minutes", gzipSpeed},
		{"memory", "what ktunzip needs; 10 minutes", memory},
		{"kolmogorov", "rates of the KoLMogorov Test by budget, with a plot; 5 minutes", kolmogorov},
		{"guidance", "what the network that orders cuts is worth; 3 minutes", guidance},
		{"ablation", "what each rule of the search is worth; 25 minutes", ablation},
		{"baselines", "coders that search for no program, on the KoLMogorov Test's files; 12 minutes", baselines},
		{"encodings", "what programs and their parts cost under other encodings; 2 minutes", encodings},
		{"dialect", "the search and the transformer on another language; 15 minutes", dialects},
		{"structure", "which blocks of natural data have programs within k errors, and what plans find; 10 minutes", structure},
		{"ranker", "ways to learn the network that orders cuts: teachers, orders, rewards, real data; 15 minutes", ranker},
		{"transformer-training", "what the order and the kinds of training pairs do to small transformers; 30 minutes", transformerTraining},
		{"seqcoder", "rates of the transformer, with a plot; 20 minutes", seqcoder},
		{"seqcoder-files", "files with and without the transformer; 5 minutes", seqcoderFiles},
	}
}

func main() {
	peak.Run()
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "report:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	l := &lab{out: out}
	flags := flag.NewFlagSet("report", flag.ContinueOnError)
	flags.StringVar(&l.root, "root", "../..", "the repository's `folder`")
	flags.StringVar(&l.shared, "shared", "../../../shared", "the `folder` of the files to measure")
	flags.StringVar(&l.only, "only", "", "measure only files whose name contains `TEXT`; writes nothing")
	flags.IntVar(&l.every, "every", 1, "take an `N`th of the sequences and blocks only, in the tables of bench/KOLMOGOROV.md but the transformer's; writes nothing")
	flags.BoolVar(&l.update, "update", false, "write tables and charts into the repository")
	flags.Usage = func() { usage(flags) }
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return nil
	} else if err != nil {
		return err
	}
	if flags.NArg() == 0 {
		usage(flags)
		return nil
	}
	if l.every < 1 {
		return fmt.Errorf("-every %d: must be at least 1", l.every)
	}
	chosen, err := choose(flags.Args())
	if err != nil {
		return err
	}
	defer l.close()
	for _, r := range chosen {
		if err := r.measure(l); err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
	}
	return nil
}

// choose returns the reports of the given names.
func choose(names []string) (chosen []report, err error) {
next:
	for _, name := range names {
		if name == "all" {
			return reports(), nil
		}
		for _, r := range reports() {
			if r.name == name {
				chosen = append(chosen, r)
				continue next
			}
		}
		return nil, fmt.Errorf("unknown report %q", name)
	}
	return chosen, nil
}

func usage(flags *flag.FlagSet) {
	w := flags.Output()
	fmt.Fprintln(w, "usage: report [FLAG]... REPORT...\n\nReports:")
	for _, r := range reports() {
		fmt.Fprintf(w, "  %-20s %s\n", r.name, r.about)
	}
	fmt.Fprintf(w, "  %-20s all of them\n\nFlags:\n", "all")
	flags.PrintDefaults()
	fmt.Fprintln(w, strings.TrimSpace(`
Times are wall or processor times, as each table says. Run on an idle machine.`))
}
