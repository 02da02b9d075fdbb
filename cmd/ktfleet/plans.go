package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/spf13/pflag"

	"github.com/ktzip/ktzip/cmd/internal/cli"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/family"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/files"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/input"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/job"
)

var plansCommand = command{
	name: "plans", about: "find the plan that is best for many files of one kind, for --like",
	usage: "[OPTION]... --input PATTERN... --output FILE",
	start: func(f *pflag.FlagSet) runner {
		c := &plansRunner{in: input.Config{Kind: input.Sampled}}
		inputFlag(f, &c.in.Patterns)
		f.StringVar(&c.output, "output", "", "write the plans into `FILE`, as text that --like of ktzip and of compress takes")
		f.BoolVarP(&c.force, "force", "f", false, "replace the output if it exists")
		f.IntVar(&c.Sample, "sample", defaultSample, "search `N` files for plans")
		f.IntVar(&c.Judge, "judge", defaultJudge, "judge plans by `N` files; 0: by all. With --mix that takes 20 s per file and plan")
		f.IntVar(&c.Keep, "keep", 1, "write the `K` plans that are best together")
		return c
	},
}

// Of a file of 2 MiB or more, the search takes two seconds at level 6, and judging a candidate half a second. The
// numbers are arbitrary.
const defaultSample, defaultJudge = 16, 256

// A plansRunner runs the command plans.
type plansRunner struct {
	in input.Config
	family.Config
	output string
	force  bool
	codingOptions
}

// errNothing reports that there is no file of which a plan could be.
var errNothing = errors.New("no file to make a plan of")

func (c *plansRunner) run(ctx context.Context, e *env, operands []string) (err error) {
	c.in.Patterns = append(c.in.Patterns, operands...)
	if err := c.check(ctx); err != nil {
		return err
	}
	if c.Args, c.Like, err = c.coding(ctx); err != nil {
		return err
	}
	c.Workers = e.Workers
	key := keyOf(slices.Concat(c.Args, c.Like, []string{"", "plans"}, c.in.Patterns)...)
	var results []job.Result
	err = e.within(ctx, "", key, func() (err error) {
		results, err = job.Run(ctx, "plans", &e.Options, func(s beam.Scope) (beam.PCollection, error) {
			return family.Pipeline(s, &c.in, &c.Config)
		})
		return err
	})
	if err != nil {
		return err
	}
	return c.settle(ctx, e, results)
}

// check returns an error if an option is wrong.
func (c *plansRunner) check(ctx context.Context) error {
	switch {
	case len(c.in.Patterns) == 0:
		return errNoInput
	case c.output == "":
		return errors.New("no file given; --output names it")
	case c.Sample < 1:
		return errors.New("--sample must be at least 1")
	case c.Judge < 0:
		return errors.New("--judge must be at least 0")
	case c.Keep < 1 || c.Keep > family.MaxPlans:
		return fmt.Errorf("--keep must be within 1..%d", family.MaxPlans)
	case c.force:
		return nil
	}
	exists, err := files.Exists(ctx, c.output)
	if err == nil && exists {
		err = fmt.Errorf("%s exists already; --force replaces it", c.output)
	}
	return err
}

// settle reports results and writes the plans that are in one of them.
func (c *plansRunner) settle(ctx context.Context, e *env, results []job.Result) error {
	var found family.Summary
	k := slices.IndexFunc(results, func(r job.Result) bool { return r.Details != nil })
	if k < 0 {
		return errNothing
	}
	if err := json.Unmarshal(results[k].Details, &found); err != nil {
		return err
	}
	e.report(slices.Delete(results, k, k+1), "judged")
	if found.Judged() == 0 {
		return errNothing
	}
	plans, err := cli.ParsePlans(found.Plans)
	if err != nil {
		return err
	}
	about := strings.Join(append([]string{"ktfleet plans"}, c.Args...), " ") + "\n" + found.About()
	var text bytes.Buffer
	if err := cli.WritePlans(&text, about, plans); err != nil {
		return err
	}
	if !e.Quiet {
		fmt.Fprint(e.Stderr, found.About())
	}
	return files.WriteFile(ctx, c.output, text.Bytes(), c.force)
}
