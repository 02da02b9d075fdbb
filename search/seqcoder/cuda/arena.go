package cuda

import (
	"cmp"
	"fmt"
	"slices"
)

// grain is what the sizes and places of memory in an arena are multiples of, in bytes.
const grain = 256

// A Memory is a part of a device's memory.
type Memory struct {
	at   address
	size int64
}

// Uintptr implements tensor.Memory.
func (m Memory) Uintptr() uintptr { return uintptr(m.at) }

// MemSize implements tensor.Memory.
func (m Memory) MemSize() uintptr { return uintptr(m.size) }

// An arena is one allocation of the driver's, of which parts are taken and given back.
type arena struct {
	base address
	size int64
	free []Memory // by place; none beside another
	used map[address]int64
}

func newArena(base address, size int64) *arena {
	return &arena{base, size, []Memory{{base, size}}, map[address]int64{}}
}

// take returns size bytes, of the first place that has as many.
func (a *arena) take(size int64) (Memory, error) {
	n := (max(size, 1) + grain - 1) &^ (grain - 1)
	for i := range a.free {
		if f := &a.free[i]; f.size >= n {
			m := Memory{f.at, size}
			if f.at, f.size = f.at+address(n), f.size-n; f.size == 0 {
				a.free = slices.Delete(a.free, i, i+1)
			}
			a.used[m.at] = n
			return m, nil
		}
	}
	return Memory{}, fmt.Errorf("%w: %d bytes in an arena of %d", ErrMemory, size, a.size)
}

// give takes memory back; it must be some that take returned.
func (a *arena) give(at address) error {
	n, ok := a.used[at]
	if !ok {
		return fmt.Errorf("cuda: %#x is no memory in use", at)
	}
	delete(a.used, at)
	i, _ := slices.BinarySearchFunc(a.free, at, func(m Memory, at address) int { return cmp.Compare(m.at, at) })
	a.free = slices.Insert(a.free, i, Memory{at, n})
	join := func(i int) { // with the next
		if i >= 0 && i+1 < len(a.free) && a.free[i].at+address(a.free[i].size) == a.free[i+1].at {
			a.free[i].size += a.free[i+1].size
			a.free = slices.Delete(a.free, i+1, i+2)
		}
	}
	join(i)
	join(i - 1)
	return nil
}

// owns reports whether memory of n bytes at a place lies within the arena.
func (a *arena) owns(at address, n int64) bool {
	return at >= a.base && n >= 0 && int64(at-a.base)+n <= a.size
}
