package cli

import (
	"bytes"
	"io"
	"os"
	"path/filepath"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/container"
)

// knownSize bounds, in bytes, the inputs that are read whole before their header
// is written: the shortest first segment that the Writer chooses by itself.
const knownSize = 1 << 20

// An input is the data of a source that is compressed. What the system says of
// a file's size need not be true: logs grow and are cut, and files of /proc and
// /sys are made up as they are read.
type input struct {
	header container.Header
	data   io.Reader
	told   int64 // bytes, by the system; -1: it can't tell
}

// inputOf returns the data of s. The header has the size of what is short enough
// to be read at once; else the one that the system tells.
func inputOf(s *source) (*input, error) {
	in := &input{header: headerOf(s), data: s.file, told: -1}
	if !s.regular() {
		return in, nil
	}
	off, err := s.file.Seek(0, io.SeekCurrent)
	if err != nil {
		return nil, err
	}
	in.told = max(0, s.info.Size()-off)
	var start bytes.Buffer
	start.Grow(int(min(in.told, knownSize)) + bytes.MinRead)
	n, err := start.ReadFrom(io.LimitReader(s.file, knownSize+1))
	if err != nil {
		return nil, err
	}
	in.data = io.MultiReader(&start, s.file)
	switch {
	case n <= knownSize:
		in.header.Size, in.header.HasSize = n, true
	case in.told > knownSize:
		in.header.Size, in.header.HasSize = in.told, true
	}
	return in, nil
}

// headerOf returns what the header says of s, but for the size.
func headerOf(s *source) (h container.Header) {
	if s.path == "" {
		return h
	}
	h.Name = filepath.Base(s.path)
	h.ModTime, h.Mode, h.HasMode = s.info.ModTime(), s.info.Mode().Perm(), true
	test := container.Header{BlockLog: container.MinBlockLog, SegmentLog: container.MinBlockLog, Name: h.Name}
	if _, err := test.Append(nil); err != nil {
		h.Name = "" // not a name that a header may hold
	}
	return h
}

// compress writes what in holds, however much that is, to w, which ends in out,
// and returns how many bytes it was. If it is less than the size in the header
// tells, that is taken out of the output again; if the output can't be changed
// any more, NULs stand for the rest, as tar does it. What exceeds the size
// becomes a second file behind the first, as if they had been concatenated.
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

// compressFile writes a file with data to w, and reports whether that is shorter
// than the header tells: then the index is missing, unless the data was padded.
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

// nuls is a Reader of NULs without end.
type nuls struct{}

func (nuls) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}

// dropSize makes a whole file of the output, whose header tells a size that the
// segments do not have and whose index is missing.
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
	size := int64(0) // written so far; never more than was read
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
		if b, err = s.Append(b[:0]); err != nil {
			return err
		}
		index.Entries = append(index.Entries, container.Entry{Coded: int64(len(b)), Size: int64(s.Size)})
	}
	b = index.Append(b[:0])
	if _, err := f.WriteAt(b, size); err != nil {
		return &outputError{o.name, err}
	}
	o.size = size + int64(len(b)) // commit cuts the rest off
	return nil
}

// changed reports whether n is not the number of bytes that the system told.
func (in *input) changed(n int64) bool { return in.told >= 0 && n != in.told }
