//go:build !race

package seqcoder

// raceEnabled reports whether the race detector is on.
const raceEnabled = false
