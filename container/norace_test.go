//go:build !race

package container

// raceEnabled reports whether the race detector is on.
const raceEnabled = false
