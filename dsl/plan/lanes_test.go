package plan

import (
	"slices"
	"testing"

	"github.com/ktzip/ktzip/dsl"
)

// sums draws an operation of weighted sums, with distances near, far, alone, in a row and twice.
func (r sampler) sums() dsl.Node {
	width := []int32{1, 2, 4, -2, -4}[r.IntN(5)]
	distances := func(most int) (list []int32) {
		unit := []int32{1, 1, 1, 2, 3, 7}[r.IntN(6)]
		for len(list) < most {
			first := unit * int32(1+r.IntN([]int{3, 30, 3000}[r.IntN(3)]))
			for k := range min(1+r.IntN(20), most-len(list)) {
				list = append(list, min(first+unit*int32(k), maxReach))
			}
		}
		r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		return list
	}
	pairs := func(most int) (list []int32) {
		for _, d := range distances(r.IntN(most + 1)) {
			list = append(list, d, r.number())
		}
		return list
	}
	switch r.IntN(3) {
	case 0:
		sets := []int32{1, 1, 2, 3, 7, 40}[r.IntN(6)]
		return dsl.Node{Op: dsl.LMS, Nums: [3]int32{width, sets, int32(r.IntN(12))}, List: distances(1 + r.IntN(maxDistances))}
	case 1:
		return dsl.Node{Op: dsl.Predict, Nums: [3]int32{width, int32(r.IntN(14))}, List: pairs(maxMixPairs)}
	}
	n := dsl.Node{Op: dsl.Mix, Nums: [3]int32{width, int32(r.IntN(14))}}
	for range 1 + r.IntN(5) {
		p := pairs(maxMixPairs)
		n.List = append(append(n.List, int32(len(p)/2)), p...)
	}
	return n
}

// TestSums executes weighted sums over lists of several chunks, both ways, as the oracle does.
func TestSums(t *testing.T) {
	r := newSampler(9)
	var m Machine
	used := 0
	for range 400 {
		p := &dsl.Program{Nodes: []dsl.Node{{Op: dsl.Payload}, r.sums()}, Out: 1}
		src := make([]byte, r.IntN([]int{40, 4000, 40000}[r.IntN(3)]))
		noise := 1 + r.IntN(256)
		for i := range src {
			src[i] = byte(r.IntN(noise) - noise/2)
		}
		if wantInverse(t, &m, p, src) {
			used++
		}
	}
	if used < 300 {
		t.Errorf("%d of 400 operations were executed, the others take too many steps", used)
	}
}

// TestLanesAreFilters compares vector instructions with the filter that has none.
func TestLanesAreFilters(t *testing.T) {
	if !hasAVX2 {
		t.Skip("no AVX2")
	}
	r := newSampler(10)
	for range 300 {
		n := r.sums()
		if n.Op != dsl.LMS {
			continue
		}
		width := max(int(n.Nums[0]), -int(n.Nums[0]))
		src := make([]int32, 1+r.IntN(3*chunkElements))
		for i := range src {
			src[i] = int32(r.Uint32()) >> (32 - 8*width)
		}
		for _, d := range []direction{joining, splitting} {
			fast, slow := slices.Clone(src), slices.Clone(src)
			c := channel{0, 1, len(src)}
			var m Machine
			if m.distances = distancesWithin(nil, &n, c); len(m.distances) == 0 {
				continue
			}
			f, g := m.vectorFilter(&n, c, width), m.plainFilter(&n, c, width)
			for start := 0; start < len(src); start += chunkElements {
				end := min(start+chunkElements, len(src))
				f.run(fast[start:end], d)
				g.run(slow[start:end], d)
			}
			if !slices.Equal(fast, slow) {
				t.Fatalf("%v of %d elements, joining %v: not the same", n, len(src), d)
			}
		}
	}
}

// TestPaethWithoutBranches compares the two ways to find the nearest neighbour.
func TestPaethWithoutBranches(t *testing.T) {
	r := newSampler(11)
	for range 10000 {
		shift := r.IntN(32)
		left, up, corner := r.Uint32()>>shift, r.Uint32()>>shift, r.Uint32()>>shift
		if got, want := paeth(left, up, corner), uint32(widePaeth(uint64(left), uint64(up), uint64(corner))); got != want {
			t.Fatalf("left %d, up %d, corner %d: %d, want %d", left, up, corner, got, want)
		}
	}
}
