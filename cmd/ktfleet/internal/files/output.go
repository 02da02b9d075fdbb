package files

import (
	"context"
	"errors"
	"hash/maphash"
	"io"
	"io/fs"
	"strings"
	"time"
)

// Attributes are what a file has in addition to its content. Only local files keep them, and
// these as far as the file system can. Owners and groups are those of the process.
type Attributes struct {
	ModTime time.Time   // zero for now
	Mode    fs.FileMode // permission bits, if HasMode; else the process's mask decides
	HasMode bool
}

// ErrExists is the error of an Output whose name something else has.
var ErrExists = errors.New("exists already")

// An Output is a file that appears under its name, complete, when Commit succeeds.
//
// A local one is a temporary file in the same folder until then. Object stores show an object
// when its last byte has arrived, so there the bytes go to the final name, and Commit ends the
// upload. Commit does not wait for the disk.
type Output struct {
	path    string
	sink    sink
	store   store
	ctx     context.Context
	replace bool
	taken   bool // the upload ended early, since its name is taken; Commit compares
	size    int64
	hash    maphash.Hash // of what was written, to compare with what an earlier attempt wrote
	err     error        // stays
	ended   bool
}

// Create begins a file, and makes its folder. Unless replace is true, the file will not replace
// one that has other content. That is found out at Commit; ask Exists before long work.
// The upload of an object ends with ctx.
func Create(ctx context.Context, path string, replace bool) (*Output, error) {
	s, err := storeOf(ctx, path)
	if err != nil {
		return nil, err
	}
	if _, name := split(path); name == "" || strings.HasSuffix(name, "/") {
		return nil, pathError("create", path, fs.ErrInvalid)
	}
	o := &Output{path: path, store: s, ctx: ctx, replace: replace}
	if o.sink, err = s.create(ctx, path, replace); err != nil {
		return nil, pathError("create", path, err)
	}
	return o, nil
}

// Write implements io.Writer. Errors stay.
func (o *Output) Write(p []byte) (n int, err error) {
	switch {
	case o.ended:
		return 0, pathError("write", o.path, fs.ErrClosed)
	case o.err != nil:
		return 0, o.err
	case o.ctx.Err() != nil:
		o.err = pathError("write", o.path, o.ctx.Err())
		return 0, o.err
	}
	n = len(p)
	if !o.taken {
		n, err = o.sink.Write(p)
	}
	if errors.Is(err, fs.ErrExist) && !o.replace {
		n, err, o.taken = len(p), nil, true
	}
	o.size += int64(n)
	o.hash.Write(p[:n])
	if err != nil {
		o.err = pathError("write", o.path, err)
	}
	return n, o.err
}

// Commit makes the file appear. If its name is taken and replace was false, Commit succeeds if
// that file has the same content, and returns ErrExists if not. After an error, also one of
// Write, nothing is left.
func (o *Output) Commit(at Attributes) error {
	if o.err == nil && o.ended {
		return pathError("write", o.path, fs.ErrClosed)
	}
	if o.err == nil {
		o.err = pathError("write", o.path, o.ctx.Err())
	}
	if o.err != nil {
		o.Abandon()
		return o.err
	}
	o.ended = true
	err := fs.ErrExist
	if o.taken {
		o.sink.abandon()
	} else {
		err = o.sink.commit(at)
	}
	if errors.Is(err, fs.ErrExist) && !o.replace {
		same, e := o.same()
		switch {
		case same:
			return nil
		case !errors.Is(e, fs.ErrNotExist): // else it is gone again, and err says more
			err = ErrExists
		}
	}
	return pathError("write", o.path, err)
}

// same reports whether the file that has the name of o has its content, too. Both hashes have
// a random seed, so that nobody can prepare another content of the same hash.
func (o *Output) same() (bool, error) {
	f, err := Open(o.ctx, o.path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	if f.Size() != o.size {
		return false, nil
	}
	var h maphash.Hash
	h.SetSeed(o.hash.Seed())
	if _, err := io.Copy(&h, f.Reader(0)); err != nil {
		return false, err
	}
	return h.Sum64() == o.hash.Sum64(), nil
}

// Abandon leaves nothing of the file. After Commit it does nothing.
func (o *Output) Abandon() {
	if !o.ended {
		o.ended = true
		o.sink.abandon()
	}
}
