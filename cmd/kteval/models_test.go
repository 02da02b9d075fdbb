package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/cmd/internal/metrics"
	"github.com/ktzip/ktzip/cmd/internal/pairs"
)

// ramp returns n numbers from a on.
func ramp(a, n int) (s []byte) {
	for i := range n {
		s = append(s, byte(a+i))
	}
	return s
}

// chat returns the line of an answer with choices, as OpenAI's batches have it.
func chat(id string, choices ...string) any {
	var list []any
	for _, c := range choices {
		list = append(list, map[string]any{"message": map[string]any{"role": "assistant", "content": c}})
	}
	return map[string]any{"custom_id": id, "error": nil,
		"response": map[string]any{"status_code": 200, "body": map[string]any{"choices": list}}}
}

// numbers returns sequence as a list in Python.
func numbers(sequence []byte) string { return strings.ReplaceAll(fmt.Sprint(sequence), " ", ", ") }

// A roundTrip is a sequence, what a model answers, and what becomes of it.
var roundTrips = []struct {
	sequence []byte
	answer   func(id string, sequence []byte) []any // lines
	kind     string
	texts    int
}{
	{ramp(0, 16), func(id string, _ []byte) []any {
		return []any{chat(id, "Here it is:\n\n```python\nsequence_1 = range_func_up(0, 15)\noutput = sequence_1\n```\nIt counts up.")}
	}, "right", 1},
	{ramp(1, 16), func(id string, _ []byte) []any { // Python of the subset
		return []any{chat(id, "<think>Maybe ```\noutput = [3]\n```</think>\n~~~\nout = list(range(1, 9)) + [x + 8 for x in range(1, 9)]\nprint(out)\n~~~")}
	}, "right", 1},
	{ramp(2, 16), func(id string, _ []byte) []any { // bare, after the published words
		return []any{map[string]any{"custom_id": id, "generation": "The program that generates the sequence is:\nsequence_1 = range_func_up(2, 17)\noutput = sequence_1\n###\nsequence_1 = range_func_up(9, 9)\noutput = sequence_1"}}
	}, "right", 1},
	{ramp(3, 16), func(id string, s []byte) []any { // Anthropic's form, a literal
		return []any{map[string]any{"custom_id": id, "result": map[string]any{"type": "succeeded", "message": map[string]any{
			"content": []any{map[string]any{"type": "thinking", "thinking": "hm"}, map[string]any{"type": "text", "text": "```\nsequence_1 = set_list(" + numbers(s) + ")\noutput = sequence_1\n```"}}}}}}
	}, "hard_coded", 1},
	{ramp(4, 20), func(id string, _ []byte) []any { // 4, 5, 6, 7, 8, 8, 9, …: 5 of 20 are right
		return []any{chat(id, "```\noutput = range_func_up(4, 8) + range_func_up(8, 22)\n```")}
	}, "wrong", 1},
	{ramp(5, 40), func(id string, _ []byte) []any { // 10 of 40 are right
		return []any{chat(id, "```\noutput = range_func_up(5, 14) + repeat_num(30, 300)\n```")}
	}, "wrong", 1},
	{ramp(6, 16), func(id string, _ []byte) []any { return []any{chat(id, "```\noutput = range_func_up(6, 20)\n```")} }, "too_short", 1},
	{ramp(7, 16), func(id string, _ []byte) []any { return []any{chat(id, "```\noutput = range_func_up(7, 30)\n```")} }, "too_long", 1},
	{ramp(8, 16), func(id string, _ []byte) []any { return []any{chat(id, "```\noutput = [0] * 2000000000\n```")} }, "not_run", 1},
	{ramp(9, 16), func(id string, _ []byte) []any {
		return []any{chat(id, "```\nimport os\nos.system('touch executed')\noutput = list(range(9, 25))\n```")}
	}, "not_parsed", 1},
	{ramp(10, 16), func(id string, _ []byte) []any { return []any{chat(id, "I cannot see a pattern.")} }, "not_parsed", 1},
	{ramp(11, 16), func(id string, _ []byte) []any { return []any{chat(id, strings.Repeat("[", 10<<20))} }, "not_parsed", 1},
	{ramp(12, 16), func(id string, _ []byte) []any {
		return []any{chat(id, strings.Repeat("```\noutput = [1\n", 60_000))}
	}, "not_parsed", 1},
	{ramp(13, 16), func(id string, _ []byte) []any {
		return []any{map[string]any{"custom_id": id, "response": map[string]any{"status_code": 500, "body": nil}, "error": map[string]any{"code": "x"}}}
	}, "no_answer", 0},
	{ramp(14, 16), func(string, []byte) []any { return nil }, "no_answer", 0},
	{ramp(15, 16), func(id string, s []byte) []any { // several: the shortest right one counts
		return []any{
			chat(id, "```\noutput = "+numbers(s)+"\n```", "```\noutput = [1]\n```"),
			map[string]any{"custom_id": id, "content": "```\noutput = range_func_up(15, 30)\n```"},
			map[string]any{"custom_id": id, "text": "no"},
		}
	}, "right", 4},
}

