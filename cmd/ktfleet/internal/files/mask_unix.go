//go:build unix

package files

import (
	"io/fs"
	"syscall"
)

// processMask returns the permission bits that new files don't get. No other goroutine may
// create files meanwhile.
func processMask() fs.FileMode {
	mask := syscall.Umask(0o077)
	syscall.Umask(mask)
	return fs.FileMode(mask) & fs.ModePerm
}
