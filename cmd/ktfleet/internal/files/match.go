package files

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"time"
)

// An Info describes a file. It is plain data.
type Info struct {
	Path    string      // as Open takes it
	Rel     string      // path below the folder before the first wildcard, or below the folder that was named; else the base name
	Size    int64       // bytes
	ModTime time.Time   // zero if unknown
	Mode    fs.FileMode // permission bits, if HasMode
	HasMode bool
	Version string // of an object: its generation or entity tag; "" of other files
}

// Same reports whether a and b describe the same state of a file, as far as size, time and
// version tell.
func (a Info) Same(b Info) bool {
	return a.Size == b.Size && a.ModTime.Equal(b.ModTime) && a.Version == b.Version
}

// ErrNoMatch is the error of a pattern that matches no file.
var ErrNoMatch = errors.New("matches no file")

// errEmpty is the error of a pattern without a character, which a script's empty variable gives.
var errEmpty = errors.New("is no path; . is the current folder")

// errFolder is the error of a folder where a file is needed.
var errFolder = errors.New("is a folder")

// Match returns the files that a pattern names, sorted by Path. A pattern is
//   - a file, whatever characters its name has;
//   - a folder: every file below it;
//   - a path with wildcards: *, ?, [a-z], [^a-z] and \ as in path.Match, and the component **
//     for any folders.
//
// Wildcards and folders give regular files alone: Match follows no link that it finds, and
// leaves out temporary files. It follows links that the pattern names.
//
// If Match can't read some folders, or objects have names that are no paths, it returns what it
// found and an error that names those. A pattern that matches nothing gives ErrNoMatch.
func Match(ctx context.Context, text string) ([]Info, error) {
	s, err := storeOf(ctx, text)
	if err != nil {
		return nil, err
	}
	p, info, err := resolve(ctx, s, text)
	if err != nil {
		return nil, pathError("match", text, err)
	}
	if p == nil {
		return []Info{info}, nil
	}
	found, err := s.match(ctx, p)
	if err == nil && len(found) == 0 {
		return nil, pathError("match", text, ErrNoMatch)
	}
	slices.SortFunc(found, func(a, b Info) int { return cmp.Compare(a.Path, b.Path) })
	return found, err
}

// resolve returns the file that text names or, if p is not nil, the pattern that text is.
func resolve(ctx context.Context, s store, text string) (p *pattern, info Info, err error) {
	if text == "" {
		return nil, Info{}, errEmpty // it would be everything below the current folder
	}
	if strings.HasSuffix(text, "/") {
		return everything(text), Info{}, nil
	}
	info, err = s.stat(ctx, text)
	switch {
	case err == nil && temporary(info.Rel):
		return nil, Info{}, ErrNoMatch
	case err == nil || ctx.Err() != nil:
		return nil, info, err
	case errors.Is(err, errFolder):
		return everything(text), Info{}, nil
	}
	p, e := parsePattern(text)
	switch {
	case e != nil:
		return nil, Info{}, e
	case p != nil:
		return p, Info{}, nil // the error of stat may be that no file can have this name
	case errors.Is(err, fs.ErrNotExist):
		return everything(text), Info{}, nil // object stores have no folders, only names that begin so
	}
	return nil, Info{}, err
}

// Stat describes a file.
func Stat(ctx context.Context, path string) (Info, error) {
	s, err := storeOf(ctx, path)
	if err != nil {
		return Info{}, err
	}
	return s.stat(ctx, path)
}

// Exists reports whether something has that name, which Create would not replace.
func Exists(ctx context.Context, path string) (bool, error) {
	s, err := storeOf(ctx, path)
	if err != nil {
		return false, err
	}
	return s.exists(ctx, path)
}
