package plan

import (
	"bytes"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/dsl"
)

// chain returns a plan of the nodes first and n more: next returns each for the number of
// the one before.
func chain(first []dsl.Node, n int, next func(last int) dsl.Node) *dsl.Program {
	p := &dsl.Program{Nodes: first}
	for range n {
		p.Nodes = append(p.Nodes, next(len(p.Nodes)-1))
	}
	p.Out = len(p.Nodes) - 1
	return p
}

var oneStream = []dsl.Node{{Op: dsl.Payload}}

// twice returns nodes that use the last list twice.
func twice(op dsl.Op) func(last int) dsl.Node {
	return func(last int) dsl.Node { return dsl.Node{Op: op, Refs: [2]int{last, last}} }
}

// of returns nodes like n that use the last list.
func of(n dsl.Node) func(last int) dsl.Node {
	return func(last int) dsl.Node { n.Refs[0] = last; return n }
}

// TestLayoutIsLinear lays out plans of lists that are used 2^1000 times. A layout that
// visits each use does not end.
func TestLayoutIsLinear(t *testing.T) {
	empty := []dsl.Node{{Op: dsl.Payload}, {Op: dsl.Payload, Nums: [3]int32{1}}, {Op: dsl.Between, Refs: [2]int{1}}}
	for _, n := range []int{24, 64, 1000} {
		p := chain(empty, n, twice(dsl.Concatenate))
		p.Nodes = append(p.Nodes, dsl.Node{Op: dsl.Concatenate, Refs: [2]int{0, p.Out}})
		p.Out++
		if _, err := NewLayout(p, 1); !errors.Is(err, dsl.ErrLimit) {
			t.Errorf("an empty list concatenated 2^%d times: %v", n, err)
		}
		for _, op := range []dsl.Op{dsl.Interleave, dsl.Concatenate} {
			if _, err := NewLayout(chain(oneStream, n, twice(op)), 0); err == nil {
				t.Errorf("%v of nothing, 2^%d times, is taken", op, n)
			}
		}
	}
	// The number of allocations does not grow with the plan.
	few := testing.AllocsPerRun(10, func() { NewLayout(chain(empty, 10, twice(dsl.Interleave)), 0) })
	many := testing.AllocsPerRun(10, func() { NewLayout(chain(empty, 900, twice(dsl.Interleave)), 0) })
	if many > few+20 { // more because of append
		t.Errorf("%v allocations, %v for a short plan", many, few)
	}
}

// TestLayoutOfLengths checks that lengths beyond the limits are refused, whatever they are
// modulo 2^32 or 2^64.
func TestLayoutOfLengths(t *testing.T) {
	for _, n := range []int{30, 54, 55, 108, 1000} {
		for _, size := range []int{1 << 20, dsl.FullPlanned} {
			for _, bits := range []int32{9, 24, 15} {
				pack := of(dsl.Node{Op: dsl.Pack, Nums: [3]int32{bits}})
				p := chain(oneStream, n, pack)
				if l, err := NewLayout(p, size); err == nil || !errors.Is(err, dsl.ErrLimit) {
					t.Errorf("%d packs of %d bits: %v, %v", n, bits, l, err)
				}
				half := dsl.Node{Op: dsl.Concatenate, Refs: [2]int{0, p.Out}}
				p.Nodes = append(p.Nodes, dsl.Node{Op: dsl.Between, Nums: [3]int32{0, int32(size / 2)}}, half)
				p.Nodes[len(p.Nodes)-1].Refs[0] = len(p.Nodes) - 2
				p.Out = len(p.Nodes) - 1
				if l, err := NewLayout(p, size); err == nil {
					t.Errorf("%d packs of %d bits of half: %v", n, bits, l)
				}
			}
		}
	}
	// Lengths that are stated are sums.
	p := chain([]dsl.Node{{Op: dsl.Payload}, {Op: dsl.Between, Nums: [3]int32{0, 1<<31 - 1}}}, 40, twice(dsl.Concatenate))
	for size := range 3000 {
		if _, err := NewLayout(p, size); err == nil {
			t.Fatalf("2^40 times 2^31-1 bytes are taken for %d", size)
		}
	}
	// The longest lists that there are.
	p = mustParse(t, "sequence_1 = payload(0)\nsequence_2 = pack(sequence_1, 9, 0)\nsequence_3 = pack(sequence_2, 15, 0)\noutput = sequence_3")
	l, err := NewLayout(p, dsl.FullPlanned)
	if err != nil {
		t.Fatal(err)
	}
	if l.Scratch > MaxScratch(dsl.FullPlanned) || l.Streams[0] > 2*dsl.FullPlanned+4096 {
		t.Errorf("%d bytes in use, %d of a stream", l.Scratch, l.Streams[0])
	}
}

