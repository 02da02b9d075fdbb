package dsl

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"testing"
)

// A sampler draws programs of every operation, without regard to sense.
type sampler struct {
	*rand.Rand
	earlier int // lists of earlier programs that a block program may refer to
}

func newSampler(seed uint64) sampler { return sampler{Rand: rand.New(rand.NewPCG(seed, 1))} }

// number draws numbers of every size, most of them small.
func (r sampler) number() int32 {
	switch r.IntN(16) {
	case 0:
		return []int32{0, 1, -1, 255, 256, minInt, maxInt, maxInt - 1, minInt + 1}[r.IntN(9)]
	case 1:
		return int32(r.Uint32()) >> r.IntN(32)
	case 2, 3:
		return int32(r.IntN(600) - 300)
	case 4, 5, 6:
		return int32(r.IntN(256))
	}
	return int32(r.IntN(12) - 3)
}

// program draws a program of n nodes.
func (r sampler) program(n int, role Role) *Program {
	p := new(Program)
	if role == Plan {
		r.earlier = 0
	}
	for i := range n {
		op := Op(r.IntN(int(numOps)))
		for !op.in(role) || i+r.earlier == 0 && op.Lists() > 0 {
			op = Op(r.IntN(int(numOps)))
		}
		node := Node{Op: op}
		for k := range op.Lists() {
			switch {
			case r.earlier > 0 && (i == 0 || r.IntN(4) == 0):
				node.Refs[k] = -1 - r.IntN(r.earlier)
			case r.IntN(2) == 0:
				node.Refs[k] = i - 1 // chains make most nodes needed
			default:
				node.Refs[k] = r.IntN(i)
			}
		}
		nums := 0
		for _, k := range table[op].params {
			switch k {
			case kindRef:
			case kindList:
				for range r.IntN(20) {
					node.List = append(node.List, r.number())
				}
			default:
				node.Nums[nums] = r.number()
				nums++
			}
		}
		p.Nodes = append(p.Nodes, node)
	}
	p.Out = n - 1
	if r.IntN(4) == 0 {
		p.Out = r.IntN(n + r.earlier)
		if p.Out >= n {
			p.Out = n - 1 - p.Out
		}
	}
	return p
}

// deepest is the k of the first of the earlier lists, earlier_k, that p needs.
func deepest(p *Program) int {
	k := max(0, -p.Out)
	for _, n := range p.Nodes {
		for _, ref := range n.Refs[:n.Op.Lists()] {
			k = max(k, -ref)
		}
	}
	return k
}

func same(p, q *Program) bool {
	return p.Out == q.Out && slices.EqualFunc(p.Nodes, q.Nodes, func(a, b Node) bool {
		return a.Op == b.Op && a.Refs == b.Refs && a.Nums == b.Nums && slices.Equal(a.List, b.List)
	})
}

// TestPrintParse checks that text keeps programs.
func TestPrintParse(t *testing.T) {
	r := newSampler(1)
	r.earlier = PastLists
	refused := 0
	for range 1000 {
		for _, role := range []Role{Plan, Block} {
			p := r.program(1+r.IntN(30), role)
			if q := mustParse(t, p.String(), role); !same(p, q) {
				t.Fatalf("\n%s\nparsed as\n%s", p, q)
			}
			if deepest(p) > 0 {
				refused++
				if _, err := Parse(p.String(), Plan); err == nil {
					t.Fatalf("a plan refers to the lists of blocks:\n%s", p)
				}
			}
		}
	}
	if refused < 500 {
		t.Errorf("%d programs refer to earlier lists", refused)
	}
}

// TestCanonical checks that only unneeded nodes go, and that the output stays.
func TestCanonical(t *testing.T) {
	r := newSampler(2)
	m, k := midStream(), midStream()
	r.earlier = m.Earlier()
	ran := 0
	for range 5000 {
		p := r.program(1+r.IntN(12), Block)
		q := p.Canonical()
		needed := map[int]bool{p.Out: true}
		count := 0
		for i := p.Out; i >= 0; i-- {
			if needed[i] {
				count++
				for _, ref := range p.Nodes[i].Refs[:p.Nodes[i].Op.Lists()] {
					needed[ref] = true
				}
			}
		}
		if len(q.Nodes) != count || q.Out != min(p.Out, count-1) || !same(q, q.Canonical()) {
			t.Fatalf("%d needed nodes of\n%s\nbecame\n%s", count, p, q)
		}
		want, _, err := m.Run(p, roomy)
		got, _, errCanonical := k.Run(q, roomy)
		if err == nil && (errCanonical != nil || !slices.Equal(got, want)) {
			t.Fatalf("%v\n%s\nmakes %v, its canonical form\n%s\nmakes %v", errCanonical, p, want, q, got)
		}
		if err == nil {
			ran++
		}
	}
	if ran < 500 {
		t.Errorf("only %d programs ran", ran)
	}
}

