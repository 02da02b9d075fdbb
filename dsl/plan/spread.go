package plan

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/ktzip/ktzip/dsl"
)

// What the bytes of a segment cost: the costs of the bytes of its streams, carried through the plan
// as far as it says where they go.

// A Made is a list of a plan, and what its bytes cost, in the unit of the streams' costs.
type Made struct {
	Node     int // that makes it
	List     []byte
	Costs    []uint16
	Args     [2][]byte // the lists of its arguments; those that lay within List now have parts of it
	ArgCosts [2][]uint16
}

// Cost returns what all bytes of the list cost.
func (x *Made) Cost() uint64 { return total(x.Costs) }

// Spread makes a segment of size bytes from its streams by the plan p, as Join does, and returns what
// each of its bytes costs, given what the bytes of each stream cost. If visit is not nil, it sees the list of
// each node, arguments first; a list that is used twice is seen twice. What it sees is valid until it
// returns, and must not be changed. An error of visit ends it.
//
// The sum of the costs stays, unless a byte would cost more than 65535. Bytes of a number cost the same.
func (m *Machine) Spread(size int, p *dsl.Program, streams [][]byte, costs [][]uint16, visit func(*Made) error) ([]uint16, error) {
	if err := m.beginJoin(p, size, streams); err != nil {
		return nil, err
	}
	if len(costs) != len(streams) {
		return nil, fmt.Errorf("%w: costs of %d streams, want %d", dsl.ErrExecution, len(costs), len(streams))
	}
	for k := range costs {
		if len(costs[k]) != len(streams[k]) {
			return nil, fmt.Errorf("%w: costs of %d bytes of a stream of %d", dsl.ErrExecution, len(costs[k]), len(streams[k]))
		}
	}
	s := spreader{m: m, streams: costs, stack: make([]uint16, m.layout.Scratch), visit: visit}
	for i, times := range m.layout.times() {
		if n := &p.Nodes[i]; n.Op == dsl.Payload && times > 0 {
			s.uses[n.Nums[0]] += times
		}
	}
	made := Made{Node: p.Out, List: make([]byte, size), Costs: make([]uint16, size)}
	if err := s.run(&made); err != nil {
		return nil, err
	}
	return made.Costs, nil
}

// A spreader carries costs through a plan.
type spreader struct {
	m       *Machine
	streams [][]uint16        // costs
	uses    [MaxStreams]int64 // of each stream: how often the plan takes it
	taken   [MaxStreams]int64 // times so far
	stack   []uint16          // of costs of lists, in the places of those of the machine
	used    int
	visit   func(*Made) error
}

func (s *spreader) take(n int) []uint16 {
	s.used += n
	return s.stack[s.used-n : s.used : s.used]
}

// carried are the lists of a node, and what their bytes cost. The costs of an argument are where the
// row says that its list is.
type carried struct {
	lists
	costs    []uint16 // of the result
	argCosts [2][]uint16
}

// run makes the list of x.Node in x.List, and its costs.
func (s *spreader) run(x *Made) error {
	m := s.m
	n := &m.layout.p.Nodes[x.Node]
	if n.Op == dsl.Payload {
		if err := m.payload(x.Node, int(n.Nums[0]), x.List); err != nil {
			return err
		}
		s.payload(int(n.Nums[0]), x.Costs)
		return s.show(x)
	}
	r := rowOf(n.Op)
	mark, costMark := m.used, s.used
	x.Args, x.ArgCosts = argumentsOf(m.layout, n, x.List, m.take), argumentsOf(m.layout, n, x.Costs, s.take)
	for k, ref := range n.Refs[:n.Op.Lists()] {
		if err := s.run(&Made{Node: ref, List: x.Args[k], Costs: x.ArgCosts[k]}); err != nil {
			return err
		}
	}
	c := carried{lists{x.List, x.Args}, x.Costs, x.ArgCosts}
	if r.run != nil && n.Op != dsl.Lines { // spreadLines prints them
		if err := r.run(m, n, c.lists); err != nil {
			return dsl.LineError(x.Node, err)
		}
	}
	spread := spreads[n.Op]
	if spread == nil {
		spread = spreadEvenly
	}
	if err := spread(m, n, &c); err != nil {
		return dsl.LineError(x.Node, err)
	}
	if err := s.show(x); err != nil {
		return err
	}
	m.used, s.used = mark, costMark
	return nil
}

