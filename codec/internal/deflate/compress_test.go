package deflate

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
)

// testWindow is a window of some levels, in bytes.
const testWindow = 64 << 10

// A method is a named Effort.
type method struct {
	name   string
	effort *Effort
}

// allMethods returns the efforts of all levels, and one that has no time for anything.
func allMethods() []method {
	list := []method{{"least", &Effort{lazyEffort: lazyEffort{depth: 1, nice: 4}, window: 1 << 10, grid: 1 << 10}}}
	for level := 1; level <= maxLevel; level++ {
		list = append(list, method{fmt.Sprintf("level%d", level), Level(level)})
		if efforts[level] != mixedEfforts[level] {
			list = append(list, method{fmt.Sprintf("mixed%d", level), Mixed(level)})
		}
	}
	return list
}

// TestCompress restores what each method made, by a decoder that is not ours and by ours.
func TestCompress(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine, too slow")
	}
	var c Compressor
	for _, m := range allMethods() {
		t.Run(m.name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, 2))
			for i, n := range []int{0, 1, 2, 3, 4, 5, 100, testWindow - 1, testWindow, testWindow + 1, 200_000, 65_535 * 2, r.IntN(300_000)} {
				src := random(r, n, []int{1, 2, 3, 16, 256}[i%5], []int{0, 5, 50, 500}[i%4])
				if i == 10 {
					src = bytes.Repeat([]byte{7}, n)
				}
				dst := bytes.NewBufferString("head")
				if err := c.Compress(t.Context(), dst, src, m.effort); err != nil {
					t.Fatal(err)
				}
				data, ok := bytes.CutPrefix(dst.Bytes(), []byte("head"))
				if !ok {
					t.Fatal("what was in the buffer has changed")
				}
				if got, after, err := oracle(data, 1<<20); err != nil || after > 0 || !bytes.Equal(got, src) {
					t.Fatalf("%d bytes: the oracle restores %d, %d follow, %v", n, len(got), after, err)
				}
				got := make([]byte, n)
				if _, err := new(Inflater).Inflate(got, data, NoLimit); err != nil || !bytes.Equal(got, src) {
					t.Fatalf("%d bytes do not restore: %v", n, err)
				}
			}
		})
	}
}

// TestIncompressible holds each method to the size of stored blocks.
func TestIncompressible(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine, too slow")
	}
	src := make([]byte, 300_000)
	for i, r := 0, rand.New(rand.NewPCG(1, 2)); i < len(src); i++ {
		src[i] = byte(r.Uint32())
	}
	for _, m := range allMethods() {
		var c Compressor
		var dst bytes.Buffer
		if err := c.Compress(t.Context(), &dst, src, m.effort); err != nil {
			t.Fatal(err)
		}
		// A window may end within a stored block, which then has two heads.
		most := len(src) + 5*(len(src)/maxStored+1+len(src)/m.effort.window+1)
		if dst.Len() > most {
			t.Errorf("%s: %d bytes in %d", m.name, len(src), dst.Len())
		}
	}
}

// TestOptimalPays wants an optimal parse to beat a lazy one on data with short matches by chance
// and changing statistics.
func TestOptimalPays(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine, too slow")
	}
	r := rand.New(rand.NewPCG(1, 2))
	var src []byte
	for k := range 8 {
		src = append(src, random(r, 30_000, 4+8*k, 20)...)
	}
	var c Compressor
	size := func(e *Effort) int {
		var dst bytes.Buffer
		if err := c.Compress(t.Context(), &dst, src, e); err != nil {
			t.Fatal(err)
		}
		return dst.Len()
	}
	level, optimal := size(Level(5)), size(Mixed(9))
	if optimal >= level*99/100 {
		t.Errorf("an optimal parse takes %d bytes, level 5 %d", optimal, level)
	}
}

// TestSameAfterOthers wants the output not to depend on what a Compressor did before, nor
// on whether it was stopped.
func TestSameAfterOthers(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine, too slow")
	}
	r := rand.New(rand.NewPCG(5, 6))
	src, other := random(r, 100_000, 30, 50), random(r, 150_000, 16, 20)
	cause := errors.New("enough")
	done, cancel := context.WithCancelCause(t.Context())
	cancel(cause)
	var used Compressor
	for _, m := range allMethods() {
		var got, want, dropped bytes.Buffer
		if err := new(Compressor).Compress(t.Context(), &want, src, m.effort); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			got.Reset()
			if err := used.Compress(t.Context(), &dropped, other, m.effort); err != nil {
				t.Fatal(err)
			}
			if err := used.Compress(done, &dropped, other, m.effort); err != cause {
				t.Errorf("%s, stopped: %v", m.name, err)
			}
			if err := used.Compress(t.Context(), &got, src, m.effort); err != nil || !bytes.Equal(got.Bytes(), want.Bytes()) {
				t.Errorf("%s: %d bytes after others, else %d; %v", m.name, got.Len(), want.Len(), err)
			}
		}
	}
}
