//go:build !unix

package dsltest

import "time"

var started = time.Now()

// CPUTime returns the time since the start of this process: processor time is not
// available here.
func CPUTime() time.Duration { return time.Since(started) }
