package mix

import (
	"os"
	"strconv"
)

func knob(k string, d int) int {
	if v, err := strconv.ParseInt(os.Getenv(k), 0, 64); err == nil {
		return int(v)
	}
	return d
}
