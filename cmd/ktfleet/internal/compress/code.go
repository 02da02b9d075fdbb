package compress

import (
	"context"
	"fmt"

	"github.com/ktzip/ktzip/cmd/ktfleet/internal/job"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/slots"
	"github.com/ktzip/ktzip/codec"
)

// key returns what p is found by: its file or, if segments are joined, its joint.
func (c *coding) key(p *Part) string {
	if c.Joins() {
		return fmt.Sprint(p.File.Output, "\x00", p.Cut.Joint)
	}
	return p.File.Output
}

// Joins reports whether segments are joined.
func (c *coding) Joins() bool { return c.config.Joins() }

// code codes the segments of tasks.
type code struct {
	Config
	coding *coding
	bundle *slots.Bundle[codedPart]
	pack   *pack
}

// A codedPart is a part with its coded bytes, which are not stored yet.
type codedPart struct {
	Part
	bytes []byte
}

// StartBundle begins a bundle.
func (c *code) StartBundle(context.Context, func(string, Part)) (err error) {
	c.bundle, c.pack = new(slots.Bundle[codedPart]), c.newPack()
	c.coding, err = c.Config.coding()
	return err
}

// ProcessElement codes a segment.
func (c *code) ProcessElement(ctx context.Context, t Task, parts func(string, Part)) {
	c.bundle.Start(c.Workers, func() codedPart {
		var p codedPart
		err := job.Guard(func() error {
			src, err := t.File.Section(ctx, t.Cut.Offset, int64(t.Cut.Size))
			if err == nil {
				p, err = c.Config.code(ctx, c.coding, &t, src)
			}
			return err
		})
		if err != nil {
			return codedPart{Part: Part{File: t.File, Offset: t.Cut.Offset, Size: int64(t.Cut.Size), Cut: t.Cut, Error: err.Error()}}
		}
		return p
	})
	c.store(ctx, c.bundle.Done(), parts)
}

// FinishBundle waits for all segments of the bundle.
func (c *code) FinishBundle(ctx context.Context, parts func(string, Part)) {
	c.store(ctx, c.bundle.Wait(), parts)
	c.emit(ctx, c.pack.flush(ctx), parts)
}

// store stores what is coded, and emits what is stored.
func (c *code) store(ctx context.Context, ready []codedPart, parts func(string, Part)) {
	for _, p := range ready {
		c.emit(ctx, c.pack.add(ctx, p.Part, p.bytes), parts)
	}
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
func (c *Config) code(ctx context.Context, by *coding, t *Task, src []byte) (p codedPart, err error) {
	p.Part = Part{File: t.File, Offset: t.Cut.Offset, Size: int64(t.Cut.Size), Cut: t.Cut}
	lead, err := parseFinding(t.Lead)
	if err != nil {
		return p, err
	}
	var found codec.Finding
	note, err := c.attempt(ctx, fmt.Sprint(t.File.Path, "\x00", t.Cut.Offset), p.Size, func(ctx context.Context, search bool) (err error) {
		p.bytes, found, err = by.coder(search).Code(ctx, p.bytes[:0], src, t.Cut, lead)
		return err
	})
	if err != nil {
		return p, err
	}
	if note != "" {
		p.Notes = append(p.Notes, fmt.Sprintf("segment at byte %d: %s%s", p.Offset, note, withoutSearch))
	}
	if t.Cut.Leads {
		text, err := found.MarshalText()
		if err != nil {
			return p, err
		}
		p.Lead = string(text)
	}
	return p, p.found(&found)
}
