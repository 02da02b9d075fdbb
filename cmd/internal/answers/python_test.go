package answers

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/dsl"
)

// base are lists that the forms work on.
const base = "s = set_list([5, 2, 9, 2, 0, 7])\nu = [1, 0, 3, 4]\n"

// forms are Python of the subset after base, the lines of the language that come of it, and the
// output.
var forms = []struct {
	python string
	lines  string // without those of base, and without "sequence_k = "
	want   []int32
}{
	{"output = [1, 2, 3]", "set_list([1, 2, 3])", []int32{1, 2, 3}},
	{"output = [-1, 2*3, 7//2, -7//2, -7 % 3, 2 - 5,]", "set_list([-1, 6, 3, -4, 2, -3])", []int32{-1, 6, 3, -4, 2, -3}},
	{"output = list(range(3, 7))", "range_func_up(3, 6)", []int32{3, 4, 5, 6}},
	{"output = list(range(4))", "range_func_up(0, 3)", []int32{0, 1, 2, 3}},
	{"output = list(range(1, 9, 3))", "range_func_interval(1, 9, 3)", []int32{1, 4, 7}},
	{"output = list(range(9, 1, -3))", "range_func_interval(9, 1, -3)", []int32{9, 6, 3}},
	{"output = [7] * 4", "repeat_num(4, 7)", []int32{7, 7, 7, 7}},
	{"output = 4 * [7]", "repeat_num(4, 7)", []int32{7, 7, 7, 7}},
	{"output = [7, 8] * 2", "set_list([7, 8]); repeat_list(2, sequence_3)", []int32{7, 8, 7, 8}},
	{"output = u * 2", "repeat_list(2, sequence_2)", []int32{1, 0, 3, 4, 1, 0, 3, 4}},
	{"output = 2 * u", "repeat_list(2, sequence_2)", []int32{1, 0, 3, 4, 1, 0, 3, 4}},
	{"output = [v for _ in range(2) for v in u]", "repeat_list(2, sequence_2)", []int32{1, 0, 3, 4, 1, 0, 3, 4}},
	{"output = s + u", "concatenate(sequence_1, sequence_2)", []int32{5, 2, 9, 2, 0, 7, 1, 0, 3, 4}},
	{"output = u\noutput += [6]", "set_list([6]); concatenate(sequence_2, sequence_3)", []int32{1, 0, 3, 4, 6}},
	{"output = s[::-1]", "reverse_list(sequence_1)", []int32{7, 0, 2, 9, 2, 5}},
	{"output = list(reversed(s))", "reverse_list(sequence_1)", []int32{7, 0, 2, 9, 2, 5}},
	{"output = s[1:3]", "get_subsequence_between_indices(sequence_1, 1, 3)", []int32{2, 9}},
	{"output = s[:-2]", "get_subsequence_between_indices(sequence_1, 0, -2)", []int32{5, 2, 9, 2}},
	{"output = s[4:]", "get_subsequence_between_indices(sequence_1, 4, 255)", []int32{0, 7}},
	{"output = s[::3]", "get_subsequence_with_jumps(sequence_1, 3)", []int32{5, 2}},
	{"output = s[::-2]", "get_subsequence_with_jumps(sequence_1, -2)", []int32{7, 2, 2}},
	{"output = s[1::2]", "get_subsequence_between_indices(sequence_1, 1, 255); get_subsequence_with_jumps(sequence_3, 2)", []int32{2, 2, 7}},
	{"output = sorted(s)[:3]", "min_n(sequence_1, 3)", []int32{0, 2, 2}},
	{"output = sorted(s, reverse=True)[:3]", "max_n(sequence_1, 3)", []int32{9, 7, 5}},
	{"output = sorted(s)", "min_n(sequence_1, 255)", []int32{0, 2, 2, 5, 7, 9}},
	{"import heapq\noutput = heapq.nlargest(2, s)", "max_n(sequence_1, 2)", []int32{9, 7}},
	{"import heapq\noutput = heapq.nsmallest(2, s)", "min_n(sequence_1, 2)", []int32{0, 2}},
	{"output = [x + 3 for x in s]", "add_item_list(sequence_1, 3)", []int32{8, 5, 12, 5, 3, 10}},
	{"output = [3 + x for x in s]", "add_item_list(sequence_1, 3)", []int32{8, 5, 12, 5, 3, 10}},
	{"output = [x - 3 for x in s]", "subtract_item_list(sequence_1, 3)", []int32{2, -1, 6, -1, -3, 4}},
	{"output = [x % 3 for x in s]", "modulo_item_list(sequence_1, 3)", []int32{2, 2, 0, 2, 0, 1}},
	{"output = [(x + 250) % 256 for x in s]", "add_item_list(sequence_1, 250); modulo_item_list(sequence_3, 256)", []int32{255, 252, 3, 252, 250, 1}},
	{"output = list(map(lambda x: x % 5, s))", "modulo_item_list(sequence_1, 5)", []int32{0, 2, 4, 2, 0, 2}},
	{"output = [8 if x == 2 else x for x in s]", "substitute(sequence_1, 2, 8)", []int32{5, 8, 9, 8, 0, 7}},
	{"output = [x if x != 2 else 8 for x in s]", "substitute(sequence_1, 2, 8)", []int32{5, 8, 9, 8, 0, 7}},
	{"output = [x for x in s if x % 2 == 0]", "filter(is_even, sequence_1)", []int32{2, 2, 0}},
	{"output = [x for x in s if not x % 2]", "filter(is_even, sequence_1)", []int32{2, 2, 0}},
	{"output = [x for x in s if x % 2 != 1]", "filter(is_even, sequence_1)", []int32{2, 2, 0}},
	{"output = [x for x in s if x % 2 == 1]", "filter(is_odd, sequence_1)", []int32{5, 9, 7}},
	{"output = [x for x in s if x % 2]", "filter(is_odd, sequence_1)", []int32{5, 9, 7}},
	{"output = [x for x in s if x & 1]", "filter(is_odd, sequence_1)", []int32{5, 9, 7}},
	{"output = [x for x in s if (x & 1) == 0]", "filter(is_even, sequence_1)", []int32{2, 2, 0}},
	{"output = [x for x in s if x != 0]", "filter(is_not_zero, sequence_1)", []int32{5, 2, 9, 2, 7}},
	{"output = [x for x in s if is_odd(x)]", "filter(is_odd, sequence_1)", []int32{5, 9, 7}},
	{"output = [x + 1 for x in s if x]", "filter(is_not_zero, sequence_1); add_item_list(sequence_3, 1)", []int32{6, 3, 10, 3, 8}},
	{"output = list(filter(lambda x: x % 2 == 0, s))", "filter(is_even, sequence_1)", []int32{2, 2, 0}},
	{"output = filter(is_even, s)", "filter(is_even, sequence_1)", []int32{2, 2, 0}},
	{"import itertools\noutput = list(itertools.accumulate(s))", "scan_add(sequence_1)", []int32{5, 7, 16, 18, 18, 25}},
	{"from itertools import accumulate\noutput = list(accumulate(s))", "scan_add(sequence_1)", []int32{5, 7, 16, 18, 18, 25}},
	{"import itertools\noutput = list(itertools.chain(u, u, u))", "concatenate(sequence_2, sequence_2); concatenate(sequence_3, sequence_2)", []int32{1, 0, 3, 4, 1, 0, 3, 4, 1, 0, 3, 4}},
	{"output = [a + b for a, b in zip(s, u)]", "add_two_lists(sequence_1, sequence_2)", []int32{6, 2, 12, 6}},
	{"output = [a - b for (a, b) in zip(s, u)]", "subtract_two_lists(sequence_1, sequence_2)", []int32{4, 2, 6, -2}},
	{"output = [b - a for a, b in zip(s, u)]", "subtract_two_lists(sequence_2, sequence_1)", []int32{-4, -2, -6, 2}},
	{"output = [a % b for a, b in zip(s, u) if b != 0]", "modulo_two_lists(sequence_1, sequence_2)", []int32{0, 0, 2}},
	{"output = list(map(lambda a, b: a + b, s, u))", "add_two_lists(sequence_1, sequence_2)", []int32{6, 2, 12, 6}},
	{"output = [3 * i + 1 for i in range(4)]", "range_func_interval(1, 13, 3)", []int32{1, 4, 7, 10}},
	{"output = [100 - 2 * i for i in range(1, 4)]", "range_func_interval(98, 92, -2)", []int32{98, 96, 94}},
	{"output = [i + 5 for i in range(0, 6, 2)]", "range_func_interval(5, 11, 2)", []int32{5, 7, 9}},
	{"output = [9 for _ in range(3)]", "repeat_num(3, 9)", []int32{9, 9, 9}},
	{"output = [i % 3 for i in range(5)]", "range_func_up(0, 4); modulo_item_list(sequence_3, 3)", []int32{0, 1, 2, 0, 1}},
	{"output = max_n(s, 2)", "max_n(sequence_1, 2)", []int32{9, 7}},
	{"output = interleave(u, s)", "interleave(sequence_2, sequence_1)", []int32{1, 5, 0, 2, 3, 9, 4, 2, 0, 7}},
	{"output = concatenate(repeat_num(3, 1), reverse_list(u))", "repeat_num(3, 1); reverse_list(sequence_2); concatenate(sequence_3, sequence_4)", []int32{1, 1, 1, 4, 3, 0, 1}},
	{"n = 3\noutput = repeat_num(\n    n, # times\n    n + 1)", "repeat_num(3, 4)", []int32{4, 4, 4}},
	{"def reverse_list(s):\n    return s[::-1]\n\noutput = reverse_list(u)\nprint(output)", "reverse_list(sequence_2)", []int32{4, 3, 0, 1}},
	{"output = u + u\nassert len(output) == 8, f\"{output}\"\nif __name__ == '__main__':\n    print(f\"{output}\")", "concatenate(sequence_2, sequence_2)", []int32{1, 0, 3, 4, 1, 0, 3, 4}},
	{"output = sorted(s * 50)[298:]", "repeat_list(50, sequence_1); min_n(sequence_3, 2147483647); get_subsequence_between_indices(sequence_4, 298, 2147483647)", []int32{9, 9}},
	{"output = u; print(len(output))", "", []int32{1, 0, 3, 4}},
	{"output: list[int] = [x % 2 for x in u]", "modulo_item_list(sequence_2, 2)", []int32{1, 0, 1, 0}},
	{"output = [*u, *[7] * 2, 1, 2, *u[:1]]", "repeat_num(2, 7); concatenate(sequence_2, sequence_3); get_subsequence_between_indices(sequence_2, 0, 1); set_list([1, 2]); concatenate(sequence_4, sequence_6); concatenate(sequence_7, sequence_5)", []int32{1, 0, 3, 4, 7, 7, 1, 2, 1}},
	{"output = []\noutput.extend(range(2))\noutput += [7] * 2\noutput.append(5)", "range_func_up(0, 1); repeat_num(2, 7); concatenate(sequence_3, sequence_4); set_list([5]); concatenate(sequence_5, sequence_6)", []int32{0, 1, 7, 7, 5}},
	{"output = u + u\noutput.sort()\noutput.reverse()", "concatenate(sequence_2, sequence_2); min_n(sequence_3, 255); reverse_list(sequence_4)", []int32{4, 4, 3, 3, 1, 1, 0, 0}},
	{"output = u + u\noutput.sort(reverse=True)", "concatenate(sequence_2, sequence_2); max_n(sequence_3, 255)", []int32{4, 4, 3, 3, 1, 1, 0, 0}},
	{"output = []\nfor i in range(3):\n    # odd\n    output.append(2 * i + 1)", "range_func_interval(1, 7, 2)", []int32{1, 3, 5}},
	{"output = [9]\nfor x in u: output += [x + 1]", "set_list([9]); add_item_list(sequence_2, 1); concatenate(sequence_3, sequence_4)", []int32{9, 2, 1, 4, 5}},
	{"output = []\nfor _ in range(2):\n    output.extend(u)", "repeat_list(2, sequence_2)", []int32{1, 0, 3, 4, 1, 0, 3, 4}},
	{"output = []\nfor a, b in zip(s, u):\n    output.append(a - b)\nprint(output)", "subtract_two_lists(sequence_1, sequence_2)", []int32{4, 2, 6, -2}},
	{"output = [v for _ in range(3) for v in [7, 8]]", "set_list([7, 8]); repeat_list(3, sequence_3)", []int32{7, 8, 7, 8, 7, 8}},
	{"output = [(7 * i + 3) % 5 for i in range(4)]", "range_func_interval(3, 31, 7); modulo_item_list(sequence_3, 5)", []int32{3, 0, 2, 4}},
	{"output = [x & 3 for x in s]", "modulo_item_list(sequence_1, 4)", []int32{1, 2, 1, 2, 0, 3}},
	{"import itertools as it\noutput = list(it.repeat(7, 3))", "repeat_num(3, 7)", []int32{7, 7, 7}},
	{"\"\"\"Two lines\nof (text.\"\"\"\nprint('# (', len(u))\noutput = u[::-1] # it's", "reverse_list(sequence_2)", []int32{4, 3, 0, 1}},
	{"def twice(v: list) -> list:\n    \"\"\"Two\n    times.\"\"\"\n    w = v + v\n    return w\n\ndef main():\n    global output\n    output = twice(u)\nmain()", "concatenate(sequence_2, sequence_2)", []int32{1, 0, 3, 4, 1, 0, 3, 4}},
	{"a = u\nb = a[:]\na.append(7)\na += [8]\nb.append(9)\noutput = u + b", "set_list([7]); concatenate(sequence_2, sequence_3); set_list([8]); concatenate(sequence_4, sequence_5); set_list([9]); concatenate(sequence_2, sequence_7); concatenate(sequence_6, sequence_8)", []int32{1, 0, 3, 4, 7, 8, 1, 0, 3, 4, 9}},
	{"def end(v, n):\n    n += 1\n    v.append(n)\nm = 3\nend(u, m)\noutput = [x + m for x in u]", "set_list([4]); concatenate(sequence_2, sequence_3); add_item_list(sequence_4, 3)", []int32{4, 3, 6, 7, 7}},
	{"w = s[:4]\noutput = [v for pair in zip(u, w) for v in pair]", "get_subsequence_between_indices(sequence_1, 0, 4); interleave(sequence_2, sequence_3)", []int32{1, 5, 0, 2, 3, 9, 4, 2}},
	{"output = []\nfor a, b in zip(u, u[::-1]):\n    output.append(a)\n    output.append(b)", "reverse_list(sequence_2); interleave(sequence_2, sequence_3)", []int32{1, 4, 0, 3, 3, 0, 4, 1}},
	{"output = [7]\nfor a, b in zip(u, u): output.extend([a, b])", "set_list([7]); interleave(sequence_2, sequence_2); concatenate(sequence_3, sequence_4)", []int32{7, 1, 1, 0, 0, 3, 3, 4, 4}},
	{"def make(n, v): return [v] * n\noutput = make(2, 6)", "repeat_num(2, 6)", []int32{6, 6}},
}