// slowLayout counts the steps and the scratch of node i by visiting every use of a list.
func slowLayout(l *Layout, i int, read map[int]bool) (steps int64, scratch int) {
	n := &l.p.Nodes[i]
	var sizes [2]int
	for k := range n.Op.Lists() {
		sizes[k] = l.lengths[n.Refs[k]]
	}
	steps = executionSteps(n, l.lengths[i], sizes[0], sizes[1])
	if !read[i] {
		steps += (&dsl.Program{Nodes: l.p.Nodes[i : i+1]}).ReadSteps()
		read[i] = true
	}
	most := 0
	for k := range n.Op.Lists() {
		a, b := slowLayout(l, n.Refs[k], read)
		steps += a
		most = max(most, b)
	}
	switch n.Op {
	case dsl.Records:
		most = max(most, 2*(sizes[0]/int(n.Nums[0])))
	case dsl.Kinds:
		most = max(most, 10*(sizes[0]/int(n.Nums[0])))
	}
	switch rowOf(n.Op).place {
	case separate:
		most += sizes[0] + sizes[1]
	case atItsTail:
		most += sizes[1]
	}
	return steps, most
}

// layouts calls visit with random plans, some of which use lists twice, and sizes of segments.
func layouts(t *testing.T, count int, visit func(p *dsl.Program, size int)) {
	r := newSampler(11)
	for range count {
		streams := 0
		p := &dsl.Program{Nodes: r.plan(1+r.IntN(5), &streams)}
		if n := len(p.Nodes) - 1; r.IntN(2) == 0 {
			p.Nodes = append(p.Nodes, []dsl.Node{
				{Op: dsl.Interleave, Refs: [2]int{n, n}},
				{Op: dsl.Fields, Refs: [2]int{n}, List: []int32{1, 300, 2}},
				{Op: dsl.LMS, Refs: [2]int{n}, Nums: [3]int32{[]int32{1, 2, 4, -2, -4}[r.IntN(5)], 3, 8}, List: []int32{3, 9, 6, 300, 303}},
				{Op: dsl.LMS, Refs: [2]int{n}, Nums: [3]int32{1, 1, 8}, List: []int32{5, 4, 4, 3, 9, 10, 200, 200}},
			}[r.IntN(4)])
		}
		p.Out = len(p.Nodes) - 1
		visit(p.Canonical(), 200+r.IntN(1000))
	}
	for range count {
		p, src := r.kinds()
		for _, n := range p.Nodes {
			if (n.Op == dsl.Kinds || n.Op == dsl.Columns) && r.IntN(2) == 0 { // a wrong number, mostly
				n.List[r.IntN(len(n.List))] += []int32{1, -1, 16, -16, 70_000, 1 << 21, -1 << 30}[r.IntN(7)]
			}
		}
		visit(p.Canonical(), len(src)+r.IntN(2))
	}
	heads := "sequence_1 = payload(0)\nsequence_2 = get_subsequence_between_indices(sequence_1, 0, 90)\nsequence_3 = payload(1)\n" +
		"sequence_4 = transpose(sequence_3, 2, 3)\nsequence_5 = records(sequence_2, sequence_4, 3, [0, 2, 1])\noutput = sequence_5"
	visit(mustParse(t, heads), 400)
	visit(mustParse(t, strings.Replace(heads, "3, [0, 2, 1]", "1, [0, 0, 3, 1, 2]", 1)), 400)
	for _, params := range []string{"4, [1, 1, 1]", "4, [0, 0, 3]", "1, [1, 1, 2]", "0, [1, 1, 1]", "65537, [1, 1, 1]", "4, [0, 0, 0]", "4, [1, 1]", "4, [1, 5, 1]", "4, [1, -1, 3]"} {
		for _, size := range []int{60, 89, 90, 400} {
			visit(mustParse(t, strings.ReplaceAll(repeats, "PARAMS", params)), size)
		}
	}
}

