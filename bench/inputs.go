package bench

import (
	"encoding/binary"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/ktzip/ktzip/dsl/kolmogorov"
)

// An Input is a kind of generated data. Data returns its first n bytes, the same at each
// call, in a new slice.
type Input struct {
	Name string
	Data func(n int) []byte
}

// Inputs returns the generated inputs: some for which programs do best, some for which
// GZIP does, and random bytes.
func Inputs() []Input {
	return []Input{
		{"synthetic", synthetic},
		{"ramps", ramps},
		{"counters", counters},
		{"telemetry", telemetry},
		{"text", text},
		{"jsonlog", JSONLog},
		{"source", source},
		{"period300", period300},
		{"zeros", zeros},
		{"random", random},
	}
}

// An Overhead is data that nothing can shorten, and the most that its file may take.
type Overhead struct {
	Name string
	Data []byte
	Bar  int // bytes
}

// Incompressible returns an empty file and a short random one. The bars are 14 bytes for a header
// and an end, and 28 bytes if there is a segment, beside deflate's 5.
func Incompressible() []Overhead {
	return []Overhead{
		{"empty", nil, 14},
		{"128 random bytes", random(128), 128 + 28 + 5},
	}
}

// newRand returns the source of an input's random numbers; its name is the seed.
func newRand(name string) *rand.Rand {
	var seed [32]byte
	copy(seed[:], name)
	return rand.New(rand.NewChaCha8(seed))
}

// synthetic returns sequences of the KoLMogorov Test's distribution, joined.
func synthetic(n int) []byte {
	return kolmogorov.NewGenerator(1).Append(make([]byte, 0, n), n)
}

// ramps returns bytes that rise or fall by 1..8, in runs of 40 to 400.
func ramps(n int) []byte {
	r := newRand("ramps")
	b := make([]byte, 0, n)
	for len(b) < n {
		v, step := byte(r.Uint32()), byte(1+r.IntN(8))
		if r.IntN(2) == 0 {
			step = -step
		}
		for k := 40 + r.IntN(361); k > 0 && len(b) < n; k-- {
			b = append(b, v)
			v += step
		}
	}
	return b
}

// counters returns little-endian counters of 32 bits that rise by 1, and start anew
// every few thousand.
func counters(n int) []byte {
	r := newRand("counters")
	b := make([]byte, 0, n+4)
	for len(b) < n {
		v := r.Uint32()
		for k := 1000 + r.IntN(4000); k > 0 && len(b) < n; k-- {
			b = binary.LittleEndian.AppendUint32(b, v)
			v++
		}
	}
	return b[:n]
}

// telemetry returns records of 32 bytes: a header of 2, message number (u16), time in
// ms (u32), ten channels of a noisy sensor (i16), uptime in s (u16), state
// (u8) and checksum (u8).
func telemetry(n int) []byte {
	r := newRand("telemetry")
	b := make([]byte, 0, n+32)
	var level [10]float64
	ms, state := uint32(1_000_000), byte(3)
	for seq := uint16(0); len(b) < n; seq++ {
		start := len(b)
		b = append(b, 0xfd, 28)
		b = binary.LittleEndian.AppendUint16(b, seq)
		ms += 20
		if r.IntN(16) == 0 {
			ms++
		}
		b = binary.LittleEndian.AppendUint32(b, ms)
		for c := range level {
			level[c] += r.NormFloat64()*float64(2+3*c) - level[c]/500
			b = binary.LittleEndian.AppendUint16(b, uint16(int16(level[c]+200*float64(c)+r.NormFloat64()*2)))
		}
		b = binary.LittleEndian.AppendUint16(b, uint16(ms/1000))
		if r.IntN(1000) == 0 {
			state = byte(r.IntN(6))
		}
		b = append(b, state)
		sum := byte(0)
		for _, v := range b[start:] {
			sum += v
		}
		b = append(b, sum)
	}
	return b[:n]
}

// period300 returns 300 random bytes, repeated.
func period300(n int) []byte {
	one := random(300)
	b := make([]byte, 0, n+len(one))
	for len(b) < n {
		b = append(b, one...)
	}
	return b[:n]
}

func zeros(n int) []byte { return make([]byte, n) }

func random(n int) []byte {
	r := newRand("random")
	b := make([]byte, 0, n+8)
	for len(b) < n {
		b = binary.LittleEndian.AppendUint64(b, r.Uint64())
	}
	return b[:n]
}

// GoSource returns the first n bytes of the sources of the Go in use, joined in the order
// of their paths; fewer if there are no more.
func GoSource(n int) []byte {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil
	}
	var b []byte
	filepath.WalkDir(filepath.Join(strings.TrimSpace(string(root)), "src"), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") {
			return nil
		}
		if f, err := os.ReadFile(path); err == nil {
			b = append(b, f...)
		}
		if len(b) >= n {
			return filepath.SkipAll
		}
		return nil
	})
	return b[:min(n, len(b))]
}
