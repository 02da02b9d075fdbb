package plan

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/internal/dsltest"
)

// scales are factors of numbers in disguise: decimals, fixed point, gains, and those that are
// hardest to round.
var scales = [][2]int32{
	{1, 1}, {1, 10}, {1, 1000}, {1, 1e9}, {1, 256}, {1, 1 << 30}, {195, 1000}, {5, 3}, {1, 255}, {7, 1}, {1 << 30, 1},
	{math.MaxInt32, 1}, {1, math.MaxInt32}, {math.MaxInt32, math.MaxInt32 - 1}, {math.MaxInt32 - 1, math.MaxInt32}, {3, 1 << 30},
}

// someNumbers returns numbers of width bytes at which mistakes are likely, and random ones.
func someNumbers(width int, r *rand.Rand) (list []uint64) {
	unused := 64 - 8*width
	significand := map[int]int{4: 23, 8: 52}[width]
	for k := range 8 * width {
		for d := -3; d <= 3; d++ {
			list = append(list, uint64(1<<k+d)<<unused>>unused, uint64(-1<<k+d)<<unused>>unused)
		}
	}
	for range 2000 {
		list = append(list, r.Uint64()<<unused>>unused, r.Uint64N(1<<significand), -r.Uint64N(1<<significand)<<unused>>unused, r.Uint64N(1000))
		for _, x := range []float64{r.NormFloat64(), math.Round(1e4*r.NormFloat64()) / 100, float64(r.IntN(100000))} {
			if bits := math.Float64bits(x); width == 8 {
				list = append(list, bits, bits+1)
			} else {
				list = append(list, uint64(math.Float32bits(float32(x))), uint64(math.Float32bits(float32(x)))+1)
			}
		}
	}
	return list
}

// TestScaleRounds compares the number that an integer stands for with that of package math/big.
func TestScaleRounds(t *testing.T) {
	r := newSampler(1).Rand
	for _, width := range []int{4, 8} {
		for _, pq := range scales {
			s, err := NewScale(width, pq[0], pq[1])
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range someNumbers(width, r) {
				i := int64(x<<(64-s.width)) >> (64 - s.width)
				if max(i, -i) > int64(s.most()) || i == math.MinInt64 {
					continue
				}
				if got, want := s.Swap(x), nearest(width, i, pq[0], pq[1]); got != want {
					t.Fatalf("%d × %d / %d in %d bytes: %#x, want %#x", i, pq[0], pq[1], width, got, want)
				}
			}
		}
	}
}

// TestDecimalsAreScaled restores all decimals with some digits after the point, as package strconv
// reads them: none is an exception.
func TestDecimalsAreScaled(t *testing.T) {
	for k, q := range powersOfTen[:7] {
		s, err := NewScale(4, 1, q)
		if err != nil {
			t.Fatal(err)
		}
		for i := int64(0); i <= int64(s.most()); i += int64(61 + 97*k) {
			x, err := strconv.ParseFloat(fmt.Sprintf("%de-%d", i, k), 32)
			if err != nil {
				t.Fatal(err)
			}
			if bits := uint64(math.Float32bits(float32(x))); s.Swap(bits) != uint64(i) || s.Swap(uint64(i)) != bits {
				t.Fatalf("%d digits: %g is %d, want %d; that is %#x, want %#x", k, x, s.Swap(bits), i, s.Swap(uint64(i)), bits)
			}
		}
	}
}

// TestScaleUndoesItself swaps numbers twice, for every scale.
func TestScaleUndoesItself(t *testing.T) {
	r := newSampler(2).Rand
	for _, width := range []int{4, 8} {
		for _, pq := range scales {
			s, _ := NewScale(width, pq[0], pq[1])
			for _, x := range someNumbers(width, r) {
				if got := s.Swap(s.Swap(x)); got != x {
					t.Fatalf("%d bytes × %d / %d: %#x becomes %#x, and then %#x", width, pq[0], pq[1], x, s.Swap(x), got)
				}
			}
		}
	}
}

