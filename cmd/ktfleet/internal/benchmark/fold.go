package benchmark

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/ktzip/ktzip/cmd/internal/metrics"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/files"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/job"
)

// fold writes the report of all outcomes. It is one worker's work: two of the metrics are lengths of streams,
// which depend on the order.
type fold struct{ Test }

// ProcessElement adds the outcomes of all files, in the order of their paths, and writes the report. It emits
// the lines that it gets. An error says that outcomes were lost: it is none of the input's.
func (f *fold) ProcessElement(ctx context.Context, _ int, lines func(*string) bool, results func(string)) error {
	var all []job.Result
	var line string
	for lines(&line) {
		var r job.Result
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			return err
		}
		if results(line); r.Error == "" {
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(a, b job.Result) int { return cmp.Compare(a.Path, b.Path) })
	tally := metrics.New(f.Name)
	for i := range all {
		if err := add(ctx, tally, all[i].Output); err != nil {
			return fmt.Errorf("the outcomes in %s: %w", all[i].Output, err)
		}
	}
	text, err := json.Marshal(tally.End())
	if err != nil {
		return err
	}
	return files.WriteFile(ctx, files.Join(f.Output, reportName), append(text, '\n'), true)
}

// add adds the outcomes of a file to tally.
func add(ctx context.Context, tally *metrics.Tally, path string) error {
	src, err := files.Open(ctx, path)
	if err != nil {
		return err
	}
	defer src.Close()
	stream := src.Reader(0)
	defer stream.Close()
	for o, err := range metrics.Outcomes(bufio.NewReaderSize(stream, outcomesBuffer), path) {
		if err != nil {
			return err
		}
		tally.Add(o)
	}
	return ctx.Err()
}

// maxReport is the most bytes of a report; one has some thousands.
const maxReport = 1 << 20

// Report returns the metrics that the pipeline Evaluate wrote.
func (t *Test) Report(ctx context.Context) (*metrics.Metrics, error) {
	text, err := files.ReadFile(ctx, files.Join(t.Output, reportName), maxReport)
	if err != nil {
		return nil, err
	}
	m := new(metrics.Metrics)
	return m, json.Unmarshal(text, m)
}
