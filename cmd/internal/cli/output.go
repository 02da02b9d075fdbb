package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

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
	sparse bool  // runs of NULs become holes
	size   int64 // bytes written and skipped
	nulls  int64 // of them, NULs at the end that are not written yet
	app    *app
}

var (
	errSame   = errors.New("input and output are the same file")
	errExists = errors.New("exists already; -f overwrites it")
)

// create opens the output of s, whose name is derived unless an option gives
// another. Compressed data is told from restored by the mode. It is called
// before s is read: what is wrong with the name is told first.
func (a *app) create(s *source, derived string) (*output, error) {
	if a.opt.stdout || s.path == "" && a.opt.output == "" {
		return a.direct(s, &output{name: stdoutName, file: a.stdout})
	}
	if f, ok := a.descriptorFile(a.opt.output); ok {
		return a.direct(s, &output{name: a.opt.output, file: f})
	}
	o := &output{name: derived, path: derived, sparse: a.opt.mode != compressing && !a.opt.noSparse, app: a}
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
	o.temp = filepath.Join(filepath.Dir(o.path), temporaryName())
	f, err := a.temp.create(o.temp, 0o600) // until it is complete
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
	if errors.Is(err, fs.ErrNotExist) {
		if _, e := os.Lstat(o.path); e == nil && !a.opt.force {
			return errExists // a link to nothing
		}
		return nil
	}
	switch {
	case err != nil: // the name is too long, for instance
		return err
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
	is, err := o.file.Stat()
	if err != nil {
		// It is closed.
	} else if is.Mode().IsRegular() && s.info != nil && os.SameFile(is, s.info) {
		err = errSame
	} else if a.opt.mode == compressing && !a.opt.force && terminal(o.file) {
		err = errTerminal
	} else if o.file == a.stdout && !a.opt.force && closed(o.file) {
		err = errClosed
	}
	if err != nil {
		o.abandon()
		return nil, &outputError{o.name, err}
	}
	return o, nil
}

// standard reports whether o is a standard stream, which stays open.
func (o *output) standard() bool { return o.file == o.app.stdout || o.file == o.app.stderr }

// Write implements io.Writer; its errors name the output.
func (o *output) Write(b []byte) (n int, err error) {
	if o.sparse {
		n, err = o.writeSparse(b)
	} else {
		n, err = o.file.Write(b)
		o.size += int64(n)
	}
	if err != nil {
		err = &outputError{o.name, err}
	}
	return n, err
}

// commit makes the complete output appear under its name.
func (o *output) commit(at attributes) error {
	if o.direct {
		if err := o.syncFile(); err != nil {
			return &outputError{o.name, err}
		}
		if o.standard() {
			return nil
		}
		if err := o.file.Close(); err != nil {
			return &outputError{o.name, err}
		}
		return nil
	}
	o.protect(at)
	err := o.file.Truncate(o.size) // a hole at the end counts
	if err == nil {
		err = o.syncFile()
	}
	if e := o.file.Close(); err == nil {
		err = e
	}
	if err == nil {
		o.setTime(o.temp, at.modTime)
		err = o.rename()
	}
	if err == nil {
		err = o.syncFolder()
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
	if o.file != nil && !o.standard() {
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
