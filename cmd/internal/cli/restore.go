package cli

import (
	"io"
	"time"

	"github.com/ktzip/ktzip/codec"
)

// readerConfig is what the options say of a codec.ReaderConfig.
func (a *app) readerConfig() *codec.ReaderConfig {
	return &codec.ReaderConfig{Context: a.ctx, Threads: a.opt.threads, MemoryLimit: int64(a.opt.memoryLimit)}
}

// restore restores s.
func (a *app) restore(s *source) error {
	began := time.Now()
	out, err := a.create(s, restoredName(s.path))
	if err != nil {
		return err
	}
	defer out.abandon()
	m := a.meter(s.name, sizeOf(s))
	defer m.stop()
	r, err := codec.NewReader(m.reader(s.file), a.readerConfig())
	if err != nil {
		return err
	}
	if _, err := r.WriteTo(m.writer(out)); err != nil {
		return err
	}
	m.stop()
	if err := out.commit(restoredAttributes(s, r.Header(), a.mask)); err != nil {
		return err
	}
	a.removeSource(s, out)
	return a.finished(s, out, m.in.Load(), m.out.Load(), time.Since(began))
}

// test restores s and drops the outcome.
func (a *app) test(s *source) error {
	began := time.Now()
	m := a.meter(s.name, sizeOf(s))
	defer m.stop()
	r, err := codec.NewReader(m.reader(s.file), a.readerConfig())
	if err != nil {
		return err
	}
	if _, err := r.WriteTo(m.writer(io.Discard)); err != nil {
		return err
	}
	m.stop()
	return a.finished(s, nil, m.in.Load(), m.out.Load(), time.Since(began))
}

// sizeOf is the size of s in bytes, or -1.
func sizeOf(s *source) int64 {
	if !s.regular() {
		return -1
	}
	return s.info.Size()
}
