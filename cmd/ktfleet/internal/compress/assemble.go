package compress

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/ktzip/ktzip/cmd/ktfleet/internal/files"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/input"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/job"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/slots"
	"github.com/ktzip/ktzip/codec"
)

// assemble writes the compressed files of large files.
type assemble struct {
	Config
	coding *coding
	bundle *slots.Bundle[job.Result]
}

// StartBundle begins a bundle.
func (a *assemble) StartBundle(context.Context, func(string)) (err error) {
	a.bundle = new(slots.Bundle[job.Result])
	a.coding, err = a.Config.coding()
	return err
}

// ProcessElement writes the file of all its parts.
func (a *assemble) ProcessElement(ctx context.Context, _ string, parts func(*Part) bool, results func(string)) {
	var list []Part
	var p Part
	for parts(&p) {
		list = append(list, p)
	}
	a.bundle.Start(a.Workers, func() job.Result { return a.file(ctx, list) })
	a.emit(ctx, a.bundle.Done(), results)
}

// FinishBundle waits for all files of the bundle.
func (a *assemble) FinishBundle(ctx context.Context, results func(string)) {
	a.emit(ctx, a.bundle.Wait(), results)
}

// emit emits results.
func (a *assemble) emit(ctx context.Context, ready []job.Result, results func(string)) {
	for _, r := range ready {
		all := r.Count()
		job.Count{Files: all.Files, Failed: all.Failed}.Add(ctx) // the segments were counted as they were coded
		results(r.Line())
	}
}

// file writes the file of parts.
func (a *assemble) file(ctx context.Context, parts []Part) job.Result {
	f := &parts[0].File
	r := job.Result{Path: f.Path, Output: f.Output, In: f.Size, Segments: int64(len(parts))}
	slices.SortFunc(parts, func(a, b Part) int { return cmp.Compare(a.Offset, b.Offset) })
	for _, p := range parts {
		if p.Error != "" {
			return r.Failed(errors.New(p.Error))
		}
		r.Notes = append(r.Notes, p.Notes...)
		if p.Planned {
			r.Plans++
		}
	}
	if err := f.Write(ctx, func(w io.Writer) (_ files.Attributes, err error) {
		r.Out, err = a.coding.assemble(ctx, w, f, parts)
		return f.Attributes(), err
	}); err != nil {
		return r.Failed(err)
	}
	return r
}

// assemble writes the compressed file of parts in their order, and returns its length in bytes.
func (c *coding) assemble(ctx context.Context, w io.Writer, f *input.File, parts []Part) (int64, error) {
	out, err := codec.NewAssembler(w, c.writerConfig(f, true))
	if err != nil {
		return 0, err
	}
	next := int64(0)
	for i := range parts {
		p := &parts[i]
		if p.Offset != next {
			return 0, fmt.Errorf("a segment at byte %d, not %d", p.Offset, next)
		}
		next += p.Size
		coded, found, err := p.load(ctx)
		if err != nil {
			return 0, err
		}
		if err := out.Add(&codec.Coded{Cut: p.Cut, Bytes: coded, Found: found}); err != nil {
			return 0, err
		}
	}
	if next != f.Size {
		return 0, fmt.Errorf("segments of %d bytes, not %d", next, f.Size)
	}
	err = out.Close()
	_, n := out.Written()
	return n, err
}