// spreads make what the bytes of the result of an operation cost from what those of the arguments cost; nil if
// all bytes cost the same. The table is not part of rows, so that programs that only restore do not link it.
var spreads = [len(rows)]func(m *Machine, n *dsl.Node, c *carried) error{
	dsl.Payload:     keepCosts,
	dsl.Between:     keepCosts,
	dsl.Concatenate: keepCosts,
	dsl.Interleave:  spreadInterleave,
	dsl.ReverseList: spreadReverse,
	dsl.ScanAdd:     keepCosts,
	dsl.AddItem:     keepCosts,
	dsl.Predict:     spreadElements,
	dsl.Paeth:       spreadElements,
	dsl.Median:      spreadElements,
	dsl.Zigzag:      spreadElements,
	dsl.ScanXor:     spreadElements,
	dsl.Floats:      spreadElements,
	dsl.LMS:         spreadElements,
	dsl.Transpose:   spreadTranspose,
	dsl.Fields:      spreadFields,
	dsl.Records:     spreadRecords,
	dsl.Pack:        spreadPack,
	dsl.Expand:      spreadExpand,
	dsl.Columns:     spreadColumns,
	dsl.Kinds:       spreadKinds,
	dsl.Mix:         spreadElements,
	dsl.Lines:       spreadLines,
	dsl.Branches:    keepCosts,
	dsl.Scaled:      spreadElements,
	dsl.Multiples:   spreadElements,
	dsl.Lookup:      spreadLookup,
	dsl.Letters:     spreadLetters,
	dsl.Converted:   spreadElements,
	dsl.Distinct:    spreadDistinct,
	dsl.Normals:     keepCosts,
}

func (s *spreader) show(x *Made) error {
	if s.visit == nil {
		return nil
	}
	return s.visit(x)
}

// payload sets costs to those of stream k, or to a part if the plan takes the stream several times.
func (s *spreader) payload(k int, costs []uint16) {
	before, uses := uint64(s.taken[k]), uint64(s.uses[k])
	s.taken[k]++
	for i, c := range s.streams[k] {
		if uses > 1 {
			c = uint16(uint64(c)*(before+1)/uses - uint64(c)*before/uses)
		}
		costs[i] = c
	}
}

// total returns the sum of costs.
func total(costs []uint16) (sum uint64) {
	for _, c := range costs {
		sum += uint64(c)
	}
	return sum
}

// addEvenly adds costs that sum up to sum to those of bytes.
func addEvenly(costs []uint16, sum uint64) {
	if len(costs) == 0 || sum == 0 {
		return
	}
	n := uint64(len(costs))
	each, more := sum/n, sum%n
	missing := uint64(0) // of the next one more, in 1/n
	for i, c := range costs {
		x := uint64(c) + each
		if missing += more; missing >= n {
			missing -= n
			x++
		}
		costs[i] = uint16(min(x, math.MaxUint16))
	}
}

// setEvenly sets costs to values that sum up to sum.
func setEvenly(costs []uint16, sum uint64) {
	clear(costs)
	addEvenly(costs, sum)
}

// keepCosts is row.spread of operations whose bytes stay where they are.
func keepCosts(*Machine, *dsl.Node, *carried) error { return nil }

// spreadEvenly is row.spread of operations that have none: all bytes cost the same.
func spreadEvenly(_ *Machine, _ *dsl.Node, c *carried) error {
	setEvenly(c.costs, total(c.argCosts[0])+total(c.argCosts[1]))
	return nil
}

// spreadElements is row.spread of operations on elements in place, of n.Nums[0] bytes.
func spreadElements(_ *Machine, n *dsl.Node, c *carried) error {
	w := int(max(n.Nums[0], -n.Nums[0]))
	for costs := c.costs; w > 1 && len(costs) >= w; costs = costs[w:] {
		setEvenly(costs[:w], total(costs[:w]))
	}
	return nil
}

// spreadGroups sets the costs of each to bytes of the result to those of from bytes of an argument. What is
// left of both keeps its costs.
func spreadGroups(costs, argument []uint16, to, from int) {
	for len(costs) >= to {
		setEvenly(costs[:to], total(argument[:from]))
		costs, argument = costs[to:], argument[from:]
	}
	copy(costs, argument)
}

func spreadReverse(_ *Machine, _ *dsl.Node, c *carried) error {
	for i, j := 0, len(c.costs)-1; i < j; i, j = i+1, j-1 {
		c.costs[i], c.costs[j] = c.costs[j], c.costs[i]
	}
	return nil
}

func spreadInterleave(_ *Machine, _ *dsl.Node, c *carried) error {
	for i := range c.costs {
		c.costs[i] = c.argCosts[i%2][i/2]
	}
	return nil
}

