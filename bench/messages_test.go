package bench

import (
	"fmt"
	"io"
	"testing"

	"github.com/ktzip/ktzip"
	"github.com/ktzip/ktzip/codec"
)

// messageSizes are the sizes of messages, in bytes.
var messageSizes = [...]int{64, 128, 256, 512, 1024, 2048, 4096}

// messageWays are the ways in which a program compresses messages, each of which returns a function
// that compresses one and returns how many bytes it takes.
var messageWays = []struct {
	name  string
	start func(b *testing.B, level int) func(message []byte) int
}{
	{"file", messageFiles},
	{"flushed", flushedMessages},
	{"Compress", compressedMessages},
}

// messageFiles makes a file of each message, by a Writer that is reused.
func messageFiles(b *testing.B, level int) func(message []byte) int {
	w := messageWriter(b, level)
	return func(message []byte) int {
		w.Reset(io.Discard)
		w.Write(message)
		if err := w.Close(); err != nil {
			b.Fatal(err)
		}
		_, out := w.Written()
		return int(out)
	}
}

// flushedMessages makes a segment of each message; it does not count the entries of the index.
func flushedMessages(b *testing.B, level int) func(message []byte) int {
	w := messageWriter(b, level)
	return func(message []byte) int {
		_, before := w.Written()
		w.Write(message)
		if err := w.Flush(); err != nil {
			b.Fatal(err)
		}
		_, after := w.Written()
		return int(after - before)
	}
}

func messageWriter(b *testing.B, level int) *codec.Writer {
	w, err := codec.NewWriter(io.Discard, Config(level, 1))
	if err != nil {
		b.Fatal(err)
	}
	return w
}

// compressedMessages calls Compress for each message.
func compressedMessages(b *testing.B, level int) func(message []byte) int {
	var file []byte
	return func(message []byte) (n int) {
		var err error
		if file, err = ktzip.Compress(file[:0], message, level); err != nil {
			b.Fatal(err)
		}
		return len(file)
	}
}

// BenchmarkMessages compresses short messages of telemetry. The metric us/KiB must be at most 100
// at level 6.
func BenchmarkMessages(b *testing.B) {
	const messages = 64
	for _, way := range messageWays {
		for _, size := range messageSizes {
			data := telemetry(messages * size)
			for _, level := range [...]int{1, 6, 9} {
				b.Run(fmt.Sprintf("%s/size=%d/level=%d", way.name, size, level), func(b *testing.B) {
					compress := way.start(b, level)
					b.ReportAllocs()
					total, n := 0, 0
					for b.Loop() {
						off := n % messages * size
						total += compress(data[off : off+size])
						n++
					}
					b.ReportMetric(float64(total)/float64(n), "bytes")
					b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(n)*1024/float64(size), "us/KiB")
				})
			}
		}
	}
}