// holdVerdicts holds the verdicts in the file called name to roundTrips.
func holdVerdicts(t *testing.T, name string) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	i := 0
	for o, err := range metrics.Outcomes(bytes.NewReader(text), name) {
		if err != nil {
			t.Fatal(err)
		}
		right := roundTrips[i].kind == "right" || roundTrips[i].kind == "hard_coded"
		if o.Verdict.Kind.String() != roundTrips[i].kind || (o.Found != nil) != right {
			t.Errorf("%d: %+v", i, o)
		}
		i++
	}
	if i != len(roundTrips) {
		t.Errorf("%d outcomes, want %d", i, len(roundTrips))
	}
}

// TestPromptsAndAnswersRoundTrip asks for programs, answers in every way, and scores.
func TestPromptsAndAnswersRoundTrip(t *testing.T) {
	dir := t.TempDir()
	var text, answered []byte
	for _, r := range roundTrips {
		text = pairs.AppendLine(text, map[string]any{"sequence": pairs.Values(r.sequence)})
	}
	file, requests, responses := filepath.Join(dir, "s.jsonl"), filepath.Join(dir, "r.jsonl"), filepath.Join(dir, "a.jsonl")
	if err := os.WriteFile(file, text, 0o666); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := kteval(t, "--prompts", requests, "--shots", "2", "--model-name", "m", file); code != 0 {
		t.Fatal(errs)
	}
	asked, err := os.ReadFile(requests)
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.Split(bytes.TrimSpace(asked), []byte("\n"))
	if len(lines) != len(roundTrips) {
		t.Fatalf("%d requests, want %d", len(lines), len(roundTrips))
	}
	want, texts := map[string]any{}, 0
	for i, r := range roundTrips {
		id := object(t, string(lines[i]))["custom_id"].(string)
		for _, a := range r.answer(id, r.sequence) {
			answered = pairs.AppendLine(answered, a)
		}
		if want[r.kind] == nil {
			want[r.kind] = 0.0
		}
		want[r.kind] = want[r.kind].(float64) + 1
		texts += r.texts
	}
	foreign := pairs.AppendLine(nil, chat("kt-1-0000000000000000", "```\noutput = [1]\n```"))
	if err := os.WriteFile(responses, append(answered, foreign...), 0o666); err != nil {
		t.Fatal(err)
	}
	code, out, errs := kteval(t, "--score", "--answers", responses, "--json", file)
	if code != 0 {
		t.Fatal(errs)
	}
	m := object(t, out)
	a := m["answers"].(map[string]any)
	all := a["all"].(map[string]any)
	if got := all["kinds"]; !reflect.DeepEqual(got, want) {
		t.Errorf("kinds %v, want %v", got, want)
	}
	if a["texts"] != float64(texts) || a["foreign"] != 1.0 || m["accuracy"] != 5.0/16 || all["wrong_right_before_median"] != 0.25 {
		t.Errorf("%s", out)
	}
	if at := a["by_length"].([]any)[2].(map[string]any); at["at_most"] != 64.0 || at["sequences"] != 1.0 || at["kinds"].(map[string]any)["wrong"] != 1.0 {
		t.Errorf("by length: %v", a["by_length"])
	}
	if _, err := os.Stat("executed"); err == nil {
		t.Error("Python was executed")
	}
	found := filepath.Join(dir, "found.jsonl")
	code, out, _ = kteval(t, "--score", "--answers", responses, "--programs", found, file)
	if code != 0 || !strings.Contains(out, "wrong at an element") || !strings.Contains(out, "texts read") {
		t.Errorf("%s", out)
	}
	holdVerdicts(t, found)

	// The same answers to another file, and a file that has none.
	other := filepath.Join(dir, "other.jsonl")
	if err := os.WriteFile(other, pairs.AppendLine(nil, map[string]any{"sequence": []int{9}}), 0o666); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := kteval(t, "--score", "--answers", responses, other); code != 1 || !strings.Contains(errs, "are to other sequences") {
		t.Errorf("%d %s", code, errs)
	}
	if code, _, errs := kteval(t, "--score", "--answers", os.DevNull, file); code != 1 || !strings.Contains(errs, "no answers") {
		t.Errorf("%d %s", code, errs)
	}
}

