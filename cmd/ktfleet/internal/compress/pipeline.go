package compress

import (
	"reflect"
	"time"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"

	"github.com/ktzip/ktzip/cmd/ktfleet/internal/input"
	"github.com/ktzip/ktzip/codec"
)

// A Config says what to compress, and how. It is plain data, which every worker gets.
type Config struct {
	Temp        string        // the folder of what is not complete
	Args        []string      // the options of the coding (package cli)
	Like        []string      // plans that are tried, as text
	Workers     int           // what each process works on at a time; 0: one per core
	SegmentTime time.Duration // that coding a MiB may take before a segment is coded without a search
}

// A Task is a segment to code.
type Task struct {
	File input.File
	Cut  codec.Cut
	Lead string // the Finding that the segment is given; "" if there is none
}

// A Part is a coded segment of a file, or several that could not be coded.
type Part struct {
	File    input.File
	Offset  int64
	Size    int64 // bytes of the file
	Cut     codec.Cut
	Path    string // of the file that has the coded bytes
	From    int64  // where they begin in it
	Coded   int64
	Found   string // what joining and assembling need of the Finding, as text
	Lead    string // of a leader: all of the Finding, as text
	Planned bool   // it has a plan
	Notes   []string
	Error   string // why there are no coded bytes; "" if there are
}

func init() {
	for _, t := range []reflect.Type{
		reflect.TypeFor[Task](), reflect.TypeFor[Part](), reflect.TypeFor[restriction](),
		reflect.TypeFor[*whole](), reflect.TypeFor[*lead](), reflect.TypeFor[*code](), reflect.TypeFor[*join](), reflect.TypeFor[*assemble](),
	} {
		beam.RegisterType(t)
	}
}

// WholeFile is the most bytes of a file that one worker compresses: about what a run of segments has.
const WholeFile = 8 << 20

// Pipeline adds the pipeline to s, of the files in, and returns the lines of its results. The error says that
// c is wrong.
func Pipeline(s beam.Scope, in *input.Config, c *Config) (beam.PCollection, error) {
	coding, err := c.coding()
	if err != nil {
		return beam.PCollection{}, err
	}
	batches, large, unmatched := input.Match(s, in)
	small := beam.ParDo(s.Scope("whole"), &whole{Config: *c}, beam.Reshuffle(s, batches))
	tasks, leaders := beam.ParDo2(s.Scope("lead"), &lead{Config: *c}, beam.Reshuffle(s, large))
	followers := beam.ParDo(s.Scope("code"), &code{Config: *c}, beam.Reshuffle(s, tasks))
	parts := beam.Flatten(s, leaders, followers) // by joint
	if coding.Joins() {
		parts = beam.ParDo(s.Scope("join"), &join{Config: *c}, beam.GroupByKey(s, parts))
	}
	done := beam.ParDo(s.Scope("assemble"), &assemble{Config: *c}, beam.GroupByKey(s, parts))
	return beam.Flatten(s, unmatched, small, done), nil
}
