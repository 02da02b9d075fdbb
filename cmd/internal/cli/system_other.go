//go:build !unix

package cli

import (
	"io/fs"
	"os"
	"syscall"
)

// endings are the signals that end the work.
var endings = []os.Signal{os.Interrupt, syscall.SIGTERM}

func processMask() fs.FileMode { return 0 }

func links(fs.FileInfo) uint64 { return 1 }

func chown(*os.File, fs.FileInfo) (owner, group bool) { return true, true }

func privileged() bool { return false }

func closed(f *os.File) bool {
	_, err := f.Stat()
	return err != nil
}
