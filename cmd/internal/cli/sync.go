package cli

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
)

// synchronous reports whether o must be on the disk when it is complete.
func (o *output) synchronous() bool { return o.app.opt.synchronous || o.app.opt.remove }

// syncFile waits until the disk has what was written to o. Pipes and devices
// without a cache refuse that.
func (o *output) syncFile() error {
	if !o.synchronous() {
		return nil
	}
	return o.sync(o.file)
}

// syncFolder waits until the disk has the name of o.
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

// ignoreUnable drops the errors of files, folders and systems that know no sync.
func ignoreUnable(err error) error {
	for _, unable := range []error{syscall.EINVAL, syscall.ENOTSUP, syscall.ENOSYS, os.ErrPermission} {
		if errors.Is(err, unable) {
			return nil
		}
	}
	return err
}
