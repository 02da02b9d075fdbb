package deflate

import (
	"bytes"
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
