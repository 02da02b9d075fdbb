package compress

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/ktzip/ktzip/cmd/ktfleet/internal/slots"
	"github.com/ktzip/ktzip/codec"
)

// join joins the segments of a group, where one segment takes less than several.
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

// ProcessElement joins the parts of a group.
func (j *join) ProcessElement(ctx context.Context, _ string, group func(*Part) bool, parts func(string, Part)) {
	var list []Part
	var p Part
	for group(&p) {
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b Part) int { return cmp.Compare(a.Offset, b.Offset) })
	j.bundle.Start(j.Workers, func() []Part { return j.joined(ctx, list) })
	j.emit(j.bundle.Done(), parts)
}

// FinishBundle waits for all groups of the bundle.
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
func (j *join) joined(ctx context.Context, list []Part) []Part {
	if len(list) < 2 || slices.ContainsFunc(list, func(p Part) bool { return p.Error != "" }) {
		return list
	}
	var group []codec.Coded
	for i := range list {
		c, err := list[i].withSource(ctx)
		if err != nil {
			list[i].Error = err.Error()
			return list
		}
		group = append(group, c)
	}
	var made []codec.Coded
	note, err := j.attempt(ctx, fmt.Sprint("join\x00", list[0].File.Path, "\x00", list[0].Offset), sizeOf(list), func(ctx context.Context, search bool) (err error) {
		if made = nil; search {
			made, err = j.coding.coder(true).Join(ctx, group)
		}
		return err
	})
	if err == nil && made == nil {
		list[0].Notes = append(list[0].Notes, fmt.Sprintf("segments from byte %d on: %s; they were not joined", list[0].Offset, note))
		return list
	}
	pack, notes := j.newPack(), notesOf(list)
	var parts []Part
	for _, c := range made {
		p := Part{File: list[0].File, Offset: c.Offset, Size: int64(c.Size), Cut: c.Cut, Notes: notes}
		if err == nil {
			err = p.found(&c.Found)
		}
		parts, notes = append(parts, pack.add(ctx, p, c.Bytes)...), nil
	}
	if err != nil {
		list[0].Error = err.Error()
		return list
	}
	return append(parts, pack.flush(ctx)...)
}

// sizeOf returns how many bytes of the file parts have.
func sizeOf(parts []Part) (n int64) {
	for _, p := range parts {
		n += p.Size
	}
	return n
}

// notesOf returns the notes of parts.
func notesOf(parts []Part) (notes []string) {
	for _, p := range parts {
		notes = append(notes, p.Notes...)
	}
	return notes
}

// withSource returns p as it is joined, with the bytes that it is of.
func (p *Part) withSource(ctx context.Context) (c codec.Coded, err error) {
	c.Cut = p.Cut
	if c.Bytes, c.Found, err = p.load(ctx); err == nil {
		c.Source, err = p.File.Section(ctx, p.Offset, p.Size)
	}
	return c, err
}
