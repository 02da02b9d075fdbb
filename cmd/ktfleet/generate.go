package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/dustin/go-humanize"
	"github.com/spf13/pflag"

	"github.com/ktzip/ktzip/cmd/internal/cli"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/benchmark"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/job"
)

var generateCommand = command{
	name: "generate", about: "draw pairs of a sequence and a program, as ktgen does",
	usage: "[OPTION]... --count N --output DIR",
	start: func(f *pflag.FlagSet) runner {
		g := &generateRunner{}
		f.Uint64Var(&g.Count, "count", 0, "draw `N` pairs")
		f.StringVar(&g.Output, "output", "", "write the shards pairs-00000-of-00098.jsonl and so on into `DIR`. In a row they have\nthe bytes that ktgen writes")
		f.Uint64Var(&g.Shards, "shards", 0, "write `N` shards, ranges of batches of 512 pairs; 0 for one per 20 batches")
		modeFlags(f, &g.Mode)
		g.Options.Flags(f)
		return g
	},
}

// modeFlags adds the flags of m.
func modeFlags(f *pflag.FlagSet, m *benchmark.Mode) {
	f.BoolVarP(&m.Force, "force", "f", false, "remove the files of an earlier run from the output folder")
	f.BoolVar(&m.Resume, "resume", false, "leave alone what an earlier run with the same options completed")
}

// A generateRunner runs the command generate.
type generateRunner struct{ benchmark.Draw }

func (g *generateRunner) run(ctx context.Context, e *env, operands []string) error {
	if len(operands) > 0 {
		return fmt.Errorf("unexpected argument %q", operands[0])
	}
	if g.Output == "" {
		return errNoOutput
	}
	if err := g.Check(); err != nil {
		return err
	}
	g.Workers = e.Workers
	return e.within(ctx, g.Output, keyOf("generate"), func() error {
		if err := g.Begin(ctx); err != nil {
			return err
		}
		results, err := job.Run(ctx, "generate", &e.Options, func(s beam.Scope) (beam.PCollection, error) {
			return benchmark.Generate(s, &g.Draw), nil
		})
		if err != nil {
			return err
		}
		e.shards(results, fmt.Sprintf("drew %d pairs", g.Count))
		return nil
	})
}

// shards tells what became of shards, and sets the exit code.
func (e *env) shards(results []job.Result, did string) {
	kept, skipped, size := 0, 0, int64(0)
	for i := range results {
		r := &results[i]
		size += r.Out
		switch {
		case r.Error != "":
			skipped++
			e.warn(r.Path, r.Error)
		case e.Verbose:
			cli.Message(e.Stderr, programName, r.Path, fmt.Sprintf("%d bytes", r.Out))
		}
		var d benchmark.Details
		if len(r.Details) > 0 && json.Unmarshal(r.Details, &d) == nil && d.Kept {
			kept++
		}
	}
	if e.Quiet {
		return
	}
	fmt.Fprintf(e.Stderr, "%s: %d files, %s (%d bytes)", did, len(results)-skipped, humanize.Bytes(uint64(size)), size)
	if kept > 0 {
		fmt.Fprintf(e.Stderr, "; %d of them were there", kept)
	}
	if skipped > 0 {
		fmt.Fprintf(e.Stderr, "; skipped %d", skipped)
	}
	fmt.Fprintln(e.Stderr)
}
