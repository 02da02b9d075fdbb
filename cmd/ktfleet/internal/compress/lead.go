package compress

import (
	"context"
	"sync"

	"github.com/apache/beam/sdks/v2/go/pkg/beam/core/sdf"

	"github.com/ktzip/ktzip/cmd/ktfleet/internal/input"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/job"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/slots"
	"github.com/ktzip/ktzip/codec"
)

// A restriction is what is left of a file: from a Place, with the Finding of the leader before it.
type restriction struct {
	Place codec.Place
	Lead  string
	End   int64 // bytes of the file
}

// size returns how many bytes are left.
func (r *restriction) size() int64 { return max(r.End-r.Place.Offset, 0) }

// A tracker tracks a restriction, of which a call of ProcessElement takes a stretch from the beginning:
// where that ends is known only once it was read. A runner can put off the rest, which is then a restriction
// of its own, but not divide it, since each stretch needs what was found before it.
type tracker struct {
	lock sync.Mutex
	all  restriction
	rest *restriction // after the stretch; nil as long as that is not known
	done bool         // nothing is left to claim
}

// TryClaim implements sdf.RTracker: it claims all.
func (t *tracker) TryClaim(any) bool {
	t.lock.Lock()
	defer t.lock.Unlock()
	claimed := !t.done
	t.done = true
	return claimed
}

// leave says what is left after the stretch.
func (t *tracker) leave(r restriction) {
	t.lock.Lock()
	defer t.lock.Unlock()
	if r.size() > 0 {
		t.rest, t.done = &r, false
	}
}

// TrySplit implements sdf.RTracker: it gives up the rest, if that is known.
func (t *tracker) TrySplit(float64) (primary, residual any, err error) {
	t.lock.Lock()
	defer t.lock.Unlock()
	if t.rest == nil {
		return t.all, nil, nil
	}
	rest := *t.rest
	t.all.End, t.rest, t.done = rest.Place.Offset, nil, true
	return t.all, rest, nil
}

// GetProgress implements sdf.RTracker.
func (t *tracker) GetProgress() (done, remaining float64) {
	t.lock.Lock()
	defer t.lock.Unlock()
	if t.rest != nil {
		return float64(t.all.size() - t.rest.size()), float64(t.rest.size())
	}
	return 0, float64(t.all.size())
}

// GetError implements sdf.RTracker.
func (t *tracker) GetError() error { return nil }

// IsDone implements sdf.RTracker.
func (t *tracker) IsDone() bool {
	t.lock.Lock()
	defer t.lock.Unlock()
	return t.done
}

// GetRestriction implements sdf.RTracker.
func (t *tracker) GetRestriction() any {
	t.lock.Lock()
	defer t.lock.Unlock()
	return t.all
}

// IsBounded implements sdf.BoundableRTracker.
func (t *tracker) IsBounded() bool { return true }

// maxStretch is how many bytes of segments without a plan a stretch has at most, so that they are coded while
// the rest is cut: some tasks for each of some dozens of workers.
const maxStretch = 64 << 20

// lead finds the segments of a large file, and codes those that lead. A stretch is a run, or as much without
// one.
type lead struct {
	Config
	coding *coding
}

// Setup makes the coding.
func (l *lead) Setup() (err error) {
	l.coding, err = l.Config.coding()
	return err
}

// CreateInitialRestriction returns all of the file.
func (l *lead) CreateInitialRestriction(f input.File) restriction { return restriction{End: f.Size} }

// SplitRestriction returns r alone.
func (l *lead) SplitRestriction(_ input.File, r restriction) []restriction { return []restriction{r} }

// RestrictionSize returns how many bytes r has.
func (l *lead) RestrictionSize(_ input.File, r restriction) float64 { return float64(r.size()) }

// CreateTracker returns a tracker of r.
func (l *lead) CreateTracker(r restriction) *tracker { return &tracker{all: r} }

// ProcessElement codes the leader of a stretch, and emits its other segments as tasks.
func (l *lead) ProcessElement(ctx context.Context, t *tracker, f input.File, tasks func(Task), parts func(string, Part)) (sdf.ProcessContinuation, error) {
	r := t.GetRestriction().(restriction)
	if !t.TryClaim(r.Place.Offset) {
		return sdf.StopProcessing(), nil
	}
	s := &stretch{lead: l, file: f, rest: r, tasks: tasks, parts: parts, pack: l.newPack()}
	if err := s.cut(ctx); err != nil {
		if ctx.Err() != nil {
			return nil, err
		}
		failed := Part{File: f, Offset: s.rest.Place.Offset, Size: s.rest.size(), Error: err.Error()}
		parts(l.coding.key(&failed), failed)
		return sdf.StopProcessing(), nil
	}
	if t.leave(s.rest); s.rest.size() > 0 {
		return sdf.ResumeProcessingIn(0), nil
	}
	return sdf.StopProcessing(), nil
}

// A stretch is what a call of ProcessElement takes of a file.
type stretch struct {
	*lead
	file  input.File
	rest  restriction // what follows the segments that were emitted
	tasks func(Task)
	parts func(string, Part)
	pack  *pack
}

// cut emits the segments of s.
func (s *stretch) cut(ctx context.Context) error {
	src, err := s.file.Open(ctx)
	if err != nil {
		return err
	}
	defer src.Close()
	from := s.rest.Place.Offset
	reader := src.Reader(from)
	defer reader.Close()
	cfg := s.coding.writerConfig(&s.file, true)
	cfg.Context = ctx
	c, err := codec.NewCutter(reader, cfg, s.rest.Place)
	if err != nil {
		return err
	}
	for led := false; s.rest.size() > 0; {
		var cut codec.Cut
		var bytes []byte
		if err := s.do(func() (err error) {
			cut, bytes, err = c.Next()
			return err
		}); err != nil {
			return err
		}
		if cut.Leads {
			if err := s.leader(ctx, cut, bytes); err != nil {
				return err
			}
			led = true
		} else {
			s.tasks(Task{File: s.file, Cut: cut, Lead: s.rest.Lead})
		}
		s.rest.Place = c.Place()
		if full := c.Place().Offset-from >= maxStretch; full || led && c.Leads() {
			break
		}
	}
	return nil
}

// do does work in a slot. A panic is an error of it; one of what emits is the runner's.
func (s *stretch) do(work func() error) (err error) {
	slots.Do(s.Workers, func() { err = job.Guard(work) })
	return err
}

// leader codes a leader, which is given what the one before it found.
func (s *stretch) leader(ctx context.Context, cut codec.Cut, src []byte) error {
	task := Task{File: s.file, Cut: cut, Lead: s.rest.Lead}
	var p codedPart
	if err := s.do(func() (err error) {
		p, err = s.Config.code(ctx, s.coding, &task, src)
		return err
	}); err != nil {
		return err
	}
	s.rest.Lead, p.Lead = p.Lead, ""
	for _, stored := range append(s.pack.add(ctx, p.Part, p.bytes), s.pack.flush(ctx)...) {
		stored.count().Add(ctx)
		s.parts(s.coding.key(&stored), stored)
	}
	return nil
}
