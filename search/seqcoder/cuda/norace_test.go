//go:build !race

package cuda

// raceEnabled reports whether the race detector is on.
const raceEnabled = false
