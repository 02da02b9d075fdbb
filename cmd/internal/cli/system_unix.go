//go:build unix

package cli

import (
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// endings are the signals that end the work.
var endings = []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT}

// processMask returns the permission bits that new files don't get.
func processMask() fs.FileMode {
	mask := syscall.Umask(0o077)
	syscall.Umask(mask)
	return fs.FileMode(mask) & fs.ModePerm
}

// links returns how many hard links a file has.
func links(info fs.FileInfo) uint64 {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(s.Nlink)
	}
	return 1
}

// chown gives f the owner and the group of the file that like describes, and reports which
// of them f has then.
func chown(f *os.File, like fs.FileInfo) (owner, group bool) {
	want, ok := like.Sys().(*syscall.Stat_t)
	info, err := f.Stat()
	if !ok || err != nil {
		return false, false
	}
	is, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return false, false
	}
	owner = is.Uid == want.Uid || f.Chown(int(want.Uid), -1) == nil
	group = is.Gid == want.Gid || f.Chown(-1, int(want.Gid)) == nil
	return owner, group
}

// privileged reports whether the process may give files to other users.
func privileged() bool { return os.Geteuid() == 0 }

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