// definitions are the published functions, as their description has them, and
// those of streams. Each value is checked as ours are, so that a program fails in
// Python where it fails here.
const definitions = `
import itertools, json, sys

class Refused(Exception): pass

def checked(f):
    def g(*args):
        out = list(f(*args))
        if any(not -2**31 <= v < 2**31 for v in out): raise Refused
        return out
    return g

range_func_up = checked(lambda a, b: range(a, b + 1))
range_func_interval = checked(lambda a, b, k: range(a, b, k))
repeat_num = checked(lambda n, v: [v] * n)
set_list = checked(lambda s: s)
repeat_list = checked(lambda n, s: s * n)
reverse_list = checked(lambda s: s[::-1])
substitute = checked(lambda s, x, y: [y if v == x else v for v in s])
get_subsequence_with_jumps = checked(lambda s, k: s[::k])
get_subsequence_between_indices = checked(lambda s, i, j: s[i:j])
max_n = checked(lambda s, n: sorted(s, reverse=True)[:n])
min_n = checked(lambda s, n: sorted(s)[:n])
add_item_list = checked(lambda s, c: [v + c for v in s])
subtract_item_list = checked(lambda s, c: [v - c for v in s])
def modulo_item_list(s, c):
    if c == 0: raise Refused
    return [v % c for v in s]
is_even = lambda v: v % 2 == 0
is_odd = lambda v: v % 2 == 1
is_not_zero = lambda v: v != 0
scan_add = checked(itertools.accumulate)
add_two_lists = checked(lambda s, t: [a + b for a, b in zip(s, t)])
subtract_two_lists = checked(lambda s, t: [a - b for a, b in zip(s, t)])
modulo_two_lists = checked(lambda s, t: [a % b for a, b in zip(s, t) if b])
concatenate = checked(lambda s, t: s + t)
def interleave(s, t):
    m = min(len(s), len(t))
    return [v for pair in zip(s, t) for v in pair] + s[m:] + t[m:]
python_filter = filter
filter = checked(lambda f, s: python_filter(f, s))

# The state of a stream; the last of the earlier lists is earlier_1.
state = json.loads(sys.argv[1])
for k, s in enumerate(reversed(state["earlier"]), 1):
    globals()["earlier_%d" % k] = s
rest = checked(lambda: state["rest"])
def copy(d, n):
    before = state["stream"]
    if not 1 <= n <= d <= min(65536, len(before)): raise Refused
    return before[len(before) - d:][:n]

for line in sys.stdin:
    scope = dict(globals())
    try:
        exec(json.loads(line), scope)
        print(json.dumps(scope["output"]))
    except (Refused, ValueError):
        print("null")
`

// TestPython runs programs in their text form under Python.
func TestPython(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skipf("no Python to compare with: %v", err)
	}
	var programs []*Program
	for _, pair := range readPairs(t, pairFiles[1]) {
		programs = append(programs, mustParse(t, pair.Program, Block))
	}
	// Python would try to make lists that our budget refuses.
	small := Budget{Steps: 1 << 16, Elements: 1 << 14}
	m := midStream()
	r := newSampler(3)
	r.earlier = m.Earlier()
	for len(programs) < 4000 {
		p := r.program(1+r.IntN(10), Block)
		if _, _, err := m.Run(p, small); !isLimit(err) {
			programs = append(programs, p)
		}
	}
	for _, c := range semantics {
		if c.err != errPlanOnly {
			programs = append(programs, call(c.op, c.s, c.t, c.nums...))
		}
	}
	state, err := json.Marshal(map[string]any{"stream": toInts(m.before), "rest": m.rest, "earlier": inUse(&m.history)})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, "-c", definitions, string(state))
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		defer in.Close()
		for e, i := json.NewEncoder(in), 0; i < len(programs); i++ {
			if e.Encode(programs[i].String()) != nil {
				return
			}
		}
	}()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(out)
	ran, beyond, earlier, used := 0, 0, 0, map[Op]int{}
	for _, p := range programs {
		var want []int32
		if err := d.Decode(&want); err != nil {
			t.Fatalf("%v\n%s", err, p)
		}
		got, _, err := m.Run(p, roomy)
		if (err != nil) != (want == nil) || !slices.Equal(got, want) {
			t.Errorf("%s\nmakes %v, %v; in Python %v", p, got, err, want)
		}
		if err != nil {
			continue
		}
		ran++
		for _, n := range p.Nodes {
			used[n.Op]++
		}
		if deepest(p) > 0 {
			earlier++
		}
		if slices.ContainsFunc(m.lists, func(l []int32) bool {
			return slices.ContainsFunc(l, func(v int32) bool { return v&^255 != 0 })
		}) {
			beyond++
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	if ran < 1000 || beyond < 500 || earlier < 200 {
		t.Errorf("only %d programs ran, %d with values beyond bytes, %d with earlier lists", ran, beyond, earlier)
	}
	for op := range numOps {
		if op.in(Block) && used[op] < 20 {
			t.Errorf("%v ran %d times", op, used[op])
		}
	}
}
