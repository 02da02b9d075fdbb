package dsl

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"slices"
	"testing"
)

// definitions are the published functions, as in their description, and rest and copy.
// Every value must fit into 32 bits, so that a program fails in Python if it fails here.
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

// runPython executes programs under Python in the middle of m's stream. It returns their
// outputs, nil for one that fails.
func runPython(t *testing.T, m *Machine, programs []*Program) (outputs [][]int32) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skipf("no Python to compare with: %v", err)
	}
	state, err := json.Marshal(map[string]any{"stream": toInts(m.before), "rest": m.rest, "earlier": inUse(&m.history)})
	if err != nil {
		t.Fatal(err)
	}
	var in bytes.Buffer
	for e, i := json.NewEncoder(&in), 0; i < len(programs); i++ {
		if err := e.Encode(programs[i].String()); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(python, "-c", definitions, string(state))
	cmd.Stdin, cmd.Stderr = &in, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(bytes.NewReader(out))
	for _, p := range programs {
		var list []int32
		if err := d.Decode(&list); err != nil {
			t.Fatalf("%v\n%s", err, p)
		}
		outputs = append(outputs, list)
	}
	return outputs
}

// TestPython runs the text of programs under Python.
func TestPython(t *testing.T) {
	var programs []*Program
	for _, pair := range readPairs(t, pairFiles[1]) {
		programs = append(programs, mustParse(t, pair.Program, Block))
	}
	// Python would try to make lists that the budget refuses.
	small := Budget{Steps: 1 << 16, Elements: 1 << 14}
	m := midStream()
	r := newSampler(3)
	r.earlier = m.Earlier()
	for len(programs) < 4000 {
		p := r.program(1+r.IntN(10), Block)
		if _, _, err := m.Run(p, small); !errors.Is(err, ErrLimit) {
			programs = append(programs, p)
		}
	}
	for _, c := range semantics {
		if c.err != errPlanOnly {
			programs = append(programs, call(c.op, c.s, c.t, c.nums...))
		}
	}
	ran, beyond, earlier, used := 0, 0, 0, map[Op]int{}
	for i, want := range runPython(t, m, programs) {
		p := programs[i]
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
		if slices.ContainsFunc(m.lists, isBeyondBytes) {
			beyond++
		}
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

func isBeyondBytes(list []int32) bool {
	return slices.ContainsFunc(list, func(v int32) bool { return v&^255 != 0 })
}
