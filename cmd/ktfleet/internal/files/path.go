package files

import (
	"io/fs"
	"os"
	"path"
	"strings"
)

// TemporaryPrefix begins the names of unfinished files and of folders for parts. Match leaves
// them out.
const TemporaryPrefix = ".ktfleet-"

// temporary reports whether a file or folder of that name is temporary.
func temporary(name string) bool { return strings.HasPrefix(name, TemporaryPrefix) }

// split returns the scheme of a path, "" of a local one, and what follows "://".
func split(name string) (scheme, rest string) {
	scheme, rest, found := strings.Cut(name, "://")
	if !found || scheme == "" {
		return "", name
	}
	return scheme, rest
}

// Join returns the path of a file below base, which may have a scheme. The elements are valid
// in the sense of fs.ValidPath, as Info.Rel is. Join leaves base as it is: path.Join would
// make "gs:/" of "gs://", and cut ".." where a link must be followed.
func Join(base string, elements ...string) string {
	for _, e := range elements {
		if base != "" && !os.IsPathSeparator(base[len(base)-1]) {
			base += "/"
		}
		base += e
	}
	return base
}

// baseName returns what follows the last slash of a path.
func baseName(name string) string {
	_, rest := split(name)
	return path.Base(rest)
}

// pathError returns err as an error that names the path and nothing else: not the temporary
// file that an operation was about.
func pathError(op, name string, err error) error {
	switch e := err.(type) {
	case nil:
		return nil
	case *fs.PathError:
		err = e.Err
	case *os.LinkError:
		err = e.Err
	}
	return &fs.PathError{Op: op, Path: name, Err: err}
}
