package codec

import (
	"flag"
	"testing"
)

var (
	full   = flag.Bool("full", false, "run tests at full length: minutes")
	update = flag.Bool("update", false, "write the golden files of a version of the format that replaces one never released")
)

// atLength returns few; many with -full; less than few with -short.
func atLength(few, many int) int {
	switch {
	case *full:
		return many
	case testing.Short():
		return max(1, few/10)
	}
	return few
}
