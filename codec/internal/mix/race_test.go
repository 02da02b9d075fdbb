//go:build race

package mix

// raceEnabled reports whether the race detector is on.
const raceEnabled = true
