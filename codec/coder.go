package codec

import (
	"context"
	"fmt"
)

// A Coder codes segments, each by itself. It is safe for concurrent use: Threads segments are coded at a
// time, further calls wait. Use NewCoder; the zero value is not ready.
//
// A Coder whose configuration has other searches, or none, codes segments that fit the same file, if all
// else is the same.
type Coder struct {
	cfg      WriterConfig
	encoders chan *encoder // those that are free; nil stands for a new one
}

// A Coded is a coded segment. It is plain data, for JSON too.
type Coded struct {
	Cut
	Source []byte // what the segment restores to: for joining alone
	Bytes  []byte // the coded segment
	Found  Finding
}

// NewCoder returns a Coder for a configuration; nil stands for the default one. WriterConfig.Context has no
// effect on it.
func NewCoder(cfg *WriterConfig) (*Coder, error) {
	d, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	return newCoder(d), nil
}

// newCoder is NewCoder for a configuration whose defaults are filled in.
func newCoder(cfg WriterConfig) *Coder {
	c := &Coder{cfg: cfg, encoders: make(chan *encoder, cfg.Threads)}
	for range cfg.Threads {
		c.encoders <- nil
	}
	return c
}

// Code appends the coded segment src to dst. lead is what was found for the last segment before it that
// leads, which matters if cut follows. Code returns what was found, which matters to those that follow if
// cut leads, and to joining and assembling. Once ctx is done, it soon returns its cause.
func (c *Coder) Code(ctx context.Context, dst, src []byte, cut Cut, lead Finding) (coded []byte, found Finding, err error) {
	if len(src) != cut.Size || len(src) < 1 || len(src) > MaxSegmentSize {
		return dst, Finding{}, fmt.Errorf("codec: a segment of %d bytes, cut to %d, at most %d", len(src), cut.Size, MaxSegmentSize)
	}
	if !cut.Follows {
		lead = Finding{}
	}
	w := work{src: src, noPlan: cut.NoPlan, alone: cut.Alone, lead: lead}
	coded = dst
	err = c.with(ctx, func(e *encoder) (err error) {
		if cut.only() {
			fitHeader(&e.cfg.Header, len(src))
		}
		coded, found, err = e.segment(dst, &w)
		return err
	})
	return coded, w.handed(found), err
}

// with calls do with an encoder. One that was interrupted, or panicked, codes no more.
func (c *Coder) with(ctx context.Context, do func(e *encoder) error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	var e, idle *encoder
	select {
	case e = <-c.encoders:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	defer func() { c.encoders <- idle }()
	if e == nil {
		e = newEncoder(new(WriterConfig))
	}
	*e.cfg = c.cfg
	e.cfg.Context = ctx
	if err := do(e); err != nil {
		return err
	}
	idle = e
	return nil
}
