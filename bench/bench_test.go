package bench

import (
	"bytes"
	"sync"
	"testing"
)

// shared is the folder of the real files. It may be absent.
const shared = "../../shared"

const (
	inputSize    = 1 << 20 // bytes of a generated input: a segment
	parallelSize = 2 << 20 // bytes, at least, for methods with several threads: two segments
)

// sharedFiles reads the real files, once.
var sharedFiles = sync.OnceValue(func() []File { return Files(shared) })

// A sample is a named input. Its bytes must not be modified.
type sample struct {
	name string
	data []byte
}

// samples returns all inputs of the benchmarks: the generated ones, n bytes each, and the
// real files.
func samples(n int) (list []sample) {
	for _, in := range Inputs() {
		list = append(list, sample{in.Name, in.Data(n)})
	}
	for _, f := range sharedFiles() {
		list = append(list, sample{f.Name, f.Data})
	}
	return list
}

// benchSamples returns the inputs of the benchmarks. With -short it cuts real files and keeps the first of
// them, since all take a minute.
var benchSamples = sync.OnceValue(func() []sample {
	list := samples(inShort(inputSize))
	if testing.Short() {
		list = list[:min(len(list), len(Inputs())+1)]
	}
	for i := range list {
		if testing.Short() {
			list[i].data = list[i].data[:min(len(list[i].data), inShort(inputSize))]
		}
	}
	return list
})

// inShort returns a size in bytes, with -short a sixteenth of it: each
// benchmark runs once there, to see that it runs.
func inShort(n int) int {
	if testing.Short() {
		return n / 16
	}
	return n
}

// each runs f for all methods and inputs, as codec=M/input=I.
func each(b *testing.B, f func(b *testing.B, m method, s sample)) {
	if len(sharedFiles()) == 0 {
		b.Log("no files in " + shared + ": generated inputs only")
	}
	for _, m := range methods() {
		b.Run("codec="+m.name, func(b *testing.B) {
			for _, s := range benchSamples() {
				if m.parallel {
					s.data = Repeat(s.data, inShort(parallelSize))
				}
				b.Run("input="+s.name, func(b *testing.B) { f(b, m, s) })
			}
		})
	}
}

// coded holds the results of BenchmarkCompress for BenchmarkDecompress, by method and input.
var coded = map[string][]byte{}

func BenchmarkCompress(b *testing.B) {
	each(b, func(b *testing.B, m method, s sample) {
		data := s.data
		encode := m.encoder(b)
		out := make([]byte, 0, len(data)+len(data)/8+1024)
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			out = encode(out[:0], data)
		}
		b.ReportMetric(float64(len(out))/float64(len(data)), "ratio")
		coded[m.name+" "+s.name] = out
	})
}

func BenchmarkDecompress(b *testing.B) {
	each(b, func(b *testing.B, m method, s sample) {
		data := s.data
		in := coded[m.name+" "+s.name]
		if in == nil {
			in = m.encoder(b)(nil, data)
			coded[m.name+" "+s.name] = in
		}
		decode := m.decoder(b)
		out := make([]byte, 0, len(data)+bytes.MinRead)
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			out = decode(out[:0], in)
		}
		b.ReportMetric(float64(len(in))/float64(len(data)), "ratio")
		if !bytes.Equal(out, data) {
			b.Fatal("the input was not restored")
		}
	})
}
