//go:build !race

package predictors_test

// raceEnabled reports whether the race detector is on.
const raceEnabled = false
