package codec

import (
	"context"
	"io"
)

// A contextReader is a source that can't be read any more once its context is done.
type contextReader struct {
	ctx context.Context
	src io.Reader
}

func (c *contextReader) Read(p []byte) (int, error) {
	if err := context.Cause(c.ctx); err != nil {
		return 0, err
	}
	return c.src.Read(p)
}

// A contextReaderAt is to an io.ReaderAt what a contextReader is to an io.Reader.
type contextReaderAt struct {
	ctx context.Context
	src io.ReaderAt
}

func (c *contextReaderAt) ReadAt(p []byte, off int64) (int, error) {
	if err := context.Cause(c.ctx); err != nil {
		return 0, err
	}
	return c.src.ReadAt(p, off)
}

// causeOf returns the cause why ctx is done instead of err; err if ctx is not done or
// err is nil.
func causeOf(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}
