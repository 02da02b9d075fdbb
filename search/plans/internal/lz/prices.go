package lz

import (
	"math/bits"

	"github.com/ktzip/ktzip/dsl"
)

// Prices are in 1/priceUnit bit.
const priceUnit = 16

// Numbers of copies are priced by slots: small ones have their own, others share one with
// those that have the same two leading bits, and pay for the other bits.
const (
	ownSlots  = 32 // 0 to 31
	slotCount = ownSlots + 2*(32-5)
)

// slotOf returns the slot of v, and how many bits v pays in addition.
func slotOf(v uint32) (slot int, more uint32) {
	if v < ownSlots {
		return int(v), 0
	}
	n := bits.Len32(v) // at least 6
	return ownSlots + 2*(n-6) + int(v>>(n-2)&1), uint32(n - 2)
}

// A histogram counts symbols.
type histogram []uint32

// prices sets what each symbol of h costs.
func (h histogram) prices(to []uint32) {
	total := uint32(0)
	for _, n := range h {
		total += n
	}
	all := log2(total)
	for s, n := range h {
		to[s] = max(all-log2(n), priceUnit/4)
	}
}

// fade halves the counts, so that later ones weigh more. Each stays at least 1.
func (h histogram) fade() {
	for s, n := range h {
		h[s] = max(n/2, 1)
	}
}

// log2 returns the logarithm of n in prices; n is at least 1.
func log2(n uint32) uint32 { return uint32(dsl.Log2(float64(n)) * priceUnit) }

// counts are the symbols of the steps taken.
type counts struct {
	literals                 [256]uint32
	runs, lengths, distances [slotCount]uint32 // of copies
}

// each calls visit with every histogram.
func (c *counts) each(visit func(h histogram)) {
	for _, h := range []histogram{c.literals[:], c.runs[:], c.lengths[:], c.distances[:]} {
		visit(h)
	}
}

// prices are those of the symbols.
type prices counts

// set sets the prices to those of c.
func (p *prices) set(c *counts) {
	histogram(c.literals[:]).prices(p.literals[:])
	histogram(c.runs[:]).prices(p.runs[:])
	histogram(c.lengths[:]).prices(p.lengths[:])
	histogram(c.distances[:]).prices(p.distances[:])
}

// number returns the price of v by the slots of list.
func number(list []uint32, v uint32) uint32 {
	slot, more := slotOf(v)
	return list[slot] + more*priceUnit
}
