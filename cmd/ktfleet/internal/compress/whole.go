package compress

import (
	"bytes"
	"context"
	"io"

	"github.com/ktzip/ktzip/cmd/ktfleet/internal/input"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/job"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/slots"
	"github.com/ktzip/ktzip/codec"
)

// whole compresses small files.
type whole struct {
	Config
	coding *coding
	bundle *slots.Bundle[job.Result]
}

// StartBundle begins a bundle.
func (w *whole) StartBundle(_ context.Context, _ func(string)) (err error) {
	w.bundle = new(slots.Bundle[job.Result])
	w.coding, err = w.Config.coding()
	return err
}

// ProcessElement compresses the files of a batch.
func (w *whole) ProcessElement(ctx context.Context, b input.Batch, results func(string)) {
	for i := range b.Files {
		f := &b.Files[i]
		w.bundle.Start(w.Workers, func() job.Result {
			return job.Of(f.Path, func(r *job.Result) error { return w.compress(ctx, f, r) })
		})
		job.Emit(ctx, w.bundle.Done(), results)
	}
}

// FinishBundle waits for all files of the bundle.
func (w *whole) FinishBundle(ctx context.Context, results func(string)) {
	job.Emit(ctx, w.bundle.Wait(), results)
}

// compress compresses f.
func (w *whole) compress(ctx context.Context, f *input.File, r *job.Result) error {
	src, err := f.Section(ctx, 0, f.Size)
	if err != nil {
		return err
	}
	var parts []codec.Coded
	note, err := w.attempt(ctx, f.Path, f.Size, func(ctx context.Context, search bool) (err error) {
		parts, err = w.coding.segments(ctx, f, src, search)
		return err
	})
	if err != nil {
		return err
	}
	if note != "" {
		r.Notes = append(r.Notes, note+withoutSearch)
	}
	r.Output, r.In, r.Segments = f.Output, f.Size, int64(len(parts))
	for i := range parts {
		if parts[i].Found.Planned() {
			r.Plans++
		}
	}
	r.Out, err = w.coding.assemble(ctx, f, func(out *codec.Assembler) error {
		for i := range parts {
			if err := out.Add(&parts[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return err
}

// segments codes the segments of f, whose bytes are src, as lead, code and join do for a large file.
func (c *coding) segments(ctx context.Context, f *input.File, src []byte, search bool) (parts []codec.Coded, err error) {
	cfg := c.writerConfig(f, search)
	cfg.Context = ctx
	cutter, err := codec.NewCutter(bytes.NewReader(src), cfg, codec.Place{})
	if err != nil {
		return nil, err
	}
	coder := c.coder(search)
	var lead codec.Finding
	for {
		cut, _, err := cutter.Next()
		if err == io.EOF {
			return coder.Join(ctx, parts) // so few bytes are one joint
		}
		if err != nil {
			return nil, err
		}
		p := codec.Coded{Cut: cut, Source: src[cut.Offset : cut.Offset+int64(cut.Size)]}
		if p.Bytes, p.Found, err = coder.Code(ctx, nil, p.Source, cut, lead); err != nil {
			return nil, err
		}
		if cut.Leads {
			lead = p.Found
		}
		parts = append(parts, p)
	}
}
