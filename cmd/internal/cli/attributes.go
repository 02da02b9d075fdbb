package cli

import (
	"io/fs"
	"math"
	"os"
	"time"

	"github.com/ktzip/ktzip/container"
)

// attributes are those that an output takes over from its input.
type attributes struct {
	modTime time.Time   // zero if unknown
	mode    fs.FileMode // permission bits, if hasMode
	hasMode bool
	owner   fs.FileInfo // of the file that has the wanted owner and group; nil for the process's
}

// newFileMode is the mode of an output that takes over none, before the process's mask.
const newFileMode fs.FileMode = 0o666

// sourceAttributes returns the attributes of s itself.
func sourceAttributes(s *source) attributes {
	if s.path == "" {
		return attributes{}
	}
	return attributes{modTime: s.info.ModTime(), mode: s.info.Mode().Perm(), hasMode: true, owner: s.info}
}

// restoredAttributes returns the attributes of what s restores to: those in its first
// header, h, unless that is nil or -n is given; for lack of these, those of s itself.
// Anyone may have written the header, so it can't add a permission that s does not have
// (also as standard input), or that the process's mask takes away.
func (a *app) restoredAttributes(s *source, h *container.Header) attributes {
	at := sourceAttributes(s)
	if h == nil || a.opt.NoName {
		h = &container.Header{}
	}
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
	at.mode &^= a.mask
	return at
}

// protect gives the unfinished output its owner, group and mode. Until then only the
// process's user can open it.
func (o *output) protect(at attributes) {
	mode := newFileMode &^ o.app.mask
	if at.hasMode {
		mode = at.mode.Perm()
	}
	if at.owner != nil {
		owner, group := chown(o.file, at.owner)
		if !group {
			mode = withoutGroup(mode)
		}
		if privileged() && !(owner && group) {
			o.app.warn(o.name, "does not have the owner and group of the original")
		}
	}
	if err := o.file.Chmod(mode); err != nil {
		o.app.warn(o.name, "does not have the mode of the original: "+reason(err))
	}
}

// withoutGroup narrows the mode of a file whose group is not the one that the mode was
// made for: everyone but the owner gets what the mode gives both to its group and to
// others.
func withoutGroup(mode fs.FileMode) fs.FileMode {
	both := mode >> 3 & mode & 0o007
	return mode&0o700 | both<<3 | both
}

// setTime sets the modification time of the closed file at path.
func (o *output) setTime(path string, t time.Time) {
	if t.IsZero() || max(t.Unix(), -t.Unix()) >= math.MaxInt64/int64(time.Second) {
		return
	}
	if err := os.Chtimes(path, t, t); err != nil {
		o.app.warn(o.name, "does not have the time of the original: "+reason(err))
	}
}
