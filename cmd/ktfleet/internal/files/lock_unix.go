//go:build unix

package files

import (
	"errors"
	"os"
	"syscall"
)

// tryLock locks an open file, until it is closed or its process ends. A file system without locks gives none.
func tryLock(f *os.File) error {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return errLocked
	}
	return nil
}
