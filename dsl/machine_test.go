package dsl

import (
	"bytes"
	"errors"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// roomy is a budget that no operation of these tests exceeds.
var roomy = Budget{Steps: 1 << 22, Elements: 1 << 20}

const (
	maxInt = 1<<31 - 1
	minInt = -1 << 31
)

// call returns the program of one operation on the lists s and t.
func call(op Op, s, t []int32, nums ...int32) *Program {
	n := Node{Op: op}
	p := &Program{}
	for k, list := range [][]int32{s, t}[:op.Lists()] {
		p.Nodes = append(p.Nodes, Node{Op: SetList, List: list})
		n.Refs[k] = k
	}
	if op == SetList {
		n.List = nums
	} else {
		copy(n.Nums[:], nums)
	}
	p.Nodes = append(p.Nodes, n)
	p.Out = len(p.Nodes) - 1
	return p
}

type ints = []int32

// semantics are calls of every operation of block programs, on midStream.
var semantics = []struct {
	op   Op
	s, t ints
	nums ints
	want ints
	err  error
}{
	{op: SetList, nums: ints{3, -1, 256, maxInt, minInt}, want: ints{3, -1, 256, maxInt, minInt}},
	{op: SetList},

	{op: RangeUp, nums: ints{3, 6}, want: ints{3, 4, 5, 6}},
	{op: RangeUp, nums: ints{3, 3}, want: ints{3}},
	{op: RangeUp, nums: ints{3, 2}},
	{op: RangeUp, nums: ints{3, -50}},
	{op: RangeUp, nums: ints{-2, 1}, want: ints{-2, -1, 0, 1}},
	{op: RangeUp, nums: ints{maxInt - 1, maxInt}, want: ints{maxInt - 1, maxInt}},
	{op: RangeUp, nums: ints{maxInt, minInt}},

	{op: RangeInterval, nums: ints{0, 7, 3}, want: ints{0, 3, 6}},
	{op: RangeInterval, nums: ints{0, 6, 3}, want: ints{0, 3}},
	{op: RangeInterval, nums: ints{5, 5, 2}},
	{op: RangeInterval, nums: ints{9, 5, 2}},
	{op: RangeInterval, nums: ints{9, 5, -2}, want: ints{9, 7}},
	{op: RangeInterval, nums: ints{9, 4, -2}, want: ints{9, 7, 5}},
	{op: RangeInterval, nums: ints{5, 9, -2}},
	{op: RangeInterval, nums: ints{5, 9, 0}, err: errStep},
	{op: RangeInterval, nums: ints{minInt, maxInt, maxInt}, want: ints{minInt, -1, maxInt - 1}},
	{op: RangeInterval, nums: ints{maxInt, minInt, minInt}, want: ints{maxInt, -1}},
	{op: RangeInterval, nums: ints{0, 9, minInt}},

	{op: RepeatNum, nums: ints{3, 7}, want: ints{7, 7, 7}},
	{op: RepeatNum, nums: ints{0, 7}},
	{op: RepeatNum, nums: ints{-1, 7}},
	{op: RepeatNum, nums: ints{1, minInt}, want: ints{minInt}},

	{op: RepeatList, s: ints{1, 2}, nums: ints{3}, want: ints{1, 2, 1, 2, 1, 2}},
	{op: RepeatList, s: ints{1, 2}, nums: ints{0}},
	{op: RepeatList, s: ints{1, 2}, nums: ints{minInt}},
	{op: RepeatList, nums: ints{maxInt}},

	{op: ReverseList, s: ints{1, 2, 3}, want: ints{3, 2, 1}},
	{op: ReverseList},

	{op: Substitute, s: ints{1, 2, 1, 3}, nums: ints{1, 2}, want: ints{2, 2, 2, 3}},
	{op: Substitute, s: ints{1, 2}, nums: ints{9, 0}, want: ints{1, 2}},
	{op: Substitute, s: ints{1, 2}, nums: ints{1, -300}, want: ints{-300, 2}},

	{op: Jumps, s: ints{0, 1, 2, 3, 4}, nums: ints{2}, want: ints{0, 2, 4}},
	{op: Jumps, s: ints{0, 1, 2, 3, 4}, nums: ints{1}, want: ints{0, 1, 2, 3, 4}},
	{op: Jumps, s: ints{0, 1, 2, 3, 4}, nums: ints{5}, want: ints{0}},
	{op: Jumps, s: ints{0, 1, 2, 3, 4}, nums: ints{maxInt}, want: ints{0}},
	{op: Jumps, s: ints{0, 1, 2, 3, 4}, nums: ints{-2}, want: ints{4, 2, 0}},
	{op: Jumps, s: ints{0, 1, 2, 3, 4}, nums: ints{minInt}, want: ints{4}},
	{op: Jumps, nums: ints{3}},
	{op: Jumps, s: ints{1}, nums: ints{0}, err: errStep},
	{op: Jumps, nums: ints{0}, err: errStep},

	{op: Between, s: ints{0, 1, 2, 3, 4}, nums: ints{1, 3}, want: ints{1, 2}},
	{op: Between, s: ints{0, 1, 2, 3, 4}, nums: ints{0, 99}, want: ints{0, 1, 2, 3, 4}},
	{op: Between, s: ints{0, 1, 2, 3, 4}, nums: ints{-2, 99}, want: ints{3, 4}},
	{op: Between, s: ints{0, 1, 2, 3, 4}, nums: ints{-99, -3}, want: ints{0, 1}},
	{op: Between, s: ints{0, 1, 2, 3, 4}, nums: ints{1, -1}, want: ints{1, 2, 3}},
	{op: Between, s: ints{0, 1, 2, 3, 4}, nums: ints{3, 1}},
	{op: Between, s: ints{0, 1, 2, 3, 4}, nums: ints{5, 6}},
	{op: Between, s: ints{0, 1}, nums: ints{minInt, maxInt}, want: ints{0, 1}},
	{op: Between, nums: ints{-1, 1}},

	{op: MaxN, s: ints{3, 1, 3, 2}, nums: ints{3}, want: ints{3, 3, 2}},
	{op: MaxN, s: ints{3, 1, -3, 2}, nums: ints{9}, want: ints{3, 2, 1, -3}},
	{op: MaxN, s: ints{3, 1}, nums: ints{0}},
	{op: MaxN, s: ints{3, 1, 2}, nums: ints{-1}, want: ints{3, 2}},
	{op: MaxN, nums: ints{5}},
	{op: MinN, s: ints{3, 1, 3, 2}, nums: ints{3}, want: ints{1, 2, 3}},
	{op: MinN, s: ints{3, 1, -3, 2}, nums: ints{9}, want: ints{-3, 1, 2, 3}},
	{op: MinN, s: ints{3, 1}, nums: ints{0}},
	{op: MinN, s: ints{3, 1, 2}, nums: ints{-2}, want: ints{1}},
	{op: MinN, s: ints{3, 1, 2}, nums: ints{minInt}},

	{op: AddItem, s: ints{1, -2, 255}, nums: ints{5}, want: ints{6, 3, 260}},
	{op: AddItem, s: ints{maxInt - 1}, nums: ints{1}, want: ints{maxInt}},
	{op: AddItem, s: ints{maxInt}, nums: ints{1}, err: errRange},
	{op: AddItem, s: ints{minInt}, nums: ints{-1}, err: errRange},
	{op: AddItem, nums: ints{maxInt}},
	{op: SubtractItem, s: ints{1, -2, 255}, nums: ints{5}, want: ints{-4, -7, 250}},
	{op: SubtractItem, s: ints{-1}, nums: ints{minInt}, want: ints{maxInt}},
	{op: SubtractItem, s: ints{0}, nums: ints{minInt}, err: errRange},
	{op: SubtractItem, s: ints{minInt}, nums: ints{1}, err: errRange},

	{op: ModuloItem, s: ints{-7, 7, 0, 3}, nums: ints{3}, want: ints{2, 1, 0, 0}},
	{op: ModuloItem, s: ints{-7, 7, 0, 3}, nums: ints{-3}, want: ints{-1, -2, 0, 0}},
	{op: ModuloItem, s: ints{minInt, maxInt}, nums: ints{-1}, want: ints{0, 0}},
	{op: ModuloItem, s: ints{maxInt, 1}, nums: ints{minInt}, want: ints{-1, minInt + 1}},
	{op: ModuloItem, s: ints{1}, nums: ints{0}, err: errModulus},
	{op: ModuloItem, nums: ints{0}, err: errModulus},

	{op: FilterEven, s: ints{-2, -1, 0, 1, 2}, want: ints{-2, 0, 2}},
	{op: FilterEven, s: ints{1}},
	{op: FilterOdd, s: ints{-2, -1, 0, 1, 2, minInt}, want: ints{-1, 1}},
	{op: FilterNotZero, s: ints{-2, 0, 0, 1}, want: ints{-2, 1}},

	{op: ScanAdd, s: ints{1, -3, 2}, want: ints{1, -2, 0}},
	{op: ScanAdd},
	{op: ScanAdd, s: ints{maxInt, -1, 1}, want: ints{maxInt, maxInt - 1, maxInt}},
	{op: ScanAdd, s: ints{maxInt, 1, -5}, err: errRange},
	{op: ScanAdd, s: ints{minInt, -1}, err: errRange},

	{op: AddTwo, s: ints{1, 2, 3}, t: ints{10, -20}, want: ints{11, -18}},
	{op: AddTwo, s: ints{1}},
	{op: AddTwo, s: ints{maxInt}, t: ints{1}, err: errRange},
	{op: AddTwo, s: ints{0, maxInt}, t: ints{1}, want: ints{1}},
	{op: SubtractTwo, s: ints{1, 2}, t: ints{10, -20, 7}, want: ints{-9, 22}},
	{op: SubtractTwo, s: ints{0}, t: ints{minInt}, err: errRange},

	{op: ModuloTwo, s: ints{7, -7, 7, -7, 5}, t: ints{3, 3, -3, -3, 0}, want: ints{1, 2, -2, -1}},
	{op: ModuloTwo, s: ints{5, 6, 7}, t: ints{0, 4, 0, 9}, want: ints{2}},
	{op: ModuloTwo, s: ints{5}, t: ints{0}},

	{op: Concatenate, s: ints{1, 2}, t: ints{3}, want: ints{1, 2, 3}},
	{op: Concatenate, t: ints{3}, want: ints{3}},
	{op: Interleave, s: ints{1, 2}, t: ints{3, 4}, want: ints{1, 3, 2, 4}},
	{op: Interleave, s: ints{1, 2, 5, 6}, t: ints{3}, want: ints{1, 3, 2, 5, 6}},
	{op: Interleave, s: ints{1}, t: ints{3, 4, 5}, want: ints{1, 3, 4, 5}},
	{op: Interleave, s: ints{1, 2}, want: ints{1, 2}},
	{op: Interleave, t: ints{1, 2}, want: ints{1, 2}},

	{op: Payload, nums: ints{0}, err: errPlanOnly},

	{op: Rest, want: ints{300, -1, 0}},
	{op: Copy, nums: ints{8, 8}, want: ints{0, 1, 255, 3, 4, 5, 6, 7}},
	{op: Copy, nums: ints{8, 1}, want: ints{0}},
	{op: Copy, nums: ints{6, 3}, want: ints{255, 3, 4}},
	{op: Copy, nums: ints{1, 1}, want: ints{7}},
	{op: Copy, nums: ints{9, 1}, err: errCopy},
	{op: Copy, nums: ints{3, 4}, err: errCopy},
	{op: Copy, nums: ints{3, 0}, err: errCopy},
	{op: Copy, nums: ints{0, 0}, err: errCopy},
	{op: Copy, nums: ints{3, -1}, err: errCopy},
	{op: Copy, nums: ints{-3, -3}, err: errCopy},
	{op: Copy, nums: ints{-1, 1}, err: errCopy},
	{op: Copy, nums: ints{maxInt, maxInt}, err: errCopy},
	{op: Copy, nums: ints{minInt, minInt}, err: errCopy},
	{op: Copy, nums: ints{maxInt, minInt}, err: errCopy},
}

// midStream returns a Machine in the middle of a stream, with 4 earlier lists.
func midStream() *Machine {
	m := &Machine{before: []byte{0, 1, 255, 3, 4, 5, 6, 7}, rest: ints{300, -1, 0}}
	for _, list := range []ints{{1, 2, 3}, {}, {maxInt, minInt, 256}, {9, 8, 7, 6, 5, 4, 3, 2, 1, 0}} {
		m.history.add(list)
	}
	return m
}

// TestSemantics runs every operation of block programs on edge cases.
func TestSemantics(t *testing.T) {
	m := midStream()
	tested := map[Op]bool{}
	for _, c := range semantics {
		tested[c.op] = true
		p := call(c.op, c.s, c.t, c.nums...)
		got, steps, err := m.Run(p, roomy)
		if !errors.Is(err, c.err) || c.err == nil && !slices.Equal(got, c.want) {
			t.Errorf("%s\n\tgot  %v, %v\n\twant %v, %v", p, got, err, c.want, c.err)
		}
		if err != nil && !errors.Is(err, ErrExecution) {
			t.Errorf("%s: %v, want ErrExecution", p, err)
		}
		if steps < nodeSteps*int64(len(p.Nodes)) && c.err != errCopy && c.err != errPlanOnly {
			t.Errorf("%s: %d steps", p, steps)
		}
	}
	for op := range numOps {
		if op.in(Block) && !tested[op] {
			t.Errorf("%v is not tested", op)
		}
	}
}

// TestArgumentsKept checks that no operation changes its arguments.
func TestArgumentsKept(t *testing.T) {
	var m Machine
	for _, c := range semantics {
		p := call(c.op, c.s, c.t, c.nums...)
		for k := range c.op.Lists() {
			p.Out = k
			got, _, err := m.Run(p, roomy)
			if want := p.Nodes[k].List; err == nil && !slices.Equal(got, want) {
				t.Errorf("%s: argument %d became %v", p, k, got)
			}
		}
		// The same of lists of earlier programs, and of what is left of a stream.
		m, want := midStream(), midStream()
		for _, list := range []ints{c.s, c.t} {
			m.history.add(list)
			want.history.add(list)
		}
		n := p.Nodes[len(p.Nodes)-1]
		copy(n.Refs[:c.op.Lists()], []int{-2, -1})
		p.Nodes, p.Out = []Node{n}, 0
		got, _, err := m.Run(p, roomy)
		if !errors.Is(err, c.err) || c.err == nil && !slices.Equal(got, c.want) {
			t.Errorf("%s\n\tgot  %v, %v\n\twant %v, %v", p, got, err, c.want, c.err)
		}
		if !slices.EqualFunc(inUse(&m.history), inUse(&want.history), slices.Equal) || !slices.Equal(m.rest, want.rest) || !bytes.Equal(m.before, want.before) {
			t.Errorf("%s changed what earlier programs left", p)
		}
	}
}

// TestBytes checks the length and the range of an output.
func TestBytes(t *testing.T) {
	for _, c := range []struct {
		list ints
		want string
		err  string
	}{
		{list: ints{0, 65, 255}, want: "\x00A\xff"},
		{list: ints{0, 65}, err: "output of 2 elements, want 3"},
		{list: ints{0, 65, 66, 67}, err: "output of 4 elements, want 3"},
		{list: nil, err: "output of 0 elements, want 3"},
		{list: ints{0, 65, 256}, err: "output beyond 0..255"},
		{list: ints{-1, 65, 66}, err: "output beyond 0..255"},
		{list: ints{1, minInt, 66}, err: "output beyond 0..255"},
	} {
		var m Machine
		dst := make([]byte, 3)
		_, err := m.Bytes(dst, call(SetList, nil, nil, c.list...), roomy)
		switch {
		case c.err == "" && (err != nil || string(dst) != c.want):
			t.Errorf("%v: %q, %v", c.list, dst, err)
		case c.err != "" && (!errors.Is(err, ErrExecution) || !strings.Contains(err.Error(), c.err)):
			t.Errorf("%v: %v, want %q", c.list, err, c.err)
		}
	}
}

// TestBudget checks that a program runs with exactly the steps that it takes, and not with
// one less.
func TestBudget(t *testing.T) {
	for _, text := range []string{
		"sequence_1 = range_func_up(1, 100)\nsequence_2 = max_n(sequence_1, 5)\nsequence_3 = interleave(sequence_1, sequence_2)\noutput = sequence_3",
		"sequence_1 = repeat_num(50, 7)\nsequence_2 = repeat_list(4, sequence_1)\nsequence_3 = filter(is_even, sequence_2)\noutput = sequence_3",
	} {
		p := mustParse(t, text, Block)
		var m Machine
		_, steps, err := m.Run(p, roomy)
		if err != nil {
			t.Fatal(err)
		}
		if _, again, err := m.Run(p, Budget{Steps: steps, Elements: 1 << 20}); err != nil || again != steps {
			t.Errorf("%d steps are not enough: %v", steps, err)
		}
		if _, used, err := m.Run(p, Budget{Steps: steps - 1, Elements: 1 << 20}); !errors.Is(err, errSteps) || !errors.Is(err, ErrLimit) {
			t.Errorf("%d steps are enough: %d, %v", steps-1, used, err)
		}
		if _, _, err := m.Run(p, Budget{Steps: steps, Elements: 99}); !errors.Is(err, errElements) || !errors.Is(err, ErrLimit) {
			t.Errorf("99 elements are enough: %v", err)
		}
	}
	if _, _, err := new(Machine).Run(call(SetList, nil, nil), Budget{}); !errors.Is(err, ErrLimit) {
		t.Errorf("the zero Budget allows %v", err)
	}
}

// TestBudgetAllocation checks that a list beyond the budget is refused before it is
// allocated.
func TestBudgetAllocation(t *testing.T) {
	for _, text := range []string{
		"sequence_1 = range_func_up(-2147483648, 2147483647)",
		"sequence_1 = range_func_interval(-2147483648, 2147483647, 1)",
		"sequence_1 = repeat_num(2147483647, 0)",
		"sequence_1 = repeat_num(4000, 0)\nsequence_2 = repeat_list(2147483647, sequence_1)",
	} {
		p := mustParse(t, text+"\noutput = sequence_1", Block)
		var m Machine
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for _, b := range []Budget{{1 << 62, 1 << 14}, {1 << 14, 1 << 62}} {
			if _, _, err := m.Run(p, b); !errors.Is(err, ErrLimit) {
				t.Errorf("%s: %v", text, err)
			}
		}
		runtime.ReadMemStats(&after)
		if n := after.TotalAlloc - before.TotalAlloc; n > 1<<18 {
			t.Errorf("%s: allocated %d bytes", text, n)
		}
	}
	// Lists of 60 elements up to the budget: the arena grows in steps.
	p := call(RepeatNum, nil, nil, 60, 1)
	for range 1023 {
		p.Nodes = append(p.Nodes, p.Nodes[0])
	}
	var m Machine
	const elements = 60 << 10
	if _, _, err := m.Run(p, Budget{1 << 30, elements}); err != nil {
		t.Fatal(err)
	}
	if n := cap(m.arena); n > elements*9/8 {
		t.Errorf("the arena has room for %d elements, budget %d", n, elements)
	}
}

// TestMachineReuse checks that an execution does not depend on those before.
func TestMachineReuse(t *testing.T) {
	var m Machine
	long := call(RepeatNum, nil, nil, 5000, 7)
	short := call(Interleave, ints{1, 2}, ints{3})
	for range 3 {
		if got, _, err := m.Run(long, roomy); err != nil || len(got) != 5000 {
			t.Fatal(len(got), err)
		}
		if _, _, err := m.Run(call(AddItem, ints{maxInt}, nil, 1), roomy); err == nil {
			t.Fatal("no error")
		}
		if got, _, err := m.Run(short, roomy); err != nil || !slices.Equal(got, ints{1, 3, 2}) {
			t.Fatal(got, err)
		}
	}
}

func mustParse(t testing.TB, text string, role Role) *Program {
	t.Helper()
	p, err := Parse(text, role)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
