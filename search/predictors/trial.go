package predictors

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sync"

	"github.com/ktzip/ktzip/dsl"
)

// A tried is a program that coded a part of a stream.
type tried struct {
	program *dsl.Program
	size    int // bytes that all of the stream takes at this rate; unusable if it may not be used
	time    int // nanoseconds a byte to restore
	double  int // that of the trial
}

// unusable is the size by a program that may not be used.
const unusable = math.MaxInt

// price returns what programs are compared by: the size, and what restoring takes.
func (x *tried) price() int {
	if x.size == unusable {
		return unusable
	}
	return x.size + int(int64(x.size)*int64(logOf(uint64(x.time)))/int64(16*x.double))
}

// worthDouble: a predictor that takes twice the time of another must save one part in so many. Of a recording's cepstra the last contexts save 0.05 % at two thirds of the speed, which
// nobody wants, the ones before 0.3 % for as much.
const worthDouble = 300

// A stage is a step of a search: the later, the more of a stream tells predictors apart.
type stage int

const (
	coarse stage = iota // of sources
	short               // of all changes
	long                // of the best changes
	stages
)

// windows is how many parts of a stream stand for it at each stage. Arbitrary.
var windows = [stages]int{2, 2, 4}

// A trial codes parts of a stream by programs.
type trial struct {
	ctx context.Context
	*dsl.Stream
	sizes  [stages]int // bytes of the parts
	known  map[question]tried
	last   []tried // of the stage long, in the order of the trials
	least  int     // size by the best program of any stage
	double int     // one part in so many must be saved by a program that takes twice the time
}

// newTrial returns a trial of programs for s.
func newTrial(ctx context.Context, s *dsl.Stream, sizes [stages]int) *trial {
	return &trial{ctx: ctx, Stream: s, sizes: sizes, known: map[question]tried{}, least: unusable, double: worthDouble}
}

// A question is what a part of so many bytes from one on takes by a program.
type question struct {
	text      string
	off, size int
}

// A sample is a part of a stream, from byte off on, and a program that codes it.
type sample struct {
	part    []byte
	off     int
	program *dsl.Program
}

// try codes the stream's part of a stage, whose windows begin at multiples of align bytes, by each of
// the programs, at the same time.
func (t *trial) try(at stage, align int, programs []*dsl.Program) []tried {
	part := spread(t.Bytes, windows[at], t.sizes[at], align)
	list := make([]sample, len(programs))
	for i, p := range programs {
		list[i] = sample{part, 0, p}
	}
	answers := t.ask(list)
	for _, x := range answers {
		if at == long && x.size < unusable {
			t.last = append(t.last, x)
		}
	}
	return answers
}

// ask codes each of the samples, at the same time.
func (t *trial) ask(list []sample) []tried {
	answers := make([]tried, len(list))
	asked := make([]question, len(list))
	var wait sync.WaitGroup
	for i, s := range list {
		part, p := s.part, s.program
		asked[i] = question{p.String(), s.off, len(part)}
		if x, ok := t.known[asked[i]]; ok {
			answers[i] = x
			continue
		}
		wait.Go(func() {
			answers[i] = tried{p, unusable, 0, t.double}
			if t.ctx.Err() != nil {
				return
			}
			if size, time := t.Code(part, p); size >= 0 && time <= t.Slowest {
				answers[i] = tried{p, int(int64(size) * int64(len(t.Bytes)) / int64(len(part))), time, t.double}
			}
		})
	}
	wait.Wait()
	for i, x := range answers {
		t.known[asked[i]] = x
		t.least = min(t.least, x.size)
	}
	return answers
}

// front returns, of all that was tried at the last stage, the program of the least price, then those of
// a higher price that restore faster than all before.
func (t *trial) front() (list []dsl.Predicted) {
	slices.SortStableFunc(t.last, func(a, b tried) int { return cmp.Or(a.price()-b.price(), a.time-b.time) })
	fastest := math.MaxInt
	for _, x := range t.last {
		if x.time < fastest {
			fastest = x.time
			list = append(list, dsl.Predicted{Predictor: x.program, Size: x.size})
		}
	}
	return list
}
