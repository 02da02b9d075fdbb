package codec

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// zlibTimes prints the milliseconds that zlib takes for a file of deflate data, the mean of
// 10.
const zlibTimes = `
import sys, time, zlib
data, t = open(sys.argv[1], "rb").read(), time.perf_counter()
for _ in range(10):
    zlib.decompress(data, -15)
print(100 * (time.perf_counter() - t))
`

// BenchmarkInflate measures 1 MiB of deflate data that takes long, and of text, and how
// many times zlib's time it takes, by Python where that is there.
func BenchmarkInflate(b *testing.B) {
	text, err := os.ReadFile("../container/FORMAT.md")
	if err != nil {
		b.Fatal(err)
	}
	text = bytes.Repeat(text, 1<<20/len(text))
	for _, c := range []struct {
		name string
		size int // of what it restores to
		data []byte
	}{
		{"stored", 0, emptyBlocks(b, "stored", 1<<20)},
		{"fixed", 0, emptyBlocks(b, "fixed", 1<<20)},
		{"dynamic", 0, emptyBlocks(b, "dynamic", 1<<20)},
		{"noise", 1 << 20, deflated(b, mixed(1<<20, 1), 1)},
		{"text", len(text), deflated(b, text, 9)},
	} {
		b.Run(c.name, func(b *testing.B) {
			dst := make([]byte, c.size)
			var z inflater
			for b.Loop() {
				if err := z.inflate(dst, c.data, nil, 0); err != nil {
					b.Fatal(err)
				}
			}
			python, err := exec.LookPath("python3")
			if err != nil {
				return
			}
			name := filepath.Join(b.TempDir(), "data")
			if err := os.WriteFile(name, c.data, 0o666); err != nil {
				b.Fatal(err)
			}
			out, err := exec.Command(python, "-c", zlibTimes, name).Output()
			if err != nil {
				b.Skip(err)
			}
			if ms, err := strconv.ParseFloat(strings.TrimSpace(string(out)), 64); err == nil && ms > 0 {
				b.ReportMetric(1000*b.Elapsed().Seconds()/float64(b.N)/ms, "×zlib")
			}
		})
	}
}
