package family

import (
	"math"
	"reflect"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"

	"github.com/ktzip/ktzip/cmd/ktfleet/internal/input"
)

// A Config says how a family's plan is found. It is plain data, which every worker gets.
type Config struct {
	Args    []string // the options of the coding (package cli)
	Like    []string // plans that are candidates in any case, as text
	Sample  int      // files that are searched, at least 1
	Judge   int      // files that candidates are judged by, at least those that are searched; 0: all
	Keep    int      // plans to find, at most MaxPlans
	Workers int      // what each process works on at a time; 0: one per core
}

// What bounds the work.
const (
	// MaxPlans is how many candidates there are at most: as many plans as --like takes.
	MaxPlans = 16
	// headBytes is how many bytes of a file count: two segments with plans, of which the second one mostly is
	// coded by the plan of the first. Judging 16 candidates by 256 files of so many bytes takes half an hour
	// of a core at level 6 (November 2026).
	headBytes = 2 << 20
)

// A Found is what the search of a file found.
type Found struct {
	Path     string
	Bytes    int64    // that its segments take
	Segments int64    // how many it has
	Planned  int64    // of these, those that have a plan
	Plans    []string // of its segments, each once, as text
	Error    string   // why it was not searched; "" if it was
}

// Candidates are the plans that are judged, as text, the most promising ones first.
type Candidates struct{ Plans []string }

// A Case is a judged file.
type Case struct {
	Path  string
	Size  int64   // bytes of it that count
	Plain int64   // bytes that its segments take without a plan
	Costs []int64 // bytes that they take by each candidate alone
	Error string  // why it was not judged; "" if it was
}

func init() {
	for _, t := range []reflect.Type{
		reflect.TypeFor[Found](), reflect.TypeFor[Candidates](), reflect.TypeFor[Case](),
		reflect.TypeFor[*choose](), reflect.TypeFor[*search](), reflect.TypeFor[*gather](), reflect.TypeFor[*judge](), reflect.TypeFor[*settle](),
	} {
		beam.RegisterType(t)
	}
}

// Pipeline adds the pipeline to s, of the files in, and returns the lines of its results: one of each judged
// file, and one whose details are a Summary. The error says that c is wrong.
func Pipeline(s beam.Scope, in *input.Config, c *Config) (beam.PCollection, error) {
	if _, err := c.coding(); err != nil {
		return beam.PCollection{}, err
	}
	all := *in
	all.Small = math.MaxInt64
	batches, _, unmatched := input.Match(s, &all)
	searched, judged, total := beam.ParDo3(s.Scope("choose"), &choose{Config: *c}, beam.GroupByKey(s, beam.AddFixedKey(s, batches)))
	found := beam.ParDo(s.Scope("search"), &search{Config: *c}, beam.Reshuffle(s, searched))
	candidates := beam.ParDo(s.Scope("candidates"), &gather{Config: *c}, beam.Impulse(s), beam.SideInput{Input: found})
	cases := beam.ParDo(s.Scope("judge"), &judge{Config: *c}, beam.Reshuffle(s, judged), beam.SideInput{Input: candidates})
	results := beam.ParDo(s.Scope("settle"), &settle{Config: *c}, beam.Impulse(s), beam.SideInput{Input: total},
		beam.SideInput{Input: candidates}, beam.SideInput{Input: found}, beam.SideInput{Input: cases})
	return beam.Flatten(s, unmatched, results), nil
}
