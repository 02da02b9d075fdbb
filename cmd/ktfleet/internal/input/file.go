package input

import (
	"bufio"
	"context"
	"errors"
	"io"
	"io/fs"
	"path"
	"time"

	"github.com/ktzip/ktzip/cmd/ktfleet/internal/files"
)

// A File is one of the input. It is plain data.
type File struct {
	Path    string
	Output  string // where its output goes, or else Path
	Size    int64  // bytes
	ModTime int64  // nanoseconds since 1970, UTC
	Mode    uint32 // permission bits, if HasMode
	HasMode bool
	Version string // of an object
}

// errChanged reports that a file is not the one that was found.
var errChanged = errors.New("it changed after it was found")

// Name returns the name of f without folders.
func (f *File) Name() string { return path.Base(f.Path) }

// Attributes returns what f has in addition to its content.
func (f *File) Attributes() files.Attributes {
	return files.Attributes{ModTime: time.Unix(0, f.ModTime), Mode: fs.FileMode(f.Mode), HasMode: f.HasMode}
}

// Open opens f. The error says so if f is not as it was found.
func (f *File) Open(ctx context.Context) (*files.File, error) {
	src, err := files.Open(ctx, f.Path)
	if err != nil {
		return nil, err
	}
	if !src.Info().Same(files.Info{Size: f.Size, ModTime: time.Unix(0, f.ModTime), Version: f.Version}) {
		src.Close()
		return nil, errChanged
	}
	return src, nil
}

// readBuffer is how many bytes of a file that is read in sequence are read at a time; arbitrary.
const readBuffer = 1 << 18

// Stream opens f, and calls read with its bytes.
func (f *File) Stream(ctx context.Context, read func(r io.Reader) error) error {
	src, err := f.Open(ctx)
	if err != nil {
		return err
	}
	defer src.Close()
	return read(bufio.NewReaderSize(src.Reader(0), readBuffer))
}

// Section returns size bytes of f from an offset on.
func (f *File) Section(ctx context.Context, offset, size int64) ([]byte, error) {
	src, err := f.Open(ctx)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	b := make([]byte, size)
	if n, err := src.ReadAt(b, offset); int64(n) < size {
		if err == io.EOF || err == nil {
			err = errChanged
		}
		return nil, err
	}
	return b, nil
}

// Write makes the output of f, which fill fills; fill returns its attributes. It replaces what is there:
// Match found that it may, or an earlier attempt wrote the same.
func (f *File) Write(ctx context.Context, fill func(w io.Writer) (files.Attributes, error)) error {
	out, err := files.Create(ctx, f.Output, true)
	if err != nil {
		return err
	}
	at, err := fill(out)
	if err != nil {
		out.Abandon()
		return err
	}
	return out.Commit(at)
}
