package dsl

import (
	"errors"
	"slices"
	"testing"
)

// smallSection returns a section of a few programs, which refer to at most 3 earlier lists,
// each after a raw block; and the programs.
func smallSection(t testing.TB) ([]byte, []*Program) {
	e := NewEncoder(Edition2)
	e.Plan(Identity())
	texts := []string{
		"sequence_1 = copy(16, 16)\nsequence_2 = add_two_lists(sequence_1, earlier_3)\noutput = sequence_2",
		"sequence_1 = rest()\nsequence_2 = concatenate(sequence_1, earlier_2)\noutput = sequence_2",
		"output = earlier_1",
	}
	for _, pair := range readPairs(t, pairFiles[1])[:12] {
		texts = append(texts, pair.Program)
	}
	var programs []*Program
	for _, text := range texts {
		p := mustParse(t, text, Block).Canonical()
		programs = append(programs, p)
		e.Raw()
		e.Program(p)
	}
	return e.Finish(), programs
}

// readSection reads the plan and up to blocks blocks, and checks that they are sound.
func readSection(t testing.TB, section []byte, blocks int, elements int64, earlier int) (plan *Program, programs []*Program, err error) {
	d := NewDecoder(section, Edition2)
	p, err := d.Plan()
	if err == nil {
		plan = sound(t, p, Plan, 0)
	}
	for i := 0; i < blocks && err == nil; i++ {
		if p, err = d.Next(literals(elements), earlier); err == nil && p != nil {
			n := int64(0)
			for i := range p.Nodes {
				n += int64(len(p.Nodes[i].List))
			}
			if n > elements {
				t.Fatalf("read %d elements of %d", n, elements)
			}
			programs = append(programs, sound(t, p, Block, earlier))
		} else if err == nil {
			programs = append(programs, nil)
		}
	}
	if err != nil {
		if !errors.Is(err, ErrCorrupt) && !errors.Is(err, ErrLimit) {
			t.Fatalf("%v, want ErrCorrupt or ErrLimit", err)
		}
		if _, again := d.Next(literals(elements), earlier); again != err {
			t.Fatalf("after %v: %v", err, again)
		}
	}
	return plan, programs, err
}

// sound checks that an Encoder could have written p, with this many earlier lists, and
// returns a copy.
func sound(t testing.TB, p *Program, role Role, earlier int) *Program {
	if len(p.Nodes) > MaxNodes || p.Out != len(p.Nodes)-1 && (len(p.Nodes) > 0 || p.Out >= 0) || p.Out < -earlier {
		t.Fatalf("%d nodes, output %d, %d earlier lists", len(p.Nodes), p.Out, earlier)
	}
	q := &Program{Out: p.Out}
	for i, n := range p.Nodes {
		if n.Op >= numOps || !n.Op.in(role) {
			t.Fatalf("operation %d", n.Op)
		}
		for _, ref := range n.Refs[:n.Op.Lists()] {
			if ref < -earlier || ref >= i {
				t.Fatalf("node %d refers to %d, %d earlier lists", i, ref, earlier)
			}
		}
		n.List = slices.Clone(n.List)
		q.Nodes = append(q.Nodes, n)
	}
	if !same(p, p.Canonical()) {
		t.Fatalf("not canonical:\n%s", p)
	}
	return q
}

// TestTruncated reads every prefix of a section.
func TestTruncated(t *testing.T) {
	section, programs := smallSection(t)
	blocks := 2 * len(programs)
	for n := range section {
		_, got, err := readSection(t, section[:n], blocks, wide, 3)
		if err == nil && len(got) != blocks {
			t.Fatalf("%d of %d bytes: %d blocks and no error", n, len(section), len(got))
		}
		if n < len(section)-4 && err == nil {
			// The zeros that follow may be other programs, not the same.
			equal := true
			for i, p := range got {
				equal = equal && (p == nil) == (i%2 == 0) && (p == nil || same(p, programs[i/2]))
			}
			if equal {
				t.Fatalf("%d of %d bytes read as all", n, len(section))
			}
		}
	}
}

