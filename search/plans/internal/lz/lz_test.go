package lz

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/ktzip/ktzip/dsl/plan"
)

var efforts = []Effort{{Depth: 4, Nice: 32}, {Depth: 16, Nice: 128}, {Depth: 96, Nice: 256, Twice: true}}

// noise returns n bytes of k values.
func noise(r *rand.Rand, n, k int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.IntN(k))
	}
	return b
}

// sources are bytes of several kinds, by name.
func sources() map[string][]byte {
	r := rand.New(rand.NewPCG(4, 2))
	all := map[string][]byte{"nothing": nil, "a byte": {7}, "zeros": make([]byte, 200_000), "noise": noise(r, 100_000, 256), "two bytes": noise(r, 100_000, 2)}
	b := noise(r, 70_000, 256)
	all["noise again"] = append(append(b, noise(r, 1000, 256)...), b...)
	all["a period"] = bytes.Repeat(b[:777], 200)
	var log bytes.Buffer
	for i := range 3000 {
		fmt.Fprintf(&log, "%d user=%d GET /a/%d/index.html status=200\n", 1700000000+i*3, r.IntN(50), r.IntN(400))
	}
	all["a log"] = log.Bytes()
	return all
}

// made returns what literals and copies make.
func made(literals []byte, copies []plan.Copy) (b []byte) {
	for _, c := range copies {
		b = append(b, literals[:c.Run]...)
		literals = literals[c.Run:]
		for range c.Length {
			b = append(b, b[len(b)-int(c.Distance)])
		}
	}
	return append(b, literals...)
}

// TestParseMakesItsSource puts literals and copies together again.
func TestParseMakesItsSource(t *testing.T) {
	for name, src := range sources() {
		for _, e := range efforts {
			copies := Parse(context.Background(), src, e)
			literals := plan.AppendLiterals(nil, src, copies)
			if !bytes.Equal(made(literals, copies), src) {
				t.Errorf("%s: made is something else", name)
			}
			for _, c := range copies {
				if c.Length < MinCopy {
					t.Errorf("%s: a copy of %d bytes", name, c.Length)
				}
			}
		}
	}
}

// TestParseFindsWhatRepeats bounds the literals and the copies of sources that repeat.
func TestParseFindsWhatRepeats(t *testing.T) {
	all := sources()
	for _, c := range []struct {
		name             string
		literals, copies int // at most
	}{
		{"zeros", 8, 1}, {"noise", 100_000, 60}, {"noise again", 71_000, 60}, {"a period", 800, 1}, {"a log", 25_000, 20_000},
	} {
		for _, e := range efforts {
			copies := Parse(context.Background(), all[c.name], e)
			if n := len(plan.AppendLiterals(nil, all[c.name], copies)); n > c.literals || len(copies) > c.copies {
				t.Errorf("%s: %d literals and %d copies, at most %d and %d", c.name, n, len(copies), c.literals, c.copies)
			}
		}
	}
}

// TestTreeFindsTheLongest compares matches with those of all earlier positions.
func TestTreeFindsTheLongest(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 2))
	for _, k := range []int{2, 3, 20} {
		src := noise(r, 2000, k)
		tr := newTree(src, len(src), 64)
		for i := range src {
			list := tr.find(nil, i)
			longest, nearest := 0, 0
			for from := i - 1; from >= 0; from-- {
				if n := plan.Common(src[from:from+len(src)-i], src[i:]); min(n, 64) > longest && i+minMatch <= len(src) {
					longest, nearest = min(n, 64), i-from
				}
			}
			if longest < minMatch {
				if len(list) > 0 {
					t.Fatalf("%v at %d, the longest has %d bytes", list, i, longest)
				}
				continue
			}
			if n := len(list) - 1; n < 0 || int(list[n].length) != longest || int(list[n].distance) < nearest {
				t.Fatalf("%v at %d, the longest has %d bytes, %d before", list, i, longest, nearest)
			}
			for n, m := range list {
				if n > 0 && m.length <= list[n-1].length || !bytes.Equal(src[i:i+int(m.length)], src[i-int(m.distance):][:m.length]) {
					t.Fatalf("%v at %d", list, i)
				}
			}
		}
	}
}

// TestLook samples what repeats near, far and not.
func TestLook(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 2))
	b := noise(r, 100_000, 256)
	if s := Look(b); s.Strings < 500 || s.Far > 0 {
		t.Errorf("noise: %+v", s)
	}
	if s := Look(bytes.Repeat(b, 2)); s.First < s.Strings*9/10 || s.Far != s.First {
		t.Errorf("noise twice: %+v", s)
	}
	if s := Look(bytes.Repeat(b[:50_000], 4)); s.Far < s.Strings*9/10 || s.First > s.Strings*6/10 {
		t.Errorf("noise four times: %+v", s)
	}
	if s := Look(bytes.Repeat(b[:10_000], 20)); s.Far > 0 {
		t.Errorf("a short period: %+v", s)
	}
}

// TestParseStops ends early once the context is done.
func TestParseStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if copies := Parse(ctx, make([]byte, 1<<20), efforts[0]); copies != nil {
		t.Errorf("%v", copies)
	}
}
