package describe

// maxCostly is how many stretches that cost much are listed. Arbitrary: what a person looks at.
const maxCostly = 12

// A run is cells in a row of a part, [from, to), that cost more than usual.
type run struct {
	part, from, to int
	before         float64 // sum of the excess of the cells before from
	after          float64 // the same, before to
}

func (r *run) excess() float64 { return r.after - r.before }

// costly returns the stretches of m that cost most beyond what as many bytes cost on average.
func (m *segmentMap) costly() (list []Stretch) {
	var size, cost int64
	for _, p := range m.parts {
		size += p.Size
		cost += 8 * bitUnits * p.Coded
	}
	usual := float64(cost) / float64(max(size, 1))
	var all []run
	for i, p := range m.parts {
		all = append(all, p.runs(i, usual)...)
	}
	largestFirst(all, (*run).excess)
	for _, r := range all {
		p := m.parts[r.part]
		s := Stretch{Segment: r.part, Offset: p.Offset + int64(r.from)*int64(p.Cell), Node: -1}
		s.Size = min(int64(r.to-r.from)*int64(p.Cell), p.end()-s.Offset)
		for _, c := range p.cells[r.from:r.to] {
			s.Bits += float64(c) / bitUnits
		}
		if r.excess()*costlyPart < s.Bits*bitUnits || r.excess()*costlyShare < all[0].excess() {
			continue
		}
		p.name(&s)
		if list = append(list, s); len(list) == maxCostly {
			break
		}
	}
	return list
}

// A stretch is listed if its excess is at least one part in costlyPart of its cost, and one in costlyShare
// of the first one's. Arbitrary: others are hardly more than usual.
const costlyPart, costlyShare = 10, 50

// runs returns the runs of cells of p that cost more than usual, as long as they can be: between two of
// them, what costs less outweighs one of both (W. Ruzzo and M. Tompa, 1999).
func (p *mapPart) runs(part int, usual float64) (runs []run) {
	sum := 0.0
	for k, c := range p.cells {
		before := sum
		if sum += float64(c) - usual*float64(p.bytesOf(k)); sum <= before {
			continue
		}
		r := run{part: part, from: k, to: k + 1, before: before, after: sum}
		for j := len(runs) - 1; j >= 0; j-- {
			if runs[j].before >= r.before {
				continue
			}
			if runs[j].after >= r.after {
				break
			}
			r.from, r.before = runs[j].from, runs[j].before
			runs = runs[:j]
		}
		runs = append(runs, r)
	}
	return runs
}

// name sets the words and the node of s to those of the section of p that has most of it.
func (p *mapPart) name(s *Stretch) {
	most := int64(0)
	for _, section := range p.sections {
		common := min(section.Offset+section.Size, s.Offset+s.Size) - max(section.Offset, s.Offset)
		if common > most {
			most, s.Words, s.Node = common, section.Words, section.Node
		}
	}
}
