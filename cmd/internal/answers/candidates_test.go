package answers

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

const code = "sequence_1 = range_func_up(1, 9)\noutput = sequence_1"

// TestCandidatesAreFound holds which parts of a text may be programs.
func TestCandidatesAreFound(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"a fence":                       {"Sure.\n```\n" + code + "\n```\nDone.", []string{code}},
		"with a language":               {"```python\n" + code + "\n```", []string{code}},
		"tildes, indented, with CR":     {"  ~~~~ py\r\n" + code + "\n  ~~~~\r\n", []string{code}},
		"an unclosed fence":             {"So:\n```\n" + code, []string{code}},
		"two fences":                    {"```\na = [1]\n```\nor\n```\n" + code + "\n```", []string{"a = [1]", code, "a = [1]\n" + code}},
		"a longer fence":                {"````\n```\n" + code + "\n````", []string{"```\n" + code}},
		"bare":                          {code, []string{code}},
		"prose around":                  {"I see a range.\n\n" + code + "\n\nThat is it.", []string{code}},
		"a comment between":             {"a = [1]\n# then\n\nb = a", []string{"a = [1]\n# then\n\nb = a"}},
		"brackets over lines":           {"The list\na = [1,\n2,\n]\nb = a\nis right.", []string{"a = [1,\n2,\n]\nb = a"}},
		"two runs":                      {"a = [1]\nor\nb = [2]", []string{"a = [1]", "b = [2]"}},
		"the published convention":      {"x = [1]\nThe program that generates the sequence is:\n" + code + "\n###\nx = [2]", []string{code}},
		"headings around":               {"### Program\n\n" + code + "\n\n### Check\nIt is right.", []string{code}},
		"bullets":                       {"- `a = [1]`\n- `b = a`\n", []string{"a = [1]\nb = a"}},
		"numbered steps":                {"1. a = [1]\n2. b = a\n\nDone.", []string{"a = [1]\nb = a"}},
		"tags":                          {"<pre><code>" + code + "</code></pre>", []string{code}},
		"a line of fences":              {"So ```a = [1]``` or\n```" + code + "```", []string{code}},
		"a quote":                       {"> ```\n> a = [1]\n>\n> b = a\n> ```", []string{"a = [1]\n\nb = a"}},
		"a transcript":                  {"```\n>>> a = [1,\n... 2]\n>>> b = a\n```", []string{"a = [1,\n2]\nb = a"}},
		"a title":                       {"```python title=\"x\"\na = [1]\n```\n```{python}\nb = [2]\n```", []string{"a = [1]", "b = [2]", "a = [1]\nb = [2]"}},
		"other spaces":                  {"\ufeff```\na\u00a0= [1]\n```", []string{"a = [1]"}},
		"a thought":                     {"<think>\n```\na = [1]\n```\n</think>\n" + code, []string{code}},
		"nothing but a thought":         {"<think>\n" + code, []string{code}},
		"a thought whose start is gone": {"a = [1]\n</think>\n" + code, []string{code}},
		"comparisons are no code":       {"it holds that\na == b\nhere", nil},
		"nothing":                       {"I cannot.", nil},
		"no text":                       {"", nil},
	} {
		var got []string
		for _, g := range Candidates(c.text) {
			got = append(got, strings.TrimSpace(g))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// hostile are texts of n bytes or so that ask for much work.
func hostile(n int) map[string]string {
	fill := func(text string) string { return strings.Repeat(text, n/len(text)) }
	return map[string]string{
		"brackets":            fill("["),
		"brackets in a fence": "```\na = " + fill("["),
		"closed brackets":     "```\na = " + fill("[") + fill("]"),
		"backticks":           fill("`"),
		"fences":              fill("```\n"),
		"small fences":        fill("```\na=[1]\n```\n"),
		"newlines":            fill("\n"),
		"assignments":         fill("a=[1]\n"),
		"runs":                fill("a=[1]\nx\n"),
		"thoughts":            fill("<think>"),
		"ended thoughts":      fill("</think>"),
		"signs":               "```\na = [" + fill("-") + "1]",
		"a sum":               "```\na = [1]\nb = a" + fill("+a"),
		"digits":              "```\na = [" + fill("9") + "]",
		"calls":               "```\na = " + fill("f(") + fill(")"),
		"comprehensions":      "```\na = " + fill("[x for x in ") + "y",
		"bodies":              "```\na = [x" + fill("+1") + " for x in [1]]",
		"deep bodies":         "```\na = " + fill("[x+") + "1",
		"lambdas":             "```\na = map(" + fill("lambda x:") + "x, [1])",
		"quotes":              "```\na = " + fill(`"`),
		"a literal":           "```\na = [" + fill("1,") + "]",
		"backslashes":         "```\na = \\\n" + fill("\\\n"),
		"a comment":           "```\n#" + fill("#"),
		"subscripts":          "```\na = [1]\nb = a" + fill("[:]"),
		"zeros":               fill("\x00"),
		"bullets":             fill("- "),
		"quotes of lines":     fill("> ```\n> a=[1]\n"),
		"methods":             "```\na = []\n" + fill("a.append(1)\n"),
		"loops":               "```\na = []\n" + fill("for i in range(3): a.append(i)\n"),
		"a loop":              "```\nfor i in range(3):\n" + fill(" a.append(i)\n"),
		"unpacked lists":      "```\na = [" + fill("*[1],") + "]",
		"a long function":     "```\ndef f(x):\n" + fill(" y=x+x\n") + "\na = [1]\n" + strings.Repeat("a = f(a)\n", 100),
		"names and calls":     "```\n" + numbered(n, "a%d=1\n") + "def f(x): return x+x\ns=[1]\n" + strings.Repeat("s=f(s)\n", 100),
		"doubling functions":  "```\ndef f0(x): return x+x\n" + numbered(n, "def f%d(x): return f%[2]d(f%[2]d(x))\n") + "a = f99([1])\n",
		"functions in others": "```\ndef f():\n def g():\n" + fill("  x=[1]\n") + "\n g()\n g()\n" + strings.Repeat("f()\n", 100),
	}
}

// numbered returns n bytes or so of the format with the numbers from 1 on, and the one before each.
func numbered(n int, format string) string {
	var b strings.Builder
	for i := 1; b.Len() < n; i++ {
		fmt.Fprintf(&b, strings.ReplaceAll(format, "%d", "%[1]d"), i, i-1)
	}
	return b.String()
}

// TestHostileTextsAreBounded holds the memory that texts take which ask for much: as many bytes as
// a program may have, which are parsed, and ten megabytes. It logs the times.
func TestHostileTextsAreBounded(t *testing.T) {
	const memory = 2 << 30                                                                            // bytes that are allocated, in all; a sixth of that without the race detector
	slowest := []string{"brackets", "backticks", "brackets in a fence", "fences", "runs", "newlines"} // of the longest
	for _, n := range []int{maxProgram / 3, maxProgram - 64, 10 << 20} {
		for name, text := range hostile(n) {
			if n > maxProgram && (testing.Short() || !slices.Contains(slowest, name)) {
				continue
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			programs := 0
			for _, c := range Candidates(text) {
				if _, err := Parse(c); err == nil {
					programs++
				}
			}
			took := time.Since(start)
			runtime.ReadMemStats(&after)
			allocated := after.TotalAlloc - before.TotalAlloc
			t.Logf("%8d %-20s %d programs, %v, %d MiB", n, name, programs, took.Round(time.Millisecond), allocated>>20)
			if allocated > memory {
				t.Errorf("%s, %d bytes: %d bytes allocated", name, n, allocated)
			}
		}
	}
}
