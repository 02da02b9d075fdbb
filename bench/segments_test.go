package bench

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/ktzip/ktzip"
	"github.com/ktzip/ktzip/codec"
)

// BenchmarkSegmentSizes says what short segments cost and give: the bytes of a log, compressed at level 6,
// and the time to open an Archive and read 4 KiB at a random place.
func BenchmarkSegmentSizes(b *testing.B) {
	size := 8 << 20
	if testing.Short() {
		size = 1 << 20
	}
	logs := []File{{Name: "generated", Data: JSONLog(size)}}
	if data, err := os.ReadFile(filepath.Join(shared, "field", "linux.log")); err == nil {
		logs = append(logs, File{Name: "linux.log", Data: data})
	}
	for _, log := range logs {
		for _, segment := range []int{64 << 10, 256 << 10, 1 << 20, 0} {
			cfg := ktzip.WriterConfig(ktzip.DefaultCompression)
			cfg.SegmentSize = segment
			cfg.Header.Size, cfg.Header.HasSize = int64(len(log.Data)), true
			var file bytes.Buffer
			b.Run(fmt.Sprintf("%s/segment=%dKiB", log.Name, segment>>10), func(b *testing.B) {
				if file.Len() == 0 { // once, whatever b.N
					w, err := codec.NewWriter(&file, cfg)
					if err != nil {
						b.Fatal(err)
					}
					if _, err := w.Write(log.Data); err != nil {
						b.Fatal(err)
					}
					if err := w.Close(); err != nil {
						b.Fatal(err)
					}
				}
				random, part := rand.New(rand.NewPCG(1, 1)), make([]byte, 4<<10)
				for b.Loop() {
					a, err := codec.NewArchive(bytes.NewReader(file.Bytes()), int64(file.Len()), nil)
					if err != nil {
						b.Fatal(err)
					}
					if _, err := a.ReadAt(part, random.Int64N(a.Size()-int64(len(part)))); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(file.Len()), "bytes")
				b.ReportMetric(1e3*b.Elapsed().Seconds()/float64(b.N), "ms/read")
			})
		}
	}
}
