package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/ktzip/ktzip/cmd/internal/baseline"
	"github.com/ktzip/ktzip/cmd/internal/model"
	"github.com/ktzip/ktzip/cmd/internal/tool"
)

// A mode is a kind of run.
type mode struct {
	flag  string                   // that asks for it; "" for the search
	takes []string                 // flags that mean something in it, in addition to common
	check func(opt *options) error // of these flags
	run   func(opt *options, ctx context.Context, stdout, stderr io.Writer) error
}

// common are the flags that all modes take. Without work for several threads, or a bar, their flags change nothing.
var common = []string{"length", "every", "limit", "threads", "no-progress"}

// modes returns all modes. The first whose flag is given is taken.
func modes() []mode {
	return []mode{
		{"score", []string{"answers", "programs", "json"}, (*options).checkScore, (*options).score},
		{"prompts", []string{"model-name", "shots", "max-tokens", "temperature"}, (*options).checkPrompts, (*options).ask},
		{"baseline", []string{"model", "device", "json"}, (*options).checkBaseline, (*options).compare},
		{"", []string{"search", "model", "device", "beam", "budget", "no-coded", "ranker", "without", "programs", "json"},
			(*options).checkSearch, (*options).search},
	}
}

// chosen returns the mode that the flags ask for.
func chosen(flags *pflag.FlagSet) mode {
	list := modes()
	return list[slices.IndexFunc(list, func(m mode) bool {
		return m.flag == "" || flags.Changed(m.flag) && flags.Lookup(m.flag).Value.String() != "false"
	})]
}

// others returns an error that names a flag that was given, and means nothing in m.
func (m *mode) others(flags *pflag.FlagSet) error {
	name := tool.Other(flags, slices.Concat(common, m.takes, []string{m.flag})...)
	switch {
	case name == "":
		return nil
	case m.flag != "":
		return fmt.Errorf("--%s cannot be combined with --%s", name, m.flag)
	}
	for _, n := range modes() {
		if slices.Contains(n.takes, name) {
			return fmt.Errorf("--%s needs --%s", name, n.flag)
		}
	}
	return fmt.Errorf("--%s must not be false", name) // --score, since a test holds that a mode takes each other flag
}

// checkScore checks the flags of --score.
func (opt *options) checkScore() error {
	switch given := opt.flags.Changed("answers"); {
	case !given && opt.flags.Changed("programs"):
		return errors.New("--programs cannot be combined with --score unless --answers is given, too")
	case given && (len(opt.answers) == 0 || slices.Contains(opt.answers, "")):
		return errors.New("--answers: a name is empty")
	case given && len(opt.files) > 1:
		return fmt.Errorf("--answers are to the sequences of one file, got %d files", len(opt.files))
	}
	for _, name := range opt.files {
		if len(opt.answers) == 0 && !strings.HasSuffix(name, ".jsonl") {
			return fmt.Errorf("--score: %s has no programs: give a .jsonl file, or --answers", name)
		}
	}
	return nil
}

// checkPrompts checks the flags of --prompts.
func (opt *options) checkPrompts() error { return opt.asking.Check() }

// checkBaseline checks the flags of --baseline.
func (opt *options) checkBaseline() error {
	if err := baseline.Check(opt.baselines); err != nil {
		return fmt.Errorf("--baseline: %w", err)
	}
	for _, name := range []string{"model", "device"} {
		if opt.flags.Changed(name) && !slices.Contains(opt.baselines, "lmic") {
			return fmt.Errorf("--%s needs --baseline lmic", name)
		}
	}
	if opt.Device == model.None {
		return fmt.Errorf("--device %s is for ktzip only", model.None)
	}
	if err := model.Check(opt.Device); err != nil {
		return fmt.Errorf("--device %s: %w", opt.Device, err)
	}
	return nil
}

// checkSearch checks the flags of the search.
func (opt *options) checkSearch() error { return opt.Options.Check() }
