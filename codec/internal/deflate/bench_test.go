package deflate

import (
	"bytes"
	"compress/flate"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// zlibTimes prints how many milliseconds zlib takes to restore a file of deflate data: the
// mean of 10.
const zlibTimes = `
import sys, time, zlib
data, t = open(sys.argv[1], "rb").read(), time.perf_counter()
for _ in range(10):
    zlib.decompress(data, -15)
print(100 * (time.perf_counter() - t))
`

// BenchmarkInflate measures 1 MiB of deflate data that takes long, and text, and reports how
// many times zlib's time that is, if Python is there to tell.
func BenchmarkInflate(b *testing.B) {
	text, err := os.ReadFile("../../../container/FORMAT.md")
	if err != nil {
		b.Fatal(err)
	}
	text = bytes.Repeat(text, 1<<20/len(text))
	r := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct {
		name string
		size int // of what it restores to
		data []byte
	}{
		{"stored", 0, emptyBlocks(b, "stored", 1<<20)},
		{"fixed", 0, emptyBlocks(b, "fixed", 1<<20)},
		{"dynamic", 0, emptyBlocks(b, "dynamic", 1<<20)},
		{"noise", 1 << 20, standard(b, random(r, 1<<20, 256, 0), 1)},
		{"text", len(text), standard(b, text, 9)},
	} {
		b.Run(c.name, func(b *testing.B) {
			dst := make([]byte, c.size)
			var z Inflater
			b.SetBytes(int64(c.size))
			for b.Loop() {
				if _, err := z.Inflate(dst, c.data, NoLimit); err != nil {
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

// BenchmarkStandardInflate measures the standard library's decoder on the data of
// BenchmarkInflate that stands for bytes; an Inflater must have 0.8 of its speed.
func BenchmarkStandardInflate(b *testing.B) {
	text, err := os.ReadFile("../../../container/FORMAT.md")
	if err != nil {
		b.Fatal(err)
	}
	text = bytes.Repeat(text, 1<<20/len(text))
	for name, src := range map[string][]byte{"text": text, "noise": random(rand.New(rand.NewPCG(1, 2)), 1<<20, 256, 0)} {
		b.Run(name, func(b *testing.B) {
			data := standard(b, src, 9)
			in := bytes.NewReader(data)
			r := flate.NewReader(in)
			b.SetBytes(int64(len(src)))
			for b.Loop() {
				in.Reset(data)
				if err := r.(flate.Resetter).Reset(in, nil); err != nil {
					b.Fatal(err)
				}
				if _, err := io.Copy(io.Discard, r); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkCompress measures each method on text and on residuals of a made-up signal, and
// reports the share of the bytes that is left.
func BenchmarkCompress(b *testing.B) {
	text, err := os.ReadFile("../../../container/FORMAT.md")
	if err != nil {
		b.Fatal(err)
	}
	residuals := make([]byte, 1<<18)
	for i, r := 0, rand.New(rand.NewPCG(1, 2)); i < len(residuals); i++ {
		residuals[i] = byte(int(r.NormFloat64() * float64(2+i>>14)))
	}
	for name, src := range map[string][]byte{"text": text, "residuals": residuals} {
		for _, m := range allMethods() {
			b.Run(name+"/"+m.name, func(b *testing.B) {
				var c Compressor
				var dst bytes.Buffer
				b.SetBytes(int64(len(src)))
				for b.Loop() {
					dst.Reset()
					if err := c.Compress(b.Context(), &dst, src, m.effort); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(dst.Len())/float64(len(src)), "ratio")
			})
		}
	}
}
