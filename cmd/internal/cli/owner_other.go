//go:build !unix

package cli

import (
	"io/fs"
	"os"
)

func processMask() fs.FileMode { return 0 }

func links(fs.FileInfo) uint64 { return 1 }

func chown(*os.File, fs.FileInfo) (owner, group bool) { return true, true }

func privileged() bool { return false }
