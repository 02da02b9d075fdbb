package plans

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/ktzip/ktzip/search/plans/internal/text"
)

func TestGl(t *testing.T) {
	for _, name := range strings.Fields(os.Getenv("FILES")) {
		src, _ := os.ReadFile(name)
		if len(src) > 1<<20 {
			src = src[:1<<20]
		}
		fmt.Printf("%s %d:", name[max(0, len(name)-40):], len(src))
		for _, n := range []int{16 << 10, 32 << 10, 64 << 10, 256 << 10} {
			x := text.Sample(src, n)
			b := time.Now()
			list := text.Find(x, estimate, estimate)
			d := time.Since(b)
			if len(list) > 0 {
				fmt.Printf("  %.3f %.1fms", float64(list[0].Cost)/float64(estimate(x)), d.Seconds()*1000)
			}
		}
		x := text.Sample(src, 256<<10)
		if list := text.Find(x, estimate, zipped); len(list) > 0 {
			fmt.Printf(" zipped %.3f", float64(list[0].Cost)/float64(zipped(x)))
		}
		fmt.Println()
	}
}
