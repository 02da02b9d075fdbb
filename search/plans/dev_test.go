package plans

import (
	"bytes"
	"compress/flate"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/ktzip/ktzip/search/plans/internal/text"
)

var z, _ = flate.NewWriter(nil, 6)

func zipped(b []byte) int {
	var w bytes.Buffer
	z.Reset(&w)
	z.Write(b)
	z.Close()
	return w.Len()
}

func TestDev(t *testing.T) {
	for _, name := range strings.Fields(os.Getenv("FILES")) {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		list := text.Find(src, estimate, deflated)
		took := time.Since(begin)
		fmt.Printf("%s %d bytes, gzip %.4f, %.2f s/MB:", name[strings.LastIndex(name, "/")+1:], len(src), float64(zipped(src))/float64(len(src)), took.Seconds()/float64(len(src))*1e6)
		for _, x := range list {
			fmt.Printf(" %.4f(%v)", float64(x.Cost)/float64(len(src)), x.Sets)
		}
		fmt.Println()
		if os.Getenv("SHOW") != "" && len(list) > 0 {
			fmt.Println(list[0].Text)
		}
	}
}
