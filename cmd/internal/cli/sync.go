package cli

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
)

// synchronous reports whether the disk must have o before the work goes on.
func (o *output) synchronous() bool { return o.app.opt.synchronous || o.app.opt.remove }

// syncFile waits until the disk has what was written to o, if o is synchronous.
func (o *output) syncFile() error {
	if !o.synchronous() {
		return nil
	}
	return o.sync(o.file)
}

// syncFolder waits until the disk has the name of o, if o is synchronous.
func (o *output) syncFolder() error {
	if !o.synchronous() {
		return nil
	}
	f, err := os.Open(filepath.Dir(o.path))
	if err != nil {
		return ignoreUnable(err)
	}
	defer f.Close()
	return o.sync(f)
}

func (o *output) sync(f *os.File) error { return ignoreUnable(o.app.sync(f)) }

// ignoreUnable returns err; nil if it says that a file, a folder or a system, such as a pipe
// or a device, can't be synchronized.
func ignoreUnable(err error) error {
	for _, unable := range []error{syscall.EINVAL, syscall.ENOTSUP, syscall.ENOSYS, os.ErrPermission} {
		if errors.Is(err, unable) {
			return nil
		}
	}
	return err
}
