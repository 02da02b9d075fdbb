package files

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// errIrregular is the error of a pipe, a device and the like.
var errIrregular = errors.New("is not a regular file")

// local is the store of the system's files.
type local struct{}

func (local) stat(_ context.Context, path string) (Info, error) {
	is, err := os.Stat(path)
	if err == nil {
		err = regular(is)
	}
	if err != nil {
		return Info{}, pathError("stat", path, err)
	}
	return localInfo(path, filepath.Base(path), is), nil
}

// regular returns why is does not describe a regular file; nil if it does.
func regular(is fs.FileInfo) error {
	switch {
	case is.IsDir():
		return errFolder
	case !is.Mode().IsRegular():
		return errIrregular
	}
	return nil
}

func localInfo(path, rel string, is fs.FileInfo) Info {
	return Info{Path: path, Rel: rel, Size: is.Size(), ModTime: is.ModTime(), Mode: is.Mode().Perm(), HasMode: true}
}

// exists reports true for a link to nothing, which has the name.
func (local) exists(_ context.Context, path string) (bool, error) {
	_, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, pathError("stat", path, err)
}

// match walks through the folders that the pattern may lead to.
func (local) match(ctx context.Context, p *pattern) ([]Info, error) {
	w := &walk{ctx: ctx, p: p}
	w.folder("")
	return w.found, errors.Join(w.errs...)
}

// A walk collects the files that a pattern matches. What vanishes meanwhile is not there.
type walk struct {
	ctx   context.Context
	p     *pattern
	found []Info
	errs  []error // of folders that can't be read
}

// folder walks through the folder at rel, a path below w.p.fixed. No link leads it in a circle.
func (w *walk) folder(rel string) {
	path := w.path(rel)
	if path == "" {
		path = "."
	}
	entries, err := os.ReadDir(path)
	if err == nil {
		err = w.ctx.Err()
	}
	if err != nil {
		w.fail("read", path, err)
		return
	}
	for _, e := range entries {
		name := e.Name()
		if rel != "" {
			name = rel + "/" + name
		}
		switch {
		case e.IsDir() && w.p.leads(name):
			w.folder(name)
		case e.Type().IsRegular() && w.p.matches(name):
			is, err := e.Info()
			if err != nil {
				w.fail("stat", w.path(name), err)
				continue
			}
			w.found = append(w.found, localInfo(w.path(name), name, is))
		}
	}
}

// path returns the path of what is at rel.
func (w *walk) path(rel string) string {
	switch {
	case rel == "":
		return w.p.fixed
	case w.p.fixed == "" || w.p.fixed == ".":
		return rel
	}
	return Join(w.p.fixed, rel)
}

// fail keeps an error, of each kind that stops everything only one.
func (w *walk) fail(op, path string, err error) {
	stopped := w.ctx.Err() != nil && len(w.errs) > 0
	if !stopped && !errors.Is(err, fs.ErrNotExist) {
		w.errs = append(w.errs, pathError(op, path, err))
	}
}

// open opens a regular file. It looks first, since opening a pipe waits for a writer.
func (local) open(_ context.Context, path string) (content, Info, error) {
	f, err := openRegular(path)
	if err != nil {
		return nil, Info{}, pathError("open", path, err)
	}
	is, err := f.Stat()
	if err == nil {
		err = regular(is)
	}
	if err == nil && is.Size() == 0 {
		err = empty(f)
	}
	if err != nil {
		f.Close()
		return nil, Info{}, pathError("open", path, err)
	}
	return localContent{f}, localInfo(path, filepath.Base(path), is), nil
}

func openRegular(path string) (*os.File, error) {
	is, err := os.Stat(path)
	if err == nil {
		err = regular(is)
	}
	if err != nil {
		return nil, err
	}
	return os.Open(path)
}

// errUnsized is the error of a file such as those in /proc, of whose content the system makes no account.
var errUnsized = errors.New("has content, but no size")

// empty returns an error if f, of no bytes, has some.
func empty(f *os.File) error {
	n, err := f.ReadAt(make([]byte, 1), 0)
	switch {
	case n > 0:
		return errUnsized
	case err == io.EOF:
		return nil
	}
	return err
}

func (local) remove(_ context.Context, path string) error {
	err := os.Remove(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func (local) removeAll(_ context.Context, folder string) error { return os.RemoveAll(folder) }

// errLocked is the error of a path that another process has locked.
var errLocked = errors.New("another run of the same command is at work")

// Lock makes a local file, and its folder, that no other process of this machine can lock until unlock is
// called, which removes it, or this process ends. Paths of other schemes have no locks.
func Lock(name string) (unlock func(), err error) {
	if scheme, _ := split(name); scheme != "" {
		return func() {}, nil
	}
	if err := os.MkdirAll(filepath.Dir(name), newFolderMode); err != nil {
		return nil, err
	}
	for {
		f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, newFileMode)
		if err != nil {
			return nil, err
		}
		if err := tryLock(f); err != nil {
			f.Close()
			return nil, pathError("lock", name, err)
		}
		if same(f, name) {
			return func() {
				os.Remove(name)
				f.Close()
			}, nil
		}
		f.Close() // the one who had the lock removed the file after it was opened here
	}
}

// same reports whether f is the file that has a name.
func same(f *os.File, name string) bool {
	a, err := f.Stat()
	b, e := os.Stat(name)
	return err == nil && e == nil && os.SameFile(a, b)
}

// A localContent reads an open file.
type localContent struct{ *os.File }

func (c localContent) read(_ context.Context, from, n int64) (io.ReadCloser, error) {
	return io.NopCloser(io.NewSectionReader(c.File, from, n)), nil
}

func (localContent) tries() int { return 0 }
