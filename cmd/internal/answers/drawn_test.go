package answers

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/kolmogorov"
)

// idioms say an operation as people write it in Python: s and t are its lists, x, y and z its
// numbers, L its literal.
var idioms = map[dsl.Op][]string{
	dsl.SetList:       {"L", "set_list(L)"},
	dsl.RangeUp:       {"list(range(x, y + 1))", "range_func_up(x, y)", "[v for v in range(x, 1 + y)]"},
	dsl.RangeInterval: {"list(range(x, y, z))", "range_func_interval(x, y, z)"},
	dsl.RepeatNum:     {"[y] * x", "x * [y]", "[y for _ in range(x)]", "repeat_num(x, y)"},
	dsl.RepeatList:    {"s * x", "x * s", "repeat_list(x, s)"},
	dsl.ReverseList:   {"s[::-1]", "list(reversed(s))", "reverse_list(s)"},
	dsl.Substitute:    {"[y if v == x else v for v in s]", "[v if v != x else y for v in s]", "substitute(s, x, y)"},
	dsl.Jumps:         {"s[::x]", "get_subsequence_with_jumps(s, x)"},
	dsl.Between:       {"s[x:y]", "get_subsequence_between_indices(s, x, y)"},
	dsl.MaxN:          {"sorted(s, reverse=True)[:x]", "max_n(s, x)"},
	dsl.MinN:          {"sorted(s)[:x]", "sorted(s, reverse=False)[0:x]", "min_n(s, x)"},
	dsl.AddItem:       {"[v + x for v in s]", "[x + v for v in s]", "list(map(lambda v: v + x, s))"},
	dsl.SubtractItem:  {"[v - x for v in s]", "subtract_item_list(s, x)"},
	dsl.ModuloItem:    {"[v % x for v in s]", "list(map(lambda v: (v % x), s))"},
	dsl.FilterEven:    {"[v for v in s if v % 2 == 0]", "filter(is_even, s)", "list(filter(lambda v: not v % 2, s))"},
	dsl.FilterOdd:     {"[v for v in s if v % 2 == 1]", "[v for v in s if v % 2 != 0]"},
	dsl.FilterNotZero: {"[v for v in s if v != 0]", "[v for v in s if v]"},
	dsl.ScanAdd:       {"list(itertools.accumulate(s))", "scan_add(s)"},
	dsl.AddTwo:        {"[v + w for v, w in zip(s, t)]", "add_two_lists(s, t)"},
	dsl.SubtractTwo:   {"[v - w for v, w in zip(s, t)]", "list(map(lambda v, w: v - w, s, t))"},
	dsl.ModuloTwo:     {"[v % w for v, w in zip(s, t) if w != 0]", "[v % w for v, w in zip(s, t) if w]"},
	dsl.Concatenate:   {"s + t", "concatenate(s, t)", "list(itertools.chain(s, t))"},
	dsl.Interleave:    {"interleave(s, t)"},
}

// inPython writes p in Python, with idioms that r draws. If nested, what is used once stands where
// it is used.
func inPython(p *dsl.Program, r *rand.Rand, nested bool) string {
	uses := make([]int, len(p.Nodes))
	for _, n := range p.Nodes {
		for _, ref := range n.Refs[:n.Op.Lists()] {
			uses[ref]++
		}
	}
	var b strings.Builder
	b.WriteString("import itertools\n\n")
	texts := make([]string, len(p.Nodes)) // how to refer to each
	for i, n := range p.Nodes {
		texts[i] = fmt.Sprintf("list_%c%d", 'a'+rune(r.IntN(26)), i)
		choice := idioms[n.Op]
		var replace []string
		for k, name := range []string{"s", "t"}[:n.Op.Lists()] {
			replace = append(replace, name, texts[n.Refs[k]])
		}
		for k, name := range []string{"x", "y", "z"} {
			replace = append(replace, name, fmt.Sprint(n.Nums[k]))
		}
		replace = append(replace, "L", listText(wide(n.List)))
		text := words(choice[r.IntN(len(choice))], replace)
		if nested && uses[i] == 1 && i != p.Out && r.IntN(2) == 0 {
			texts[i] = "(" + text + ")"
			continue
		}
		fmt.Fprintf(&b, "%s = %s  # %d\n", texts[i], text, i)
	}
	return b.String() + "output = " + texts[p.Out]
}

// wide returns list in 64 bits.
func wide(list []int32) (nums []int64) {
	for _, v := range list {
		nums = append(nums, int64(v))
	}
	return nums
}

// words replaces whole words of text: those at even places of list by the next ones.
func words(text string, list []string) string {
	letter := func(c byte) bool { return c == '_' || 'a' <= c|0x20 && c|0x20 <= 'z' }
	var b strings.Builder
	for i := 0; i < len(text); {
		end := i + 1
		for letter(text[i]) && end < len(text) && letter(text[end]) {
			end++
		}
		word := text[i:end]
		if k := slices.Index(list, word); k >= 0 && k%2 == 0 {
			word = list[k+1]
		}
		b.WriteString(word)
		i = end
	}
	return b.String()
}

// TestDrawnProgramsInPython writes drawn programs in Python: they make the same sequences, and cost
// the same where nothing is nested. Python itself agrees.
func TestDrawnProgramsInPython(t *testing.T) {
	const n = 400 // half of them nested
	g, r := kolmogorov.NewGenerator(61), rand.New(rand.NewPCG(61, 0))
	var m dsl.Machine
	var text []byte
	for i := range n {
		p, sequence := g.Next()
		nested := i%2 == 1
		python := inPython(p, r, nested)
		q, err := Parse(python)
		if err != nil {
			t.Errorf("%v\n%s: %v", p, python, err)
			continue
		}
		out := make([]byte, len(sequence))
		if _, err := m.Bytes(out, q, dsl.Budget{Steps: 1e7, Elements: 1e6}); err != nil || !slices.Equal(out, sequence) {
			t.Errorf("%v\n%s\n%v: %v", p, python, q, err)
		}
		if a, b := p.UniformBits(), q.UniformBits(); !nested && (a < b-1e-9 || a > b+1e-9) || len(p.Nodes) != len(q.Nodes) {
			t.Errorf("%v\n%s\n%v: %v bits, want %v", p, python, q, b, a)
		}
		list := make([]int, len(sequence))
		for i, v := range sequence {
			list[i] = int(v)
		}
		line, err := json.Marshal(map[string]any{"program": python, "sequence": list})
		if err != nil {
			t.Fatal(err)
		}
		text = append(append(text, line...), '\n')
	}
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3")
	}
	name := filepath.Join(t.TempDir(), "drawn.jsonl")
	if err := os.WriteFile(name, text, 0o666); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(python, "../../kteval/testdata/published.py", name).CombinedOutput()
	if err != nil || strings.TrimSpace(string(out)) != fmt.Sprint(n) {
		t.Errorf("%v: %s", err, out)
	}
}
