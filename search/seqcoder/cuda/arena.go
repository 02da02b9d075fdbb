package cuda

import (
	"cmp"
	"fmt"
	"slices"
)

// grain is the alignment of memory in an arena, in bytes: cuMemAlloc's.
const grain = 256

// A Memory is a range of a device's memory. It implements tensor.Memory.
type Memory struct {
	addr address
	size int64 // bytes
}

// Uintptr returns the address.
func (m Memory) Uintptr() uintptr { return uintptr(m.addr) }

// MemSize returns the size in bytes.
func (m Memory) MemSize() uintptr { return uintptr(m.size) }

// An arena is one allocation of the driver from which memory is taken and released. base <=
// addr <= base + size for all of it.
type arena struct {
	base address
	size int64
	free []Memory          // sorted by address; no two are adjacent
	used map[address]int64 // sizes, rounded up to grain
}

func newArena(base address, size int64) *arena {
	return &arena{base, size, []Memory{{base, size}}, map[address]int64{}}
}

// take returns size bytes from the first free range that has them.
func (a *arena) take(size int64) (Memory, error) {
	n := (max(size, 1) + grain - 1) &^ (grain - 1)
	for i := range a.free {
		if f := &a.free[i]; f.size >= n {
			m := Memory{f.addr, size}
			if f.addr, f.size = f.addr+address(n), f.size-n; f.size == 0 {
				a.free = slices.Delete(a.free, i, i+1)
			}
			a.used[m.addr] = n
			return m, nil
		}
	}
	return Memory{}, fmt.Errorf("%w: no %d contiguous bytes in an arena of %d", ErrMemory, size, a.size)
}

// release frees memory at an address that take returned.
func (a *arena) release(addr address) error {
	n, ok := a.used[addr]
	if !ok {
		return fmt.Errorf("cuda: release of %#x, which is not in use", addr)
	}
	delete(a.used, addr)
	i, _ := slices.BinarySearchFunc(a.free, addr, func(m Memory, addr address) int { return cmp.Compare(m.addr, addr) })
	a.free = slices.Insert(a.free, i, Memory{addr, n})
	join := func(i int) { // joins range i with the next one if they are adjacent
		if i >= 0 && i+1 < len(a.free) && a.free[i].addr+address(a.free[i].size) == a.free[i+1].addr {
			a.free[i].size += a.free[i+1].size
			a.free = slices.Delete(a.free, i+1, i+2)
		}
	}
	join(i)
	join(i - 1)
	return nil
}

// owns reports whether n bytes at an address lie within the arena.
func (a *arena) owns(addr address, n int64) bool {
	return addr >= a.base && n >= 0 && int64(addr-a.base)+n <= a.size
}
