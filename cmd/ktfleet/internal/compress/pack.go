package compress

import (
	"context"
	"fmt"
	"io"

	"github.com/google/uuid"

	"github.com/ktzip/ktzip/cmd/ktfleet/internal/files"
	"github.com/ktzip/ktzip/codec"
)

// packBytes is how many bytes of coded segments become one temporary file: some 30 segments, since a bucket
// counts writes, and folders of millions of files are slow.
const packBytes = 8 << 20

// A pack collects coded segments for a temporary file. It has a name of its own: an attempt that is given up
// does no harm.
type pack struct {
	folder string // of temporary files
	bytes  []byte
	parts  []Part
}

// newPack returns an empty pack of a pipeline.
func (c *Config) newPack() *pack { return &pack{folder: files.Join(c.Temp, "parts")} }

// add adds p with its coded bytes, unless it has an error. It returns the parts that are stored by then.
func (k *pack) add(ctx context.Context, p Part, coded []byte) []Part {
	if p.Error != "" {
		return []Part{p}
	}
	p.From, p.Coded = int64(len(k.bytes)), int64(len(coded))
	k.bytes, k.parts = append(k.bytes, coded...), append(k.parts, p)
	if len(k.bytes) < packBytes {
		return nil
	}
	return k.flush(ctx)
}

// flush stores what was added, and returns the parts. If that fails, they have the error.
func (k *pack) flush(ctx context.Context) []Part {
	parts := k.parts
	if len(parts) == 0 {
		return nil
	}
	path := files.Join(k.folder, uuid.NewString())
	err := files.WriteFile(ctx, path, k.bytes, true)
	for i := range parts {
		parts[i].Path = path
		if err != nil {
			parts[i].Error = err.Error()
		}
	}
	k.bytes, k.parts = k.bytes[:0], nil
	return parts
}

// load returns the coded bytes of p, and what was found for it.
func (p *Part) load(ctx context.Context) (coded []byte, found codec.Finding, err error) {
	if found, err = parseFinding(p.Found); err != nil {
		return nil, found, err
	}
	f, err := files.Open(ctx, p.Path)
	if err != nil {
		return nil, found, err
	}
	defer f.Close()
	if p.From < 0 || p.Coded < 0 || p.From > f.Size()-p.Coded {
		return nil, found, fmt.Errorf("%s: %d bytes, a segment of %d at %d", p.Path, f.Size(), p.Coded, p.From)
	}
	coded = make([]byte, p.Coded)
	if n, err := f.ReadAt(coded, p.From); n < len(coded) {
		if err == nil {
			err = io.ErrUnexpectedEOF
		}
		return nil, found, err
	}
	return coded, found, nil
}

// found sets what p carries of what was found for it.
func (p *Part) found(f *codec.Finding) error {
	text, err := f.WithoutPlan().MarshalText()
	if err == nil {
		p.Found, p.Planned = string(text), f.Planned()
	}
	return err
}

// parseFinding returns the Finding whose text is given; the zero value of "".
func parseFinding(text string) (f codec.Finding, err error) {
	if text != "" {
		err = f.UnmarshalText([]byte(text))
	}
	return f, err
}
