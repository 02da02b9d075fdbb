package predictors

import (
	"cmp"
	"compress/flate"
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
	double  int // one part in so many must be saved by a program that takes twice the time
}

// unusable is the size by a program that may not be used.
const unusable = math.MaxInt

// price returns what programs are compared by: the size, and what restoring takes.
func (x *tried) price() int {
	if x.size == unusable {
		return unusable
	}
	return x.size + int(int64(x.size)*int64(logOf(uint64(x.time))-logOf(usualTime))/int64(16*x.double))
}

// usualTime is how many nanoseconds a byte programs take whose price is their size: those of all kinds are
// compared.
const usualTime = 1000

// worthDouble: a predictor that takes twice the time of another must save one part in so many, whatever its kind.
// Of a recording's cepstra the last contexts save 0.05 % at two thirds of the speed, which nobody wants. At 100,
// these are 2 % larger and restore four times as fast; at 250, 1 MB of text is 0.3 % smaller, at 0.8 MB/s instead
// of 0.9. Less must be saved of streams below shortStream bytes, in proportion: they restore in no time.
const worthDouble, shortStream = 130, 64 << 10

// A stage is a step of a search: the later, the more of a stream tells predictors apart.
type stage int

const (
	coarse stage = iota // of sources
	short               // of all changes
	long                // of the best changes
	stages
)

// mostWindows is how many windows of a stream stand for it at each stage, at most. They have windowOfSamples
// bytes at least, those of mixtures and records windowOfBytes, and windowClimbed in a climb of mixtures, which
// learn for long. Arbitrary.
var mostWindows = [stages]int{8, 6, 6}

const windowOfSamples, windowOfBytes, windowClimbed = 24 << 10, 8 << 10, 24 << 10

// windows returns how many windows a part of so many bytes has at a stage.
func (t *trial) windows(at stage, size int) int {
	return min(max(size/t.window, 2), mostWindows[at])
}

// A purse is time that trials may still take, as it is stated: nanoseconds on the reference processor.
type purse struct{ left int64 }

// A trial codes parts of a stream by programs, as long as there is time.
type trial struct {
	ctx context.Context
	*dsl.Stream
	*purse
	sizes  [stages]int // bytes of the parts
	known  map[question]tried
	plain  map[stretch]int // bytes that parts take by deflate
	last   []tried         // of the stage long, in the order of the trials
	least  int             // size by the best program of any stage
	best   tried           // that program
	window int             // bytes of a window at least
	double int             // that of its programs
}

// newTrial returns a trial of programs for s that takes its time from p.
func newTrial(ctx context.Context, s *dsl.Stream, p *purse, sizes [stages]int, plain map[stretch]int) *trial {
	return &trial{ctx: ctx, Stream: s, purse: p, sizes: sizes, known: map[question]tried{}, plain: plain, least: unusable, window: windowOfSamples, double: worthDouble * max(1, shortStream/max(len(s.Bytes), 1))}
}

// within calls f, which takes at most so many nanoseconds of the purse.
func (p *purse) within(time int64, f func()) {
	kept := max(p.left-time, 0)
	p.left -= kept
	f()
	p.left += kept
}

// fit returns how many bytes, from least to most, so many trials by programs that take about time nanoseconds
// a byte may code in a percentage of the purse.
func (p *purse) fit(percent, trials, time, least, most int) int {
	n := p.left * int64(percent) / 100 / int64(trials*max(time, 1))
	return int(min(max(n, int64(min(least, most))), int64(most)))
}

// A stretch says which part of a stream is one: from byte off on, or of so many windows that -off divides.
type stretch struct{ off, windows, size int }

// A question is what a part takes by a program.
type question struct {
	text string
	stretch
}

// A sample is a part of a stream, from byte off on or of so many windows that -off divides, and a program that
// codes it.
type sample struct {
	part    []byte
	off     int
	program *dsl.Program
	windows int // 0: one
}

// stretch returns which part it is.
func (s *sample) stretch() stretch { return stretch{s.off, s.windows, len(s.part)} }

// try codes the stream's part of a stage, whose windows begin at multiples of align bytes, by each of
// the programs, at the same time.
func (t *trial) try(at stage, align int, programs []*dsl.Program) []tried {
	part := spread(t.Bytes, t.windows(at, t.sizes[at]), t.sizes[at], align)
	list := make([]sample, len(programs))
	for i, p := range programs {
		list[i] = sample{part, -align, p, t.windows(at, t.sizes[at])}
	}
	answers := t.ask(list)
	for _, x := range answers {
		t.note(x, at == long)
	}
	return answers
}