// TestOwnProgramsAreAnswers scores programs of a file in other forms than the language's own.
func TestOwnProgramsAreAnswers(t *testing.T) {
	name := filepath.Join(t.TempDir(), "p.jsonl")
	var text []byte
	for _, program := range []string{"output = list(range(4))", "```\na = [0, 1]\noutput = a + [2, 3]\n```", "sequence_1 = range_func_up(0, 3)\noutput = sequence_1", "?", ""} {
		text = pairs.AppendLine(text, map[string]any{"sequence": []int{0, 1, 2, 3}, "program": program})
	}
	if err := os.WriteFile(name, text, 0o666); err != nil {
		t.Fatal(err)
	}
	_, out, errs := kteval(t, "--score", "--json", name)
	var m struct {
		Accuracy float64
		Answers  struct {
			Texts int
			All   struct{ Kinds map[string]int }
		}
	}
	if err := json.Unmarshal([]byte(out), &m); err != nil {
		t.Fatal(err, errs)
	}
	if want := map[string]int{"right": 2, "hard_coded": 1, "not_parsed": 1, "no_answer": 1, "not_run": 0, "wrong": 0, "too_long": 0, "too_short": 0}; m.Accuracy != 0.6 || m.Answers.Texts != 4 || !reflect.DeepEqual(m.Answers.All.Kinds, want) {
		t.Errorf("%s", out)
	}
}

// TestPromptsDependOnTheirSequence holds that a request is the same in every file that has its
// sequence at its place, and that options are checked.
func TestPromptsDependOnTheirSequence(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, length string, data []byte) [][]byte {
		file, requests := filepath.Join(dir, name), filepath.Join(dir, name+".requests")
		if err := os.WriteFile(file, data, 0o666); err != nil {
			t.Fatal(err)
		}
		if code, _, errs := kteval(t, "--prompts", requests, "--length", length, "--shots", "1", file); code != 0 {
			t.Fatal(errs)
		}
		text, err := os.ReadFile(requests)
		if err != nil {
			t.Fatal(err)
		}
		return bytes.Split(text, []byte("\n"))
	}
	long, short := write("long", "8", ramp(0, 64)), write("short", "8", ramp(0, 24))
	if !slices.EqualFunc(long[:3], short[:3], bytes.Equal) || len(long) != 9 {
		t.Errorf("%s\n%s", long, short)
	}
	for args, want := range map[string]string{
		"--prompts x --score y":         "--prompts cannot be combined",
		"--prompts x y z":               "got 2 files",
		"--score --programs x y":        "--programs cannot be combined",
		"--shots 1 y":                   "--shots needs --prompts",
		"--answers x y":                 "--answers needs --score",
		"--answers x --score y z":       "got 2 files",
		"--prompts x --shots 1000 y":    "--shots 1000: must be",
		"--prompts x --max-tokens -1 y": "--max-tokens must be",
	} {
		if code, _, errs := kteval(t, strings.Fields(args)...); code != 2 || !strings.Contains(errs, want) {
			t.Errorf("%s: %d %s", args, code, errs)
		}
	}
	if entries, err := filepath.Glob(filepath.Join(dir, ".kteval-*")); err != nil || len(entries) > 0 {
		t.Errorf("%v %v", entries, err)
	}
}
