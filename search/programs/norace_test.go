//go:build !race

package programs

// raceEnabled reports whether the race detector is on.
const raceEnabled = false
