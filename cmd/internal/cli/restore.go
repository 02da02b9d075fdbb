package cli

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/container"
)

// restore restores s.
func (a *app) restore(s *source) error {
	j, err := a.jobTo(s, RestoredName(s.path, a.opt.suffix))
	if err != nil {
		return err
	}
	defer j.close()
	in := bufio.NewReader(j.meter.reader(s.file))
	out := j.meter.writer(j.out)
	foreign, err := a.passes(in)
	if err != nil {
		return err
	}
	var at attributes
	if foreign {
		_, err = io.Copy(out, in)
	} else {
		at, err = a.restoreTo(out, in, s)
	}
	if err != nil {
		return err
	}
	if err := j.commit(at); err != nil {
		return err
	}
	if !foreign {
		a.removeSource(s, j.out)
	}
	return j.report(j.meter.in.Load(), j.meter.out.Load(), nil)
}

// restoreTo writes to out what in, the data of s, restores to, and returns the attributes
// of the output.
func (a *app) restoreTo(out io.Writer, in io.Reader, s *source) (attributes, error) {
	r, err := codec.NewReader(in, a.readerConfig())
	if err != nil {
		return attributes{}, err
	}
	if _, err := r.WriteTo(out); err != nil {
		return attributes{}, err
	}
	return a.restoredAttributes(s, r.Header()), nil
}

// magicBytes is the length of the magic number that compressed files begin with.
const magicBytes = 4

// passes reports whether in is to be copied unchanged, as gunzip -cf does it: with -c and
// -f, if it does not begin as a compressed file.
func (a *app) passes(in *bufio.Reader) (bool, error) {
	if !a.opt.stdout || !a.opt.force {
		return false, nil
	}
	first, err := in.Peek(magicBytes)
	if err != nil && err != io.EOF {
		return false, err
	}
	if len(first) == 0 {
		return true, nil
	}
	return !compressedFile(first), nil
}

// compressedFile reports whether a file that begins with first is a compressed one.
func compressedFile(first []byte) bool {
	_, err := codec.NewReader(bytes.NewReader(first), nil)
	return len(first) == magicBytes && !errors.Is(err, container.ErrFormat)
}

// test restores s and drops the result.
func (a *app) test(s *source) error {
	j := a.job(s)
	defer j.close()
	if _, err := a.restoreTo(j.meter.writer(io.Discard), j.meter.reader(s.file), s); err != nil {
		return err
	}
	j.meter.stop()
	return j.report(j.meter.in.Load(), j.meter.out.Load(), nil)
}
