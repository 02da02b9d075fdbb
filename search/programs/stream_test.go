package programs

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/kolmogorov"
)

// play executes the programs of the blocks of src from from on, as a decoder does,
// and checks what they make. It returns their cost.
func play(t testing.TB, src []byte, from, size int, programs []*dsl.Program) (cost dsl.Cost) {
	t.Helper()
	var m dsl.Machine
	out := make([]byte, len(src))
	copy(out, src[:from])
	for k, p := range programs {
		at := from + k*size
		end := min(at+size, len(src))
		if p == nil {
			copy(out[at:end], src[at:end])
			m.Forget()
			continue
		}
		cost += p.InitialCost()
		if q := p.Canonical(); q.String() != p.String() {
			t.Fatalf("not canonical: %v", p)
		}
		if _, err := m.Block(out, at, end-at, p, dsl.BlockBudget(end-at)); err != nil || !bytes.Equal(out[at:end], src[at:end]) {
			t.Fatalf("block %d: %v\n%v", k, err, p)
		}
	}
	return cost
}

func uses(programs []*dsl.Program, text string) bool {
	return slices.ContainsFunc(programs, func(p *dsl.Program) bool { return p != nil && strings.Contains(p.String(), text) })
}

// TestStreams: programs of blocks in a row make the stream, at several sizes of
// blocks, levels and limits, from its start and from within.
func TestStreams(t *testing.T) {
	oneGoroutine(t)
	const n = 1300
	for k, c := range []struct {
		level, size, from int
		limit             dsl.Cost
	}{
		{1, 128, 0, 1 << 40}, {6, 128, 640, 1 << 40}, {9, 128, 1, 1 << 40}, {6, 16, 0, 1 << 40},
		{6, 1024, 100, 1 << 40}, {6, 128, 0, 300 << 8}, {3, 64, 64, 120 << 8}, {6, 4096, 0, 1 << 40},
	} {
		src := kolmogorov.NewGenerator(uint64(300+k)).Append(nil, n)[:n]
		e := New(&Config{Level: c.level})
		limits := slices.Repeat([]dsl.Cost{c.limit}, (n-c.from+c.size-1)/c.size)
		found, used := e.Find(t.Context(), src, c.from, c.size, limits, 1<<50)
		again, _ := e.Find(t.Context(), src, c.from, c.size, limits, 1<<50)
		play(t, src, c.from, c.size, found)
		for i, p := range found {
			if (p == nil) != (again[i] == nil) || p != nil && p.String() != again[i].String() {
				t.Errorf("%+v: block %d: found\n%v\nand then\n%v", c, i, p, again[i])
			}
			if p != nil && p.InitialCost() >= c.limit {
				t.Errorf("%+v: block %d costs %.1f bits", c, i, p.InitialCost().Bits())
			}
		}
		if most := 2*e.share(n) + overrun(n); used > most {
			t.Errorf("%+v: %d steps, want at most %d", c, used, most)
		}
		if few, used := e.Find(t.Context(), src, c.from, c.size, limits, 20_000); used > 20_000+overrun(n) {
			t.Errorf("%+v: %d steps of 20000", c, used)
		} else {
			play(t, src, c.from, c.size, few)
		}
	}
}

// TestCutsAreCheap: programs of blocks in a row cost at most 2 % more than those of
// blocks eight times as large, and at least 3 % less than if each block stands alone.
func TestCutsAreCheap(t *testing.T) {
	skipSlow(t)
	const n = 4 << 10
	src := kolmogorov.NewGenerator(400).Append(nil, n)[:n]
	e := New(nil)
	cost := func(size, together int) (sum dsl.Cost) {
		for at := 0; at < n; at += size * together {
			end := min(at+size*together, n)
			found, _ := e.Find(t.Context(), src[:end], at, size, slices.Repeat([]dsl.Cost{1 << 40}, together), 1<<50)
			if slices.Contains(found, nil) {
				t.Fatal("no program")
			}
			sum += play(t, src[:end], at, size, found)
		}
		return sum
	}
	small, large, alone := cost(128, 32), cost(1024, 4), cost(128, 1)
	t.Logf("%.4f; blocks of 1024 bytes %.4f; alone %.4f", small.Bits()/n/8, large.Bits()/n/8, alone.Bits()/n/8)
	if small > large*102/100 || small > alone*97/100 {
		t.Error("cuts are dear")
	}
}

// TestAcrossBlocks: a program uses what earlier blocks made and left.
func TestAcrossBlocks(t *testing.T) {
	lit := noise(31, 40)
	for _, c := range []struct {
		name string
		src  []byte
		bits float64 // of the second and the following blocks
		want string
	}{
		{"a range goes on", up(0, 255, 1), 40, "rest()"},
		{"a period goes on", bytes.Repeat(noise(32, 10), 26)[:256], 40, "rest()"},
		{"an interleave goes on", weave(up(0, 127, 1), slices.Repeat([]byte{9}, 128)), 40, ""},
		{"a literal again", slices.Concat(lit, up(0, 87, 1), lit, up(100, 187, 1)), 80, "earlier_"},
		{"a literal backwards", slices.Concat(lit, up(0, 87, 1), backwards(lit), up(100, 187, 1)), 90, "earlier_"},
	} {
		if len(c.src) != 256 {
			t.Fatal(c.name, len(c.src))
		}
		found, _ := New(nil).Find(t.Context(), c.src, 0, 128, []dsl.Cost{1 << 40, 1 << 40}, 1<<50)
		play(t, c.src, 0, 128, found)
		if p := found[1]; p == nil || p.InitialCost().Bits() > c.bits || !uses(found[1:], c.want) {
			t.Errorf("%s:\n%v\n%v", c.name, found[0], p)
		}
	}
	// Raw blocks have no lists, but bytes.
	src := slices.Concat(noise(33, 1280), up(0, 27, 1), lit, up(0, 59, 1), noise(33, 128))
	found, _ := New(nil).Find(t.Context(), src, 1280, 128, []dsl.Cost{1 << 40, 1 << 40}, 1<<50)
	play(t, src, 1280, 128, found)
	if !uses(found, "copy(") || found[1].InitialCost().Bits() > 90 {
		t.Errorf("bytes of raw blocks are not copied:\n%v\n%v", found[0], found[1])
	}
}
