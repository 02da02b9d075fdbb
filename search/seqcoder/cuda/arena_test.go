//go:build (linux || darwin) && (386 || amd64 || arm || arm64)

package cuda

import (
	"errors"
	"math/rand/v2"
	"testing"
)

// TestArena takes and releases memory at random: ranges do not overlap, and in the end the arena
// is one free range.
func TestArena(t *testing.T) {
	const size = 1 << 20
	a := newArena(4096, size)
	r := rand.New(rand.NewPCG(1, 2))
	owner := make([]int, size/grain)
	var list []Memory
	for k := 1; k <= 200_000; k++ {
		if len(list) > 0 && (r.IntN(2) == 0 || len(list) > 40) {
			i := r.IntN(len(list))
			m := list[i]
			list[i] = list[len(list)-1]
			list = list[:len(list)-1]
			for g := int(m.addr-4096) / grain; g*grain < int(m.addr-4096)+int(m.size); g++ {
				owner[g] = 0
			}
			if err := a.release(m.addr); err != nil {
				t.Fatal(err)
			}
			continue
		}
		m, err := a.take(1 + r.Int64N(60<<10))
		if errors.Is(err, ErrMemory) {
			continue
		}
		if err != nil || !a.owns(m.addr, m.size) || m.addr%grain != 0 {
			t.Fatal(m, err)
		}
		for g := int(m.addr-4096) / grain; g*grain < int(m.addr-4096)+int(m.size); g++ {
			if owner[g] != 0 {
				t.Fatalf("%v overlaps with memory in use", m)
			}
			owner[g] = k
		}
		list = append(list, m)
	}
	for _, m := range list {
		a.release(m.addr)
	}
	if len(a.free) != 1 || a.free[0].size != size || len(a.used) != 0 {
		t.Errorf("%d free ranges and %d in use, want 1 and 0", len(a.free), len(a.used))
	}
}
