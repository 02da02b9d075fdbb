package files

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"sync"

	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem"
)

const (
	// maxWhole is the length in bytes up to which a file without ranges is read into memory as a
	// whole. Arbitrary.
	maxWhole = 16 << 20
	// maxLevels is how many folders deep a listing sees: Beam's patterns match one level each.
	// Arbitrary.
	maxLevels = 16
)

// beam is a filesystem that is registered with Beam, such as memfs.
type beam struct {
	filesystem.Interface
	scheme string
}

func newBeam(ctx context.Context, scheme string) (store, error) {
	f, err := filesystem.New(ctx, scheme+"://")
	if err != nil {
		return nil, err
	}
	return objects{scheme, beam{f, scheme}}, nil
}

func (b beam) path(name string) string { return b.scheme + "://" + name }

// list asks for each level of folders, without what a level has in common with others.
func (b beam) list(ctx context.Context, prefix string, each func(Info)) error {
	glob := b.path(Escape(prefix)) + "*"
	for range maxLevels {
		paths, err := b.List(ctx, glob)
		if err != nil {
			return err
		}
		for _, p := range paths {
			_, name := split(p)
			is, err := b.stat(ctx, name)
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err != nil {
				return err
			}
			each(is)
		}
		glob += "/*"
	}
	return nil
}

func (b beam) stat(ctx context.Context, name string) (is Info, err error) {
	is.Path = name
	if is.Size, err = b.Size(ctx, b.path(name)); err != nil {
		return Info{}, err
	}
	if f, ok := b.Interface.(filesystem.LastModifiedGetter); ok {
		is.ModTime, err = f.LastModified(ctx, b.path(name))
	}
	return is, err
}

func (b beam) open(_ context.Context, is Info) (content, error) {
	return &beamContent{files: b, path: b.path(is.Path), size: is.Size}, nil
}

// A beamContent reads a file that can be read from its beginning only. One of at most maxWhole
// bytes stays in memory after the first read. Of a longer one, each read skips what is before
// it, so ranges take quadratic time: such a scheme does for short files and for streams.
type beamContent struct {
	files beam
	path  string
	size  int64
	once  sync.Once
	whole []byte
	err   error
}

func (c *beamContent) read(ctx context.Context, from, n int64) (io.ReadCloser, error) {
	if c.size <= maxWhole {
		c.once.Do(func() { c.whole, c.err = c.load(ctx) })
		if c.err != nil {
			return nil, c.err
		}
		return io.NopCloser(io.NewSectionReader(bytes.NewReader(c.whole), from, n)), nil
	}
	r, err := c.files.OpenRead(ctx, c.path)
	if err != nil {
		return nil, err
	}
	if _, err := io.CopyN(io.Discard, r, from); err != nil {
		r.Close()
		return nil, err
	}
	return struct {
		io.Reader
		io.Closer
	}{io.LimitReader(r, n), r}, nil
}

// load reads the file as a whole.
func (c *beamContent) load(ctx context.Context) ([]byte, error) {
	r, err := c.files.OpenRead(ctx, c.path)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	whole := make([]byte, c.size)
	_, err = io.ReadFull(r, whole)
	return whole, err
}

func (*beamContent) tries() int   { return 0 }
func (*beamContent) Close() error { return nil }

func (b beam) create(ctx context.Context, name string, replace bool) (sink, error) {
	ctx, cancel := context.WithCancel(ctx)
	w, err := b.OpenWrite(ctx, b.path(name))
	if err != nil {
		cancel()
		return nil, err
	}
	return &beamSink{WriteCloser: w, files: b, name: name, replace: replace, ctx: ctx, cancel: cancel}, nil
}

func (b beam) remove(ctx context.Context, name string) error {
	f, ok := b.Interface.(filesystem.Remover)
	if !ok {
		return errors.ErrUnsupported
	}
	return f.Remove(ctx, b.path(name))
}

// A beamSink is a file that appears when Beam's writer is closed. Without replace it looks for
// one of that name first; it would replace one that appears between the two.
type beamSink struct {
	io.WriteCloser
	files   beam
	name    string
	replace bool
	ctx     context.Context
	cancel  context.CancelFunc
}

func (s *beamSink) commit(Attributes) error {
	defer s.cancel()
	if !s.replace {
		if _, err := s.files.stat(s.ctx, s.name); !errors.Is(err, fs.ErrNotExist) {
			if err == nil {
				err = fs.ErrExist
			}
			return err
		}
	}
	return s.Close()
}

// abandon does not close the writer, which would make the file appear.
func (s *beamSink) abandon() { s.cancel() }
