package deflate

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
)

// methods are all kinds of Method, with efforts from the least to the most.
var methods = []Method{
	HuffmanOnly, Level(1), Level(6), Level(9),
	Pieces{Size: 1 << 10, Levels: []Level{HuffmanOnly, 1}}, Mixed(3),
	Optimal{Depth: 1, Nice: 3}, Optimal{Depth: 16, Nice: 64, Passes: 1}, Optimal{Depth: 500, Nice: maxMatch, Passes: 3}, Mixed(6),
}

// TestCompress restores what each Method made, by a decoder that is not ours and by ours.
func TestCompress(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine, too slow")
	}
	var c Compressor
	for _, m := range methods {
		t.Run(fmt.Sprintf("%T%v", m, m), func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, 2))
			for i, n := range []int{0, 1, 2, 3, 4, 5, 100, parseWindow - 1, parseWindow, parseWindow + 1, 200_000, 65_535 * 2, r.IntN(300_000)} {
				src := random(r, n, []int{1, 2, 3, 16, 256}[i%5], []int{0, 5, 50, 500}[i%4])
				if i == 10 {
					src = bytes.Repeat([]byte{7}, n)
				}
				dst := bytes.NewBufferString("head")
				if err := c.Compress(t.Context(), dst, src, m); err != nil {
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

// TestIncompressible holds each Method to the size of stored blocks.
func TestIncompressible(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine, too slow")
	}
	src := make([]byte, 300_000)
	for i, r := 0, rand.New(rand.NewPCG(1, 2)); i < len(src); i++ {
		src[i] = byte(r.Uint32())
	}
	for _, m := range methods {
		var c Compressor
		var dst bytes.Buffer
		if err := c.Compress(t.Context(), &dst, src, m); err != nil {
			t.Fatal(err)
		}
		most := len(src) + len(src)/50 // short pieces take 1 % to end
		if _, ok := m.(Level); ok {
			most = len(src) + 5*5
		}
		if dst.Len() > most {
			t.Errorf("%T%v: %d bytes in %d", m, m, len(src), dst.Len())
		}
	}
}

// TestOptimalPays wants an optimal parse to beat level 9 on data with short matches by chance
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
	size := func(m Method) int {
		var dst bytes.Buffer
		if err := c.Compress(t.Context(), &dst, src, m); err != nil {
			t.Fatal(err)
		}
		return dst.Len()
	}
	level, optimal := size(Level(9)), size(Mixed(9))
	if optimal >= level*99/100 {
		t.Errorf("an optimal parse takes %d bytes, level 9 %d", optimal, level)
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
	for _, m := range methods {
		var got, want, dropped bytes.Buffer
		if err := new(Compressor).Compress(t.Context(), &want, src, m); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			got.Reset()
			if err := used.Compress(t.Context(), &dropped, other, m); err != nil {
				t.Fatal(err)
			}
			if err := used.Compress(done, &dropped, other, m); err != cause {
				t.Errorf("%T%v, stopped: %v", m, m, err)
			}
			if err := used.Compress(t.Context(), &got, src, m); err != nil || !bytes.Equal(got.Bytes(), want.Bytes()) {
				t.Errorf("%T%v: %d bytes after others, else %d; %v", m, m, got.Len(), want.Len(), err)
			}
		}
	}
}
