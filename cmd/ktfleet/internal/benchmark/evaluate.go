package benchmark

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"reflect"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"

	"github.com/ktzip/ktzip/cmd/internal/evaluate"
	"github.com/ktzip/ktzip/cmd/internal/metrics"
	"github.com/ktzip/ktzip/cmd/internal/pairs"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/files"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/input"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/job"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/slots"
	"github.com/ktzip/ktzip/search/programs"
)

// A Test says how sequences are evaluated. It is plain data, which every worker gets.
type Test struct {
	Measure
	Output  string // the folder of outcomes and report
	Name    string // of the report
	Mode    Mode
	Workers int // what each process works on at a time; 0: one per core
}

// A Measure says which outcomes sequences have.
type Measure struct {
	Options evaluate.Options `json:"options,omitzero"` // zero with Score
	Score   bool             `json:"score,omitempty"`  // the programs in the files; there is no search
	Length  int              `json:"length"`           // bytes of a sequence of files other than .jsonl
	Limit   int              `json:"limit,omitempty"`  // sequences of a file; 0 for all
	Worth   evaluate.Worth   `json:"worth,omitzero"`   // of all sequences; zero with Score
}

// Check returns an error that names the flag if a value is wrong.
func (t *Test) Check() error {
	switch {
	case t.Length < 1 || t.Length > programs.MaxBlock:
		return fmt.Errorf("--length %d: must be 1 to %d", t.Length, programs.MaxBlock)
	case t.Limit < 0:
		return errors.New("--limit must be at least 0")
	}
	if err := t.Mode.Check(); err != nil {
		return err
	}
	if t.Score {
		t.Options = evaluate.Options{}
		return nil
	}
	return t.Options.Check()
}

// Names in the output folder.
const (
	outcomesFolder = "outcomes"
	reportName     = "report.json"
	optionsName    = "options.json"
)

// Begin makes the output folder that of t, as its Mode allows. Call it before the pipeline Evaluate runs.
func (t *Test) Begin(ctx context.Context) error {
	r := run{
		options: files.Join(t.Output, optionsName),
		outputs: files.Join(files.Escape(t.Output), outcomesFolder, "**"),
	}
	return r.begin(ctx, t.Mode, &t.Measure)
}

func init() {
	for _, t := range []reflect.Type{reflect.TypeFor[*weigh](), reflect.TypeFor[*measure](), reflect.TypeFor[*fold]()} {
		beam.RegisterType(t)
	}
}

// match returns the files of patterns, each an element, and the lines of the results of those that are
// skipped.
func (t *Test) match(s beam.Scope, patterns []string) (list, results beam.PCollection) {
	_, list, results = input.Match(s, &input.Config{
		Patterns: patterns, Kind: input.Evaluated, Output: files.Join(t.Output, outcomesFolder), Force: true, Small: -1,
	})
	return beam.Reshuffle(s, list), results
}

// Weigh adds the pipeline to s that says what the searches of files are worth, and returns the lines of its
// results. See WorthOf.
func Weigh(s beam.Scope, t *Test, patterns []string) beam.PCollection {
	list, unmatched := t.match(s, patterns)
	return beam.Flatten(s, unmatched, beam.ParDo(s.Scope("weigh"), &weigh{Test: *t}, list))
}

// WorthOf returns what the searches of all files are worth, from the results of Weigh. A file that is
// skipped is worth nothing.
func WorthOf(results []job.Result) (all evaluate.Worth, err error) {
	for _, r := range results {
		var w evaluate.Worth
		if r.Error != "" {
			continue
		}
		if err := json.Unmarshal(r.Details, &w); err != nil {
			return all, err
		}
		all = all.Plus(w)
	}
	return all, nil
}

// Evaluate adds the pipeline to s that evaluates files and reports the metrics, and returns the lines of its
// results: one per file. See Report.
func Evaluate(s beam.Scope, t *Test, patterns []string) beam.PCollection {
	list, unmatched := t.match(s, patterns)
	lines := beam.Flatten(s, unmatched, beam.ParDo(s.Scope("measure"), &measure{Test: *t}, list))
	return beam.ParDo(s.Scope("fold"), &fold{*t}, beam.GroupByKey(s, beam.AddFixedKey(s, lines)))
}

// weigh says what the searches of a file are worth.
type weigh struct {
	Test
	bundle *slots.Bundle[job.Result]
}

