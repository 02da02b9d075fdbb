//go:build unix

package main

import (
	"os"
	"syscall"
)

// peakOf returns the most memory that a process had, in bytes (on Linux).
func peakOf(s *os.ProcessState) int64 { return s.SysUsage().(*syscall.Rusage).Maxrss << 10 }