// TestTrailing reads a section with bytes after its end.
func TestTrailing(t *testing.T) {
	section, programs := smallSection(t)
	d := NewDecoder(append(section, 1, 2, 3, 4, 5), Edition2)
	d.Plan()
	for range 2 * len(programs) {
		if _, err := d.Next(literals(wide), 3); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Close(); !errors.Is(err, errTrailing) || !errors.Is(err, ErrCorrupt) {
		t.Errorf("got %v, want %v", err, errTrailing)
	}
}

// TestFlipped reads a section with each bit and each byte flipped.
func TestFlipped(t *testing.T) {
	section, programs := smallSection(t)
	failed := 0
	for i := range section {
		for _, mask := range []byte{1, 2, 4, 8, 16, 32, 64, 128, 255} {
			bad := slices.Clone(section)
			bad[i] ^= mask
			if _, _, err := readSection(t, bad, 2*len(programs), wide, 3); err != nil {
				failed++
			}
		}
	}
	if failed == 0 {
		t.Error("no flip was noticed")
	}
}

// TestReadLimits checks that programs beyond a limit are refused.
func TestReadLimits(t *testing.T) {
	long := call(SetList, nil, nil, make(ints, 1000)...)
	e := NewEncoder(Edition2)
	e.Program(long)
	d := NewDecoder(e.Finish(), Edition2)
	if _, err := d.Next(literals(999), 0); !errors.Is(err, ErrLimit) {
		t.Errorf("999 elements: %v", err)
	}
	// Literals together.
	two := &Program{Nodes: []Node{long.Nodes[0], long.Nodes[0], {Op: Concatenate, Refs: [2]int{0, 1}}}, Out: 2}
	e.Reset(Edition2)
	e.Program(two)
	section := e.Finish()
	if _, err := NewDecoder(section, Edition2).Next(literals(1999), 0); !errors.Is(err, ErrLimit) {
		t.Errorf("1999 elements: %v", err)
	}
	if p, err := NewDecoder(section, Edition2).Next(literals(2000), 0); err != nil || !same(p, two) {
		t.Errorf("2000 elements: %v", err)
	}
	// A plan's literals.
	for _, n := range []int{MaxPlanList, MaxPlanList + 1} {
		e.Reset(Edition2)
		e.Plan(&Program{Nodes: []Node{{Op: Payload}, {Op: Fields, List: make(ints, n)}}, Out: 1})
		if _, err := NewDecoder(e.Finish(), Edition2).Plan(); (err == nil) != (n == MaxPlanList) || err != nil && !errors.Is(err, ErrLimit) {
			t.Errorf("%d elements in a plan: %v", n, err)
		}
	}
	// Only a plan has a payload.
	e.Reset(Edition2)
	if e.ProgramCost(Identity()) < Unwritable {
		t.Error("a block may have a payload")
	}
	// MaxNodes is the most.
	for _, c := range []struct {
		nodes int
		ok    bool
	}{{MaxNodes, true}, {MaxNodes + 1, false}} {
		p := call(RepeatNum, nil, nil, 1, 2)
		for len(p.Nodes) < c.nodes {
			p.Nodes = append(p.Nodes, Node{Op: ReverseList, Refs: [2]int{len(p.Nodes) - 1}})
		}
		p.Out = len(p.Nodes) - 1
		e.Reset(Edition2)
		small := call(RepeatNum, nil, nil, 3, 4)
		want := e.ProgramCost(small)
		if cost := e.ProgramCost(p); (cost < Unwritable) != c.ok {
			t.Errorf("%d nodes cost %d", c.nodes, cost)
		}
		if cost := e.ProgramCost(small); cost != want {
			t.Errorf("after %d nodes, a small program costs %d, before %d", c.nodes, cost, want)
		}
		if !c.ok {
			continue
		}
		e.Program(p)
		if q, err := NewDecoder(e.Finish(), Edition2).Next(literals(wide), 0); err != nil || !same(p, q) {
			t.Errorf("%d nodes: %v", c.nodes, err)
		}
	}
}

// readAs reads the first program of a section; a block's with PastLists earlier lists.
func readAs(role Role, section []byte) error {
	d := NewDecoder(section, Edition2)
	if role == Plan {
		_, err := d.Plan()
		return err
	}
	_, err := d.Next(literals(wide), PastLists)
	return err
}

// TestSymbols reads every symbol that is not an operation of the role, as the output.
func TestSymbols(t *testing.T) {
	e := NewEncoder(Edition2)
	for role, root := range map[Role]int{Plan: rootPlan, Block: rootBlock} {
		invalid := 0
		for sym := range uint32(1 << opBits) {
			if sym == symRef || sym < uint32(numOps) && Op(sym).in(role) {
				continue
			}
			invalid++
			e.Reset(Edition2)
			if role == Block {
				e.flag(&e.w, 1)
			}
			e.walk.tree(atOps+root*2<<opBits, opBits, sym)
			if err := readAs(role, e.Finish()); err != errOp || !errors.Is(err, ErrCorrupt) {
				t.Errorf("symbol %d in role %d: %v", sym, role, err)
			}
		}
		valid := 0
		for op := range numOps {
			if op.in(role) {
				valid++
			}
		}
		if want := symRef - valid; invalid != want {
			t.Errorf("%d symbols are invalid in role %d, want %d", invalid, role, want)
		}
	}
}

// TestDistances reads references to earlier lists up to the first, and beyond it.
func TestDistances(t *testing.T) {
	r := newSampler(21)
	r.earlier = PastLists
	e := NewEncoder(Edition2)
	outputs := 0
	for range 1000 {
		p := r.program(1+r.IntN(8), Block).Canonical()
		e.Reset(Edition2)
		e.Program(p)
		section := e.Finish()
		k := deepest(p)
		if q, err := NewDecoder(section, Edition2).Next(literals(wide), k); err != nil || !same(p, q) {
			t.Fatalf("%s\nwith %d earlier lists read as\n%v, %v", p, k, q, err)
		}
		if k > 0 {
			if _, err := NewDecoder(section, Edition2).Next(literals(wide), k-1); err != errRef || !errors.Is(err, ErrCorrupt) {
				t.Fatalf("%s\nwith %d earlier lists: %v", p, k-1, err)
			}
		}
		if p.Out < 0 {
			outputs++
		}
	}
	if outputs < 25 {
		t.Errorf("the output of %d programs is an earlier list", outputs)
	}
	// As the output, and as the argument of the first node.
	for role, root := range map[Role]int{Plan: rootPlan, Block: rootBlock} {
		for distance, exists := range map[int32]bool{minInt: false, -1: false, 0: true, 1: true, PastLists - 1: true, PastLists: false, maxInt: false} {
			for _, within := range []bool{false, true} {
				e.Reset(Edition2)
				if role == Block {
					e.flag(&e.w, 1)
				}
				parent := root
				if within {
					e.walk.tree(atOps+root*2<<opBits, opBits, uint32(ScanAdd))
					parent = int(ScanAdd)
				}
				e.walk.tree(atOps+parent*2<<opBits, opBits, symRef)
				e.walk.number(atDistance, &distance)
				if err := readAs(role, e.Finish()); err != nil && err != errRef || (err == nil) != (exists && role == Block) {
					t.Errorf("a distance of %d in role %d: %v", distance, role, err)
				}
			}
		}
	}
}