// TestPythonMeansTheSame holds the translation of each form, and what it makes.
func TestPythonMeansTheSame(t *testing.T) {
	var m dsl.Machine
	for _, f := range forms {
		p, err := Parse(base + f.python)
		if err != nil {
			t.Errorf("%s: %v", f.python, err)
			continue
		}
		var lines []string
		for _, l := range strings.Split(p.String(), "\n")[2:len(p.Nodes)] {
			_, call, _ := strings.Cut(l, " = ")
			lines = append(lines, call)
		}
		if got := strings.Join(lines, "; "); got != f.lines {
			t.Errorf("%s: %s, want %s", f.python, got, f.lines)
		}
		out, _, err := m.Run(p, dsl.Budget{Steps: 1e6, Elements: 1e6})
		if err != nil || !slices.Equal(out, f.want) {
			t.Errorf("%s: %v %v, want %v", f.python, out, err, f.want)
		}
	}
}

// TestPythonAgrees has Python itself execute the forms, with the published functions.
func TestPythonAgrees(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3")
	}
	var text []byte
	for _, f := range forms {
		line, err := json.Marshal(map[string]any{"program": base + f.python, "sequence": f.want})
		if err != nil {
			t.Fatal(err)
		}
		text = append(append(text, line...), '\n')
	}
	name := filepath.Join(t.TempDir(), "forms.jsonl")
	if err := os.WriteFile(name, text, 0o666); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(python, "../../kteval/testdata/published.py", name).CombinedOutput()
	if err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

