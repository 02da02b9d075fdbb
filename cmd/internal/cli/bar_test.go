package cli

import (
	"math"
	"strings"
	"testing"
	"time"
)

// TestBarFits holds that a bar is narrower than its terminal.
func TestBarFits(t *testing.T) {
	names := []string{"a", "name.csv", "a long name of a file.tar", "日本語の名前のファイル.txt", strings.Repeat("x", 300), strings.Repeat("e\u0301", 40)}
	for _, name := range names {
		for _, total := range []int64{-1, 0, 1, 5000, 3 << 30, math.MaxInt64} {
			for _, in := range []int64{0, 1, 4999, 1 << 30, 1 << 50, math.MaxInt64} {
				for _, took := range []time.Duration{0, 1, time.Second, 1000 * time.Hour} {
					for _, queued := range []int64{0, 1, 123456789012} {
						p := &progress{name: name, in: in, total: total, ratio: "0.123", took: took, queued: queued, settled: queued / 2}
						for width := 1; width < 150; width += 1 + width/8 {
							if line := p.line(width); columns(line) >= width || strings.ContainsAny(line, "\r\n") {
								t.Fatalf("%d columns of %d: %q, %+v", columns(line), width, line, p)
							}
						}
					}
				}
			}
		}
	}
}

// TestBarLine holds what terminals of several widths show.
func TestBarLine(t *testing.T) {
	known := &progress{name: "measurements-2026.csv", in: 300 << 20, total: 1000 << 20, ratio: "0.412", took: 30 * time.Second, queued: 4000, settled: 1000}
	done := &progress{name: "measurements-2026.csv", in: 1000 << 20, total: 1000 << 20, ratio: "0.412", took: 30 * time.Second}
	piped := &progress{name: "standard input", in: 300 << 20, total: -1, ratio: "0.412", took: 30 * time.Second}
	steps := &progress{name: "data.csv", in: 3, total: 12, ratio: "0.412", took: 30 * time.Second, doing: "gzip -9"}
	for _, c := range []struct {
		p     *progress
		width int
		want  string
	}{
		{known, 1, ""},
		{known, 5, " 30%"},
		{known, 20, "meas…csv  30% 0.412"},
		{known, 40, "meas….csv  30% [#---] 0.412   1:10 left"},
		{known, 60, "measureme…2026.csv  30% [#---] 0.412 10.0 MiB/s   1:10 left"},
		{known, 80, "measureme…2026.csv  30% [#---]  300 MiB of 1.0 GiB 0.412 10.0 MiB/s   1:10 left"},
		{known, 110, "measurements-2026.csv  30% [####----------]  300 MiB of 1.0 GiB 0.412 10.0 MiB/s   1:10 left 1000/4000 blocks"},
		{done, 60, "measureme…2026.csv 100% [####] 0.412 33.3 MiB/s      - left"},
		{steps, 20, "data.cs…zip -9  25%"},
		{steps, 60, "data.csv: gzip -9  25% [#####---------------]"},
		{piped, 20, "stand…nput  300 MiB"},
		{piped, 40, "standa… input  300 MiB 0.412 10.0 MiB/s"},
		{piped, 60, "standard input  300 MiB 0.412 10.0 MiB/s"},
	} {
		if got := c.p.line(c.width); got != c.want {
			t.Errorf("%d columns:\n%s, want\n%s", c.width, got, c.want)
		}
	}
}
