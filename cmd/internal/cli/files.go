package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

const (
	stdinName  = "standard input"
	stdoutName = "standard output"
)

// A source is an open input.
type source struct {
	name string // in messages
	path string // "" for standard input
	file *os.File
	info fs.FileInfo // of file; nil if Stat failed
}

// regular reports whether s is a regular file.
func (s *source) regular() bool { return s.info != nil && s.info.Mode().IsRegular() }

// size returns the number of bytes from the present position to the end, as the system
// tells; -1 if it does not.
func (s *source) size() int64 {
	if !s.regular() {
		return -1
	}
	off, err := s.file.Seek(0, io.SeekCurrent)
	if err != nil {
		return -1
	}
	return max(0, s.info.Size()-off)
}

// operands works on every operand. An error in one does not stop the others.
func (a *app) operands(names []string) {
	for _, name := range names {
		if a.done() {
			break
		}
		if name == "-" {
			a.standardInput()
			continue
		}
		info, err := os.Stat(name)
		switch {
		case err != nil:
			a.fail(name, err)
		case info.IsDir() && !a.opt.recursive:
			a.warn(name, "is a folder, skipped; -r works on the files in it")
		case info.IsDir() && a.opt.output != "":
			a.fail(name, errors.New("is a folder; -o takes the output of one file, --output-dir of many, --report DIR/ the pages of many"))
		case info.IsDir():
			a.folder(name)
		default:
			a.path(name, info)
		}
	}
	switch {
	case a.done():
	case a.opt.mode == listing:
		a.listTotals()
	case a.opt.mode == measuring:
		a.Views.measureTotals(a)
	}
}

// done reports whether the work ends before the next file.
func (a *app) done() bool { return a.status.ended || a.ctx.Err() != nil }

// folder works on the regular files in a folder and in the folders within it, in the order
// of their names. It skips links.
func (a *app) folder(name string) {
	entries, err := os.ReadDir(name)
	if err != nil {
		a.fail(name, err)
	}
	for _, e := range entries {
		path := filepath.Join(name, e.Name())
		switch {
		case a.done():
			return
		case e.IsDir():
			a.folder(path)
		case a.skips(path):
		case e.Type().IsRegular() && (a.opt.mode.compresses() || SuffixOf(path, a.opt.suffix) != ""):
			info, err := e.Info()
			if err != nil {
				a.fail(path, err)
				continue
			}
			a.path(path, info)
		}
	}
}

// standardInput works on standard input.
func (a *app) standardInput() {
	if terminal(a.stdin) && !a.opt.mode.compresses() && !a.opt.force {
		a.fail(stdinName, fmt.Errorf("compressed data is not read from a terminal; name a file, or try `%s -h`", a.Name))
		return
	}
	info, _ := a.stdin.Stat()
	a.source(&source{name: stdinName, file: a.stdin, info: info})
}

// path works on the file at path, which is not a folder.
func (a *app) path(path string, info fs.FileInfo) {
	if why := a.refusal(path, info); why != nil {
		a.fail(path, why)
		return
	}
	if why := a.skipping(path, info); why != "" {
		a.warn(path, why)
		return
	}
	f, err := os.Open(path)
	if err != nil {
		a.fail(path, err)
		return
	}
	defer f.Close()
	s := &source{name: path, path: path, file: f}
	if s.info, err = f.Stat(); err != nil {
		a.fail(path, err)
		return
	}
	a.source(s)
}

// derives reports whether the name of an output is derived from that of its input.
func (a *app) derives() bool { return !a.opt.stdout && a.opt.output == "" && !a.opt.mode.reads() }

// refusal returns why the file at path is an error as an input; nil if it is none.
func (a *app) refusal(path string, info fs.FileInfo) error {
	if !a.derives() {
		return nil
	}
	if !info.Mode().IsRegular() && !a.opt.force {
		return errors.New("is not a regular file; -c writes to standard output, -f insists")
	}
	if a.opt.mode != restoring || RestoredName(path, a.opt.suffix) != "" {
		return nil
	}
	if s := SuffixOf(path, a.opt.suffix); s != "" {
		return fmt.Errorf("has no name before the suffix %s; use -o FILE or -c", s)
	}
	return fmt.Errorf("does not end in %s; use -o FILE or -c", a.opt.suffix)
}

// skipping returns why the file at path is left out with a warning; "" if it is not.
func (a *app) skipping(path string, info fs.FileInfo) string {
	if s := SuffixOf(path, a.opt.suffix); s != "" && a.derives() && a.opt.mode == compressing {
		return "has the suffix " + s + " already, skipped"
	}
	if !a.opt.remove || a.opt.force {
		return ""
	}
	if n := links(info); n > 1 && info.Mode().IsRegular() {
		return fmt.Sprintf("has %d links, skipped: --rm would remove one of them; -f insists", n)
	}
	if isLink(path) {
		return "is a symbolic link, skipped: --rm would remove it and not the file; -f insists"
	}
	return ""
}

// isLink reports whether path names a symbolic link.
func isLink(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.Mode()&fs.ModeSymlink != 0
}

// source does what the mode says with s.
func (a *app) source(s *source) {
	var err error
	switch a.opt.mode {
	case compressing:
		err = a.compress(s)
	case restoring:
		if a.opt.salvage != "" {
			err = a.salvage(s)
		} else {
			err = a.restore(s)
		}
	case checking:
		err = a.test(s)
	case listing:
		err = a.list(s)
	case explaining:
		err = a.explain(s)
	case reporting:
		err = a.Views.page(a, s)
	case measuring:
		err = a.Views.measure(a, s)
	}
	if err != nil {
		a.fail(s.name, err)
	}
}

// removeSource removes s, whose output is complete, if --rm is given.
func (a *app) removeSource(s *source, out *output) {
	if !a.opt.remove {
		return
	}
	if s.path == "" || !s.regular() || out.direct {
		a.warn(s.name, "not removed: the input or the output is not a regular file")
		return
	}
	now, err := os.Stat(s.path)
	if err != nil || !os.SameFile(now, s.info) || now.Size() != s.info.Size() || !now.ModTime().Equal(s.info.ModTime()) {
		a.warn(s.name, "not removed: it changed while it was read")
		return
	}
	s.file.Close() // some systems do not remove an open file
	if err := os.Remove(s.path); err != nil {
		a.fail(s.name, err)
	}
}