// TestMultiplesAreOneToOne takes all numbers of 1 and 2 bytes, and some wider ones: no two
// become the same, and the oracle says what each becomes.
func TestMultiplesAreOneToOne(t *testing.T) {
	r := newSampler(3).Rand
	for _, c := range [][3]int32{
		{1, 2, 0}, {1, 3, 2}, {1, -2, 1}, {1, -3, 0}, {1, 127, 126}, {1, -127, 126}, {1, -5, 3}, {2, 16, 0}, {2, -16, 0}, {2, -16, 5}, {2, 32767, 0}, {2, -9999, 9998},
		{4, 1000, 0}, {4, -1000, 999}, {8, 1 << 29, 0}, {8, -math.MaxInt32, 7}, {4, -math.MaxInt32, 0}, {4, math.MaxInt32, 5},
	} {
		w, p, rest := int(c[0]), int64(c[1]), int64(c[2])
		m, err := multipleOf(&dsl.Node{Op: dsl.Multiples, Nums: [3]int32{c[0], c[1], c[2]}})
		if err != nil {
			t.Fatal(err)
		}
		var list []uint64
		if unused := 64 - 8*w; w <= 2 {
			for x := range 1 << (8 * w) {
				list = append(list, uint64(x))
			}
		} else {
			for range 20000 {
				x := r.Uint64() >> r.IntN(64)
				list = append(list, x<<unused>>unused, uint64(rest+p*int64(int32(x)))<<unused>>unused)
			}
		}
		seen := map[uint64]uint64{}
		for _, x := range list {
			y := m.split(x)
			if m.join(y) != x {
				t.Fatalf("%v: %d becomes %d, joined %d", c, x, y, m.join(y))
			}
			if z, ok := seen[y]; ok && z != x {
				t.Fatalf("%v: %d and %d become %d", c, x, z, y)
			}
			seen[y] = x
			if want := multipleFor(w, c[1], c[2], x); len(list) < 1<<16 && m.join(x) != want {
				t.Fatalf("%v: %d becomes %d, want %d", c, x, m.join(x), want)
			}
		}
	}
}

// TestLookup makes elements of tables, and refuses indices and tables that cannot be.
func TestLookup(t *testing.T) {
	for _, w := range []int{1, 2, 4, 8, -2, -4, -8} {
		for _, i := range []int{1, 2} {
			size := max(w, -w)
			src := []byte{}
			for k := range 500 {
				b := make([]byte, size)
				storeNumber(b, w, int64(k*k%11-5))
				src = append(src, b...)
			}
			src = append(src, make([]byte, size-1)...)
			values, _ := Values(src, w, 100)
			for extra := range 3 {
				p := lookupPlan(w, i, size*(len(values)+extra))
				streams, err := new(Machine).Split(src, p)
				if err != nil {
					t.Fatal(err)
				}
				got := make([]byte, len(src))
				if err := new(Machine).Join(got, p, streams); err != nil || string(got) != string(src) {
					t.Fatalf("%d bytes by indices of %d: %v", w, i, err)
				}
				for k := range len(src) / size {
					if at := streams[0][k*i]; loadNumber(src[k*size:], w) != values[at] {
						t.Fatalf("element %d of %d bytes has index %d", k, w, at)
					}
				}
				streams[0][3*i] = byte(len(values) + extra)
				if err := new(Machine).Join(got, p, streams); !errors.Is(err, dsl.ErrExecution) {
					t.Errorf("index %d of %d elements: %v", streams[0][3*i], len(values)+extra, err)
				}
			}
			if _, err := new(Machine).Split(src, lookupPlan(w, i, size*(len(values)-1))); !errors.Is(err, dsl.ErrExecution) {
				t.Errorf("a value more than a table has: %v", err)
			}
		}
	}
}

// lookupPlan is a plan of elements of type w by indices of i bytes into a table of size bytes.
func lookupPlan(w, i, size int) *dsl.Program {
	return &dsl.Program{Nodes: []dsl.Node{
		{Op: dsl.Payload}, {Op: dsl.Payload, Nums: [3]int32{1}}, {Op: dsl.Between, Refs: [2]int{1}, Nums: [3]int32{0, int32(size)}},
		{Op: dsl.Lookup, Refs: [2]int{0, 2}, Nums: [3]int32{int32(w), int32(i)}},
	}, Out: 3}
}

