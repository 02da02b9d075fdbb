package cli

import (
	"bufio"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/term"
)

// An output is where a file's data goes: a temporary file in the folder of the
// final one, or something that exists already (standard output, a device),
// which is written directly.
type output struct {
	name   string // for messages: the final name
	path   string // final; links resolved
	temp   string
	file   *os.File
	direct bool
	app    *app
}

var (
	errSame   = errors.New("input and output are the same file")
	errExists = errors.New("exists already; -f overwrites it")
)

// create opens the output of s, whose name is derived unless an option gives
// another. Compressed data is told from restored by the mode. keep says that
// the mode is carried over from the input.
func (a *app) create(s *source, derived string, keep bool) (*output, error) {
	if a.opt.stdout || s.path == "" && a.opt.output == "" {
		return a.direct(s, &output{name: stdoutName, file: a.stdout})
	}
	o := &output{name: derived, path: derived, app: a}
	if a.opt.output != "" {
		o.name, o.path = a.opt.output, a.opt.output
		if path, err := filepath.EvalSymlinks(o.path); err == nil {
			o.path = path
		}
	}
	if err := a.mayReplace(s, o); err != nil {
		return nil, &outputError{o.name, err}
	}
	if o.direct {
		f, err := os.OpenFile(o.path, os.O_WRONLY, 0)
		if err != nil {
			return nil, &outputError{o.name, err}
		}
		o.file = f
		return a.direct(s, o)
	}
	perm := fs.FileMode(0o666)
	if keep {
		perm = 0o600 // until it is complete
	}
	o.temp = filepath.Join(filepath.Dir(o.path), ".ktzip-"+rand.Text()[:12]+".tmp")
	f, err := a.temp.create(o.temp, perm)
	if err != nil {
		return nil, &outputError{o.name, err}
	}
	o.file = f
	return o, nil
}

// mayReplace checks what is at o's path now, and sets o.direct.
func (a *app) mayReplace(s *source, o *output) error {
	is, err := os.Stat(o.path)
	if err == nil && s.info != nil && os.SameFile(is, s.info) {
		return errSame
	}
	if _, e := os.Lstat(o.path); e == nil && err != nil && !a.opt.force {
		return errExists // a link to nothing
	}
	switch {
	case err != nil:
		return nil
	case is.IsDir():
		return errors.New("is a folder")
	case is.Mode().IsRegular() && !a.opt.force:
		return errExists
	case is.Mode().IsRegular():
		return nil
	case a.opt.output == "":
		return errors.New("exists already and is not a regular file")
	}
	o.direct = true
	return nil
}

// direct checks that o, which exists, may get the data of s.
func (a *app) direct(s *source, o *output) (*output, error) {
	o.direct, o.app = true, a
	err := error(nil)
	if is, e := o.file.Stat(); e == nil && is.Mode().IsRegular() && s.info != nil && os.SameFile(is, s.info) {
		err = errSame
	} else if a.opt.mode == compressing && !a.opt.force && terminal(o.file) {
		err = errTerminal
	}
	if err != nil {
		o.abandon()
		return nil, &outputError{o.name, err}
	}
	return o, nil
}

// Write implements io.Writer; its errors name the output.
func (o *output) Write(b []byte) (int, error) {
	n, err := o.file.Write(b)
	if err != nil {
		err = &outputError{o.name, err}
	}
	return n, err
}

// attributes are what an output has from its input.
type attributes struct {
	modTime time.Time // zero: unknown
	mode    fs.FileMode
	hasMode bool
}

// commit makes the complete output appear under its name.
func (o *output) commit(at attributes) error {
	if o.direct {
		if o.file != o.app.stdout {
			if err := o.file.Close(); err != nil {
				return &outputError{o.name, err}
			}
		}
		return nil
	}
	if at.hasMode {
		if err := o.file.Chmod(at.mode.Perm()); err != nil {
			o.app.warn(o.name, "its mode is not that of the original: "+reason(err))
		}
	}
	err := o.file.Close()
	if err == nil {
		if t := at.modTime; !t.IsZero() && max(t.Unix(), -t.Unix()) < math.MaxInt64/int64(time.Second) {
			if err := os.Chtimes(o.temp, t, t); err != nil {
				o.app.warn(o.name, "its time is not that of the original: "+reason(err))
			}
		}
		err = o.rename()
	}
	if err != nil {
		o.app.temp.remove()
		return &outputError{o.name, err}
	}
	o.app.temp.forget()
	return nil
}

// rename gives the output its name, and takes nobody else's unless -f.
func (o *output) rename() error {
	if o.app.opt.force {
		return os.Rename(o.temp, o.path)
	}
	switch err := os.Link(o.temp, o.path); {
	case err == nil:
		os.Remove(o.temp)
		return nil
	case errors.Is(err, fs.ErrExist):
		return errExists
	}
	// Some file systems have no links.
	if _, err := os.Lstat(o.path); err == nil {
		return errExists
	}
	return os.Rename(o.temp, o.path)
}

// abandon drops the output; nothing is left under its name. After commit it
// does nothing.
func (o *output) abandon() {
	if o.file != nil && o.file != o.app.stdout {
		o.file.Close()
	}
	if !o.direct {
		o.app.temp.remove()
	}
}

// terminal reports whether f is a terminal.
func terminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// report calls write with a buffered standard output for what -l and --explain
// print.
func (a *app) report(write func(w *bufio.Writer)) error {
	w := bufio.NewWriter(a.stdout)
	write(w)
	if err := w.Flush(); err != nil {
		return &outputError{stdoutName, err}
	}
	return nil
}

// count words n with the noun's plural in s.
func count(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
