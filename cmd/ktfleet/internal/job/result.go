package job

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"

	"github.com/ktzip/ktzip/cmd/ktfleet/internal/files"
)

// A Result tells what became of a file.
type Result struct {
	Path     string          `json:"path"`
	Output   string          `json:"output,omitempty"` // where its output is; "" if there is none
	In       int64           `json:"in"`               // bytes read
	Out      int64           `json:"out"`              // bytes written, or restored
	Segments int64           `json:"segments"`
	Plans    int64           `json:"plans"`             // segments that have a plan
	Error    string          `json:"error,omitempty"`   // why the file was skipped; "" if it was not
	Notes    []string        `json:"notes,omitempty"`   // warnings
	Details  json.RawMessage `json:"details,omitempty"` // what else a command tells
}

// The counters of all pipelines, of which runners tell, in the namespace Namespace.
const (
	Namespace = "ktfleet"

	counterFiles    = "files"
	counterFailed   = "files_skipped"
	counterIn       = "bytes_in"
	counterOut      = "bytes_out"
	counterSegments = "segments"
	counterPlans    = "plans_found"
)

// A Count is what counters are increased by.
type Count struct{ Files, Failed, In, Out, Segments, Plans int64 }

// counters lists those of a Count.
var counters = []struct {
	name  string
	count beam.Counter
	field func(c *Count) *int64
}{
	{counterFiles, beam.NewCounter(Namespace, counterFiles), func(c *Count) *int64 { return &c.Files }},
	{counterFailed, beam.NewCounter(Namespace, counterFailed), func(c *Count) *int64 { return &c.Failed }},
	{counterIn, beam.NewCounter(Namespace, counterIn), func(c *Count) *int64 { return &c.In }},
	{counterOut, beam.NewCounter(Namespace, counterOut), func(c *Count) *int64 { return &c.Out }},
	{counterSegments, beam.NewCounter(Namespace, counterSegments), func(c *Count) *int64 { return &c.Segments }},
	{counterPlans, beam.NewCounter(Namespace, counterPlans), func(c *Count) *int64 { return &c.Plans }},
}

// Add increases the counters of the pipeline; call it within a method of a DoFn.
func (c Count) Add(ctx context.Context) {
	local.Lock()
	defer local.Unlock()
	for _, x := range counters {
		if n := *x.field(&c); n != 0 {
			x.count.Inc(ctx, n)
			*x.field(&local.Count) += n
		}
	}
}

// local has what was counted in this process. Prism tells only the counters of bundles that ended.
var local struct {
	sync.Mutex
	Count
}

// here returns what was counted in this process.
func here(context.Context) (Count, bool) {
	local.Lock()
	defer local.Unlock()
	return local.Count, true
}

// sink writes the results into one file.
type sink struct {
	Path string
}

func init() { beam.RegisterType(reflect.TypeFor[*sink]()) }

// Line returns r as a line of JSON, which is how collections hold it.
func (r *Result) Line() string {
	line, err := json.Marshal(r)
	if err != nil { // its details are no JSON: a fault of this program
		panic(err)
	}
	return string(line)
}

// lastLine follows the results, also if there are none: without it they were lost.
const lastLine = "~" // sorts after all JSON objects

// ProcessElement writes all results, sorted: whatever the workers, they are the same.
func (s *sink) ProcessElement(ctx context.Context, _ int, lines func(*string) bool) error {
	var all []string
	var line string
	for lines(&line) {
		all = append(all, line)
	}
	slices.Sort(all)
	return files.WriteFile(ctx, s.Path, []byte(strings.Join(all, "\n")), true)
}

// errLost reports that the sink wrote elsewhere, or that another removed what it wrote.
var errLost = errors.New("the results of the workers are not there; do all of them see the folder of --temp?")

// readResults returns the results that a sink wrote.
func readResults(ctx context.Context, path string) (all []Result, err error) {
	text, err := files.ReadFile(ctx, path, maxResults)
	text, whole := bytes.CutSuffix(text, []byte(lastLine))
	switch {
	case errors.Is(err, fs.ErrNotExist) || err == nil && !whole:
		return nil, fmt.Errorf("%s: %w", path, errLost)
	case err != nil:
		return nil, err
	}
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, len(text)+1)
	for lines.Scan() {
		var r Result
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, lines.Err()
}

// maxResults is the most bytes of the file of results, which a worker and the process that starts the
// pipeline hold in memory: some 300 for each file of the input.
const maxResults = 4 << 30

// Failed returns r of a file that is skipped because of err.
func (r Result) Failed(err error) Result {
	if named, ok := err.(*fs.PathError); ok && named.Path == r.Path {
		err = named.Err // the path is told once
	}
	return Result{Path: r.Path, Error: err.Error(), Notes: r.Notes}
}

// Count returns what r adds to the counters, unless its segments were counted before.
func (r *Result) Count() Count {
	if r.Error != "" {
		return Count{Failed: 1}
	}
	return Count{Files: 1, In: r.In, Out: r.Out, Segments: r.Segments, Plans: r.Plans}
}
