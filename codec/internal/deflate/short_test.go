package deflate

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
)

// shortData returns data of n bytes as messages hold it: the kind says which.
func shortData(r *rand.Rand, kind, n int) []byte {
	b := make([]byte, 0, n+100)
	for i := 0; len(b) < n; i++ {
		switch kind {
		case 0: // lines of text
			b = fmt.Appendf(b, "%d,sensor-%d,%d.%d,ok\n", 1_790_000_000+3*i, r.IntN(4), 20+r.IntN(3), r.IntN(100))
		case 1: // records of 16 bytes
			b = append(b, 0xfd, 9, byte(i), byte(i>>8), 0, 0, byte(r.IntN(20)), 1, 0, 0, 0, 7, byte(r.IntN(4)), 0, 0, 0)
		case 2: // runs
			b = append(b, bytes.Repeat([]byte{byte(r.IntN(3))}, 1+r.IntN(90))...)
		default: // noise
			b = append(b, byte(r.Uint32()))
		}
	}
	return b[:n]
}

// TestShort restores short data of any length, and wants it at most 6 % longer than by the parsers
// for data of any length. Runs, and records that have the same three bytes everywhere, few of which
// are looked at, are so much longer. The messages of package bench are 0.1 % longer.
func TestShort(t *testing.T) {
	long := efforts[6]
	var c Compressor
	var z Inflater
	for kind := range 4 {
		r := rand.New(rand.NewPCG(8, uint64(kind)))
		total, oracle := 0, 0
		for k := range 300 {
			n := 1 + r.IntN(MaxShort)>>r.IntN(12)
			if k == 0 {
				n = MaxShort
			}
			src := shortData(r, kind, n)
			var dst, want bytes.Buffer
			if err := c.Compress(t.Context(), &dst, src, Level(6)); err != nil {
				t.Fatal(err)
			}
			got := make([]byte, len(src))
			if _, err := z.Inflate(got, dst.Bytes(), NoLimit); err != nil || !bytes.Equal(got, src) {
				t.Fatalf("kind %d: %d bytes do not restore: %v", kind, n, err)
			}
			if err := c.Compress(t.Context(), &want, src, &long); err != nil {
				t.Fatal(err)
			}
			total, oracle = total+dst.Len(), oracle+want.Len()
		}
		if total > oracle+oracle/16 {
			t.Errorf("kind %d: %d bytes, by level 6 for longer data %d", kind, total, oracle)
		}
	}
}

// TestGuess wants a guess to be no more than a quarter too high: the codec does not code data
// without a plan if that is far above what it takes by one.
func TestGuess(t *testing.T) {
	var c Compressor
	for kind := range 4 {
		r := rand.New(rand.NewPCG(9, uint64(kind)))
		for range 300 {
			src := shortData(r, kind, 256+r.IntN(MaxShort-255))
			var dst bytes.Buffer
			if err := c.Compress(t.Context(), &dst, src, Level(6)); err != nil {
				t.Fatal(err)
			}
			if guess := c.Guess(src); guess > dst.Len()*5/4 || guess < dst.Len()*3/4 {
				t.Errorf("kind %d: %d bytes take %d, guessed %d", kind, len(src), dst.Len(), guess)
			}
		}
	}
}
