package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// built builds a command of ktzip, and returns its path.
func built(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	cmd := exec.Command("go", "build", "-o", path, "./cmd/"+name)
	cmd.Dir = filepath.Join("..", "..")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return path
}

// output returns what a command prints.
func output(t *testing.T, path string, args ...string) string {
	t.Helper()
	cmd := exec.Command(path, args...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// joined returns the files that match a pattern in a row, and how many there are.
func joined(t *testing.T, pattern string) (text string, n int) {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text += read(t, name)
	}
	return text, len(names)
}

// TestGenerate holds that the shards in a row have the bytes of ktgen, whatever their number and the workers.
func TestGenerate(t *testing.T) {
	ktgen := built(t, "ktgen")
	const all = "--count=2100" // 5 batches
	for _, c := range []struct {
		args, shards []string
		files        int
	}{
		{[]string{"--seed=7"}, []string{"--workers=1"}, 1},
		{[]string{"--seed=7"}, []string{"--workers=2", "--shards=3"}, 3},
		{[]string{"--seed=7"}, []string{"--workers=8", "--shards=5"}, 5},
		{[]string{"--kinds=pairs,noisy", "--packed", "--steps=100000"}, []string{"--shards=2"}, 2},
	} {
		want := output(t, ktgen, append(c.args, all)...)
		out := filepath.Join(t.TempDir(), "a [b]*")
		r := ktfleet(t, slices.Concat([]string{"generate", all, "--output", out}, c.args, c.shards)...)
		got, n := joined(t, filepath.Join(filepath.Dir(out), "*", "pairs-0*"))
		if r.code != 0 || got != want || n != c.files {
			t.Errorf("%v %v: %d files of %d bytes, want %d of %d: %+v", c.args, c.shards, n, len(got), c.files, len(want), r)
		}
		if said := "drew 2100 pairs: " + strconv.Itoa(n) + " files"; !strings.HasPrefix(r.stderr, said) || !strings.Contains(r.stderr, strconv.Itoa(len(want))+" bytes") {
			t.Errorf("it says %s", r.stderr)
		}
	}
}

// TestGenerateContinues holds that a run continues one with the same options, and no other.
func TestGenerateContinues(t *testing.T) {
	out := t.TempDir()
	pattern := filepath.Join(out, "pairs-*")
	run := func(args ...string) result {
		return ktfleet(t, append([]string{"generate", "--output", out}, args...)...)
	}
	expect := func(r result, code int, said string) {
		t.Helper()
		if r.code != code || !strings.Contains(r.stderr, said) {
			t.Fatalf("%+v, want %d, %q", r, code, said)
		}
	}
	expect(run("--count=1500", "--resume"), 0, "drew 1500") // there is nothing to continue
	expect(run("--count=1500", "--shards=3", "--force"), 0, "drew 1500")
	want, n := joined(t, pattern)
	if n != 3 {
		t.Fatalf("%d files", n)
	}
	first, kept := filepath.Join(out, "pairs-00000-of-00003.jsonl"), filepath.Join(out, "pairs-00001-of-00003.jsonl")
	if err := os.Remove(first); err != nil {
		t.Fatal(err)
	}
	old := time.Unix(1e9, 0)
	if err := os.Chtimes(kept, old, old); err != nil {
		t.Fatal(err)
	}
	expect(run("--count=1500", "--shards=3"), 1, "earlier run")
	expect(run("--count=1500", "--shards=2", "--resume"), 1, "differ")
	expect(run("--count=1500", "--shards=3", "--seed=2", "--resume"), 1, "differ")
	expect(run("--count=1500", "--shards=3", "--resume"), 0, "2 of them were there")
	if got, _ := joined(t, pattern); got != want {
		t.Error("other pairs after --resume")
	}
	if is, err := os.Stat(kept); err != nil || !is.ModTime().Equal(old) {
		t.Errorf("%s was written again", kept)
	}
	expect(run("--count=600", "--force"), 0, "1 files")
	if _, n := joined(t, pattern); n != 1 {
		t.Errorf("%d files after --force", n)
	}
	if left, _ := filepath.Glob(filepath.Join(out, ".ktfleet*")); len(left) != 1 {
		t.Errorf("left: %v", left)
	}
	if err := os.Remove(filepath.Join(out, ".ktfleet-options.json")); err != nil {
		t.Fatal(err)
	}
	expect(run("--count=600", "--resume"), 1, "exists already")
}

// TestGenerateRefuses holds that wrong options are told.
func TestGenerateRefuses(t *testing.T) {
	for said, args := range map[string]string{
		"--count 0":  "--output=x",
		"no folder":  "--count=1",
		"--shards 2": "--output=x --count=512 --shards=2",
		"--longest":  "--output=x --count=1 --longest=0",
		"unexpected": "--output=x --count=1 operand",
		"combined":   "--output=x --count=1 --force --resume",
		"--real is":  "--output=x --count=1 --kinds=real --real=y",
	} {
		if r := ktfleet(t, append([]string{"generate"}, strings.Fields(args)...)...); r.code != 1 || !strings.Contains(r.stderr, said) {
			t.Errorf("%s: %+v", args, r)
		}
	}
}

// metricsOf returns the metrics of a JSON object, without its name and the times.
func metricsOf(t *testing.T, text string) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	maps.DeleteFunc(m, func(name string, _ any) bool { return name == "file" || strings.HasPrefix(name, "ms_") })
	return m
}

