//go:build !unix

package cli

import (
	"io/fs"
	"os"
	"runtime"
	"syscall"
)

// endings are the signals that end the work. WebAssembly has none, and os/signal does not answer there.
var endings = map[bool][]os.Signal{false: {os.Interrupt, syscall.SIGTERM}}[runtime.GOARCH == "wasm"]

func processMask() fs.FileMode { return 0 }

func links(fs.FileInfo) uint64 { return 1 }

func chown(*os.File, fs.FileInfo) (owner, group bool) { return true, true }

func privileged() bool { return false }

func closed(f *os.File) bool {
	_, err := f.Stat()
	return err != nil
}
