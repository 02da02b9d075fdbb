package cli

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"time"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/container"
)

// sniffed is how many bytes tell a compressed file: its magic number.
const sniffed = 4

// passes reports whether -d passes what in has unchanged, as gunzip -cf does: with -c
// and -f, what does not begin as a compressed file.
func (a *app) passes(in *bufio.Reader) (bool, error) {
	if !a.opt.stdout || !a.opt.force {
		return false, nil
	}
	first, err := in.Peek(sniffed)
	if err != nil && err != io.EOF {
		return false, err
	}
	if len(first) == 0 {
		return true, nil
	}
	_, err = codec.NewReader(bytes.NewReader(first), nil)
	return errors.Is(err, container.ErrFormat), nil
}

// pass writes what in has to out, which is standard output.
func (a *app) pass(s *source, out *output, in io.Reader, m *meter, began time.Time) error {
	if _, err := io.Copy(m.writer(out), in); err != nil {
		return err
	}
	m.stop()
	if err := out.commit(attributes{}); err != nil {
		return err
	}
	return a.finished(s, out, m.in.Load(), m.out.Load(), time.Since(began))
}