// TestOutputIsFound holds which list is the output if none is called so.
func TestOutputIsFound(t *testing.T) {
	for text, want := range map[string]string{
		"a = [1]\nb = [2, 3]":                                "sequence_2",
		"a = [1]\nb = [2, 3]\nprint(a)":                      "sequence_1",
		"a = [1]\noutput = [2]\nb = [2, 3]":                  "sequence_2",
		"a = [1]\nprint(\"done\")":                           "sequence_1",
		"x = repeat_num(3, 4)\nx":                            "sequence_1",
		"sequence_2 = [4]\nsequence_1 = [3]\nb = sequence_2": "sequence_1",
	} {
		program, err := translate(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if _, out, _ := strings.Cut(string(program.text), "output = "); err != nil || out != want {
			t.Errorf("%q: %q %v, want %s", text, out, err, want)
		}
	}
}

// TestOtherPythonIsRefused holds that what is not in the subset does not parse.
func TestOtherPythonIsRefused(t *testing.T) {
	for text, want := range map[string]string{
		"import os": "no list",
		"x = 3":     "no list",
		"s = [1]\nfor i in range(3):\n    s = s + s":               "line 2",
		"s = [1]\nwhile True:\n    s = s + s":                      "line 2",
		"s = [1]\ns.pop()":                                         "line 2",
		"s = [1]\ns.append(2, 3)":                                  "line 2",
		"s = []\nfor i in range(3):\n  s.append(i)\n  s.append(1)": "line 2",
		"s = [1]\nfor i in range(3):\n  s += s":                    "line 2",
		"s = []\nfor i in range(3):\n  if i:\n    s.append(i)":     "line 2",
		"def f(): return f()\ns = f()":                             "subset",
		"def f(x): return [x]\ns = f()":                            "subset",
		"s = [v for p in zip([1], [2, 3]) for v in p]":             "different lengths",
		"t = [1]\ns = [v for a, b in zip(t, t) for v in (b, a)]":   "line 2",
		"s = [not 1]":                                   "line 1",
		"s = [1]\ns[0] = 2":                             "line 2",
		"s = open('x').read()":                          "line 1",
		"s = [x * 2 for x in t]":                        "t is not defined",
		"t = [1]\ns = [x * 2 for x in t]":               "line 2",
		"t = [1]\ns = [x for y in t for x in y]":        "line 2",
		"t = [1]\ns = [v for v in t for _ in range(2)]": "line 2",
		"t = [1]\ns = [v for v in range(2) for v in t]": "line 2",
		"t = [1]\ns = t[4:2:-1]":                        "line 2",
		"s = [1] + 1":                                   "line 1",
		"s = [[1]]":                                     "list where an integer",
		"s = [99999999999 * 99999999999]":               "line 1",
		"s = [10 ** 9]":                                 "line 1",
		"s = exec('1')":                                 "line 1",
		"s = f(3)":                                      "no function f",
		"s = repeat_num(3)":                             "expected",
		"s = {1, 2}":                                    "line 1",
		"s = [1.5]":                                     "line 1",
		"s = [5000000000]":                              "line 1",
		"s = copy(1, 2) + (":                            "line 1",
	} {
		if p, err := Parse(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v %v, want %s", text, p, err, want)
		}
	}
}