// TestDisguisesRefused lays out operations on numbers in disguise that there are none of.
func TestDisguisesRefused(t *testing.T) {
	for _, c := range []struct {
		op   dsl.Op
		nums [3]int32
	}{
		{dsl.Scaled, [3]int32{2, 1, 1}}, {dsl.Scaled, [3]int32{1, 1, 1}}, {dsl.Scaled, [3]int32{4, 0, 1}}, {dsl.Scaled, [3]int32{4, 1, 0}},
		{dsl.Scaled, [3]int32{-8, -1, 1}}, {dsl.Scaled, [3]int32{-8, 1, math.MinInt32}}, {dsl.Scaled, [3]int32{math.MinInt32, 1, 1}},
		{dsl.Multiples, [3]int32{4, 1, 0}}, {dsl.Multiples, [3]int32{4, 0, 0}}, {dsl.Multiples, [3]int32{4, -1, 0}}, {dsl.Multiples, [3]int32{1, 128, 0}},
		{dsl.Multiples, [3]int32{2, 32768, 0}}, {dsl.Multiples, [3]int32{4, math.MinInt32, 0}}, {dsl.Multiples, [3]int32{8, math.MinInt32, 0}}, {dsl.Multiples, [3]int32{4, 3, 3}},
		{dsl.Multiples, [3]int32{4, 3, -1}}, {dsl.Multiples, [3]int32{3, 3, 0}}, {dsl.Multiples, [3]int32{math.MinInt32, 3, 0}},
	} {
		if _, err := NewLayout(chain(oneStream, 1, of(dsl.Node{Op: c.op, Nums: c.nums})), 100); !errors.Is(err, dsl.ErrExecution) {
			t.Errorf("%v %v: %v", c.op, c.nums, err)
		}
	}
	for _, c := range [][3]int{{3, 1, 3}, {4, 0, 4}, {4, 3, 4}, {4, 1, 5}, {4, 1, 257 * 4}, {1, 2, 65537}, {0, 1, 4}} {
		if _, err := NewLayout(lookupPlan(c[0], c[1], c[2]), 1000); !errors.Is(err, dsl.ErrExecution) {
			t.Errorf("elements of %d bytes by indices of %d into a table of %d: %v", c[0], c[1], c[2], err)
		}
	}
	p := mustParse(t, "sequence_1 = payload(0)\nsequence_2 = payload(1)\nsequence_3 = lookup(sequence_1, sequence_2, 4, 1)\noutput = sequence_3")
	if _, err := NewLayout(p, 8); !errors.Is(err, dsl.ErrExecution) {
		t.Errorf("a table without a stated length: %v", err)
	}
}

// BenchmarkHostileLookup joins elements by random indices into tables that are as long as may be.
func BenchmarkHostileLookup(b *testing.B) {
	r := newSampler(5).Rand
	for _, c := range [][2]int{{1, 1}, {2, 2}, {4, 2}, {-8, 2}} {
		size := max(c[0], -c[0])
		p := lookupPlan(c[0], c[1], size<<(8*c[1]))
		dst := make([]byte, 1<<20)
		l, err := NewLayout(p, len(dst))
		if err != nil {
			b.Fatal(err)
		}
		var streams [][]byte
		for _, n := range l.Streams {
			s := make([]byte, n)
			for i := range s {
				s[i] = byte(r.Uint32())
			}
			streams = append(streams, s)
		}
		b.Run(fmt.Sprint(c), func(b *testing.B) {
			var m Machine
			start := dsltest.CPUTime()
			for b.Loop() {
				if err := m.Join(dst, p, streams); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(dsltest.CPUTime()-start)/float64(b.N)/float64(l.Steps), "ns/step")
		})
	}
}

// BenchmarkHostileScaled joins numbers of which half are integers and half are as near as can be to
// what integers stand for: two divisions each.
func BenchmarkHostileScaled(b *testing.B) {
	r := newSampler(4).Rand
	for _, w := range []int32{4, -8} {
		src := make([]byte, 1<<20)
		for i := 0; i+8 <= len(src); i += 8 {
			x := r.Float64()
			switch {
			case w == 4:
				for k := range 2 {
					v := math.Float32bits(float32(r.Float64()))
					if r.IntN(2) == 0 {
						v = r.Uint32N(1 << 23)
					}
					binary.LittleEndian.PutUint32(src[i+4*k:], v)
				}
			case r.IntN(2) == 0:
				binary.BigEndian.PutUint64(src[i:], r.Uint64N(1<<52))
			default:
				binary.BigEndian.PutUint64(src[i:], math.Float64bits(x))
			}
		}
		n := dsl.Node{Op: dsl.Scaled, Nums: [3]int32{w, math.MaxInt32, math.MaxInt32 - 1}}
		p := chain(oneStream, 1, of(n))
		b.Run(fmt.Sprint(w), func(b *testing.B) {
			l, err := NewLayout(p, len(src))
			if err != nil {
				b.Fatal(err)
			}
			dst := make([]byte, len(src))
			var m Machine
			start := dsltest.CPUTime()
			for b.Loop() {
				if err := m.Join(dst, p, [][]byte{src}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(dsltest.CPUTime()-start)/float64(b.N)/float64(l.Steps), "ns/step")
		})
	}
}
