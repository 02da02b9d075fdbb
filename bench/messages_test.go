package bench

import (
	"fmt"
	"io"
	"testing"

	"github.com/ktzip/ktzip/codec"
)

// messageSizes are the sizes of messages, in bytes.
var messageSizes = [...]int{64, 256, 1024, 4096}

// BenchmarkMessages compresses short messages of telemetry, each as a file of its own, by a
// Writer that is reused. The metric us/KiB must be at most 100 at level 6.
func BenchmarkMessages(b *testing.B) {
	const messages = 64
	for _, size := range messageSizes {
		data := telemetry(messages * size)
		for _, level := range [...]int{1, 6, 9} {
			b.Run(fmt.Sprintf("size=%d/level=%d", size, level), func(b *testing.B) {
				w, err := codec.NewWriter(io.Discard, Config(level, 1))
				if err != nil {
					b.Fatal(err)
				}
				b.ReportAllocs()
				total, n := int64(0), 0
				for b.Loop() {
					off := n % messages * size
					w.Reset(io.Discard)
					w.Write(data[off : off+size])
					if err := w.Close(); err != nil {
						b.Fatal(err)
					}
					_, out := w.Written()
					total, n = total+out, n+1
				}
				b.ReportMetric(float64(total)/float64(n), "bytes")
				b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(n)*1024/float64(size), "us/KiB")
			})
		}
	}
}
