package bench

import "testing"

// allowed is by how many percent a level may be larger than the one before, on data of which
// nearly every block is a program: the search for these does not fall back on that of a level.
var allowed = map[string]int{"ramps": 8}

// TestLevelsNeverLose holds that level 9 is never larger than level 6, nor that than level 1:
// on generated data of many natures and, with -full, on real files.
func TestLevelsNeverLose(t *testing.T) {
	size := 30_000 // bytes
	if *full {
		size = 100_000
	}
	list := []sample{{"message", telemetry(1000)}, {"short", telemetry(5000)}}
	for _, in := range Inputs() {
		list = append(list, sample{in.Name, in.Data(size)})
	}
	list = append(list, sample{"alternating", alternating(size)}, sample{"constant", make([]byte, size+1)})
	if *full {
		for _, f := range sharedFiles() {
			list = append(list, sample{f.Name, f.Data})
		}
	}
	for _, s := range list {
		last := 0
		for _, level := range []int{1, 6, 9} {
			file, err := Compress(Config(level, 1), s.data)
			if err != nil {
				t.Fatal(err)
			}
			if last > 0 && len(file) > last+last*allowed[s.name]/100 {
				t.Errorf("%s: %d bytes at level %d, %d at the one before", s.name, len(file), level, last)
			}
			last = len(file)
		}
	}
}

// alternating returns data whose nature changes every 16 KiB.
func alternating(n int) (b []byte) {
	const part = 16 << 10 // bytes
	for k := 0; len(b) < n; k++ {
		b = append(b, [...]func(int) []byte{text, telemetry, random, counters}[k%4](part)...)
	}
	return b[:n]
}
