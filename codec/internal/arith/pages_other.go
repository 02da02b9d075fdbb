//go:build !linux

package arith

// advise does nothing where huge pages cannot be asked for.
func advise([]byte) {}
