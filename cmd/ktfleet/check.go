package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/spf13/pflag"

	"github.com/ktzip/ktzip/cmd/internal/cli"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/check"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/input"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/job"
	"github.com/ktzip/ktzip/codec"
)

var restoreCommand = command{
	name: check.Restore, about: "restore compressed files",
	usage: "[OPTION]... --input PATTERN... --output DIR",
	start: func(f *pflag.FlagSet) runner {
		c := &checkRunner{what: check.Restore, kind: input.Restored}
		c.flags(f)
		f.StringVar(&c.Output, "output", "", "write what files restore to into `DIR`, in the folders that they have below the\npattern's first wildcard")
		f.BoolVarP(&c.Force, "force", "f", false, "replace outputs that exist")
		f.BoolVar(&c.Resume, "resume", false, "leave alone files whose output exists")
		f.BoolVarP(&c.noName, "no-name", "n", false, "do not restore time and mode that are stored")
		return c
	},
}

var verifyCommand = command{
	name: check.Verify, about: "restore compressed files in memory, and report those that are damaged",
	usage: "[OPTION]... --input PATTERN...",
	start: func(f *pflag.FlagSet) runner {
		c := &checkRunner{what: check.Verify, kind: input.None}
		c.flags(f)
		return c
	},
}

var listCommand = command{
	name: check.List, about: "list sizes, plans and memory of compressed files",
	usage: "[OPTION]... --input PATTERN...",
	start: func(f *pflag.FlagSet) runner {
		c := &checkRunner{what: check.List, kind: input.None}
		c.flags(f)
		f.BoolVar(&c.json, "json", false, "print a line with a JSON object per file, as ktzip -l --json")
		return c
	},
}

// A checkRunner runs the commands restore, verify and list.
type checkRunner struct {
	what, kind  string
	memoryLimit int64
	noName      bool
	json        bool
	input.Config
}

// flags adds the flags that all of them have.
func (c *checkRunner) flags(f *pflag.FlagSet) {
	inputFlag(f, &c.Patterns)
	c.memoryLimit = codec.DefaultMemoryLimit
	f.Var(size{&c.memoryLimit}, "memory-limit", "refuse files that need more than `SIZE` of memory to restore")
}

func (c *checkRunner) run(ctx context.Context, e *env, operands []string) error {
	c.Patterns = append(c.Patterns, operands...)
	c.Kind = c.kind
	switch {
	case len(c.Patterns) == 0:
		return errNoInput
	case c.Output == "" && c.kind == input.Restored:
		return errNoOutput
	case c.memoryLimit <= 0:
		return errors.New("--memory-limit must be more than 0")
	}
	key := keyOf(append([]string{c.what}, c.Patterns...)...)
	return e.within(ctx, c.Output, key, func() error {
		results, err := job.Run(ctx, c.what, &e.Options, func(s beam.Scope) (beam.PCollection, error) {
			work := &check.Config{What: c.what, Headers: c.json, NoName: c.noName, MemoryLimit: c.memoryLimit, Workers: e.Workers}
			return check.Pipeline(s, &c.Config, work), nil
		})
		if err == nil && c.what == check.List {
			err = c.list(e.stdout, results, e.Quiet)
		}
		if err != nil {
			return err
		}
		e.report(results, done[c.what])
		return nil
	})
}

// done says what became of files, in the last line.
var done = map[string]string{check.Restore: "restored", check.Verify: "verified", check.List: "listed"}

// list prints what the files hold, as ktzip -l does.
func (c *checkRunner) list(w io.Writer, results []job.Result, quiet bool) error {
	lines, encoder := cli.Listing{NoHeading: quiet}, json.NewEncoder(w)
	for _, r := range results {
		if r.Error != "" {
			continue
		}
		var found check.Listed
		if err := json.Unmarshal(r.Details, &found); err != nil {
			return err
		}
		if c.json {
			if err := encoder.Encode(found.List); err != nil {
				return err
			}
			continue
		}
		found.List.Time = found.Time
		lines.Add(w, found.List)
	}
	if !c.json {
		lines.End(w)
	}
	return nil
}
