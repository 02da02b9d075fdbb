package deflate

import (
	"bytes"
	"math"
	"math/rand/v2"
	"testing"
)

// nearEnd moves the tables of c to n positions before the last one that they can number.
func nearEnd(c *Compressor, n int32) {
	move := func(p *positions) { p.next = max(p.next, math.MaxInt32-windowSize-n) }
	if c.lazy != nil {
		move(&c.lazy.chains.positions)
	}
	if c.best == nil {
		return
	}
	if f := c.best.trees.finder; f != nil {
		move(&f.(*trees).positions)
	}
	if f := c.best.near.finder; f != nil {
		move(&f.(*nearChains).positions)
	}
}

// TestUsedCompressor wants what a Compressor makes to depend on nothing that it made before, though
// its tables keep positions of that, and their numbers end: one that was used by other efforts and
// for other data makes what a new one does.
func TestUsedCompressor(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 11))
	methods := allMethods()
	var used Compressor
	for k := range 100 {
		n := r.IntN(12) // as short as tables look ahead
		switch r.IntN(4) {
		case 0:
			n = 120 + r.IntN(20) // at shortFast
		case 1:
			n = MaxShort - 6 + r.IntN(12)
		case 2:
			n = r.IntN(3 * windowSize)
		}
		if k%8 == 7 {
			nearEnd(&used, r.Int32N(200_000))
		}
		src, m := shortData(r, r.IntN(4), n), methods[r.IntN(len(methods))]
		var got, want bytes.Buffer
		var fresh Compressor
		if used.Compress(t.Context(), &got, src, m.effort) != nil || fresh.Compress(t.Context(), &want, src, m.effort) != nil {
			t.Fatal("an error")
		}
		if !bytes.Equal(got.Bytes(), want.Bytes()) {
			t.Fatalf("%d: %d bytes by %s take %d, by a new Compressor %d", k, n, m.name, got.Len(), want.Len())
		}
		restored := make([]byte, n)
		if _, err := new(Inflater).Inflate(restored, got.Bytes(), NoLimit); err != nil || !bytes.Equal(restored, src) {
			t.Fatalf("%d: %d bytes by %s do not restore: %v", k, n, m.name, err)
		}
	}
}
