package job

import (
	"flag"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// Flags adds the flags of o to f, and those of Beam, which the help does not list.
func (o *Options) Flags(f *pflag.FlagSet) {
	f.StringVar(&o.Runner, "runner", Prism, "run the pipeline on `RUNNER`: "+strings.Join(runners, ", ")+";\nprism is inside this process")
	f.IntVar(&o.Workers, "workers", 0, "work on `N` segments or files at a time in each process; 0: one per core")
	f.StringVar(&o.Temp, "temp", "", "keep what is not complete in the folder `DIR`, which all workers see")
	f.BoolVarP(&o.Verbose, "verbose", "v", false, "print a line per file, and the runner's messages")
	f.BoolVarP(&o.Quiet, "quiet", "q", false, "print no warnings and no progress")
	f.BoolVar(&o.NoProgress, "no-progress", false, "show no progress")
	flag.CommandLine.VisitAll(func(g *flag.Flag) {
		if f.Lookup(g.Name) != nil || slices.Contains(workerFlags, g.Name) {
			return
		}
		p := pflag.PFlagFromGoFlag(g)
		p.Value, p.Hidden = beamFlag{p.Value, g.Name}, true
		if p.Shorthand != "" && f.ShorthandLookup(p.Shorthand) != nil {
			p.Shorthand = ""
		}
		f.AddFlag(p)
	})
}

// workerFlags are the flags by which Beam's containers start workers. Nobody else gives them, but somebody
// may mean --workers.
var workerFlags = []string{"worker", "id", "logging_endpoint", "control_endpoint", "semi_persist_dir", "options"}

// A beamFlag is a flag of Beam. It is set where Beam looks for flags that are given: a value alone does not
// reach the workers, and --use_public_ips=false is ignored.
type beamFlag struct {
	pflag.Value
	name string
}

// Set implements pflag.Value.
func (b beamFlag) Set(s string) error { return flag.Set(b.name, s) }
