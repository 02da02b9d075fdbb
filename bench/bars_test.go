package bench

import (
	"bytes"
	"errors"
	"flag"
	"testing"

	"github.com/ktzip/ktzip/codec"
)

var full = flag.Bool("full", false, "hold the bars at levels 1, 6 and 9, on inputs of 6 MiB; a minute")

// barLevels returns the levels at which the bars are held.
func barLevels() []int {
	if *full {
		return []int{1, codec.DefaultLevel, 9}
	}
	return []int{codec.DefaultLevel}
}

// longInputs returns inputs of n bytes on which gzip does well, and 1 MiB on which nothing
// does.
func longInputs(n int) []sample {
	list := []sample{{"random", random(1 << 20)}}
	for _, in := range Inputs() {
		switch in.Name {
		case "jsonlog", "source", "period300", "zeros":
			list = append(list, sample{in.Name, in.Data(n)})
		}
	}
	if b := GoSource(n); len(b) >= 1<<20 {
		list = append(list, sample{"Go's own source", b})
	}
	return list
}

// TestNeverWorse holds that ktzip is at most a little larger than GNU gzip (see
// Comparison.Bar), on inputs of several segments and on short ones of every kind.
func TestNeverWorse(t *testing.T) {
	n := 3 << 20 // bytes: two segments or more, but of zeros
	if *full {
		n = 6 << 20
	}
	list := longInputs(n)
	for _, in := range Inputs() {
		list = append(list, sample{"short " + in.Name, in.Data(8 << 10)})
	}
	for _, s := range list {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			for _, level := range barLevels() {
				c, err := Compare(s.data, level)
				if errors.Is(err, ErrNoGzip) {
					t.Skip(err)
				}
				must(t, err)
				if c.Ktzip > c.Bar() {
					t.Errorf("level %d: %d bytes in %d segments, gzip %d: want at most %d", level, c.Ktzip, c.Segments, c.Gzip, c.Bar())
				}
			}
		})
	}
}

// TestPrograms holds what programs gain on sequences that short programs made: a file of
// the KoLMogorov Test's distribution takes at most maxSynthetic of the original.
func TestPrograms(t *testing.T) {
	const maxSynthetic = 0.36 // as bench/README.md has it for synthetic.bin at level 6
	data := synthetic(32 << 10)
	file, err := Compress(Config(codec.DefaultLevel, 2), data)
	must(t, err)
	if got := float64(len(file)) / float64(len(data)); got > maxSynthetic {
		t.Errorf("%d of %d bytes, %.4f: want at most %g", len(file), len(data), got, maxSynthetic)
	}
}

// TestOverhead holds what a file costs that nothing can shorten.
func TestOverhead(t *testing.T) {
	for _, c := range Incompressible() {
		for _, level := range []int{1, codec.DefaultLevel, 9} {
			file, err := Compress(Config(level, 1), c.Data)
			must(t, err)
			if len(file) > c.Bar {
				t.Errorf("%s, level %d: %d bytes, want at most %d", c.Name, level, len(file), c.Bar)
			}
			if got, err := Restore(file, 1); err != nil || !bytes.Equal(got, c.Data) {
				t.Errorf("%s, level %d: not restored: %v", c.Name, level, err)
			}
		}
	}
}
