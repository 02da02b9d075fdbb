package main

import (
	"slices"
	"syscall"
	"time"
)

// A timing is what something took.
type timing struct {
	wall time.Duration
	cpu  time.Duration // processor time
}

// cpuTime returns the processor time that this process has used.
func cpuTime() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// clock measures f.
func clock(f func() error) (timing, error) {
	wall, cpu := time.Now(), cpuTime()
	err := f()
	return timing{time.Since(wall), cpuTime() - cpu}, err
}

// turns is how often each of two rivals is measured.
const turns = 3

// byTurns measures two rivals by turns, a b a b …, and returns the medians. The first turn
// warms up; it counts only if it takes a second.
func byTurns(a, b func() error) (ta, tb timing, err error) {
	var as, bs []timing
	for turn := 0; len(as) < turns; turn++ {
		ta, err := clock(a)
		if err != nil {
			return ta, tb, err
		}
		tb, err := clock(b)
		if err != nil {
			return ta, tb, err
		}
		if turn > 0 || ta.wall >= time.Second {
			as, bs = append(as, ta), append(bs, tb)
		}
	}
	return median(as), median(bs), nil
}

// median returns the median of the wall times and that of the processor times.
func median(list []timing) timing {
	var wall, cpu []time.Duration
	for _, t := range list {
		wall, cpu = append(wall, t.wall), append(cpu, t.cpu)
	}
	slices.Sort(wall)
	slices.Sort(cpu)
	return timing{wall[len(wall)/2], cpu[len(cpu)/2]}
}

// megabytes returns a speed in MB/s (10⁶ bytes).
func megabytes(size int, d time.Duration) float64 { return float64(size) / 1e6 / d.Seconds() }
