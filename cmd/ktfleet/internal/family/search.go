package family

import (
	"context"
	"slices"

	"github.com/ktzip/ktzip/cmd/ktfleet/internal/input"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/job"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/slots"
)

// search searches files for plans.
type search struct {
	Config
	coding *coding
	bundle *slots.Bundle[Found]
}

// StartBundle begins a bundle.
func (s *search) StartBundle(context.Context, func(Found)) (err error) {
	s.bundle = new(slots.Bundle[Found])
	s.coding, err = s.Config.coding()
	return err
}

// ProcessElement searches a file.
func (s *search) ProcessElement(ctx context.Context, f input.File, emit func(Found)) {
	s.bundle.Start(s.Workers, func() Found { return s.search(ctx, &f) })
	emitFound(ctx, s.bundle.Done(), emit)
}

// FinishBundle waits for all files of the bundle.
func (s *search) FinishBundle(ctx context.Context, emit func(Found)) {
	emitFound(ctx, s.bundle.Wait(), emit)
}

// emitFound emits what was found, and counts it.
func emitFound(ctx context.Context, ready []Found, emit func(Found)) {
	for _, f := range ready {
		job.Count{Segments: f.Segments, Plans: f.Planned}.Add(ctx)
		emit(f)
	}
}

// search searches f.
func (s *search) search(ctx context.Context, f *input.File) Found {
	found := Found{Path: f.Path}
	err := work(ctx, func(ctx context.Context) error {
		src, err := head(ctx, f)
		if err != nil {
			return err
		}
		cuts, err := cut(ctx, &s.coding.searching, src)
		if err != nil {
			return err
		}
		c, err := code(ctx, &s.coding.searching, src, cuts)
		if err != nil {
			return err
		}
		found.Bytes, found.Segments, found.Planned = c.bytes, c.segments, int64(len(c.plans))
		for _, p := range c.plans {
			if text := p.String(); !slices.Contains(found.Plans, text) {
				found.Plans = append(found.Plans, text)
			}
		}
		return nil
	})
	if err != nil {
		return Found{Path: f.Path, Error: err.Error()}
	}
	return found
}
