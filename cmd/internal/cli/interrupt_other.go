//go:build !unix

package cli

import (
	"os"
	"syscall"
)

// endings are the signals that end the work.
var endings = []os.Signal{os.Interrupt, syscall.SIGTERM}
