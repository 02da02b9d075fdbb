package cli

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// errClosed may be wrong; see closed.
var errClosed = errors.New("is closed, or the null device opened for reading and writing; -f insists")

// descriptor returns the number of the open file that path names, such as /dev/stdout; -1 if
// it names none. Such a path must not be opened: that loses the position in the file, and
// a temporary file can't take its place.
func descriptor(path string) int {
	switch path = filepath.Clean(path); path {
	case "/dev/stdin":
		return 0
	case "/dev/stdout":
		return 1
	case "/dev/stderr":
		return 2
	}
	for _, folder := range []string{"/dev/fd/", "/proc/self/fd/"} {
		if number, ok := strings.CutPrefix(path, folder); ok {
			if n, err := strconv.Atoi(number); err == nil && n >= 0 {
				return n
			}
		}
	}
	return -1
}

// standardPaths replaces the paths of standard input and output by "-".
func (o *options) standardPaths() {
	if descriptor(o.output) == 1 {
		o.output = "-"
	}
	for i, name := range o.operands {
		if descriptor(name) == 0 {
			o.operands[i] = "-"
		}
	}
}

// descriptorFile returns the open file that path names.
func (a *app) descriptorFile(path string) (*os.File, bool) {
	switch n := descriptor(path); n {
	case -1:
		return nil, false
	case 2:
		return a.stderr, true
	default:
		return os.NewFile(uintptr(n), path), true
	}
}
