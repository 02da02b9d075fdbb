package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"
)

const (
	// maxTries is how often a stream of an object is opened again after it broke without a byte.
	// The clients themselves repeat requests that fail; this is for streams that were idle for
	// long, since a segment took its time. Arbitrary.
	maxTries = 4
	// tryDelay is how long the first new try waits; each further one waits as long again. Arbitrary.
	tryDelay = 100 * time.Millisecond
)

// A File is one state of a file, open for reading. Its methods are safe for concurrent use.
//
// A local file is an open descriptor. An object is read by requests for ranges of the version
// that Open found; if that is gone, reads fail. Other schemes of Beam have no ranges; see
// beamContent.
type File struct {
	info    Info
	content content
	ctx     context.Context
	cancel  context.CancelFunc
}

// Open opens a file. All reads end with ctx.
func Open(ctx context.Context, path string) (*File, error) {
	s, err := storeOf(ctx, path)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	c, info, err := s.open(ctx, path)
	if err != nil {
		cancel()
		return nil, err
	}
	return &File{info, c, ctx, cancel}, nil
}

// Info describes the file as Open found it. Info.Rel is its base name.
func (f *File) Info() Info { return f.info }

// Size returns the length of the file as Open found it.
func (f *File) Size() int64 { return f.info.Size }

// Close ends all reads.
func (f *File) Close() error {
	f.cancel()
	return f.content.Close()
}

// ReadAt implements io.ReaderAt. Of an object it takes one request.
func (f *File) ReadAt(p []byte, off int64) (n int, err error) {
	if off < 0 {
		return 0, pathError("read", f.info.Path, fs.ErrInvalid)
	}
	r := f.stream(off, int64(len(p)))
	defer r.Close()
	n, err = io.ReadFull(r, p)
	if errors.Is(err, io.ErrUnexpectedEOF) && r.pos >= f.info.Size {
		err = io.EOF
	}
	return n, err
}

// Reader returns the bytes from an offset to the end as one stream: of an object it is one
// request. If the file ends before its size, the error is io.ErrUnexpectedEOF. Close the Reader
// if it is not read to its end; closing the File does that, too.
func (f *File) Reader(from int64) io.ReadCloser { return f.stream(from, f.info.Size) }

// stream returns at most n bytes from an offset.
func (f *File) stream(from, n int64) *stream {
	from = max(0, from)
	return &stream{file: f, pos: from, end: from + min(n, max(0, f.info.Size-from))}
}

// A stream reads a range of a file in sequence. It opens its source at the first Read, and
// again where that breaks.
type stream struct {
	file     *File
	body     io.ReadCloser // nil if it must be opened at pos
	pos, end int64         // offsets
	broken   int           // times that the source broke since it gave a byte
	err      error         // stays
}

// Read implements io.Reader.
func (s *stream) Read(p []byte) (n int, err error) {
	for s.err == nil && len(p) > 0 {
		if s.pos >= s.end {
			s.finish(io.EOF)
			break
		}
		n, err = s.attempt(p[:min(int64(len(p)), s.end-s.pos)])
		if n > 0 {
			s.pos += int64(n)
			s.broken = 0
		}
		if err != nil {
			s.retry(err)
		}
		if n > 0 {
			return n, nil
		}
	}
	return 0, s.err
}

// attempt reads once.
func (s *stream) attempt(p []byte) (n int, err error) {
	if err := s.file.ctx.Err(); err != nil {
		return 0, err
	}
	if s.body == nil {
		if s.body, err = s.file.content.read(s.file.ctx, s.pos, s.end-s.pos); err != nil {
			return 0, err
		}
	}
	n, err = s.body.Read(p)
	if err == io.EOF {
		err = nil
		if s.pos+int64(n) < s.end {
			err = io.ErrUnexpectedEOF
		}
	}
	return n, err
}

// retry drops the source, which broke with err. It sets s.err if it broke too often.
func (s *stream) retry(err error) {
	s.close()
	s.broken++
	lost := errors.Is(err, fs.ErrNotExist) || errors.Is(err, errChanged)
	if s.broken > s.file.content.tries() || lost || s.file.ctx.Err() != nil {
		s.finish(pathError("read", s.file.info.Path, err))
		return
	}
	select {
	case <-time.After(time.Duration(s.broken) * tryDelay):
	case <-s.file.ctx.Done():
	}
}

// finish makes all further reads return err.
func (s *stream) finish(err error) {
	s.close()
	s.err = err
}

func (s *stream) close() {
	if s.body != nil {
		s.body.Close()
		s.body = nil
	}
}

// Close implements io.Closer.
func (s *stream) Close() error {
	if s.err == nil {
		s.finish(fmt.Errorf("%s: %w", s.file.info.Path, fs.ErrClosed))
	}
	s.close()
	return nil
}
