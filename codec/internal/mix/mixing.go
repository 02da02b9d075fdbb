package mix

import (
	"math/bits"

	"github.com/ktzip/ktzip/codec/internal/arith"
)

// mixing is the coder that mixes: each decision has a counter in each context, and in each
// value's table.
type mixing struct {
	counters            []arith.Counter         // of contexts: contextClasses × nodes each
	classes             []*[nodes]arith.Counter // per context: those of its class
	table               []arith.Counter         // of values, hashed
	shift               uint                    // of hashes
	hashes              []uint32                // per value: of its context
	origins             []int64                 // per value: relative to what it is
	found               []uint32                // per value: its counter
	stage               stage
	scaleSet, lastCurve int
}

const (
	scaleClasses   = 100 // of scales: quarters of octaves
	lastClasses    = 9   // of an error, relative to scale: -4 to 4
	contextClasses = 512
	setNodes       = 32 // nodes that weights by scale tell apart
	mostHashed     = 18 // log2 of counters per value; a power of 2 in all
	hashedMore     = 4  // the same, in addition to that of samples
)

// reset begins without knowledge.
func (x *mixing) reset(p *Samples, samples int) {
	n, v := bits.OnesCount(p.Contexts), bits.OnesCount(p.Values)
	x.counters = arith.Filled(x.counters, n*contextClasses*nodes, arith.EvenCounter)
	x.classes = arith.Sized(x.classes, n)
	x.hashes, x.origins, x.found = arith.Sized(x.hashes, v), arith.Sized(x.origins, v), arith.Sized(x.found, v)
	if v > 0 {
		size := min(bits.Len(uint(samples))+hashedMore, mostHashed) + ceilLog2(v)
		x.table = arith.Filled(x.table, 1<<size, arith.EvenCounter)
		x.shift = uint(32 - size)
	}
	x.stage.reset(n+v+1, [mixers]int{nodes, scaleClasses * setNodes}, lastClasses*nodes)
}

// quant returns the class of an error relative to a scale, -4 to 4.
func quant(v, scale int64) int {
	k := min(bits.Len64(uint64(abs(v)*4/max(scale, 1))), 4)
	if v < 0 {
		return -k
	}
	return k
}

// ratio returns the class of a over b, 0 to 7.
func ratio(a, b int64) int { return int(min(a*4/max(b, 1), 7)) }

// contexts sets the contexts of the decisions about the sample at at, and returns the
// logarithm of the unit of buckets.
func (m *Machine) contexts(h *channel, at int) (unit int) {
	p, x := m.p, &m.mixing
	scale := (h.fast + h.slow) / 2
	near, texture := scale, 0
	last := quant(h.last[0], h.slow) + 4
	if p.Row > 0 {
		west, north := m.wrong[at-p.Channels], m.wrong[at-p.Row]
		near = (2*abs(west) + 2*abs(north) + abs(m.wrong[at-p.Row+p.Channels]) + abs(m.wrong[at-p.Row-p.Channels])) / 6
		scale = (h.fast + h.slow + 4*near) / 6
		texture = quant(west, scale)/2 + 2 + 5*(quant(north, scale)/2+2)
	} else if p.Channels > 1 {
		texture = quant(m.wrong[at-1], h.slow) + 4 + 9*(quant(m.wrong[at-2], h.slow)/2+2)
	}
	size := bits.Len64(uint64(scale))
	level := min(size, scaleClasses/4-1)*4 + int(scale<<3>>size&3)
	if p.fast() {
		if p.Row > 0 || p.Channels > 1 {
			last = texture % lastClasses
		}
		m.pair = (level*lastClasses + last) * nodes
		return max(size-fractionBits-1, 0)
	}
	classes := [contexts]int{
		level,
		last*45 + (quant(h.last[1], h.slow)+4)*5 + quant(h.last[2], h.slow)/2 + 2,
		min(level/2, 47)*8 + int(h.guess>>(fractionBits-3)&7),
		ratio(h.fast, h.slow)*64 + min(h.turn, 63),
		texture*8 + ratio(near, h.slow),
		quant((h.first-h.guess)*4, h.slow) + 4,
	}
	k := 0
	for i, class := range classes {
		if p.Contexts>>i&1 != 0 {
			x.classes[k] = (*[nodes]arith.Counter)(x.counters[(k*contextClasses+class)*nodes:])
			k++
		}
	}
	if p.Values != 0 {
		m.values(h, at)
	}
	x.scaleSet = level * setNodes
	x.lastCurve = last * nodes
	return max(size-fractionBits-1, 0)
}

// values sets the contexts of values of the sample at at.
func (m *Machine) values(h *channel, at int) {
	p, x := m.p, &m.mixing
	level := func(distance int) int64 { return int64(m.levels[at-distance]) }
	x1, x2, o1, o2 := level(p.Channels), level(2*p.Channels), level(1), level(1+p.Channels)
	if p.Row > 0 {
		o1, o2 = level(p.Row), level(p.Row+p.Channels)
	}
	round := func(v int64) int64 { return (v + 1<<(fractionBits-1)) >> fractionBits }
	r, r0 := round(h.guess), round(h.first)
	near := func(v int64) int64 { return min(max(v, -31), 31) & 63 }
	of := [values][2]int64{
		{0, 0},
		{x1, near(x1 - x2)},
		{r, near(h.last[0] >> fractionBits)},
		{r, r & 0xffff},
		{x1, near(x1-x2) | near(o1-o2)<<6},
		{r0, near(r - r0)},
		{o1, near(x1 - x2)},
		{r, h.guess>>(fractionBits-3)&7 | near(x1-r)<<3},
	}
	k := 0
	for i, v := range of {
		if p.Values>>i&1 != 0 {
			x.origins[k] = v[0]
			x.hashes[k] = uint32(k*64+min(h.turn, 63))*0x9E3779B1 + uint32(v[1])*0x85EBCA6B
			k++
		}
	}
}

// code codes a decision.
func (x *mixing) code(c *arith.Coder, bit int, middle int64, node int) int {
	in := x.stage.inputs[:len(x.classes)+len(x.found)]
	for k, class := range x.classes {
		in[k] = arith.Stretch(class[node].P())
	}
	in = in[len(x.classes):]
	for k, origin := range x.origins {
		h := (x.hashes[k] + uint32(middle-origin)*0xC2B2AE35 ^ uint32(node)*0x27D4EB2F) * 0x9E3779B1 >> x.shift
		x.found[k] = h
		in[k] = arith.Stretch(x.table[h].P())
	}
	bit = x.stage.code(c, bit, [mixers]int{node, x.scaleSet + min(node, setNodes-1)}, x.lastCurve+node)
	for _, class := range x.classes {
		class[node].Update(bit)
	}
	for _, h := range x.found {
		x.table[h].Update(bit)
	}
	return bit
}
