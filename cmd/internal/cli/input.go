package cli

import (
	"bytes"
	"io"
	"os"
	"path/filepath"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/container"
)

// An input is the data that a job compresses. The size that the system tells need not be
// true: logs grow and are cut, and the files of /proc and /sys are made as they are read.
type input struct {
	header container.Header
	data   io.Reader
	told   int64 // size in bytes that the system tells; -1 if it does not
}

// inputOf returns the data of s, with the header that the options ask for.
func (a *app) inputOf(s *source) (*input, error) {
	in := &input{data: s.file, told: s.size()}
	first := int64(KnownSize + 1) // or anything else, if the system tells no size
	if in.told >= 0 {
		var start bytes.Buffer
		start.Grow(int(min(in.told, KnownSize)) + bytes.MinRead)
		n, err := start.ReadFrom(io.LimitReader(s.file, KnownSize+1))
		if err != nil {
			return nil, err
		}
		in.data, first = io.MultiReader(&start, s.file), n
	}
	var about container.Header
	if s.path != "" {
		about.Name, about.ModTime, about.Mode, about.HasMode = filepath.Base(s.path), s.info.ModTime(), s.info.Mode(), true
	}
	in.header = a.opt.Header(about, first, in.told)
	return in, nil
}

// compress compresses the data to w, which writes to out, and returns its length in bytes.
//
// If the data is shorter than the header says, the size is removed from the output's header
// again; if out can't be changed any more, NULs take the place of the missing bytes, as in
// tar. If the data is longer, the rest becomes a second file after the first: concatenated
// files are a file.
func (in *input) compress(w io.Writer, out *output, cfg codec.WriterConfig) (int64, error) {
	cfg.Header = in.header
	data := in.data
	if in.header.HasSize {
		data = io.LimitReader(in.data, in.header.Size)
	}
	n, short, err := compressFile(w, data, &cfg, out.direct)
	if err != nil || !in.header.HasSize {
		return n, err
	}
	if short {
		if !out.direct {
			err = out.dropSize()
		}
		return n, err
	}
	var next [1]byte
	if k, err := io.ReadFull(in.data, next[:]); k == 0 {
		if err == io.EOF {
			err = nil
		}
		return n, err
	}
	cfg.Header.Size, cfg.Header.HasSize = 0, false
	more, _, err := compressFile(w, io.MultiReader(bytes.NewReader(next[:]), in.data), &cfg, false)
	return n + more, err
}

// compressFile writes a file with data to w and reports whether data was shorter than the
// header says. If so, the file has no index, unless pad makes up for it with NULs.
func compressFile(w io.Writer, data io.Reader, cfg *codec.WriterConfig, pad bool) (n int64, short bool, err error) {
	c, err := codec.NewWriter(w, cfg)
	if err != nil {
		return 0, false, err
	}
	if n, err = c.ReadFrom(data); err != nil {
		return n, false, err
	}
	short = cfg.Header.HasSize && n < cfg.Header.Size
	if short && !pad {
		return n, short, c.Flush()
	}
	if short {
		if _, err := c.ReadFrom(io.LimitReader(nuls{}, cfg.Header.Size-n)); err != nil {
			return n, short, err
		}
	}
	return n, short, c.Close()
}

// nuls is a Reader of endless NULs.
type nuls struct{}

func (nuls) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}

// dropSize rewrites the output, whose header has a wrong size and which has no index: it
// moves the segments to follow a header without the size, and appends an index.
func (o *output) dropSize() error {
	f, err := os.OpenFile(o.temp, os.O_RDWR, 0)
	if err != nil {
		return &outputError{o.name, err}
	}
	defer f.Close()
	r := container.NewReader(io.NewSectionReader(f, 0, o.size))
	h, err := r.Next(nil)
	if err != nil {
		return err
	}
	h.Size, h.HasSize = 0, false
	b, err := h.Append(nil)
	if err != nil {
		return err
	}
	index := container.Index{Header: int64(len(b))}
	var s container.Segment
	size := int64(0) // bytes written so far, 0 <= size <= r.Offset(): the new header is shorter
	for {
		if _, err := f.WriteAt(b, size); err != nil {
			return &outputError{o.name, err}
		}
		size += int64(len(b))
		if r.Offset() == o.size {
			break
		}
		if _, err := r.Next(&s); err != nil {
			return err
		}
		if b, err = s.Append(b[:0], h); err != nil {
			return err
		}
		index.Entries = append(index.Entries, container.Entry{Coded: int64(len(b)), Size: int64(s.Size)})
	}
	b = index.Append(b[:0], h)
	if _, err := f.WriteAt(b, size); err != nil {
		return &outputError{o.name, err}
	}
	o.size = size + int64(len(b)) // commit truncates the file
	return nil
}

// changed reports whether the system told another size than n bytes.
func (in *input) changed(n int64) bool { return in.told >= 0 && n != in.told }
