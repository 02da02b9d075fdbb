package files

import (
	"context"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"time"
)

const (
	newFileMode   fs.FileMode = 0o666 // of a file whose Attributes have no mode, before the mask
	newFolderMode fs.FileMode = 0o777 // before the mask
)

// mask has the permission bits that new files don't get.
var mask = processMask()

// A localSink writes a temporary file in the folder of the final one. Until commit only the
// process's user can open it.
type localSink struct {
	file    *os.File
	path    string // the final one
	temp    string // path of the temporary file
	replace bool
}

func (local) create(_ context.Context, path string, replace bool) (sink, error) {
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, newFolderMode); err != nil {
		return nil, err
	}
	// The base name has no place in it: both together may be too long.
	f, err := os.CreateTemp(folder, TemporaryPrefix+"*.tmp")
	if err != nil {
		return nil, err
	}
	return &localSink{f, path, f.Name(), replace}, nil
}

func (s *localSink) Write(p []byte) (int, error) { return s.file.Write(p) }

// commit gives the file its mode, time and name. A file system that can't keep mode or time
// keeps its own: the file's content counts, and no mode is wider than the one asked for.
func (s *localSink) commit(at Attributes) error {
	mode := newFileMode &^ mask
	if at.HasMode {
		mode = at.Mode.Perm()
	}
	s.file.Chmod(mode)
	err := s.file.Close()
	if err == nil {
		if keepsTime(at.ModTime) {
			os.Chtimes(s.temp, at.ModTime, at.ModTime)
		}
		err = s.rename()
	}
	if err != nil {
		os.Remove(s.temp)
	}
	return err
}

// keepsTime reports whether t is known and a time that os.Chtimes can set.
func keepsTime(t time.Time) bool {
	return !t.IsZero() && max(t.Unix(), -t.Unix()) < math.MaxInt64/int64(time.Second)
}

// rename gives the file its name. Of two that race without replace, a link makes one win.
func (s *localSink) rename() error {
	if s.replace {
		return os.Rename(s.temp, s.path)
	}
	err := os.Link(s.temp, s.path)
	if err == nil {
		os.Remove(s.temp)
		return nil
	}
	return s.renameNew(err)
}

// renameNew gives the file its name after a link was refused. If the file system has no links,
// it replaces a file that appears just now: what an attempt at the same bundle makes has the
// same bytes.
func (s *localSink) renameNew(refusal error) error {
	if _, err := os.Lstat(s.path); err == nil || errors.Is(refusal, fs.ErrExist) {
		return fs.ErrExist
	}
	return os.Rename(s.temp, s.path)
}

func (s *localSink) abandon() {
	s.file.Close()
	os.Remove(s.temp)
}
