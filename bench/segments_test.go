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

// BenchmarkSegmentSizes says what short segments cost and give: the bytes of a log, compressed at level
// 6, and the time to read 4 KiB of a segment that the Archive does not hold. It visits the segments in
// turn, in random order, with as little memory as the file needs; if that keeps all of them, there is
// no time.
func BenchmarkSegmentSizes(b *testing.B) {
	size := 24 << 20
	if testing.Short() {
		size = 1 << 20
	}
	logs := []File{{Name: "generated", Data: JSONLog(size)}}
	if data, err := os.ReadFile(filepath.Join(shared, "field", "linux.log")); err == nil {
		logs = append(logs, File{Name: "linux.log", Data: data})
	}
	for _, log := range logs {
		for _, segment := range []int{64 << 10, 256 << 10, 1 << 20, 0} {
			file := inSegments(b, log.Data, segment)
			b.Run(fmt.Sprintf("%s/segment=%dKiB", log.Name, segment>>10), func(b *testing.B) { visitSegments(b, file) })
		}
	}
}

// inSegments compresses data in segments of a length; 0 stands for the default.
func inSegments(b *testing.B, data []byte, segment int) []byte {
	b.Helper()
	cfg := ktzip.WriterConfig(ktzip.DefaultCompression)
	cfg.SegmentSize = segment
	cfg.Header.Size, cfg.Header.HasSize = int64(len(data)), true
	var file bytes.Buffer
	w, err := codec.NewWriter(&file, cfg)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		b.Fatal(err)
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	return file.Bytes()
}

// visitSegments reads a part of each segment of the file in turn.
func visitSegments(b *testing.B, file []byte) {
	r, err := codec.NewReader(bytes.NewReader(file), nil)
	if err != nil {
		b.Fatal(err)
	}
	h := r.Header()
	a, err := codec.NewArchive(bytes.NewReader(file), int64(len(file)), &codec.ReaderConfig{MemoryLimit: codec.Memory(h)})
	if err != nil {
		b.Fatal(err)
	}
	var list []codec.SegmentRange
	for s, err := range a.Segments() {
		if err != nil {
			b.Fatal(err)
		}
		list = append(list, s)
	}
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	part, next := make([]byte, 4<<10), 0
	for b.Loop() {
		if _, err := a.ReadAt(part, list[next].Off); err != nil && a.Size() > list[next].Off+int64(len(part)) {
			b.Fatal(err)
		}
		next = (next + 1) % len(list)
	}
	b.ReportMetric(float64(len(file)), "bytes")
	b.ReportMetric(float64(len(list)), "segments")
	b.ReportMetric(0, "ns/op")
	if a.Size() > int64(h.SegmentSize()) {
		b.ReportMetric(1e3*b.Elapsed().Seconds()/float64(b.N), "ms/read")
	}
}