// A testbed has files to evaluate: shards of pairs below in, and all of them as one file.
type testbed struct {
	in, all string
	kteval  string
}

// shards makes a testbed.
func shards(t *testing.T) *testbed {
	dir, ktgen := t.TempDir(), built(t, "ktgen")
	b := &testbed{filepath.Join(dir, "in"), filepath.Join(dir, "all.jsonl"), built(t, "kteval")}
	for i, name := range []string{"a/0.jsonl", "a/1.jsonl", "b.jsonl"} {
		write(t, b.in, map[string]string{name: output(t, ktgen, "--count="+strconv.Itoa(20+i), "--seed="+strconv.Itoa(i))})
	}
	write(t, b.in, map[string]string{"empty.jsonl": ""})
	b.join(t)
	return b
}

// join makes the one file of those that there are.
func (b *testbed) join(t *testing.T) {
	text, _ := joined(t, filepath.Join(b.in, "a", "*"))
	write(t, filepath.Dir(b.all), map[string]string{filepath.Base(b.all): text + read(t, b.in, "b.jsonl")})
}

// want returns what kteval measures.
func (b *testbed) want(t *testing.T, args ...string) map[string]any {
	t.Helper()
	return metricsOf(t, output(t, b.kteval, append(args, "--json", b.all)...))
}

// TestEvaluate holds that the metrics are those that kteval measures of all files as one.
func TestEvaluate(t *testing.T) {
	b := shards(t)
	search := []string{"--budget=50000", "--without=relation-filter"}
	for _, c := range [][]string{search, append(search, "--no-coded", "--limit=20"), {"--score"}} {
		limited := slices.Contains(c, "--limit=20") // of each file, which kteval can't say of the one
		for _, workers := range []string{"1", "2", "8"} {
			out := filepath.Join(t.TempDir(), "out")
			args := []string{"evaluate", "--json", "--workers", workers, "--input", filepath.Join(b.in, "**", "*.jsonl"), "--output", out}
			r := ktfleet(t, append(args, c...)...)
			if r.code != 0 || !strings.Contains(r.stderr, "4 files") {
				t.Fatalf("%+v", r)
			}
			if !limited {
				if got, want := metricsOf(t, r.stdout), b.want(t, c...); !reflect.DeepEqual(got, want) {
					t.Errorf("%v, %s workers: %v, want %v", c, workers, got, want)
				}
			} else if n := metricsOf(t, r.stdout)["sequences"]; n != 60.0 {
				t.Errorf("%v sequences", n)
			}
			if got := read(t, out, "report.json"); got != r.stdout {
				t.Errorf("the report has %s, printed was %s", got, r.stdout)
			}
		}
	}
}

// TestScoresOfAllForms holds that programs that are Python, or have prose around them, have the scores
// that kteval gives them.
func TestScoresOfAllForms(t *testing.T) {
	dir := t.TempDir()
	var text string
	for _, program := range []string{"output = list(range(4))", "So:\n```\na = [0, 1]\noutput = a + [2, 3]\n```", "sequence_1 = range_func_up(0, 3)\noutput = sequence_1", "?", ""} {
		text += fmt.Sprintf("{\"sequence\":[0,1,2,3],\"program\":%q}\n", program)
	}
	write(t, dir, map[string]string{"p.jsonl": text})
	name := filepath.Join(dir, "p.jsonl")
	r := ktfleet(t, "evaluate", "--score", "--json", "--output", filepath.Join(dir, "out"), name)
	want := metricsOf(t, output(t, built(t, "kteval"), "--score", "--json", name))
	if got := metricsOf(t, r.stdout); r.code != 0 || !reflect.DeepEqual(got, want) || got["accuracy"] != 0.6 {
		t.Errorf("%+v, want %v", r, want)
	}
}

