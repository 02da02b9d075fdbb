package mix

// Nodes are the kinds of decisions.
const (
	nodeSide    = 0
	nodeBucket  = 1  // and the bucket and the side
	nodeWithin  = 60 // and depth, bucket and side
	nodeDeep    = 160
	nodes       = 192
	nodeEven    = nodeDeep + 4  // from here on decisions are even
	nodeEvenest = nodeDeep + 20 // the same, if values are contexts
	mostBuckets = 28            // with nodes of their own
	mostWithin  = 20
	withinNodes = 50
	deepest     = 10
)

// code codes the level of the sample at at, and returns it: by decisions, each between two parts
// of where it may still be: which side of the prediction; which bucket on that side; where in
// the bucket.
//
// Buckets are 1 1 1 2 2 4 4 8 8 … units wide, the unit a power of 2 that follows from how wrong
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
		bit = m.c.bit(bit, 1<<15)
	case !m.p.fast():
		m.left--
		bit = m.mixing.code(&m.c, bit, middle, node)
	default:
		m.left--
		c := &m.pairs[m.pair+node]
		bit = m.c.bit(bit, c.p())
		c.update(bit)
	}
	if bit == 1 {
		m.low = middle
	} else {
		m.high = middle
	}
	return bit
}
