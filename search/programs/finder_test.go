package programs

import (
	"bytes"
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/kolmogorov"
)

// run executes p as a decoder does.
func run(t testing.TB, p *dsl.Program, n int) []byte {
	t.Helper()
	var m dsl.Machine
	out := make([]byte, n)
	if _, err := m.Bytes(out, p, dsl.BlockBudget(n)); err != nil {
		t.Fatalf("%v\n%v", err, p)
	}
	return out
}

func up(a, b, step int) (v []byte) {
	for ; step > 0 && a <= b || step < 0 && a >= b; a += step {
		v = append(v, byte(a))
	}
	return v
}

func noise(seed uint64, n int) []byte {
	r := rand.New(rand.NewPCG(seed, 1))
	v := make([]byte, n)
	for i := range v {
		v[i] = byte(r.IntN(256))
	}
	return v
}

func weave(s, t []byte) (v []byte) {
	m := min(len(s), len(t))
	for i := range m {
		v = append(v, s[i], t[i])
	}
	return append(append(v, s[m:]...), t[m:]...)
}

func each(v []byte, f func(x byte) byte) []byte {
	w := make([]byte, len(v))
	for i, x := range v {
		w[i] = f(x)
	}
	return w
}

func ascending(v []byte, n int) []byte {
	w := slices.Clone(v)
	slices.Sort(w)
	return w[:n]
}

func backwards(v []byte) []byte {
	w := slices.Clone(v)
	slices.Reverse(w)
	return w
}

func largest(v []byte, n int) []byte {
	w := ascending(v, len(v))
	slices.Reverse(w)
	return w[:n]
}

func sums8(v []byte) []byte {
	s := byte(0)
	return each(v, func(x byte) byte { s += x; return s })
}

// TestRules: each rule finds a cheap program of a block made for it, with its
// operation.
func TestRules(t *testing.T) {
	// A literal between constants, which make it a piece of its own.
	lit := []byte{61, 190, 15, 40, 53, 47, 149, 180, 140, 205, 187, 51, 100, 16, 3, 60, 105, 192, 168, 169}
	fence, fenced := bytes.Repeat([]byte{9}, 12), 25.0
	with := func(v []byte) []byte { return slices.Concat(fence, lit, fence, v) }
	const known = 2*25 + 20*8.3 + 20 // bits of what `with` puts before
	for _, c := range []struct {
		name  string
		block []byte
		bits  float64
		want  string // an operation of the program
	}{
		{"constant", bytes.Repeat([]byte{7}, 128), 45, "repeat_num"},
		{"up", up(10, 137, 1), 45, "range_func_up"},
		{"interval", up(3, 253, 2), 45, "range_func_interval"},
		{"down", up(200, 73, -1), 45, "reverse_list"},
		{"down by 3", up(250, 10, -3), 46, "reverse_list"},
		{"literal", noise(1, 20), 190, "set_list"},
		{"two ranges", slices.Concat(up(10, 50, 1), up(3, 99, 5)), 60, "concatenate"},
		{"sums", sums8(up(1, 20, 1)), 60, "scan_add"},
		{"sums from an element", sums8(slices.Concat([]byte{77}, up(2, 15, 1))), 90, "scan_add"},
		{"sawtooth", each(up(10, 120, 1), func(x byte) byte { return x % 23 }), 60, "modulo_item_list"},
		{"patched", each(up(10, 60, 1), func(x byte) byte {
			if x == 30 {
				return 200
			}
			return x
		}), 75, "substitute"},
		{"period of a literal", bytes.Repeat(noise(2, 12), 4), 130, "repeat_list"},
		{"period of a range", bytes.Repeat(up(20, 40, 2), 4), 60, "repeat_list"},
		{"interleave", weave(up(10, 40, 1), up(100, 160, 2)), 75, "interleave"},
		{"interleave with a literal", weave(noise(3, 20), up(100, 138, 2)), 230, "interleave"},
		{"interleave, the first longer", weave(up(10, 40, 1), up(100, 120, 2)), 75, "interleave"},
		{"interleave, the second longer", weave(up(10, 20, 1), up(100, 160, 2)), 75, "interleave"},
		{"interleave of an interleave", weave(weave(up(10, 30, 1), up(200, 160, -2)), up(50, 90, 1)), 110, "interleave"},
		{"again", with(lit), known + fenced, "concatenate"},
		{"slice", with(lit[3:15]), known + 45, ""},
		{"reversed", with(backwards(lit)), known + fenced, "reverse_list"},
		{"reversed slice", with(backwards(lit[3:15])), known + 55, "reverse_list"},
		{"smallest", with(ascending(lit, 12)), known + 35, "min_n"},
		{"largest", with(largest(lit, 12)), known + 35, "max_n"},
		{"subtracted", with(each(lit, func(x byte) byte { return x - slices.Min(lit) })), known + 35, "_item_list"},
		{"modulo", with(each(lit, func(x byte) byte { return x % 100 })), known + 35, "modulo_item_list"},
		{"replaced", with(each(lit, func(x byte) byte {
			if x == lit[9] {
				return 207
			}
			return x
		})), known + 45, "substitute"},
		{"jumps", with([]byte{lit[0], lit[3], lit[6], lit[9], lit[12], lit[15], lit[18]}), known + 35, "get_subsequence_with_jumps"},
		{"modulo of two lists, one from zero on", with(slices.Concat(up(0, 19, 1), remainders(lit))), known + 75, "modulo_two_lists"},
		{"filter", with(slices.DeleteFunc(slices.Clone(lit), func(x byte) bool { return x&1 == 0 })), known + 35, "filter(is_odd"},
	} {
		p, _ := findOne(New(nil), c.block, 1<<30, 1<<40)
		if p == nil {
			t.Errorf("%s: no program", c.name)
			continue
		}
		if got := run(t, p, len(c.block)); !bytes.Equal(got, c.block) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.block)
		}
		if bits := p.InitialCost().Bits(); bits > c.bits || !bytes.Contains([]byte(p.String()), []byte(c.want)) {
			t.Errorf("%s: %.1f bits, want at most %.1f, with %s\n%v", c.name, bits, c.bits, c.want, p)
		}
	}
}