// repeats is a plan of 90 literals, interleaved, and copies in 30 bytes.
const repeats = "sequence_1 = payload(0)\nsequence_2 = payload(1)\nsequence_3 = interleave(sequence_1, sequence_2)\n" +
	"sequence_4 = get_subsequence_between_indices(sequence_3, 0, 90)\nsequence_5 = payload(2)\nsequence_6 = reverse_list(sequence_5)\n" +
	"sequence_7 = get_subsequence_between_indices(sequence_6, 0, 30)\nsequence_8 = expand(sequence_4, sequence_7, PARAMS)\noutput = sequence_8"

// TestLongSegments lays out plans of segments longer than dsl.FullPlanned.
func TestLongSegments(t *testing.T) {
	one := &dsl.Program{Nodes: oneStream}
	for _, c := range []struct {
		size, version int
		p             *dsl.Program
	}{
		{dsl.FullPlanned, 2, one}, {dsl.FullPlanned + 1, 3, one}, {dsl.MaxPlanned, 3, one}, {dsl.MaxPlanned + 1, 0, one},
		{400, 3, mustParse(t, strings.ReplaceAll(repeats, "PARAMS", "4, [1, 1, 1]"))},
		{dsl.MaxPlanned, 0, chain(oneStream, 1, of(dsl.Node{Op: dsl.Transpose, Nums: [3]int32{1, 2}}))},             // lists in use
		{dsl.MaxPlanned, 0, chain(oneStream, 1, of(dsl.Node{Op: dsl.LMS, Nums: [3]int32{1, 1}, List: []int32{1}}))}, // steps
	} {
		l, err := NewLayout(c.p, c.size)
		if version := 0; err == nil {
			if version = int(l.Version); version != c.version {
				t.Errorf("%d bytes: version %d, want %d\n%s", c.size, version, c.version, c.p)
			}
		} else if c.version != 0 || !errors.Is(err, dsl.ErrLimit) {
			t.Errorf("%d bytes: %v\n%s", c.size, err, c.p)
		}
	}
}

// TestLayoutCounts compares steps and scratch with slowLayout.
func TestLayoutCounts(t *testing.T) {
	taken := 0
	layouts(t, 500, func(p *dsl.Program, size int) {
		l, err := NewLayout(p, size)
		if err != nil {
			return
		}
		taken++
		if steps, scratch := slowLayout(l, p.Out, map[int]bool{}); steps != l.Steps || scratch != l.Scratch {
			t.Fatalf("%s\n%d steps and %d bytes, not %d and %d", p, l.Steps, l.Scratch, steps, scratch)
		}
	})
	if taken < 250 {
		t.Errorf("%d plans", taken)
	}
}

// layoutDriver prints the layouts of the Python decoder, which was written from FORMAT.md.
// A line of its input is a section, in hexadecimal, and a size.
const layoutDriver = `
import sys
sys.path.insert(0, "../../container/testdata")
import language, plans
sys.setrecursionlimit(10000)
for line in sys.stdin:
    section, size = line.split()
    nodes, output = language.Section(bytes.fromhex(section), 2).program(language.PLAN, 4096, 0)
    try:
        p = plans.Plan(nodes, output, int(size))
        print(p.steps, p.room, [p.streams[k] for k in range(len(p.streams))])
    except language.Invalid:
        print("invalid")
`

