package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/term"
)

// An output is what a job writes: a temporary file in the folder of the final one, or
// something that exists already, such as standard output or a device, which it writes
// directly.
type output struct {
	name   string // the final name, in messages
	path   string // the final path, links resolved
	temp   string // path of the temporary file
	file   *os.File
	direct bool  // file existed already
	sparse bool  // runs of NULs become holes
	size   int64 // bytes written or left as holes
	nulls  int64 // NULs at the end that are not written yet; 0 <= nulls <= size
	app    *app
}

var (
	errSame   = errors.New("input and output are the same file")
	errExists = errors.New("exists already; -f overwrites it")
)

// unfit are the errors of modes that do not write to a terminal.
var unfit = map[mode]error{
	compressing: errors.New("compressed data is not written to a terminal; use -o FILE, or -f to force it"),
	reporting:   errors.New("a page is not written to a terminal; name a file, or -f forces it"),
}

// create opens the output of s, whose name is derived unless an option gives another one.
// Call it before s is read, so that an error in the name costs no time.
func (a *app) create(s *source, derived string) (*output, error) {
	if a.opt.stdout || s.path == "" && a.opt.output == "" {
		return a.direct(s, &output{name: stdoutName, file: a.stdout})
	}
	if f, ok := a.descriptorFile(a.opt.output); ok {
		return a.direct(s, &output{name: a.opt.output, file: f})
	}
	o := &output{name: derived, path: derived, sparse: a.opt.mode == restoring && !a.opt.noSparse, app: a}
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
	f, err := a.temp.create(o.temp, 0o600) // protect changes that
	if err != nil {
		return nil, &outputError{o.name, err}
	}
	o.file = f
	return o, nil
}

// mayReplace returns an error if o must not replace what is at its path. It sets o.direct
// if that is to be written in place.
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
	case err != nil: // such as a name that is too long
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

// direct prepares o, whose file exists, for the data of s.
func (a *app) direct(s *source, o *output) (*output, error) {
	o.direct, o.app = true, a
	is, err := o.file.Stat()
	if err != nil {
		// the descriptor is closed
	} else if is.Mode().IsRegular() && s.info != nil && os.SameFile(is, s.info) {
		err = errSame
	} else if text := unfit[a.opt.mode]; text != nil && !a.opt.force && terminal(o.file) {
		err = text
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

// commit makes the output, which is complete, appear under its name.
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
	err := o.file.Truncate(o.size) // also makes a hole at the end
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

// rename gives the output its name. It replaces no file unless -f is given.
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
	// The file system may have no links.
	if _, err := os.Lstat(o.path); err == nil {
		return errExists
	}
	return os.Rename(o.temp, o.path)
}

// abandon drops the output and leaves nothing under its name. After commit it does nothing.
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

// report calls write with a buffered standard output.
func (a *app) report(write func(w *bufio.Writer)) error {
	w := bufio.NewWriter(a.stdout)
	write(w)
	if err := w.Flush(); err != nil {
		return &outputError{stdoutName, err}
	}
	return nil
}

// count returns n and the noun, in the plural with s unless n is 1.
func count(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// synchronous reports whether the disk must have o before the work goes on.
func (o *output) synchronous() bool { return o.app.opt.synchronous || o.app.opt.remove }

// syncFile waits until the disk has what was written to o, if o is synchronous.
func (o *output) syncFile() error {
	if !o.synchronous() {
		return nil
	}
	return o.sync(o.file)
}

// syncFolder waits until the disk has the name of o, if o is synchronous.
func (o *output) syncFolder() error {
	if !o.synchronous() {
		return nil
	}
	f, err := os.Open(filepath.Dir(o.path))
	if err != nil {
		return ignoreUnable(err)
	}
	defer f.Close()
	return o.sync(f)
}

func (o *output) sync(f *os.File) error { return ignoreUnable(o.app.sync(f)) }

// ignoreUnable returns err; nil if it says that a file, a folder or a system, such as a pipe
// or a device, can't be synchronized.
func ignoreUnable(err error) error {
	for _, unable := range []error{syscall.EINVAL, syscall.ENOTSUP, syscall.ENOSYS, os.ErrPermission} {
		if errors.Is(err, unable) {
			return nil
		}
	}
	return err
}
