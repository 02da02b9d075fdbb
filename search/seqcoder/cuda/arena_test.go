//go:build (linux || darwin) && (386 || amd64 || arm || arm64)

package cuda

import (
	"errors"
	"math/rand/v2"
	"testing"
)

// TestArena takes and gives a million times, and wants parts that do not overlap and all of
// it in the end.
func TestArena(t *testing.T) {
	const size = 1 << 20
	a := newArena(4096, size)
	r := rand.New(rand.NewPCG(1, 2))
	owner := make([]int, size/grain)
	var list []Memory
	for k := 1; k <= 1_000_000; k++ {
		if len(list) > 0 && (r.IntN(2) == 0 || len(list) > 40) {
			i := r.IntN(len(list))
			m := list[i]
			list[i] = list[len(list)-1]
			list = list[:len(list)-1]
			for g := int(m.at-4096) / grain; g*grain < int(m.at-4096)+int(m.size); g++ {
				owner[g] = 0
			}
			if err := a.give(m.at); err != nil {
				t.Fatal(err)
			}
			continue
		}
		m, err := a.take(1 + r.Int64N(60<<10))
		if errors.Is(err, ErrMemory) {
			continue
		}
		if err != nil || !a.owns(m.at, m.size) || m.at%grain != 0 {
			t.Fatal(m, err)
		}
		for g := int(m.at-4096) / grain; g*grain < int(m.at-4096)+int(m.size); g++ {
			if owner[g] != 0 {
				t.Fatalf("%v overlaps", m)
			}
			owner[g] = k
		}
		list = append(list, m)
	}
	for _, m := range list {
		a.give(m.at)
	}
	if len(a.free) != 1 || a.free[0].size != size || len(a.used) != 0 {
		t.Errorf("%d parts are left", len(a.free))
	}
}
