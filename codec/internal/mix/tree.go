package mix

// Nodes tell decisions apart.
const (
	nodeSide    = 0
	nodeBucket  = 1   // + 2·bucket + side, of the first mostBuckets and the others
	nodeWithin  = 60  // + withinNodes·depth + 2·bucket + side, depth < 2, of the first mostWithin and the others
	nodeDeep    = 160 // + 2·depth + side, of the first deepest and the others
	nodes       = 192
	mostBuckets = 28
	mostWithin  = 20
	withinNodes = 50
	deepest     = 10

	// Decisions from a node on are even: bits that are coded as they are. With values as
	// contexts, which find numbers that never occur, these are only the deepest ones.
	nodeEven    = nodeDeep + 2*2
	nodeEvenest = nodeDeep + 2*deepest
)

// code codes the level of the sample at at, and returns it: by decisions, each between two parts
// of where it may still be: which side of the prediction; which bucket on that side; where in
// the bucket.
//
// Buckets are 1 1 1 1 2 2 4 4 8 8 … units wide, the unit a power of 2 that follows from how wrong
// predictions were: an adaptive Golomb code, of which contexts tell how likely each decision is.
func (m *Machine) code(h *channel, at int, level int64) int64 {
	m.low, m.high = h.lane.least, h.lane.most+1
	unit := m.contexts(h, at)
	middle := (h.guess + 1<<(fractionBits-1)) >> fractionBits
	side := m.decide(middle, nodeSide, level)
	from, bucket := int64(0), 0
	for b := 0; m.low+1 < m.high; b++ {
		from, bucket = from+1<<(max((b-2)/2, 0)+unit), min(b, mostBuckets)
		if m.decide(middle+from*int64(2*side-1), nodeBucket+2*bucket+side, level) != side {
			break
		}
	}
	within := min(bucket, mostWithin)*2 + side
	for depth := 0; m.low+1 < m.high; depth++ {
		node := nodeWithin + depth*withinNodes + within
		if depth > 1 {
			node = nodeDeep + min(depth, deepest)*2 + side
		}
		m.decide((m.low+m.high)>>1, node, level)
	}
	return m.low
}

// decide codes whether level is at least middle.
func (m *Machine) decide(middle int64, node int, level int64) (bit int) {
	if middle <= m.low {
		return 1
	}
	if middle >= m.high {
		return 0
	}
	if level >= middle {
		bit = 1
	}
	switch {
	case node >= m.evenNode:
		bit = m.c.Bit(bit, 1<<15)
	case !m.p.fast():
		m.left--
		bit = m.mixing.code(&m.c, bit, middle, node)
	default:
		m.left--
		c := &m.pairs[m.pair+node]
		bit = m.c.Bit(bit, c.P())
		c.Update(bit)
	}
	low, high := m.low, m.high
	if bit != 0 { // without a jump
		low = middle
	}
	if bit == 0 {
		high = middle
	}
	m.low, m.high = low, high
	return bit
}
