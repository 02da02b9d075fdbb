package check

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"

	"github.com/ktzip/ktzip/cmd/internal/describe"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/files"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/input"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/job"
	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/container"
)

// readBuffer is how many bytes of a file are read at a time; arbitrary.
const readBuffer = 1 << 18

// A counter counts the bytes that are written to it.
type counter int64

// Write implements io.Writer.
func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// restore writes what f restores to.
func restore(ctx context.Context, c *Config, f *input.File) job.Result {
	r := job.Result{Path: f.Path, Output: f.Output, In: f.Size}
	err := f.Write(ctx, func(w io.Writer) (at files.Attributes, err error) {
		var n counter
		h, err := c.restoreTo(ctx, io.MultiWriter(w, &n), f)
		r.Out = int64(n)
		return c.attributes(f, h), err
	})
	if err != nil {
		return r.Failed(err)
	}
	return r
}

// restoreTo writes what f restores to, and returns its header.
func (c *Config) restoreTo(ctx context.Context, w io.Writer, f *input.File) (*container.Header, error) {
	src, err := f.Open(ctx)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	stream := src.Reader(0)
	defer stream.Close()
	r, err := codec.NewReader(bufio.NewReaderSize(stream, readBuffer), c.reader(ctx))
	if err != nil {
		return nil, err
	}
	if _, err := r.WriteTo(w); err != nil {
		return nil, err
	}
	return r.Header(), nil
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
func verify(ctx context.Context, c *Config, f *input.File) job.Result {
	r := job.Result{Path: f.Path, In: f.Size}
	var n counter
	if _, err := c.restoreTo(ctx, &n, f); err != nil {
		r.Notes = append(r.Notes, c.damage(ctx, f)...)
		return r.Failed(err)
	}
	r.Out = int64(n)
	return r
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
func list(ctx context.Context, c *Config, f *input.File) job.Result {
	r := job.Result{Path: f.Path, In: f.Size}
	src, err := f.Open(ctx)
	if err != nil {
		return r.Failed(err)
	}
	defer src.Close()
	stream := src.Reader(0)
	defer stream.Close()
	l := describe.NewList(f.Path)
	cfg := c.reader(ctx)
	cfg.MemoryLimit = math.MaxInt64 // it describes also what restoring refuses
	err = codec.Inspect(bufio.NewReaderSize(stream, readBuffer), cfg, false, func(s *codec.SegmentInfo) error {
		if l.Add(s, true); s.Size > 0 {
			r.Segments++
			r.Out += s.Size
		}
		if s.Plan != nil {
			r.Plans++
		}
		return nil
	})
	l.End(f.Size)
	if err == nil {
		r.Details, err = json.Marshal(Listed{l, l.Time})
	}
	if err != nil {
		return r.Failed(err)
	}
	return r
}
