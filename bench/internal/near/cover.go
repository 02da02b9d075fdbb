package near

import "slices"

// A loss says what an element costs that a piece makes in the place of another.
type loss struct {
	miss   int // bits, if it is farther away than within
	within int
}

// never is the price of what may not be, in bits: above that of any block.
const never = 1 << 20

func (l loss) of(got int, want byte) int {
	if got -= int(want); got > l.within || -got > l.within {
		return l.miss
	}
	return 0
}

// What pieces cost, in whole bits, under the uniform prior at line 7 of a program, about
// where the programs of blocks have their middle: a line 5, a reference 3, a value 8. Exact
// prices are for the search.
const (
	pieceBits   = 5 + 5 + 2*3           // its line, and the concatenation with what comes before
	constant    = pieceBits + 8 + 4     // repeat_num
	ramp        = pieceBits + 8 + 8     // range_func_up
	stepBits    = 3                     // range_func_interval, more than range_func_up
	reverseBits = 5 + 3                 // reverse_list
	copyBits    = pieceBits + 3 + 2*8   // get_subsequence_between_indices
	addBits     = 5 + 3 + 8             // add_item_list
	cycleBits   = pieceBits + 5 + 3 + 3 // repeat_list, without its literals
	elementBits = 8                     // of set_list
)

const (
	maxStep  = 7  // of a progression: the uniform prior's 3 bits
	maxTurns = 7  // of a cycle: 3 bits as well
	maxCycle = 32 // elements of a cycle (arbitrary); longer ones are copies
	patience = 40 // bits by which a piece is dearer than literals when it is given up (arbitrary)
)

type kind uint8

const (
	literal     kind = iota
	progression      // value, value+step, …
	copied           // elements from source on, by step 1 or -1, plus value
	cycle            // source elements that repeat: the value most often seen in each place
)

// A piece makes the elements from its start on.
type piece struct {
	kind                kind
	start               int
	value, step, source int
}

// A cover finds the cheapest pieces in a row that make nearly a line. It keeps, for each
// prefix of the line, the cheapest pieces, and what they make of it: copies take from that.
type cover struct {
	loss  loss
	line  []byte
	cost  [MaxBlock + 1]int // of prefixes
	last  [MaxBlock + 1]piece
	made  [MaxBlock + 1][MaxBlock]byte // the first i elements of row i
	votes votes
}

// of returns what the pieces make whose bits and losses together are least.
func (c *cover) of(line []byte, l loss) []byte {
	c.loss, c.line = l, line
	n := len(line)
	for i := range n + 1 {
		c.cost[i] = never
	}
	c.cost[0] = 0
	for i := range n {
		if i > 0 {
			c.make(i)
		}
		for j := i + 1; j <= n; j++ {
			c.offer(j, pieceBits+elementBits*(j-i), piece{kind: literal, start: i})
		}
		for step := -maxStep; step <= maxStep; step++ {
			c.progressions(i, step)
		}
		for from := range i {
			c.copies(i, from, 1)
			c.copies(i, from, -1)
			c.sums(i, from)
		}
		for p := 2; p <= maxCycle && i+2*p <= n; p++ {
			c.cycles(i, p)
		}
	}
	c.make(n)
	return slices.Clone(c.made[n][:n])
}

// offer takes a piece that ends at j if the prefix becomes cheaper by it.
func (c *cover) offer(j, bits int, p piece) {
	if cost := c.cost[p.start] + bits; cost < c.cost[j] {
		c.cost[j], c.last[j] = cost, p
	}
}

// hopeless reports whether a piece of n elements for so many bits is given up.
func hopeless(bits, n int) bool { return bits > pieceBits+elementBits*n+patience }

// progressions offers those from i on: of each length, with the value that most elements
// have less their multiple of the step.
func (c *cover) progressions(i, step int) {
	base := ramp
	switch {
	case step == 0:
		base = constant
	case step < 0:
		base += reverseBits
	}
	if step < -1 || step > 1 {
		base += stepBits
	}
	c.votes.reset()
	for j := i; j < len(c.line); j++ {
		c.votes.add(int(c.line[j]) - step*(j-i))
		n := j + 1 - i
		value, count := c.votes.winner(c.loss.within)
		cost := base + c.loss.miss*(n-count)
		if hopeless(cost, n) {
			return
		}
		if end := value + step*(n-1); min(value, end) >= 0 && max(value, end) <= 255 {
			c.offer(j+1, cost, piece{kind: progression, start: i, value: value, step: step})
		}
	}
}

