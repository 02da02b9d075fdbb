package cli

import (
	"io/fs"
	"math"
	"os"
	"time"

	"github.com/ktzip/ktzip/container"
)

// attributes are what an output has from its input.
type attributes struct {
	modTime time.Time   // zero: unknown
	mode    fs.FileMode // permission bits, where hasMode
	hasMode bool
	owner   fs.FileInfo // of the file whose owner and group the output gets; nil: the process's
}

// newFile are the permission bits that the process's mask narrows for a file
// that has none from elsewhere.
const newFile fs.FileMode = 0o666

// sourceAttributes are those of the file itself.
func sourceAttributes(s *source) attributes {
	if s.path == "" {
		return attributes{}
	}
	return attributes{modTime: s.info.ModTime(), mode: s.info.Mode().Perm(), hasMode: true, owner: s.info}
}

// restoredAttributes are those that the first header, h, holds, or else those of
// the compressed file. Anyone may have written the header: it gives no bit that
// the compressed file, also on standard input, does not have, or that mask takes
// from new files.
func restoredAttributes(s *source, h *container.Header, mask fs.FileMode) attributes {
	at := sourceAttributes(s)
	if !h.ModTime.IsZero() {
		at.modTime = h.ModTime
	}
	switch {
	case h.HasMode && at.hasMode:
		at.mode &= h.Mode
	case h.HasMode:
		at.mode, at.hasMode = h.Mode, true
		if s.regular() { // standard input
			at.mode &= s.info.Mode().Perm()
		}
	}
	at.mode &^= mask
	return at
}

// protect gives the unfinished output, which only its owner can open, its
// owner, group and mode.
func (o *output) protect(at attributes) {
	mode := newFile &^ o.app.mask
	if at.hasMode {
		mode = at.mode.Perm()
	}
	if at.owner != nil {
		owner, group := chown(o.file, at.owner)
		if !group {
			mode = withoutGroup(mode)
		}
		if privileged() && !(owner && group) {
			o.app.warn(o.name, "its owner or group is not that of the original")
		}
	}
	if err := o.file.Chmod(mode); err != nil {
		o.app.warn(o.name, "its mode is not that of the original: "+reason(err))
	}
}

// withoutGroup narrows the mode of a file that has another group than it was
// meant for: a member of either group was one of the others or still is one.
func withoutGroup(mode fs.FileMode) fs.FileMode {
	both := mode >> 3 & mode & 0o007
	return mode&0o700 | both<<3 | both
}

// setTime gives the closed file at path its time.
func (o *output) setTime(path string, t time.Time) {
	if t.IsZero() || max(t.Unix(), -t.Unix()) >= math.MaxInt64/int64(time.Second) {
		return
	}
	if err := os.Chtimes(path, t, t); err != nil {
		o.app.warn(o.name, "its time is not that of the original: "+reason(err))
	}
}
