package cli

import (
	"errors"
	"fmt"
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
	name string // for messages
	path string // "" for standard input
	file *os.File
	info fs.FileInfo // of file; nil where it can't be had
}

// regular reports whether s is a regular file.
func (s *source) regular() bool { return s.info != nil && s.info.Mode().IsRegular() }

// operands works on every operand, whatever becomes of the others.
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
			a.warn(name, "is a folder, skipped (-r works on the files in it)")
		case info.IsDir() && a.opt.output != "":
			a.fail(name, errors.New("is a folder, and -o takes the output of one file"))
		case info.IsDir():
			a.folder(name)
		default:
			a.path(name, info)
		}
	}
	if a.opt.mode == listing && !a.done() {
		a.listTotals()
	}
}

// done reports whether to stop before the next file.
func (a *app) done() bool { return a.status.ended || a.ctx.Err() != nil }

// folder works on the files in a folder and in those within it, in the order of
// their names. Links and what is not a regular file are skipped.
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
		case e.Type().IsRegular() && (a.opt.mode == compressing || a.opt.suffixOf(path) != ""):
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
	if terminal(a.stdin) && a.opt.mode != compressing && !a.opt.force {
		a.fail(stdinName, fmt.Errorf("compressed data is not read from a terminal; `%s -h` helps", a.Name))
		return
	}
	info, _ := a.stdin.Stat()
	a.source(&source{name: stdinName, file: a.stdin, info: info})
}

// path works on the file at path, which is not a folder.
func (a *app) path(path string, info fs.FileInfo) {
	derives := !a.opt.stdout && a.opt.output == "" && !a.opt.mode.reads()
	switch {
	case derives && !info.Mode().IsRegular() && !a.opt.force:
		a.fail(path, errors.New("is not a regular file; -c writes to standard output, -f insists"))
		return
	case derives && a.opt.mode == compressing && a.opt.suffixOf(path) != "":
		a.warn(path, "has the suffix "+a.opt.suffixOf(path)+" already, skipped")
		return
	case a.opt.remove && !a.opt.force && info.Mode().IsRegular() && links(info) > 1:
		a.warn(path, fmt.Sprintf("has %d links, skipped: --rm would remove one of them; -f insists", links(info)))
		return
	case a.opt.remove && !a.opt.force && isLink(path):
		a.warn(path, "is a symbolic link, skipped: --rm would remove it and not the file; -f insists")
		return
	case derives && a.opt.mode == restoring && a.opt.restoredName(path) == "":
		why := "has not the suffix " + a.opt.suffix
		if s := a.opt.suffixOf(path); s != "" {
			why = "has no name before the suffix " + s
		}
		a.fail(path, errors.New(why+"; use -o FILE or -c"))
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

// isLink reports whether path names a symbolic link.
func isLink(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.Mode()&fs.ModeSymlink != 0
}

// source does with s what the command is there for.
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
	}
	if err != nil {
		a.fail(s.name, err)
	}
}

// removeSource removes s, whose output is complete, if --rm says so.
func (a *app) removeSource(s *source, out *output) {
	if !a.opt.remove {
		return
	}
	if s.path == "" || !s.regular() || out.direct {
		a.warn(s.name, "not removed: input or output is not a regular file")
		return
	}
	now, err := os.Stat(s.path)
	if err != nil || !os.SameFile(now, s.info) || now.Size() != s.info.Size() || !now.ModTime().Equal(s.info.ModTime()) {
		a.warn(s.name, "not removed: it changed while it was read")
		return
	}
	s.file.Close() // some systems remove no open file
	if err := os.Remove(s.path); err != nil {
		a.fail(s.name, err)
	}
}