// remainders returns v[i] modulo i for each element but the first.
func remainders(v []byte) (r []byte) {
	for i := 1; i < len(v); i++ {
		r = append(r, v[i]%byte(i))
	}
	return r
}

// mixtures returns blocks of n elements, cut from generated sequences in a row.
func mixtures(seed uint64, count, n int) [][]byte {
	return blocks(kolmogorov.NewGenerator(seed).Append(nil, count*n), n)[:count]
}

// TestReproduces: programs make their blocks, of any length, at any level, with any
// budget; results are the same each time; and the steps used exceed the budget by
// those of the last position at most.
func TestReproduces(t *testing.T) {
	oneGoroutine(t)
	var m dsl.Machine
	check := func(cfg *Config, e *Finder, b []byte, steps int64) (cost dsl.Cost) {
		p, used := findOne(e, b, 1<<30, steps)
		again, _ := findOne(New(cfg), b, 1<<30, steps)
		if p == nil && again == nil && steps < int64(len(b))*20_000 {
			return 0 // too few
		}
		if p == nil {
			t.Fatalf("no program for %v", b)
		}
		if p.String() != again.String() {
			t.Fatalf("two programs for %v:\n%v\n%v", b, p, again)
		}
		out := make([]byte, len(b))
		if _, err := m.Bytes(out, p, dsl.BlockBudget(len(b))); err != nil || !bytes.Equal(out, b) {
			t.Fatalf("%v for %v:\n%v", err, b, p)
		}
		if most := steps + overrun(len(b)); used > most {
			t.Errorf("%d steps on %d elements, allowed %d", used, len(b), steps)
		}
		if q := p.Canonical(); q.String() != p.String() {
			t.Errorf("not canonical: %v", p)
		}
		return p.InitialCost()
	}
	for n := 1; n <= 300; n++ {
		if n > 24 && (testing.Short() || n%11 > 0 && !*full) {
			continue
		}
		cfg := &Config{Level: 1 + n%9}
		e := New(cfg)
		for _, b := range mixtures(uint64(n), 2, n) {
			if cost := check(cfg, e, b, 1<<40); cost > dsl.Cost((n*11+40)*256) {
				t.Errorf("%.1f bits for %v", cost.Bits(), b)
			}
			check(cfg, e, b, int64(n)*rand.New(rand.NewPCG(uint64(n), 2)).Int64N(2000))
			check(cfg, e, b, 0)
		}
	}
}

