//go:build race

package records

// raceEnabled reports whether the race detector is on.
const raceEnabled = true
