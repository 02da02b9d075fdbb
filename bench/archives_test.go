package bench

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/ktzip/ktzip/codec"
)

// walk returns n bytes of samples of some channels, each near the one before.
func walk(r *rand.Rand, n int) []byte {
	level := make([]float64, 1+r.IntN(8))
	step := 5 + 200*r.Float64()
	b := make([]byte, 0, n+2*len(level))
	for len(b) < n {
		for c := range level {
			level[c] += r.NormFloat64()*step - level[c]/300
			b = binary.LittleEndian.AppendUint16(b, uint16(int16(level[c])))
		}
	}
	return b[:n]
}

// photo returns n bytes of an image of three colours.
func photo(r *rand.Rand, n int) []byte {
	width := 100 + r.IntN(400)
	at := func(x, y, c int) byte {
		return byte((x*(3+c)+y*(7-c))/8 + (x*y>>9)*(c+1) + r.IntN(6))
	}
	b := make([]byte, 0, n)
	for i := range n {
		p := i / 3
		b = append(b, at(p%width, p/width, i%3))
	}
	return b
}

// drawParts draws files of many kinds, text and other data, in any order.
func drawParts(r *rand.Rand, sizes ...int) (parts []Part) {
	for _, size := range sizes {
		size += r.IntN(size)
		for i, data := range [][]byte{
			text(size), source(size), JSONLog(size), telemetry(size), walk(r, size), walk(r, size), photo(r, size), random(size / 4),
		} {
			parts = append(parts, Part{fmt.Sprint("part-", size, "-", i), data})
		}
	}
	r.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
	return parts
}

// TestArchives holds that an archive of files of many kinds takes at most 3 % more than the files
// alone, and files that were just joined 12 %, whatever comes first: all at level 1, a tar at level 6, and
// with -full all at 1, 6 and 9.
func TestArchives(t *testing.T) {
	const most, mostJoined = 1.03, 1.12 // parts of less than 24 KiB without heads are not told apart
	for k, level := range []int{1, codec.DefaultLevel, 9} {
		if level == 9 && !*full {
			continue
		}
		sizes := []int{24 << 10}
		if level == 1 || *full {
			sizes = []int{8 << 10, 60 << 10}
		}
		parts := drawParts(rand.New(rand.NewPCG(uint64(k), 20)), sizes...)
		sum := 0
		for _, p := range parts {
			file, err := Compress(Config(level, 2), p.Data)
			must(t, err)
			sum += len(file)
		}
		for _, a := range Archivers() {
			if level > 1 && a.Name != "tar" && !*full {
				continue
			}
			src := a.Join(parts)
			file, err := Compress(Config(level, 2), src)
			must(t, err)
			bar := most
			if a.Name == "cat" {
				bar = mostJoined
			}
			share := float64(len(file)) / float64(sum)
			t.Logf("%s, level %d: %d bytes of %d parts, %d alone: %.4f", a.Name, level, len(file), len(parts), sum, share)
			if share > bar {
				t.Errorf("%s, level %d: %d bytes, %d parts alone %d: %.4f, want at most %.2f", a.Name, level, len(file), len(parts), sum, share, bar)
			}
			if got, err := Restore(file, 1); err != nil || !bytes.Equal(got, src) {
				t.Errorf("%s, level %d: not restored: %v", a.Name, level, err)
			}
		}
	}
}