// TestEvaluateOther holds that other files than .jsonl are cut into sequences, and that the
// metrics are printed as kteval prints them.
func TestEvaluateOther(t *testing.T) {
	dir, kteval := t.TempDir(), built(t, "kteval")
	in := filepath.Join(dir, "file")
	write(t, dir, map[string]string{"file": lines(20)})
	untimed := func(text string) string {
		all := slices.DeleteFunc(strings.Split(text, "\n"), func(l string) bool { return strings.Contains(l, " ms ") })
		return strings.Join(all, "\n")
	}
	args := []string{"--length=50", "--budget=20000"}
	r := ktfleet(t, append([]string{"evaluate", "-q", "--output", filepath.Join(dir, "out"), in}, args...)...)
	want := output(t, kteval, append(args, in)...)
	if r.code != 0 || r.stderr != "" || untimed(r.stdout) != untimed(want) {
		t.Errorf("%+v, want %s", r, want)
	}
}

// TestEvaluateContinues holds that a run continues one with the same options and sequences, and computes
// what is missing alone.
func TestEvaluateContinues(t *testing.T) {
	b, out := shards(t), filepath.Join(t.TempDir(), "out")
	run := func(args ...string) result {
		return ktfleet(t, append([]string{"evaluate", "--json", "--input", b.in, "--output", out}, args...)...)
	}
	expect := func(r result, code int, said string) result {
		t.Helper()
		if r.code != code || !strings.Contains(r.stderr, said) {
			t.Fatalf("%+v, want %d, %q", r, code, said)
		}
		return r
	}
	const fast = "--budget=20000"
	first := expect(run(fast), 0, "4 files")
	remove := func(name string) {
		if err := os.Remove(filepath.Join(out, filepath.FromSlash(name))); err != nil {
			t.Fatal(err)
		}
	}
	remove("report.json")
	remove("outcomes/a/1.jsonl")
	expect(run(fast), 1, "earlier run")
	expect(run("--resume"), 1, "differ")
	again := expect(run(fast, "--resume"), 0, "3 of them were there")
	if got, want := metricsOf(t, again.stdout), metricsOf(t, first.stdout); !reflect.DeepEqual(got, want) {
		t.Errorf("%v after --resume, want %v", got, want)
	}
	// A search of other sequences would share the budget in another way.
	write(t, b.in, map[string]string{"c.jsonl": read(t, b.in, "b.jsonl")})
	expect(run(fast, "--resume"), 1, "differ")
	// Scores depend on nothing, so that files may come and change.
	expect(run("--score", "--force"), 0, "5 files")
	write(t, b.in, map[string]string{"d.jsonl": read(t, b.in, "b.jsonl"), "c.jsonl": `{"sequence":[1,2,3]}`})
	later := time.Now().Add(time.Hour)
	if err := os.Chtimes(filepath.Join(b.in, "c.jsonl"), later, later); err != nil {
		t.Fatal(err)
	}
	r := expect(run("--score", "--resume"), 0, "4 of them were there")
	if n := metricsOf(t, r.stdout)["sequences"]; n != float64(20+21+22+1+22) {
		t.Errorf("%v sequences", n)
	}
}

// TestEvaluateSkips holds that damaged files are reported and skipped, and that the others have the metrics
// that they have alone.
func TestEvaluateSkips(t *testing.T) {
	b := shards(t)
	want := b.want(t, "--budget=20000")
	text := read(t, b.in, "b.jsonl")
	write(t, b.in, map[string]string{"0.jsonl": text[:len(text)/2], "z.jsonl": `{"sequence":[256]}`})
	out := filepath.Join(t.TempDir(), "out")
	args := []string{"evaluate", "--json", "--budget=20000", "--input", b.in, "--input", "nothing-has-this-name", "--output", out}
	r := ktfleet(t, args...)
	if got := metricsOf(t, r.stdout); r.code != 2 || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %v", r, want)
	}
	for _, said := range []string{"0.jsonl, line", "256 is not a byte", "nothing-has-this-name", "skipped 3"} {
		if !strings.Contains(r.stderr, said) {
			t.Errorf("it does not say %q: %s", said, r.stderr)
		}
	}
	if _, n := joined(t, filepath.Join(out, "outcomes", "*.jsonl")); n != 2 { // b, empty
		t.Errorf("%d outcomes", n)
	}
	for _, score := range []string{"--score", "--budget=1ms"} {
		if r := ktfleet(t, "evaluate", "--output", filepath.Join(out, score), score, filepath.Join(b.in, "z.jsonl")); r.code != 1 || !strings.Contains(r.stderr, "no sequences") || !strings.Contains(r.stderr, "256 is not a byte") {
			t.Errorf("%+v", r)
		}
	}
}
