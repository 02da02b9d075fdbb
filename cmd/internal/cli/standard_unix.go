//go:build unix

package cli

import (
	"os"

	"golang.org/x/sys/unix"
)

// closed reports whether the standard stream f was closed when the process started. The
// runtime then opens the null device for reading and writing in its place. A parent may
// have done the same, as Python does for subprocess.DEVNULL; this can't be told apart, so
// it matters for data only, and -f overrules it.
func closed(f *os.File) bool {
	info, err := f.Stat()
	if err != nil {
		return true
	}
	null, err := os.Stat(os.DevNull)
	if err != nil || !os.SameFile(info, null) {
		return false
	}
	flags, err := unix.FcntlInt(f.Fd(), unix.F_GETFL, 0)
	return err == nil && flags&unix.O_ACCMODE == unix.O_RDWR
}
