//go:build race

package plans

// raceEnabled reports whether the race detector is on.
const raceEnabled = true