// TestLayoutDocument compares layouts with those of the Python decoder, which was written
// from FORMAT.md.
func TestLayoutDocument(t *testing.T) {
	path, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3 to run the other decoder with")
	}
	var in, want bytes.Buffer
	refused := 0
	add := func(p *dsl.Program, size int) {
		e := dsl.NewEncoder(dsl.Edition2)
		e.Plan(p)
		fmt.Fprintf(&in, "%x %d\n", e.Finish(), size)
		l, err := NewLayout(p, size)
		if err != nil {
			refused++
			want.WriteString("invalid\n")
			return
		}
		fmt.Fprintf(&want, "%d %d %s\n", l.Steps, l.Scratch, strings.ReplaceAll(fmt.Sprint(l.Streams), " ", ", "))
	}
	layouts(t, 400, add)
	for _, n := range []int{1, 8, 9, 50, 1000} { // about the limits
		add(chain(oneStream, n, of(dsl.Node{Op: dsl.Paeth, Nums: [3]int32{1, 1, 2}})), dsl.FullPlanned)
		add(chain(oneStream, n, of(dsl.Node{Op: dsl.Pack, Nums: [3]int32{9}})), 1<<20)
		add(chain(oneStream, n, of(dsl.Node{Op: dsl.Transpose, Nums: [3]int32{2, 3}})), 1000)
		add(chain(oneStream, n, of(dsl.Node{Op: dsl.Transpose, Nums: [3]int32{1, 1}})), 1)
		add(chain(oneStream, n, twice(dsl.Interleave)), n)
		add(chain([]dsl.Node{{Op: dsl.Payload}, {Op: dsl.Between, Nums: [3]int32{0, 1}}}, n, twice(dsl.Concatenate)), 1<<min(n, 20))
		add(chain(oneStream, n, of(dsl.Node{Op: dsl.ReverseList})), 100*n)
	}
	cmd := exec.Command(path, "-B", "-c", layoutDriver)
	cmd.Stdin = &in
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	got, wanted := strings.Split(string(out), "\n"), strings.Split(want.String(), "\n")
	for i := range wanted {
		if i >= len(got) || got[i] != wanted[i] {
			t.Fatalf("plan %d: the document's decoder says %q, not %q", i, got[i], wanted[i])
		}
	}
	if refused < 20 || refused > len(wanted)*2/3 {
		t.Errorf("%d of %d are refused", refused, len(wanted))
	}
}

// TestMachineMemory checks that a Machine allocates its stack once.
func TestMachineMemory(t *testing.T) {
	const size = 1 << 20
	var m Machine
	for _, p := range []*dsl.Program{
		chain(oneStream, 4, of(dsl.Node{Op: dsl.Transpose, Nums: [3]int32{1, 1000}})),
		chain(oneStream, 3, of(dsl.Node{Op: dsl.Fields, List: []int32{1, 2}})),
		mustParse(t, slowRecords(size, 8, 8)),
		framed(8, []int32{7, 1, 1, 8, 1, 2, 0, 1, 0, otherKinds, 2, 4, FieldDelta, 0, -4, FieldAlike, 1}, size),
	} {
		l, err := NewLayout(p, size)
		if err != nil {
			t.Fatal(err)
		}
		var streams [][]byte
		for _, n := range l.Streams {
			streams = append(streams, make([]byte, n))
		}
		for i := 0; i+8 <= len(streams[0]); i += 8 {
			streams[0][i], streams[0][i+1] = byte(i>>3), byte(i>>11)
		}
		dst := make([]byte, size)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if err := m.Join(dst, p, streams); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		if n := after.TotalAlloc - before.TotalAlloc; n > uint64(MaxScratch(size)+4<<20) {
			t.Errorf("%d bytes are allocated for lists of %d", n, l.Scratch)
		}
		if n := testing.AllocsPerRun(1, func() { m.Join(dst, p, streams) }); n > 20 {
			t.Errorf("%v allocations for the same plan again", n)
		}
		if len(m.stack) > MaxScratch(size) {
			t.Errorf("%d bytes of scratch, more than %d", len(m.stack), MaxScratch(size))
		}
	}
}