// note keeps what the stream seems to take by a program; for the front of all if that is the last word.
func (t *trial) note(x tried, last bool) {
	if x.size < t.least {
		t.least, t.best = x.size, x
	}
	if last && x.size < unusable {
		t.last = append(t.last, x)
	}
}

// rescale corrects what the stream seemed to take by all programs of the last stage: it takes size bytes by one
// by which it seemed to take before.
func (t *trial) rescale(size, before int) {
	if before == 0 { // what is foretold for sure takes nothing
		return
	}
	for k := range t.last {
		y := &t.last[k]
		y.size = int(int64(y.size) * int64(size) / int64(before))
	}
}

// ask codes the samples, as long as there is time; those for which there is none may not be used.
func (t *trial) ask(list []sample) []tried {
	asked := make([]question, len(list))
	var open []int
	for i, s := range list {
		asked[i] = question{s.program.String(), s.stretch()}
		if _, ok := t.known[asked[i]]; !ok && t.allowed(s) {
			open = append(open, i)
		}
	}
	for _, i := range open {
		t.deflate(list[i].stretch(), list[i].part)
	}
	if len(open) > 0 {
		t.deflate(stretch{size: len(t.Bytes)}, t.Bytes)
	}
	for len(open) > 0 && t.ctx.Err() == nil {
		batch := t.affordable(list, open)
		if len(batch) == 0 {
			break
		}
		open = open[len(batch):]
		for k, x := range t.code(list, batch) {
			t.known[asked[batch[k]]] = x
		}
	}
	answers := make([]tried, len(list))
	for i := range list {
		if x, ok := t.known[asked[i]]; ok {
			answers[i] = x
		} else {
			answers[i] = tried{list[i].program, unusable, 0, t.double}
		}
	}
	return answers
}

// deflate compresses a part of the stream, if what it takes is not known: by that the whole is estimated.
func (t *trial) deflate(k stretch, part []byte) {
	if _, ok := t.plain[k]; ok {
		return
	}
	var n counter
	w, _ := flate.NewWriter(&n, flate.DefaultCompression) // the level is right
	w.Write(part)                                         // counter has no errors
	w.Close()
	t.plain[k] = int(n)
}

// A counter counts bytes.
type counter int

func (c *counter) Write(b []byte) (int, error) {
	*c += counter(len(b))
	return len(b), nil
}

// scaled returns how many bytes the stream seems to take by a program by which the part of s takes size: parts
// of a stream may be very different, so they are compared by what they take without a predictor.
func (t *trial) scaled(size int, s sample) int {
	const few = 64 // bytes: what is next to nothing tells nothing. Arbitrary.
	if len(s.part) == len(t.Bytes) {
		return size
	}
	return int(int64(t.plain[stretch{size: len(t.Bytes)}]) * int64(size+few) / int64(t.plain[s.stretch()]+few))
}

// allowed reports whether s may be coded, and is fast enough, as far as that is known.
func (t *trial) allowed(s sample) bool {
	time := t.Time(len(s.part), s.program)
	return time >= 0 && (time <= t.Slowest || s.program.Nodes[s.program.Out].Op == dsl.Code)
}

// affordable returns the first of the samples open for which there is time, a batch of them at most.
func (t *trial) affordable(list []sample, open []int) []int {
	left := t.left
	for k, i := range open {
		left -= int64(len(list[i].part)) * int64(t.Time(len(list[i].part), list[i].program))
		if left < 0 || k == batch {
			return open[:k]
		}
	}
	return open
}

// batch is how many trials may run before the time that they took is counted: what samples take is known
// only then. It is the same with any number of threads.
const batch = 16

// code codes each of the samples open, at the same time, and takes what that took from the purse.
func (t *trial) code(list []sample, open []int) []tried {
	answers := make([]tried, len(open))
	spent := make([]int64, len(open))
	var wait sync.WaitGroup
	for k, i := range open {
		part, p := list[i].part, list[i].program
		answers[k] = tried{p, unusable, 0, t.double}
		wait.Go(func() {
			size, time := t.Code(part, p)
			if size >= 0 && time <= t.Slowest {
				answers[k] = tried{p, t.scaled(size, list[i]), time, t.double}
			} else if size < 0 {
				time = max(t.Time(len(part), p), 0)
			}
			spent[k] = int64(len(part)) * int64(time)
		})
	}
	wait.Wait()
	for _, n := range spent {
		t.left -= n
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
