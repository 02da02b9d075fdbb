package codec

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/ktzip/ktzip/dsl"
)

// A joiner proposes the predictors of a fixedMixer, and the one of a part for all.
type joiner struct{ fixedMixer }

func (joiner) Joined(p *dsl.Program, _ int) []*dsl.Program { return []*dsl.Program{p} }

// words returns n bytes of words drawn from a list of its own for each seed.
func words(seed uint64, n int) (b []byte) {
	r := rand.New(rand.NewPCG(seed, 3))
	list := make([]int, 400)
	for k := range list {
		list[k] = r.IntN(1 << 30)
	}
	for len(b) < n {
		b = fmt.Appendf(b, "%x ", list[min(r.IntN(400), r.IntN(400))])
	}
	return b[:n]
}

// TestJoin joins segments of one nature that a mixture codes, as many as memory is stated for, and no others.
func TestJoin(t *testing.T) {
	if !hasPredictors {
		t.Skip("built without predictors")
	}
	mixer := fixedMixer{predictors: predictorsOf(t, mixtureTexts[0])}
	noise := mixed(20_000, 4)[:20_000]
	for k, c := range noise { // without marks
		noise[k] = c | 1
	}
	for _, c := range []struct {
		name  string
		parts [][]byte
		want  int
	}{
		{"one", [][]byte{words(1, 30_000)}, 1},
		{"alike", [][]byte{words(1, 30_000), words(1, 20_000), words(1, 10_000), words(1, 25_000)}, 1},
		{"noise between", [][]byte{words(1, 30_000), words(1, 30_000), noise, words(1, 30_000), words(1, 30_000)}, 3},
		{"a small one before", [][]byte{words(1, 3_000), words(1, 60_000)}, 1},
	} {
		var src []byte
		for k, p := range c.parts {
			if k > 0 {
				src = append(src, 0)
			}
			src = append(src, p...)
		}
		var files [2][]byte
		for k, threads := range []int{1, 4} {
			files[k] = compress(t, src, 0, &WriterConfig{Threads: threads, Planner: marker{}, Mixer: joiner{mixer}})
		}
		apart := compress(t, src, 0, &WriterConfig{Planner: marker{}, Mixer: mixer})
		switch sizes := segmentSizes(t, files[0]); {
		case !bytes.Equal(files[0], files[1]):
			t.Errorf("%s: with more threads other bytes", c.name)
		case !bytes.Equal(restore(t, files[0]), src):
			t.Errorf("%s: comes back wrong", c.name)
		case len(sizes) != c.want || len(segmentSizes(t, apart)) != len(c.parts):
			t.Errorf("%s: segments of %v, want %d of %d", c.name, sizes, c.want, len(c.parts))
		case len(files[0]) > len(apart):
			t.Errorf("%s: joined %d bytes, apart %d", c.name, len(files[0]), len(apart))
		}
	}
}

// TestJoinFlush joins nothing across a Flush.
func TestJoinFlush(t *testing.T) {
	if !hasPredictors {
		t.Skip("built without predictors")
	}
	var file bytes.Buffer
	w, err := NewWriter(&file, &WriterConfig{Mixer: joiner{fixedMixer{predictors: predictorsOf(t, mixtureTexts[0])}}})
	if err != nil {
		t.Fatal(err)
	}
	src := words(1, 20_000)
	for range 2 {
		if _, err := w.Write(src); err != nil {
			t.Fatal(err)
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		if in, out := w.Written(); in == out || file.Len() != int(out) {
			t.Errorf("after a Flush %d bytes of %d are written", out, in)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if sizes := segmentSizes(t, file.Bytes()); len(sizes) != 2 || !bytes.Equal(restore(t, file.Bytes()), append(src, src...)) {
		t.Errorf("segments of %v, or other bytes", sizes)
	}
}