// StartBundle begins a bundle.
func (w *weigh) StartBundle(context.Context, func(string)) { w.bundle = new(slots.Bundle[job.Result]) }

// ProcessElement weighs a file.
func (w *weigh) ProcessElement(ctx context.Context, f input.File, results func(string)) {
	w.bundle.Start(w.Workers, func() job.Result {
		return job.Of(f.Path, func(r *job.Result) (err error) {
			var sum evaluate.Worth
			err = w.each(ctx, &f, func(p pairs.Pair) error {
				sum = sum.Plus(evaluate.WorthOf(p.Sequence))
				return nil
			})
			if err == nil {
				r.Details, err = json.Marshal(sum)
			}
			return err
		})
	})
	lines(w.bundle.Done(), results)
}

// FinishBundle waits for all files of the bundle.
func (w *weigh) FinishBundle(_ context.Context, results func(string)) {
	lines(w.bundle.Wait(), results)
}

// lines emits results, which do not count: the files are evaluated later.
func lines(ready []job.Result, results func(string)) {
	for i := range ready {
		results(ready[i].Line())
	}
}

// each calls do with each pair of f.
func (t *Test) each(ctx context.Context, f *input.File, do func(p pairs.Pair) error) error {
	return f.Stream(ctx, func(src io.Reader) error {
		n := 0
		for p, err := range pairs.Read(src, f.Name(), t.Length) {
			if err == nil {
				err = ctx.Err()
			}
			if err == nil {
				err = do(p)
			}
			if err != nil {
				return err
			}
			if n++; n == t.Limit {
				break
			}
		}
		return nil
	})
}

// measure writes the outcomes of files.
type measure struct {
	Test
	outcome func(p pairs.Pair) (*metrics.Outcome, error)
	bundle  *slots.Bundle[job.Result]
}

// StartBundle begins a bundle.
func (m *measure) StartBundle(context.Context, func(string)) error {
	m.bundle = new(slots.Bundle[job.Result])
	if m.Score {
		m.outcome = func(p pairs.Pair) (*metrics.Outcome, error) { return evaluate.Score(p), nil }
		return nil
	}
	e, err := evaluator(&m.Options)
	m.outcome = func(p pairs.Pair) (*metrics.Outcome, error) { return e.Outcome(p, m.Worth) }
	return err
}

// ProcessElement evaluates a file.
func (m *measure) ProcessElement(ctx context.Context, f input.File, results func(string)) {
	outcome := m.outcome
	m.bundle.Start(m.Workers, func() job.Result {
		return job.Of(f.Path, func(r *job.Result) error { return m.write(ctx, &f, outcome, r) })
	})
	job.Emit(ctx, m.bundle.Done(), results)
}

// FinishBundle waits for all files of the bundle.
func (m *measure) FinishBundle(ctx context.Context, results func(string)) {
	job.Emit(ctx, m.bundle.Wait(), results)
}

// outcomesBuffer is how many bytes of outcomes are written, or read, at a time; arbitrary.
const outcomesBuffer = 1 << 18

// write writes the outcomes of f, unless they are there.
func (t *Test) write(ctx context.Context, f *input.File, outcome func(p pairs.Pair) (*metrics.Outcome, error), r *job.Result) error {
	if t.Mode.Resume {
		info, err := files.Stat(ctx, f.Output)
		if err == nil && info.ModTime.UnixNano() >= f.ModTime {
			*r = kept(f.Path, info.Size)
			r.Output = f.Output
			return nil
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	r.Output, r.In = f.Output, f.Size
	return f.Write(ctx, func(w io.Writer) (files.Attributes, error) {
		out := bufio.NewWriterSize(w, outcomesBuffer)
		var line []byte
		err := t.each(ctx, f, func(p pairs.Pair) error {
			o, err := outcome(p)
			if err != nil {
				return err
			}
			line = o.AppendLine(line[:0])
			r.Out += int64(len(line))
			_, err = out.Write(line)
			return err
		})
		if err == nil {
			err = out.Flush()
		}
		return files.Attributes{}, err
	})
}

// evaluators are those of this process, by their options as JSON.
var evaluators job.Shared[*evaluate.Evaluator]

// evaluator returns the evaluator of options.
func evaluator(opt *evaluate.Options) (*evaluate.Evaluator, error) {
	key, err := json.Marshal(opt)
	if err != nil {
		return nil, err
	}
	return evaluators.Get(string(key), func() (*evaluate.Evaluator, error) { return evaluate.New(opt) })
}
