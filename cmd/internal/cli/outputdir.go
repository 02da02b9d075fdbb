package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

var (
	errOutside = errors.New("--output-dir takes no name with ..; use --output-dir-flat")
	errTwice   = errors.New("another file of this run has the same output; it is kept")
)

// place returns the name of an output: derived, moved to the folder of --output-dir or
// --output-dir-flat if one of them is given. It makes missing folders. Two sources never
// get the same name, not even with -f.
func (a *app) place(s *source, derived string) (string, error) {
	var path string
	switch o := a.opt; {
	case s.path == "":
		return derived, nil
	case o.outputDirFlat != "":
		path = filepath.Join(o.outputDirFlat, filepath.Base(derived))
		if err := os.MkdirAll(o.outputDirFlat, 0o777); err != nil {
			return "", &outputError{o.outputDirFlat, err}
		}
	case o.outputDir != "":
		dir, err := mirror(o.outputDir, filepath.Dir(derived))
		if err != nil {
			return "", err
		}
		path = filepath.Join(dir, filepath.Base(derived))
	default:
		return derived, nil
	}
	if a.placed[path] {
		return "", &outputError{path, errTwice}
	}
	if a.placed == nil {
		a.placed = map[string]bool{}
	}
	a.placed[path] = true
	return path, nil
}

// mirror makes dir within the folder top and returns its path. Each new folder has the
// permissions of the original, so that private folders stay private. An absolute dir loses
// its leading separator.
func mirror(top, dir string) (string, error) {
	if err := os.MkdirAll(top, 0o777); err != nil {
		return "", &outputError{top, err}
	}
	dir = filepath.Clean(dir)
	from := filepath.VolumeName(dir)
	if filepath.IsAbs(dir) {
		from += string(filepath.Separator)
	}
	for part := range strings.SplitSeq(dir[len(from):], string(filepath.Separator)) {
		switch part {
		case "", ".":
			continue
		case "..":
			return "", errOutside
		}
		from, top = filepath.Join(from, part), filepath.Join(top, part)
		perm := fs.FileMode(0o777)
		if info, err := os.Stat(from); err == nil {
			perm = info.Mode().Perm() | 0o700 // to make files in it
		}
		if err := os.Mkdir(top, perm); err != nil && !errors.Is(err, fs.ErrExist) {
			return "", &outputError{top, err}
		}
	}
	return top, nil
}
