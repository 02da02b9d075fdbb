//go:build !unix

package dsl

import "time"

var started = time.Now()

// cpuTime is the time that has passed, where processor time isn't to be had.
func cpuTime() time.Duration { return time.Since(started) }
