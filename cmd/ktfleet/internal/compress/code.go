package compress

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"github.com/ktzip/ktzip/cmd/ktfleet/internal/files"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/job"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/slots"
	"github.com/ktzip/ktzip/codec"
)

// key returns what p is found by: its file or, if segments are joined, its group.
func (c *coding) key(p *Part) string {
	if c.Joins() {
		return fmt.Sprint(p.File.Output, "\x00", p.Cut.Group)
	}
	return p.File.Output
}

// Joins reports whether segments are joined.
func (c *coding) Joins() bool { return c.config.Joins() }

// code codes the segments of tasks.
type code struct {
	Config
	coding *coding
	bundle *slots.Bundle[Part]
}

// StartBundle begins a bundle.
func (c *code) StartBundle(context.Context, func(string, Part)) (err error) {
	c.bundle = new(slots.Bundle[Part])
	c.coding, err = c.Config.coding()
	return err
}

// ProcessElement codes a segment.
func (c *code) ProcessElement(ctx context.Context, t Task, parts func(string, Part)) {
	c.bundle.Start(c.Workers, func() Part {
		src, err := t.File.Section(ctx, t.Cut.Offset, int64(t.Cut.Size))
		var p Part
		if err == nil {
			p, err = c.Config.code(ctx, c.coding, &t, src)
		}
		if err != nil {
			return Part{File: t.File, Offset: t.Cut.Offset, Size: int64(t.Cut.Size), Error: err.Error()}
		}
		return p
	})
	c.emit(ctx, c.bundle.Done(), parts)
}

// FinishBundle waits for all segments of the bundle.
func (c *code) FinishBundle(ctx context.Context, parts func(string, Part)) {
	c.emit(ctx, c.bundle.Wait(), parts)
}

// emit emits parts.
func (c *code) emit(ctx context.Context, ready []Part, parts func(string, Part)) {
	for _, p := range ready {
		p.count().Add(ctx)
		parts(c.coding.key(&p), p)
	}
}

// count returns what p adds to the counters.
func (p *Part) count() job.Count {
	if p.Error != "" {
		return job.Count{}
	}
	n := job.Count{In: p.Size, Out: p.Coded, Segments: 1}
	if p.Planned {
		n.Plans = 1
	}
	return n
}

// code codes the segment of a task, whose bytes are src.
func (c *Config) code(ctx context.Context, by *coding, t *Task, src []byte) (Part, error) {
	p := Part{File: t.File, Offset: t.Cut.Offset, Size: int64(t.Cut.Size), Cut: t.Cut}
	lead, err := parseFinding(t.Lead)
	if err != nil {
		return p, err
	}
	var found codec.Finding
	var coded []byte
	note, err := c.attempt(ctx, fmt.Sprint(t.File.Path, "\x00", t.Cut.Offset), p.Size, func(ctx context.Context, search bool) (err error) {
		coded, found, err = by.coder(search).Code(ctx, coded[:0], src, t.Cut, lead)
		return err
	})
	if err != nil {
		return p, err
	}
	if note != "" {
		p.Notes = append(p.Notes, fmt.Sprintf("segment at byte %d: %s", p.Offset, note))
	}
	if t.Cut.Leads {
		text, err := json.Marshal(found)
		if err != nil {
			return p, err
		}
		p.Lead = string(text)
	}
	return p, c.store(ctx, &p, coded, &found)
}

// store writes the coded bytes of p to a file of their own: an attempt that is given up does no harm.
func (c *Config) store(ctx context.Context, p *Part, coded []byte, found *codec.Finding) error {
	text, err := json.Marshal(found.WithoutPlan())
	if err != nil {
		return err
	}
	p.Found, p.Coded, p.Planned = string(text), int64(len(coded)), found.Planned()
	p.Path = files.Join(c.Temp, "parts", uuid.NewString())
	return files.WriteFile(ctx, p.Path, coded, true)
}

// load returns the coded bytes of p, and what was found for it.
func (p *Part) load(ctx context.Context) (coded []byte, found codec.Finding, err error) {
	if found, err = parseFinding(p.Found); err != nil {
		return nil, found, err
	}
	coded, err = files.ReadFile(ctx, p.Path, p.Coded)
	if err == nil && int64(len(coded)) != p.Coded {
		err = fmt.Errorf("%s: %d bytes, not %d", p.Path, len(coded), p.Coded)
	}
	return coded, found, err
}

// parseFinding returns the Finding whose text is given; the zero value of "".
func parseFinding(text string) (f codec.Finding, err error) {
	if text != "" {
		err = json.Unmarshal([]byte(text), &f)
	}
	return f, err
}
