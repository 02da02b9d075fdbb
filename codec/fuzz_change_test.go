package codec

import (
	"slices"

	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
)

// change makes one change to f.
func change(f *takenFile, c *choices) {
	block := 1 << f.header.BlockLog
	if len(f.segments) == 0 {
		changeHeader(f, c)
		return
	}
	k := c.take(len(f.segments))
	t := f.segments[k]
	switch c.take(13) {
	case 0:
		changeHeader(f, c)
	case 1:
		switch c.take(3) {
		case 0:
			f.segments = slices.Insert(f.segments, k, t)
		case 1:
			f.segments = slices.Delete(f.segments, k, k+1)
		default:
			j := c.take(len(f.segments))
			f.segments[k], f.segments[j] = f.segments[j], f.segments[k]
		}
	case 2:
		t.size = 1 + c.take(1<<13)
		t.refit(c, block)
	case 3:
		changeIndex(f, c)
	case 4:
		t.section, _, _ = t.coded(&f.header)
		t.section = changeBytes(slices.Clone(t.section), c)
	case 5, 6:
		if g := c.take(len(t.members)); len(t.members[g]) > 0 {
			t.members[g] = changeBytes(slices.Clone(t.members[g]), c)
			t.tails = c.take(8) == 1
		}
	case 7:
		if g := c.take(len(t.blocks)); len(t.blocks[g]) > 0 {
			b := c.take(len(t.blocks[g]))
			if p := t.blocks[g][b]; p != nil {
				t.blocks[g][b] = changeProgram(p.Clone(), c, dsl.Block)
			} else {
				t.blocks[g][b] = &dsl.Program{Nodes: []dsl.Node{{Op: dsl.RepeatNum, Nums: [3]int32{int32(block), 5}}}}
			}
		}
	case 8:
		if g := c.take(len(t.blocks)); len(t.blocks[g]) > 0 {
			from, to := c.take(len(t.blocks[g])), c.take(len(t.blocks[g]))
			t.blocks[g][to] = t.blocks[g][from]
			t.refitMembers(c, block)
		}
	case 9:
		t.plain = !t.plain
	case 10:
		t.changePredictor(c)
	default:
		for range 1 + c.take(3) {
			t.plan = changeProgram(t.plan.Clone(), c, dsl.Plan)
		}
		if c.take(8) != 1 {
			t.refit(c, block)
		}
	}
}

// changePredictor gives a group a predictor, changes that which it has, or takes it away.
func (t *takenSegment) changePredictor(c *choices) {
	g := c.take(len(t.groups))
	p := t.groups[g].Predictor
	if p != nil && c.take(8) == 1 {
		t.groups[g].Predictor = nil
		return
	}
	if p == nil {
		list := []dsl.Node{{Op: dsl.Signed, Nums: [3]int32{2, 3, 0}}, {Op: dsl.Code, Nums: [3]int32{0, 0, 80}}}
		p, t.blocks[g] = &dsl.Program{Nodes: list, Out: 1}, nil
	}
	t.groups = slices.Clone(t.groups)
	t.groups[g].Predictor = changeProgram(p.Clone(), c, dsl.Predictor).Canonical()
}

// refitMembers makes members of the lengths that the raw blocks want, of zeros.
func (t *takenSegment) refitMembers(c *choices, block int) {
	if len(t.groups) != 1 || !t.plan.IsIdentity() {
		t.refit(c, block)
		return
	}
	n := 0
	for i, p := range t.blocks[0] {
		if p == nil {
			n += min(block, t.size-i*block)
		}
	}
	t.members[0] = memberOf(make([]byte, max(n, 0)), c.take(4))
}

func changeHeader(f *takenFile, c *choices) {
	h := &f.header
	switch c.take(8) {
	case 7:
		h.PredictorLog = uint8(c.take(12)) + 15
	case 0:
		h.BlockLog = uint8(4 + c.take(9))
	case 1:
		h.SegmentLog = uint8(4 + c.take(23))
	case 2:
		h.Version = uint8(1 + c.take(container.Version))
	case 3:
		h.Name = []string{"", "a", "..", "ä/"}[c.take(4)]
	case 4:
		h.HasSize, h.Size = c.take(2) == 0, int64(c.take(1<<16))
	case 5:
		h.HasSize, h.Size = true, 0
		for _, s := range f.segments {
			h.Size += int64(s.size)
		}
	default:
		h.HasMode, h.Mode = true, 0o644
	}
}

