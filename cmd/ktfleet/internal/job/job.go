package job

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/options/jobopts"
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/runners/dataflow" // the runner of this name
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/runners/flink"
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/runners/prism"
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/runners/spark"
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/runners/universal"

	"github.com/ktzip/ktzip/cmd/ktfleet/internal/files"
)

// Options say how a pipeline runs.
type Options struct {
	Runner     string // a name that Beam knows
	Workers    int    // what each process works on at a time; 0: one per core that it has
	Temp       string // the folder for what only the pipeline needs; workers must see it, too
	Verbose    bool   // log what the runner says
	Quiet      bool   // no warnings and no progress
	NoProgress bool
	Stderr     io.Writer
	Terminal   bool // Stderr is one
}

// Prism is the runner inside the process.
const Prism = "prism"

// runners are the names of the others that the help tells. Beam has more names for them.
var runners = []string{Prism, "universal", "flink", "spark", dataflow}

// Check returns what is wrong with o.
func (o *Options) Check() error {
	switch {
	case o.Workers < 0:
		return errors.New("--workers must be at least 0")
	case !slices.Contains(runners, o.Runner):
		return fmt.Errorf("--runner %s: must be one of %s", o.Runner, strings.Join(runners, ", "))
	}
	return nil
}

// Run runs the pipeline that build makes, which returns its Results as lines. The error says
// that the pipeline itself failed; a file that did has a Result with an Error.
func Run(ctx context.Context, name string, o *Options, build func(s beam.Scope) (beam.PCollection, error)) ([]Result, error) {
	o.log()
	if err := o.reach(ctx); err != nil {
		return nil, err
	}
	p, s := beam.NewPipelineWithRoot()
	path := files.Join(o.Temp, "results")
	if err := files.WriteFile(ctx, path, nil, true); err != nil { // before the work, as the sink writes after it
		return nil, err
	}
	lines, err := build(s)
	if err != nil {
		return nil, err
	}
	lines = beam.Flatten(s, lines, beam.Create(s, lastLine))
	beam.ParDo0(s.Scope("report"), &sink{Path: path}, beam.GroupByKey(s, beam.AddFixedKey(s, lines)))
	*jobopts.JobName = fmt.Sprintf("ktfleet-%s-%d", name, time.Now().UnixNano())
	if err := o.chooseBinary(); err != nil {
		return nil, err
	}
	done := o.watch(ctx, *jobopts.JobName)
	_, err = beam.Run(ctx, o.Runner, p)
	done()
	if err != nil {
		return nil, brief(err)
	}
	return readResults(ctx, path)
}

// log directs the messages of Beam, which come by way of slog.
func (o *Options) log() {
	w := io.Discard
	if o.Verbose {
		w = o.Stderr
	}
	slog.SetDefault(slog.New(slog.NewTextHandler(w, nil)))
}

// brief returns err on one line, without the stages and the stacks of goroutines that runners add: what was
// its first cause.
func brief(err error) error {
	text := err.Error()
	if i := strings.LastIndex(text, "caused by:\n"); i >= 0 {
		text = text[i+len("caused by:\n"):]
	}
	text, _, _ = strings.Cut(text, " goroutine ") // after a panic its stack follows
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return errors.New("the pipeline failed: " + strings.Join(lines[:min(len(lines), maxLines)], " "))
}

// maxLines is how many lines of a cause are told: the name of the failed DoFn, and its error.
const maxLines = 2