// overrun returns how many steps beyond its budget a search of n elements may use.
func overrun(n int) int64 { return int64(max(100, 2*min(n, 1000))*n) + 100_000 }

// TestHostile: blocks that rules could stumble over have programs, within the budget.
func TestHostile(t *testing.T) {
	oneGoroutine(t)
	for _, n := range []int{0, 1, 2, 3, 5, 127, 128, 300, 1000, MaxBlock, MaxBlock + 1} {
		if testing.Short() && n > 128 {
			break
		}
		e := New(&Config{Level: 9})
		if n > 128 && !*full {
			e = New(&Config{Level: 1})
		}
		period := func(k int) []byte { return bytes.Repeat(noise(5, k), n/k+1)[:n] }
		for name, b := range map[string][]byte{
			"zero": make([]byte, n), "full": bytes.Repeat([]byte{255}, n), "noise": noise(uint64(n), n),
			"two": period(2), "three": period(3), "wheel": bytes.Repeat(up(0, 255, 1), n/256+1)[:n],
			"bits": each(noise(6, n), func(x byte) byte { return x & 1 }), "low": each(noise(8, n), func(x byte) byte { return x & 3 }),
			"ends": each(noise(9, n), func(x byte) byte { return -(x & 1) }), "long": period(65),
		} {
			p, used := findOne(e, b, 1<<30, 1<<40)
			if p == nil { // long chains are beyond the budget of blocks
				if n > 0 && n < 1000 {
					t.Errorf("%s of %d: no program", name, n)
				}
			} else if !bytes.Equal(run(t, p, n), b) {
				t.Errorf("%s of %d: wrong program %v", name, n, p)
			}
			if most := 2*e.share(n) + overrun(n); used > most {
				t.Errorf("%s of %d: %d steps, want at most %d", name, n, used, most)
			}
			e.Promising(b)
		}
	}
}

// TestLimit: no program that costs the limit or more is returned.
func TestLimit(t *testing.T) {
	oneGoroutine(t)
	e := New(nil)
	for _, b := range mixtures(77, sample(25, 100), 128) {
		p, _ := findOne(e, b, 1<<30, 1<<40)
		cost := p.InitialCost()
		if q, _ := findOne(e, b, cost, 1<<40); q != nil && q.InitialCost() >= cost {
			t.Errorf("%.1f bits at a limit of %.1f", q.InitialCost().Bits(), cost.Bits())
		}
		if q, _ := findOne(e, b, 0, 1<<40); q != nil {
			t.Errorf("a program for nothing: %v", q)
		}
	}
}

// TestConcurrent: a Finder shared by goroutines finds the same in each.
func TestConcurrent(t *testing.T) {
	e := New(nil)
	all := mixtures(78, 12, 128)
	var want []string
	for _, b := range all {
		p, _ := findOne(e, b, 1<<30, 1<<40)
		want = append(want, p.String())
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i, b := range all {
				if p, _ := findOne(e, b, 1<<30, 1<<40); p.String() != want[i] {
					t.Errorf("block %d: %v, want %v", i, p, want[i])
				}
			}
		})
	}
	wg.Wait()
}

// findOne finds the program of a single block.
func findOne(e *Finder, block []byte, limit dsl.Cost, steps int64) (p *dsl.Program, used int64) {
	found, used := e.Find(context.Background(), block, 0, max(len(block), 1), []dsl.Cost{limit}, steps)
	return found[0], used
}
