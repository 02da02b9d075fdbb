package describe

import (
	"math/bits"
	"slices"
)

// The limits of the map. All are arbitrary: a screen has some 2,000 by 1,000 points.
const (
	maxCells        = 1 << 14 // of all segments; one each at least
	maxSegmentCells = 512     // of a segment
	minCell         = 64      // bytes that a cell stands for at least
	maxParts        = 600     // segments on the map
	maxHeat         = 255     // what a cell costs at most, in 1/16 bit a byte
)

// bitUnits are the units of a bit in which costs are counted: SegmentInfo.Costs says 1/16 bit.
const bitUnits = 16

// A mapPart is a part of the map before it is complete.
type mapPart struct {
	SegmentPart
	cells    []int64   // what they cost, in 1/16 bit
	detail   *detailed // nil if it has none
	sections []Stretch
	into     *mapPart // that it became part of; nil if it stands on its own
}

// end returns where p ends in what the files restore to.
func (p *mapPart) end() int64 { return p.Offset + p.Size }

// owner returns the part on the map that has what p has.
func (p *mapPart) owner() *mapPart {
	for p.into != nil {
		p = p.into
	}
	return p
}

// A segmentMap collects the segments of a file, fewer than maxParts, with at most maxCells cells.
type segmentMap struct {
	parts  []*mapPart
	joined int               // segments that are listed with a neighbour
	cell   int               // bytes of the smallest cell in use
	cells  int               // of all parts
	drop   func(d *detailed) // leaves a detail out
}

// add adds a segment whose bytes cost costs, in 1/16 bit; what else it takes is charged in proportion. It
// returns its part, which may later become part of another.
func (m *segmentMap) add(part SegmentPart, costs []uint16) *mapPart {
	m.cell = max(m.cell, minCell)
	p := &mapPart{SegmentPart: part}
	p.Cell = max(m.cell, cellFor(p.Size))
	p.cells = make([]int64, cellsOf(p.Size, p.Cell))
	sum := int64(0)
	for i, c := range costs {
		p.cells[i/p.Cell] += int64(c)
		sum += int64(c)
	}
	p.scale(sum)
	m.parts = append(m.parts, p)
	m.cells += len(p.cells)
	if len(m.parts) > maxParts {
		m.join()
	}
	for m.cells > maxCells && m.cells > len(m.parts) {
		m.coarsen()
	}
	return p
}

// scale makes the cells of p, which cost sum together, cost Coded bytes.
func (p *mapPart) scale(sum int64) {
	coded := 8 * bitUnits * p.Coded
	for k := range p.cells {
		if sum == 0 {
			p.cells[k] = coded * int64(p.bytesOf(k)) / p.Size
		} else {
			p.cells[k] = int64(float64(p.cells[k]) * float64(coded) / float64(sum))
		}
	}
}

// bytesOf returns how many bytes cell k of p stands for.
func (p *mapPart) bytesOf(k int) int { return int(min(int64(p.Cell), p.Size-int64(k)*int64(p.Cell))) }

// cellFor returns how many bytes a cell of a segment of size bytes has at least.
func cellFor(size int64) int {
	return max(minCell, 1<<bits.Len64(uint64((size+maxSegmentCells-1)/maxSegmentCells-1)))
}

// cellsOf returns how many cells size bytes have.
func cellsOf(size int64, cell int) int { return int((size + int64(cell) - 1) / int64(cell)) }

// coarsen doubles the smallest cells.
func (m *segmentMap) coarsen() {
	m.cell *= 2
	m.cells = 0
	for _, p := range m.parts {
		if p.Cell < m.cell {
			cells := p.cells
			p.Cell, p.cells = m.cell, make([]int64, cellsOf(p.Size, m.cell))
			for k, c := range cells {
				p.cells[k/2] += c
			}
		}
		m.cells += len(p.cells)
	}
}

// join makes one part of each two.
func (m *segmentMap) join() {
	m.cells = 0
	parts := m.parts[:0]
	for pair := range slices.Chunk(m.parts, 2) {
		p := pair[0]
		if len(pair) == 2 {
			p.detail = m.oneOf(p.detail, pair[1].detail)
			p.join(pair[1])
			m.joined++
		}
		parts = append(parts, p)
		m.cells += len(p.cells)
	}
	clear(m.parts[len(parts):])
	m.parts = parts
}

// join adds to p the part o after it, but for its detail.
func (p *mapPart) join(o *mapPart) {
	own, all := *p, &p.SegmentPart
	if all.Size = o.end() - p.Offset; o.Coded > p.Coded {
		all.Plan = o.Plan
	}
	all.Coded += o.Coded
	all.Programs += o.Programs
	all.Raw += o.Raw
	all.Blocks = [2]int{p.Blocks[0] + o.Blocks[0], p.Blocks[1] + o.Blocks[1]}
	p.sections, o.into = nil, p
	p.Cell = max(own.Cell, o.Cell, cellFor(p.Size))
	p.cells = make([]int64, cellsOf(p.Size, p.Cell))
	for _, from := range []*mapPart{&own, o} {
		for k, c := range from.cells {
			off := from.Offset - p.Offset + int64(k)*int64(from.Cell)
			p.spread(off, int64(from.bytesOf(k)), c)
		}
	}
}

// oneOf returns that of two details which is listed rather than the other, and drops the other; nil if none is
// listed.
func (m *segmentMap) oneOf(a, b *detailed) *detailed {
	switch {
	case b == nil || !b.listed:
		return a
	case a == nil || !a.listed:
		return b
	case b.before(a):
		a, b = b, a
	}
	m.drop(b)
	return a
}

// spread charges cost to n bytes from off on, which touch two cells at most.
func (p *mapPart) spread(off, n, cost int64) {
	k := off / int64(p.Cell)
	here := min(n, (k+1)*int64(p.Cell)-off)
	first := cost * here / n
	if p.cells[k] += first; first < cost {
		p.cells[k+1] += cost - first
	}
}

// heat sets what the cells of p show. What rounding leaves of a cell is added to the next, so that the sum
// stays, also of bytes that cost next to nothing.
func (p *mapPart) heat() {
	p.Heat = make([]int, len(p.cells))
	more := int64(0)
	for k, c := range p.cells {
		n := int64(p.bytesOf(k))
		c += more
		heat := max(c+n/2, 0) / n
		more = c - heat*n
		p.Heat[k] = int(min(heat, maxHeat))
	}
}