func spreadTranspose(_ *Machine, node *dsl.Node, c *carried) error {
	w := int(node.Nums[0])
	count := len(c.costs) / w
	n := min(int(node.Nums[1]), max(count, 1))
	columns := c.argCosts[0]
	for k := range n {
		for i := k; i < count; i += n {
			copy(c.costs[i*w:(i+1)*w], columns)
			columns = columns[w:]
		}
	}
	copy(c.costs[count*w:], columns)
	return nil
}

func spreadFields(_ *Machine, n *dsl.Node, c *carried) error {
	size, offset, columns := sum(n.List), 0, c.argCosts[0]
	count := len(c.costs) / size
	for _, width := range n.List {
		w := int(width)
		for i := range count {
			copy(c.costs[i*size+offset:][:w], columns)
			columns = columns[w:]
		}
		offset += w
	}
	copy(c.costs[count*size:], columns)
	return nil
}

func spreadRecords(m *Machine, n *dsl.Node, c *carried) error {
	f, err := frameOf(n)
	if err != nil {
		return err
	}
	order, err := m.copyHeads(&f, c.result, c.args[0])
	if err != nil {
		return err
	}
	kinds, pos := m.kinds.kinds, int32(0)
	for k := range kinds {
		kinds[k].body = pos
		pos += (kinds[k].length - int32(f.headBytes)) * kinds[k].count
	}
	costs, heads := c.costs, c.argCosts[0]
	for ; len(order) > 0; order = order[kindBytes:] {
		kind := &kinds[binary.LittleEndian.Uint16(order)]
		copy(costs[:f.headBytes], heads)
		for j := range int(kind.length) - f.headBytes {
			costs[f.headBytes+j] = c.argCosts[1][int(kind.body)+j*int(kind.count)]
		}
		kind.body++
		costs, heads = costs[kind.length:], heads[f.headBytes:]
	}
	return nil
}

// spreadColumn sets the costs of the field f of the records of r that have it to those at the start of cols. It
// returns the remaining cols.
func spreadColumn(f *field, r *rowSet, costs, cols []uint16) []uint16 {
	if f.predictor == FieldBytes {
		for k := 0; k < f.width && r.count > 0; k++ {
			r.keep(f.offset + k + 1)
			for i, x := range cols[:r.count] {
				costs[r.at(i)+f.offset+k] = x
			}
			cols = cols[r.count:]
		}
		return cols
	}
	r.keep(f.offset + f.width)
	for i := range r.count {
		own := costs[r.at(i)+f.offset:][:f.width]
		if f.predictor == FieldText {
			copy(own, cols[i*f.width:])
			continue
		}
		sum := uint64(0)
		for k := range own {
			sum += uint64(cols[k*r.count+i])
		}
		setEvenly(own, sum)
	}
	return cols[r.count*f.width:]
}

func spreadColumns(m *Machine, n *dsl.Node, c *carried) (err error) {
	if m.fields, err = appendFields(m.fields[:0], n.List, 0); err != nil {
		return err
	}
	size, cols := recordBytes(n), c.argCosts[0]
	r := rowSet{count: len(c.costs) / size, stride: size}
	for k := range m.fields {
		cols = spreadColumn(&m.fields[k], &r, c.costs, cols)
	}
	copy(c.costs[r.count*size:], cols)
	return nil
}

func spreadKinds(m *Machine, n *dsl.Node, c *carried) error {
	heads, bodies := c.argCosts[0], c.argCosts[1]
	h := int(n.Nums[0])
	r := reckoner{}
	f, err := framingOf(n, nil)
	if err != nil {
		return err
	}
	r.framing = &f
	for records, costs, all := c.args[0], c.costs, heads; len(records) >= h; records, all = records[h:], all[h:] {
		copy(costs[:h], all)
		_, length := r.of(records)
		costs = costs[length:]
	}
	k := copier[uint16]{spreadColumn, func(record, body []uint16) { copy(record, body) }}
	return m.eachKind(n, c.lists, func(x *kindRows) { bodies = k.body(x, c.costs, bodies) })
}

func spreadPack(_ *Machine, n *dsl.Node, c *carried) error {
	p, err := packingOf(n)
	if err == nil {
		spreadGroups(c.costs, c.argCosts[0], p.groupBytes, p.samples*p.elementBytes)
	}
	return err
}

// spreadLookup adds what the table costs to all bytes.
func spreadLookup(_ *Machine, n *dsl.Node, c *carried) error {
	spreadGroups(c.costs, c.argCosts[0], int(max(n.Nums[0], -n.Nums[0])), int(n.Nums[1]))
	addEvenly(c.costs, total(c.argCosts[1]))
	return nil
}
