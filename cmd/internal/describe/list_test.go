package describe

import (
	"fmt"
	"testing"
	"time"
)

// TestTimeText holds that also times that RFC 3339 does not reach have a text.
func TestTimeText(t *testing.T) {
	for _, c := range []struct {
		time time.Time
		want string
	}{
		{time.Unix(0, 5), "1970-01-01T00:00:00.000000005Z"},
		{time.Unix(1<<60, 0), fmt.Sprint("@", int64(1<<60))},
	} {
		if got := timeText(c.time); got != c.want {
			t.Errorf("%v: got %s, want %s", c.time, got, c.want)
		}
	}
}
