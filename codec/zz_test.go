package codec

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"github.com/klauspost/compress/flate"
	"github.com/ktzip/ktzip/search"
	"io"
	"os"
	"testing"
	"time"
)

func TestZZ(t *testing.T) {
	for _, name := range []string{"kt/text.bin","kt/audio_16bit.bin","files/kennedy.xls"} {
		b, _ := os.ReadFile("../../shared/" + name)
		src := bytes.Repeat(b, 16<<20/len(b)+1)
		for _, lv := range []int{1} {
			var best [4]time.Duration
			var zl, gl int
			for rep := 0; rep < 2; rep++ {
				t0 := time.Now()
				fw, _ := flate.NewWriter(io.Discard, lv)
				for at := 0; at < len(src); at += 1 << 20 {
					fw.Reset(io.Discard)
					fw.Write(src[at:min(at+1<<20, len(src))])
					fw.Close()
				}
				d0 := time.Since(t0)
				t0 = time.Now()
				var out bytes.Buffer
				w, _ := NewWriter(&out, &WriterConfig{Level: lv, Threads: 1, SegmentSize: 1 << 20, Finder: search.New(&search.Config{Level: lv})})
				w.Write(src)
				w.Close()
				d1 := time.Since(t0)
				t0 = time.Now()
				r, _ := NewReader(&out, nil)
				zl = out.Len()
				io.Copy(io.Discard, r)
				d2 := time.Since(t0)
				var gz bytes.Buffer
				gw, _ := gzip.NewWriterLevel(&gz, lv)
				gw.Write(src)
				gw.Close()
				gl = gz.Len()
				t0 = time.Now()
				gr, _ := gzip.NewReader(&gz)
				io.Copy(io.Discard, gr)
				d3 := time.Since(t0)
				for i, d := range []time.Duration{d0, d1, d2, d3} {
					if best[i] == 0 || d < best[i] {
						best[i] = d
					}
				}
			}
			mb := func(d time.Duration) float64 { return float64(len(src)) / 1e6 / d.Seconds() }
			fmt.Printf("%-26s L%d deflate %5.0f ktzip %5.0f ratio %.2f | dec %5.0f gunzip %5.0f ratio %.2f  %d %d\n", name, lv, mb(best[0]), mb(best[1]), float64(best[0])/float64(best[1]), mb(best[2]), mb(best[3]), float64(best[3])/float64(best[2]), zl, gl)
		}
	}
}
