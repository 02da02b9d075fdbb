package predictors_test

import (
	"bytes"
	"testing"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/search/predictors"
)

// TestFastMixtures finds mixtures of few components for words that must restore fast: those of all components
// of a start are too slow.
func TestFastMixtures(t *testing.T) {
	if raceEnabled {
		t.Skip("much work, whose goroutines other tests have, too")
	}
	src := words(200_000)
	compressed := func(m codec.Mixer, speed int) int {
		var out bytes.Buffer
		w, err := codec.NewWriter(&out, &codec.WriterConfig{Mixer: m, RestoreSpeed: speed})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(src); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return out.Len()
	}
	most := compressed(nil, 0)
	for _, speed := range []int{2_500_000, 1_200_000, 600_000} {
		n := compressed(predictors.New(3), speed)
		if n > most || speed == 2_500_000 && n > most-most/20 {
			t.Errorf("at %d bytes a second %d bytes, faster or without %d", speed, n, most)
		}
		most = n + n/50
	}
}

// TestConstantData codes bytes that are all the same, which predictors foretell in nothing: parts of them as well
// as all of them.
func TestConstantData(t *testing.T) {
	if raceEnabled {
		t.Skip("much work, whose goroutines other tests have, too")
	}
	for _, level := range []int{1, 4, 9} {
		for _, c := range []byte{0, 255} {
			for _, n := range []int{600, 1000, 2000, 4096, 9216, 65_536} {
				if got := size(t, bytes.Repeat([]byte{c}, n), predictors.New(level)); got > 100 {
					t.Errorf("level %d: %d times %d take %d bytes", level, n, c, got)
				}
			}
		}
	}
}
