package compress

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/ktzip/ktzip/cmd/ktfleet/internal/job"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/slots"
	"github.com/ktzip/ktzip/codec"
)

// join joins the segments of a joint, where one segment takes less than several.
type join struct {
	Config
	coding *coding
	bundle *slots.Bundle[[]Part]
}

// StartBundle begins a bundle.
func (j *join) StartBundle(context.Context, func(string, Part)) (err error) {
	j.bundle = new(slots.Bundle[[]Part])
	j.coding, err = j.Config.coding()
	return err
}

// ProcessElement joins the parts of a joint.
func (j *join) ProcessElement(ctx context.Context, _ string, joint func(*Part) bool, parts func(string, Part)) {
	var list []Part
	var p Part
	for joint(&p) {
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b Part) int { return cmp.Compare(a.Offset, b.Offset) })
	j.bundle.Start(j.Workers, func() (joined []Part) {
		if err := job.Guard(func() (err error) {
			joined, err = j.joined(ctx, list)
			return err
		}); err != nil {
			list[0].Error = err.Error()
			return list
		}
		return joined
	})
	j.emit(j.bundle.Done(), parts)
}

// FinishBundle waits for all joints of the bundle.
func (j *join) FinishBundle(_ context.Context, parts func(string, Part)) {
	j.emit(j.bundle.Wait(), parts)
}

// emit emits parts.
func (j *join) emit(ready [][]Part, parts func(string, Part)) {
	for _, list := range ready {
		for _, p := range list {
			parts(p.File.Output, p)
		}
	}
}

// joined returns the parts that stand for list; list itself if some could not be coded.
func (j *join) joined(ctx context.Context, list []Part) (parts []Part, err error) {
	if len(list) < 2 || slices.ContainsFunc(list, func(p Part) bool { return p.Error != "" }) {
		return list, nil
	}
	var joint, made []codec.Coded
	for i := range list {
		c, err := list[i].withSource(ctx)
		if err != nil {
			return nil, err
		}
		joint = append(joint, c)
	}
	note, err := j.attempt(ctx, fmt.Sprint("join\x00", list[0].File.Path, "\x00", list[0].Offset), sizeOf(list), func(ctx context.Context, search bool) (err error) {
		if made = joint; search {
			made, err = j.coding.coder(true).Join(ctx, joint)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if note != "" {
		list[0].Notes = append(list[0].Notes, fmt.Sprintf("segments from byte %d on: %s; they were not joined", list[0].Offset, note))
	}
	pack := j.newPack()
	for i := range made {
		c := &made[i]
		of := list[slices.IndexFunc(list, func(p Part) bool { return p.Offset == c.Offset }):]
		if of[0].Size == int64(c.Size) { // it is joined with no other one
			parts = append(parts, of[0])
			continue
		}
		p := Part{File: of[0].File, Offset: c.Offset, Size: int64(c.Size), Cut: c.Cut}
		for _, q := range of {
			if q.Offset < p.Offset+p.Size {
				p.Notes = append(p.Notes, q.Notes...)
			}
		}
		if err := p.found(&c.Found); err != nil {
			return nil, err
		}
		parts = append(parts, pack.add(ctx, p, c.Bytes)...)
	}
	return append(parts, pack.flush(ctx)...), nil
}

// sizeOf returns how many bytes of the file parts have.
func sizeOf(parts []Part) (n int64) {
	for _, p := range parts {
		n += p.Size
	}
	return n
}

// withSource returns p as it is joined, with the bytes that it is of.
func (p *Part) withSource(ctx context.Context) (c codec.Coded, err error) {
	c.Cut = p.Cut
	if c.Bytes, c.Found, err = p.load(ctx); err == nil {
		c.Source, err = p.File.Section(ctx, p.Offset, p.Size)
	}
	return c, err
}
