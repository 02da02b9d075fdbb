//go:build race

package codec

// raceEnabled reports whether the race detector is on.
const raceEnabled = true
