package deflate

import (
	"bytes"
	"compress/flate"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

var full = flag.Bool("full", false, "hold sizes on all files of ../shared, and at level 9; two minutes")

// quickBytes is the size of the longest file that is measured without -full. Arbitrary.
const quickBytes = 64 << 10

// memberBytes is what a GZIP member takes beside its deflate data.
const memberBytes = 18

// TestSizes holds that each level is at most GNU gzip at the same level, level 6 at most gzip
// -9, and level 9 at most libdeflate-gzip -12 and 0.3 %, each and 256 bytes per file; and that
// level 9 is no larger than level 6, and that no larger than level 1.
func TestSizes(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine, too slow")
	}
	var files []string
	for _, pattern := range []string{"files/*", "kt/*.bin", "field/*"} {
		list, _ := filepath.Glob(filepath.Join("../../../../shared", pattern))
		files = append(files, list...)
	}
	if len(files) == 0 {
		t.Skip("no files in ../shared")
	}
	levels := []int{1, 6}
	if *full {
		levels = append(levels, 9)
	}
	var c Compressor
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			continue // a folder
		}
		if !*full && len(src) > quickBytes {
			continue
		}
		before := 0
		for _, level := range levels {
			var dst bytes.Buffer
			if err := c.Compress(t.Context(), &dst, src, Level(level)); err != nil {
				t.Fatal(err)
			}
			if most := mostBytes(level, src); most > 0 && dst.Len()+memberBytes > most {
				t.Errorf("%s, level %d: %d bytes, want at most %d", name, level, dst.Len()+memberBytes, most)
			}
			if before > 0 && dst.Len() > before {
				t.Errorf("%s, level %d: %d bytes, of a lower level %d", name, level, dst.Len(), before)
			}
			before = dst.Len()
		}
	}
}

// mostBytes returns how many bytes src may take at a level; 0 if the program that says so is
// not installed.
func mostBytes(level int, src []byte) int {
	command, percents := []string{"gzip", fmt.Sprintf("-%d", level), "-n", "-c"}, 0.0
	switch level {
	case 6:
		command[1] = "-9"
	case 9:
		command[0], command[1], percents = "libdeflate-gzip", "-12", 0.3
	}
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stdin = bytes.NewReader(src)
	out, err := cmd.Output()
	if err != nil {
		return 0
	}
	return len(out) + int(float64(len(out))*percents/100) + 256
}

// TestConstantData holds that long constant and periodic data is as short as of GNU gzip, whose
// matches nothing can exceed: 258 bytes for 2 bits.
func TestConstantData(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine, too slow")
	}
	const n = 8 << 20
	var c Compressor
	for _, period := range []int{1, 2, 3, 300} {
		unit := make([]byte, period)
		for i := range unit {
			unit[i] = byte(i*i*7 + i>>3)
		}
		src := bytes.Repeat(unit, n/period)
		for _, level := range []int{1, 6, 9} {
			var dst bytes.Buffer
			if err := c.Compress(t.Context(), &dst, src, Level(level)); err != nil {
				t.Fatal(err)
			}
			most := n*2/maxMatch/8 + period + 100
			if period > 2 {
				most += n * 7 / maxMatch / 8 // extra bits of the distance 300
			}
			if dst.Len() > most {
				t.Errorf("period %d, level %d: %d bytes, want at most %d", period, level, dst.Len(), most)
			}
		}
	}
}

// TestHigherLevelsOfMixedData holds that no higher level leaves more of noise, in which hardly a match
// pays.
func TestHigherLevelsOfMixedData(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 9))
	src := make([]byte, 100_000)
	for i := range src {
		src[i] = byte(30 * math.Abs(r.NormFloat64()))
	}
	var c Compressor
	sizes := map[int]int{}
	for level := 6; level <= maxLevel; level++ {
		var dst bytes.Buffer
		if err := c.Compress(t.Context(), &dst, src, Mixed(level)); err != nil {
			t.Fatal(err)
		}
		if sizes[level] = dst.Len(); sizes[level] > sizes[6] {
			t.Errorf("level %d: %d bytes, level 6 %d", level, sizes[level], sizes[6])
		}
	}
}

// TestFewLetters holds that random text of a few letters, with and without repeats, is at most one part
// in a thousand and 16 bytes longer than by package flate at its highest level: codes of few symbols are
// far from the ideal ones that lead a parse.
func TestFewLetters(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine, too slow")
	}
	r := rand.New(rand.NewPCG(1, 20))
	var c Compressor
	for letters := 1; letters <= 5; letters++ {
		for _, skew := range []float64{1, 2, 5} {
			for _, repeats := range []int{0, 50} {
				src := textOf(r, letters, skew, repeats)
				var want bytes.Buffer
				w, _ := flate.NewWriter(&want, flate.BestCompression)
				w.Write(src)
				w.Close()
				for _, level := range []int{6, 7} {
					var dst bytes.Buffer
					if err := c.Compress(t.Context(), &dst, src, Level(level)); err != nil {
						t.Fatal(err)
					}
					if most := want.Len() + want.Len()/1000 + 16; dst.Len() > most {
						t.Errorf("%d letters, skew %g, %d repeats, level %d: %d bytes, want at most %d", letters, skew, repeats, level, dst.Len(), most)
					}
				}
			}
		}
	}
}

// textOf returns random text of so many letters, each skew times likelier than the next, with copies of
// what came before.
func textOf(r *rand.Rand, letters int, skew float64, copies int) []byte {
	src := make([]byte, 8_000+r.IntN(8_000))
	for i := range src {
		c := 0
		for c < letters-1 && r.Float64()*(skew+1) > skew {
			c++
		}
		if skew == 1 {
			c = r.IntN(letters)
		}
		src[i] = 'a' + byte(c)
	}
	for range copies {
		size := 3 + r.IntN(300)
		copy(src[r.IntN(len(src)):], src[r.IntN(len(src)-size):][:size])
	}
	return src
}
