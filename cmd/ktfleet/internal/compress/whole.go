package compress

import (
	"bytes"
	"context"
	"io"

	"github.com/ktzip/ktzip/cmd/ktfleet/internal/files"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/input"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/job"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/slots"
	"github.com/ktzip/ktzip/codec"
)

// whole compresses small files.
type whole struct {
	Config
	coding *coding
	bundle *slots.Bundle[[]job.Result]
}

// StartBundle begins a bundle.
func (w *whole) StartBundle(_ context.Context, _ func(string)) (err error) {
	w.bundle = new(slots.Bundle[[]job.Result])
	w.coding, err = w.Config.coding()
	return err
}

// ProcessElement compresses the files of a batch.
func (w *whole) ProcessElement(ctx context.Context, b input.Batch, results func(string)) {
	w.bundle.Start(w.Workers, func() (list []job.Result) {
		for i := range b.Files {
			list = append(list, w.compress(ctx, &b.Files[i]))
		}
		return list
	})
	w.emit(ctx, w.bundle.Done(), results)
}

// FinishBundle waits for all files of the bundle.
func (w *whole) FinishBundle(ctx context.Context, results func(string)) {
	w.emit(ctx, w.bundle.Wait(), results)
}

// emit emits results.
func (w *whole) emit(ctx context.Context, ready [][]job.Result, results func(string)) {
	for _, list := range ready {
		for i := range list {
			list[i].Count().Add(ctx)
			results(list[i].Line())
		}
	}
}

// compress compresses f.
func (w *whole) compress(ctx context.Context, f *input.File) job.Result {
	r := job.Result{Path: f.Path, Output: f.Output}
	src, err := f.Section(ctx, 0, f.Size)
	if err != nil {
		return r.Failed(err)
	}
	var coded bytes.Buffer
	note, err := w.attempt(ctx, f.Path, f.Size, func(ctx context.Context, search bool) error {
		coded.Reset()
		return w.coding.file(ctx, &coded, f, src, search)
	})
	if err == nil {
		err = f.Write(ctx, func(out io.Writer) (files.Attributes, error) {
			_, err := out.Write(coded.Bytes())
			return f.Attributes(), err
		})
	}
	if err != nil {
		return r.Failed(err)
	}
	r.In, r.Out = f.Size, int64(coded.Len())
	r.Segments, r.Plans, err = described(ctx, coded.Bytes())
	if err != nil {
		return r.Failed(err)
	}
	return r.Noted(note)
}

// file writes the compressed file of f, whose bytes are src.
func (c *coding) file(ctx context.Context, dst io.Writer, f *input.File, src []byte, search bool) error {
	cfg := c.writerConfig(f, search)
	cfg.Context = ctx
	out, err := codec.NewWriter(dst, cfg)
	if err != nil {
		return err
	}
	if _, err := out.Write(src); err != nil {
		return err
	}
	return out.Close()
}

// described returns how many segments a compressed file has, and how many of them a plan.
func described(ctx context.Context, coded []byte) (segments, plans int64, err error) {
	err = codec.Inspect(bytes.NewReader(coded), &codec.ReaderConfig{Context: ctx}, false, func(s *codec.SegmentInfo) error {
		if s.Size > 0 {
			segments++
		}
		if s.Plan != nil {
			plans++
		}
		return nil
	})
	return segments, plans, err
}
