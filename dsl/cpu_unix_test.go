//go:build unix

package dsl

import (
	"syscall"
	"time"
)

// cpuTime is the processor time that this process took so far: benchmarks report it, since
// the machines that they run on have more to do.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
