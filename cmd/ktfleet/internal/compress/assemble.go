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
	a.bundle.Start(a.Workers, func() job.Result {
		return job.Of(list[0].File.Path, func(r *job.Result) error { return a.file(ctx, list, r) })
	})
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
func (a *assemble) file(ctx context.Context, parts []Part, r *job.Result) (err error) {
	f := &parts[0].File
	slices.SortFunc(parts, func(a, b Part) int { return cmp.Compare(a.Offset, b.Offset) })
	for _, p := range parts {
		if p.Error != "" {
			return errors.New(p.Error)
		}
		r.Notes = append(r.Notes, p.Notes...)
		if p.Planned {
			r.Plans++
		}
	}
	r.Output, r.In, r.Segments = f.Output, f.Size, int64(len(parts))
	r.Out, err = a.coding.assemble(ctx, f, func(out *codec.Assembler) error {
		for i := range parts {
			p := &parts[i]
			coded, found, err := p.load(ctx)
			if err != nil {
				return err
			}
			if err := out.Add(&codec.Coded{Cut: p.Cut, Bytes: coded, Found: found}); err != nil {
				return err
			}
		}
		return nil
	})
	return err
}

// assemble writes the compressed file of f, to which add adds all segments, and returns its length in bytes.
func (c *coding) assemble(ctx context.Context, f *input.File, add func(out *codec.Assembler) error) (size int64, err error) {
	err = f.Write(ctx, func(w io.Writer) (files.Attributes, error) {
		out, err := codec.NewAssembler(w, c.writerConfig(f, true))
		if err == nil {
			err = add(out)
		}
		if err == nil {
			err = out.Close()
		}
		if err != nil {
			return files.Attributes{}, err
		}
		in := int64(0)
		if in, size = out.Written(); in != f.Size {
			return files.Attributes{}, fmt.Errorf("segments of %d bytes, not %d", in, f.Size)
		}
		return f.Attributes(), nil
	})
	return size, err
}