// copies offers what comes again from a place on, forwards or backwards.
func (c *cover) copies(i, from, step int) {
	base := copyBits
	if step < 0 {
		base += reverseBits
	}
	cost := base
	for j := i; j < len(c.line); j++ {
		at := from + step*(j-i)
		if at < 0 {
			return
		}
		if at >= i { // the copy's own elements, as in a cycle
			at = from + (at-from)%(i-from)
		}
		cost += c.loss.of(int(c.made[i][at]), c.line[j])
		if hopeless(cost, j+1-i) {
			return
		}
		c.offer(j+1, cost, piece{kind: copied, start: i, step: step, source: from})
	}
}

// sums offers what comes again plus a constant.
func (c *cover) sums(i, from int) {
	c.votes.reset()
	least, most := 255, 0
	for j := i; j < len(c.line) && from+j-i < i; j++ {
		v := int(c.made[i][from+j-i])
		least, most = min(least, v), max(most, v)
		c.votes.add(int(c.line[j]) - v)
		n := j + 1 - i
		value, count := c.votes.winner(c.loss.within)
		cost := copyBits + addBits + c.loss.miss*(n-count)
		if hopeless(cost, n) {
			return
		}
		if least+value >= 0 && most+value <= 255 {
			c.offer(j+1, cost, piece{kind: copied, start: i, value: value, step: 1, source: from})
		}
	}
}

// cycles offers whole repetitions of p elements.
func (c *cover) cycles(i, p int) {
	for turns := 2; turns <= maxTurns && i+turns*p <= len(c.line); turns++ {
		cost := cycleBits + elementBits*p
		for k := range p {
			_, count := c.most(i+k, p, turns)
			cost += c.loss.miss * (turns - count)
			if hopeless(cost, turns*p) {
				return
			}
		}
		c.offer(i+turns*p, cost, piece{kind: cycle, start: i, source: p})
	}
}

// most returns a value that most of the elements at, at+p, … are near, and how many.
func (c *cover) most(at, p, turns int) (value, count int) {
	c.votes.reset()
	for t := range turns {
		c.votes.add(int(c.line[at+t*p]))
	}
	return c.votes.winner(c.loss.within)
}

// make sets row end to the elements of the cheapest pieces.
func (c *cover) make(end int) {
	p, row := c.last[end], &c.made[end]
	copy(row[:p.start], c.made[p.start][:])
	for j := p.start; j < end; j++ {
		t := j - p.start
		switch p.kind {
		case literal:
			row[j] = c.line[j]
		case progression:
			row[j] = byte(p.value + p.step*t)
		case copied:
			row[j] = byte(int(row[p.source+p.step*t]) + p.value)
		case cycle:
			if t < p.source {
				value, _ := c.most(j, p.source, (end-p.start)/p.source)
				row[j] = byte(value)
			} else {
				row[j] = row[j-p.source]
			}
		}
	}
}

// votes count values, and find one that most of them are near. The zero value is ready to
// use.
type votes struct {
	counts     [4 * 1024]uint16 // of value+voteBias, which is above 0: within ±(255 + maxStep*MaxBlock)
	seen       []int32          // value+voteBias of each
	most       int32            // of those, the first to be seen most often
	least, top int              // values
}

const voteBias = 2*1024 + 1

func (v *votes) reset() {
	for _, k := range v.seen {
		v.counts[k] = 0
	}
	v.seen = v.seen[:0]
}

func (v *votes) add(value int) {
	k := int32(value + voteBias)
	if len(v.seen) == 0 {
		v.most, v.least, v.top = k, value, value
	}
	v.seen = append(v.seen, k)
	v.least, v.top = min(v.least, value), max(v.top, value)
	v.counts[k]++
	if v.counts[k] > v.counts[v.most] {
		v.most = k
	}
}

// winner returns a value and how many are at most within from it: all if one value can be
// that near to all, else those that are equal to the one seen most often.
func (v *votes) winner(within int) (value, count int) {
	if v.top-v.least <= 2*within {
		return v.least + (v.top-v.least)/2, len(v.seen)
	}
	return int(v.most) - voteBias, int(v.counts[v.most])
}