func changeIndex(f *takenFile, c *choices) {
	kind, at, by := c.take(7), c.take(1<<12), int64(c.take(5))-2
	f.index = func(x *container.Index) {
		switch {
		case kind == 0:
			x.Header += by
		case len(x.Entries) == 0:
		case kind == 1:
			x.Entries[at%len(x.Entries)].Coded += by
		case kind == 2:
			x.Entries[at%len(x.Entries)].Size += by
		case kind == 3:
			x.Entries = append(x.Entries, container.Entry{Coded: 5, Size: by})
		case kind == 4:
			x.Entries = x.Entries[:at%len(x.Entries)]
		}
	}
	switch kind {
	case 5:
		f.padded = 1 + at%20
	case 6:
		f.swapped = true
	}
}

// changeBytes flips, drops, repeats or adds a few bytes.
func changeBytes(b []byte, c *choices) []byte {
	for range 1 + c.take(3) {
		at := c.take(max(len(b), 1))
		switch kind := c.take(4); {
		case len(b) == 0 || kind == 1:
			b = slices.Insert(b, min(at, len(b)), byte(c.take(256)))
		case kind == 2:
			b = slices.Delete(b, at, min(len(b), at+1+c.take(4)))
		case kind == 3:
			b = slices.Insert(b, at, b[at:min(len(b), at+1+c.take(12))]...)
		default:
			b[at] ^= 1 << c.take(8)
		}
	}
	return b
}

// anyOp returns an operation of the role.
func anyOp(c *choices, role dsl.Role) dsl.Op {
	for k := c.take(64); ; k++ {
		op := dsl.Op(k % 64)
		if role == dsl.Predictor {
			op += 64
		}
		if op.In(role) {
			return op
		}
	}
}

// changeProgram changes a node of p, or adds one.
func changeProgram(p *dsl.Program, c *choices, role dsl.Role) *dsl.Program {
	if len(p.Nodes) == 0 || c.take(4) == 0 {
		n := dsl.Node{Op: anyOp(c, role)}
		for k := range n.Op.Lists() {
			n.Refs[k] = len(p.Nodes) - 1 - c.take(len(p.Nodes)+1)
			if role != dsl.Block {
				n.Refs[k] = max(n.Refs[k], 0)
			}
		}
		nums, list := n.Op.Numbers()
		for k := range nums {
			n.Nums[k] = c.number(1)
		}
		for range c.take(6) {
			if list {
				n.List = append(n.List, c.number(1))
			}
		}
		if len(p.Nodes) == 0 && n.Op.Lists() > 0 && role == dsl.Plan {
			n = dsl.Node{Op: dsl.Payload}
		}
		p.Nodes = append(p.Nodes, n)
		p.Out = len(p.Nodes) - 1
		return p
	}
	i := c.take(len(p.Nodes))
	n := &p.Nodes[i]
	nums, list := n.Op.Numbers()
	switch c.take(4) {
	case 0:
		if next := anyOp(c, role); next.Lists() == n.Op.Lists() {
			keep, takesList := next.Numbers()
			for k := keep; k < len(n.Nums); k++ {
				n.Nums[k] = 0
			}
			if n.Op = next; !takesList {
				n.List = nil
			}
		}
	case 1:
		if k := n.Op.Lists(); k > 0 && i > 0 {
			n.Refs[c.take(k)] = c.take(i)
		}
	case 2:
		if list {
			switch at := c.take(len(n.List) + 1); {
			case at == len(n.List):
				n.List = append(n.List, c.number(1))
			case c.take(3) == 0:
				n.List = slices.Delete(n.List, at, at+1)
			default:
				n.List[at] = c.number(n.List[at])
			}
			break
		}
		fallthrough
	default:
		if nums > 0 {
			k := c.take(nums)
			n.Nums[k] = c.number(n.Nums[k])
		}
	}
	return p
}
