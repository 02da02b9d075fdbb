package check

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/ktzip/ktzip/cmd/internal/describe"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/files"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/input"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/job"
	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/container"
)

// restore writes what f restores to.
func restore(ctx context.Context, c *Config, f *input.File, r *job.Result) error {
	r.Output, r.In = f.Output, f.Size
	return f.Write(ctx, func(w io.Writer) (files.Attributes, error) {
		h, n, err := c.restoreTo(ctx, w, f)
		r.Out = n
		return c.attributes(f, h), err
	})
}

// restoreTo writes what f restores to, and returns its header and how many bytes that are.
func (c *Config) restoreTo(ctx context.Context, w io.Writer, f *input.File) (h *container.Header, n int64, err error) {
	err = f.Stream(ctx, func(src io.Reader) error {
		r, err := codec.NewReader(src, c.reader(ctx))
		if err != nil {
			return err
		}
		n, err = r.WriteTo(w)
		h = r.Header()
		return err
	})
	return h, n, err
}

// attributes returns those of what f restores to: the ones in its header or else those of f, and no
// permission that f does not have.
func (c *Config) attributes(f *input.File, h *container.Header) files.Attributes {
	at := f.Attributes()
	if h == nil || c.NoName {
		return at
	}
	if !h.ModTime.IsZero() {
		at.ModTime = h.ModTime
	}
	switch {
	case h.HasMode && at.HasMode:
		at.Mode &= h.Mode
	case h.HasMode:
		at.Mode, at.HasMode = h.Mode, true
	}
	return at
}

// verify restores f in memory. Of a damaged file it says what is lost.
func verify(ctx context.Context, c *Config, f *input.File, r *job.Result) (err error) {
	r.In = f.Size
	if _, r.Out, err = c.restoreTo(ctx, io.Discard, f); err != nil {
		r.Notes = c.damage(ctx, f)
	}
	return err
}

// maxRanges is how many lost ranges of a file are told.
const maxRanges = 16

// damage says what of f can't be restored.
func (c *Config) damage(ctx context.Context, f *input.File) []string {
	src, err := f.Open(ctx)
	if err != nil {
		return nil
	}
	defer src.Close()
	found, err := codec.Salvage(io.Discard, src, src.Size(), &codec.SalvageConfig{ReaderConfig: *c.reader(ctx), Omit: true})
	if err != nil {
		return []string{err.Error()}
	}
	notes := []string{fmt.Sprintf("%d segments are intact", found.Segments)}
	for i, m := range found.Missing {
		switch {
		case i == maxRanges:
			return append(notes, fmt.Sprintf("%d more ranges are lost", len(found.Missing)-i))
		case m.Size < 0:
			notes = append(notes, fmt.Sprintf("bytes are lost at %d, nobody knows how many", m.Off))
		default:
			notes = append(notes, fmt.Sprintf("%d bytes are lost at %d", m.Size, m.Off))
		}
	}
	return notes
}

// A Listed is the Details of a file that was listed.
type Listed struct {
	List *describe.List // what ktzip -l --json prints
	Time int64          // that of the List, which its JSON lacks
}

// list describes f.
func list(ctx context.Context, c *Config, f *input.File, r *job.Result) error {
	r.In = f.Size
	l := describe.NewList(f.Path)
	err := f.Stream(ctx, func(src io.Reader) error {
		return codec.Inspect(src, c.reader(ctx), false, func(s *codec.SegmentInfo) error {
			if l.Add(s, c.Headers); s.Size > 0 {
				r.Segments++
				r.Out += s.Size
			}
			if s.Plan != nil {
				r.Plans++
			}
			return nil
		})
	})
	if err != nil {
		return err
	}
	l.End(f.Size)
	r.Details, err = json.Marshal(Listed{l, l.Time})
	return err
}
