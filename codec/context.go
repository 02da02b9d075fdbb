package codec

import (
	"context"
	"io"
)

// A contextSource is a source, sequential or not, that can't be read any more once its context
// is done: reads return the cause.
type contextSource struct {
	ctx context.Context
	src io.Reader
	at  io.ReaderAt
}

func (c *contextSource) Read(p []byte) (int, error) {
	if err := context.Cause(c.ctx); err != nil {
		return 0, err
	}
	return c.src.Read(p)
}

func (c *contextSource) ReadAt(p []byte, off int64) (int, error) {
	if err := context.Cause(c.ctx); err != nil {
		return 0, err
	}
	return c.at.ReadAt(p, off)
}

// causeOf returns the cause if ctx is done and err is not nil; else err.
func causeOf(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}
