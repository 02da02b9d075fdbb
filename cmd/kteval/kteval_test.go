package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/cmd/internal/evaluate"
	"github.com/ktzip/ktzip/cmd/internal/metrics"
	"github.com/ktzip/ktzip/cmd/internal/pairs"
	"github.com/ktzip/ktzip/cmd/internal/tool"
	"github.com/ktzip/ktzip/cmd/internal/zlib"
	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/kolmogorov"
)

// pairsFile writes a file of n generated pairs and returns its name.
func pairsFile(t *testing.T, seed uint64, n int) string {
	t.Helper()
	g := kolmogorov.NewGenerator(seed)
	var lines []byte
	for range n {
		p, v := g.Next()
		lines = (&metrics.Outcome{Sequence: v, Found: p}).AppendLine(lines)
	}
	name := filepath.Join(t.TempDir(), "pairs.jsonl")
	if err := os.WriteFile(name, lines, 0o666); err != nil {
		t.Fatal(err)
	}
	return name
}

func kteval(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = tool.Run(t.Context(), &options{}, args, &out, &errs)
	return code, out.String(), errs.String()
}

func object(t *testing.T, text string) (m map[string]any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return m
}

// TestSearchAndScoreAgree holds that a search of generated pairs reports all metrics, that
// threads change none of them, and that its programs score the same.
func TestSearchAndScoreAgree(t *testing.T) {
	name := pairsFile(t, 51, 60)
	found := filepath.Join(t.TempDir(), "found.jsonl")
	code, out, errs := kteval(t, "--budget", "400000", "--json", "--programs", found, name)
	if code != 0 {
		t.Fatal(errs)
	}
	m := object(t, out)
	for _, key := range []string{"accuracy", "compression_rate", "compression_rate_raw", "compression_rate_published", "precision", "precision_published", "generator_rate",
		"share_at_most_generator", "coded_rate", "ms_median", "ms_p99", "sequences"} {
		if _, ok := m[key].(float64); !ok {
			t.Errorf("%s is %v", key, m[key])
		}
	}
	rate, theirs := m["compression_rate_raw"].(float64), m["generator_rate"].(float64)
	if m["accuracy"] != 1.0 || m["sequences"] != 60.0 || rate > 1.25*theirs || m["coded_rate"].(float64) > rate {
		t.Errorf("%s", out)
	}
	_, again, _ := kteval(t, "--budget", "400000", "--json", "--threads", "3", name)
	for _, key := range []string{"compression_rate", "compression_rate_raw", "compression_rate_published", "precision_published", "coded_rate", "share_at_most_generator"} {
		if v := object(t, again)[key]; v != m[key] {
			t.Errorf("%s is %v with 3 threads, %v before", key, v, m[key])
		}
	}
	code, out, errs = kteval(t, "--score", "--json", found)
	if s := object(t, out); code != 0 || s["accuracy"] != 1.0 || s["compression_rate_raw"] != m["compression_rate_raw"] ||
		s["precision"] != m["precision"] || s["precision_published"] != m["precision_published"] || s["generator_rate"] != nil || s["ms_median"] != nil {
		t.Errorf("scored %s, searched %v %s", out, m, errs)
	}
}

// TestWrongProgramsDoNotCount scores right and wrong programs.
func TestWrongProgramsDoNotCount(t *testing.T) {
	name := filepath.Join(t.TempDir(), "p.jsonl")
	lines := `{"sequence": [1, 2, 3, 4, 5, 6, 7, 8, 9], "program": "sequence_1 = range_func_up(1, 9)\noutput = sequence_1"}
{"sequence": [1, 2, 3], "program": "sequence_1 = range_func_up(1, 4)\noutput = sequence_1"}
{"sequence": [1, 2, 3], "program": "import os"}

{"sequence": [5]}
`
	if err := os.WriteFile(name, []byte(lines), 0o666); err != nil {
		t.Fatal(err)
	}
	code, out, errs := kteval(t, "--score", "--json", name)
	m := object(t, out)
	p, _ := dsl.Parse("sequence_1 = range_func_up(1, 9)\noutput = sequence_1", dsl.Block)
	want := (p.UniformBits() + 8*7 + 4) / (8 * 16)
	if got := m["compression_rate_raw"].(float64); code != 0 || m["accuracy"] != 0.25 || got < want-1e-9 || got > want+1e-9 {
		t.Errorf("%s %s, want a rate of %v", out, errs, want)
	}
	if _, out, _ := kteval(t, "--score", name); !strings.Contains(out, "accuracy                     0.2500") {
		t.Errorf("%s", out)
	}
}

// TestPublishedValues scores the programs of the published files: the metrics are those that the published evaluation
// gave, to the digit.
func TestPublishedValues(t *testing.T) {
	const files = "../../../shared/kt/published"
	text, err := os.ReadFile(filepath.Join(files, "values.json"))
	if err != nil {
		t.Skipf("no published values: %v", err)
	}
	if zlib.New() == nil {
		t.Skip("no zlib for this machine")
	}
	for name, v := range object(t, string(text)) {
		code, out, errs := kteval(t, "--score", "--json", filepath.Join(files, name+".jsonl"))
		if code != 0 {
			t.Fatal(errs)
		}
		got, want := object(t, out), v.(map[string]any)
		for _, key := range []string{"sequences", "compression_rate_published", "precision_published"} {
			if got[key] != want[key] {
				t.Errorf("%s: %s is %v, want %v", name, key, got[key], want[key])
			}
		}
		if got["accuracy"] != want["right"].(float64)/want["sequences"].(float64) {
			t.Errorf("%s: accuracy %v, want %v of %v", name, got["accuracy"], want["right"], want["sequences"])
		}
	}
}

// TestOtherFilesAreCut cuts a file into sequences.
func TestOtherFilesAreCut(t *testing.T) {
	name := filepath.Join(t.TempDir(), "ramp.bin")
	var data []byte
	for i := range 1000 {
		data = append(data, byte(i))
	}
	if err := os.WriteFile(name, data, 0o666); err != nil {
		t.Fatal(err)
	}
	_, out, errs := kteval(t, "--length", "64", "--limit", "3", "--budget", "1ms", "--no-coded", "--json", name)
	if m := object(t, out); m["sequences"] != 3.0 || m["compression_rate_raw"].(float64) > 0.1 || m["coded_rate"] != nil {
		t.Errorf("%s %s", out, errs)
	}
	if _, out, _ := kteval(t, "--budget", "1ms", "--json", name); object(t, out)["sequences"] != 8.0 {
		t.Errorf("%s", out)
	}
}

// TestBaselines measures other coders on the sequences of two files.
func TestBaselines(t *testing.T) {
	name, pairs := filepath.Join(t.TempDir(), "ramp.bin"), pairsFile(t, 54, 5)
	var data []byte
	for i := range 1000 {
		data = append(data, byte(i%7))
	}
	if err := os.WriteFile(name, data, 0o666); err != nil {
		t.Fatal(err)
	}
	code, out, errs := kteval(t, "--baseline", "order2", "--json", "--every", "3", "--limit", "2", "--length", "64", name, pairs)
	lines := strings.SplitAfter(out, "\n")
	if code != 0 || len(lines) != 3 {
		t.Fatalf("%s%s", out, errs)
	}
	m := object(t, lines[0])
	rates := m["rates"].(map[string]any)
	if m["file"] != name || m["sequences"] != 2.0 || m["bytes"] != 128.0 || len(rates) != 2 ||
		rates["order2_joined"].(float64) > 0.25 || rates["order2_joined"].(float64) >= rates["order2_each"].(float64) {
		t.Errorf("%s", out)
	}
	if m := object(t, lines[1]); m["sequences"] != 2.0 {
		t.Errorf("%s", lines[1])
	}
	code, out, errs = kteval(t, "--baseline", "order2,lmic", "--model", "../../search/seqcoder/model/testdata/tiny.safetensors", "--limit", "3", pairs)
	if code != 0 || !strings.Contains(out, ": 3 sequences, ") || !strings.Contains(out, "  lmic with weights  ") {
		t.Errorf("%s%s", out, errs)
	}
	code, _, errs = kteval(t, "--baseline", "order2", "/nowhere")
	if code != 1 || !strings.Contains(errs, "/nowhere") {
		t.Errorf("%d, %s", code, errs)
	}
}

// TestErrorsAreExplained holds exit codes and messages.
func TestErrorsAreExplained(t *testing.T) {
	bad := filepath.Join(t.TempDir(), "bad.jsonl")
	if err := os.WriteFile(bad, []byte("{\"sequence\": [1]}\n{\"sequence\": [256]}\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args string
		code int
		want string
	}{
		{"", 2, "no files given"},
		{"--budget soon x", 2, "neither a number of steps nor a time"},
		{"--search oracle x", 2, "--search oracle: must be one of enumerate, seqcoder, both"},
		{"--without magic x", 2, "--without magic: unknown rule"},
		{"--length 0 x", 2, "--length 0: must be 1 to"},
		{"--baseline zip x", 2, `--baseline: "zip" is unknown: must be some of gzip, order2, lmic`},
		{"--baseline gzip --score x", 2, "--baseline cannot be combined with --score"},
		{"--baseline gzip --programs y x", 2, "--programs cannot be combined with --baseline"},
		{"--every 0 x", 2, "--every must be at least 1"},
		{"--frob x", 2, "unknown flag"},
		{"--score --programs y x", 2, "--programs cannot be combined with --score"},
		{"--device none x", 2, "--device none is for ktzip only"},
		{"--device tpu x", 2, "--device tpu: "},
		{"--beam 3 x", 2, "--beam needs --search seqcoder"},
		{"--threads 0 x", 2, "--threads must be at least 1"},
		{"--programs y x x", 2, "got 2 files"},
		{"/nonexistent", 1, "no such file"},
		{bad, 1, "line 2: 256 is not a byte"},
	} {
		if code, _, errs := kteval(t, strings.Fields(c.args)...); code != c.code || !strings.Contains(errs, c.want) {
			t.Errorf("%s: %d, %s", c.args, code, errs)
		}
	}
	if code, out, _ := kteval(t, "--help"); code != 0 || !strings.Contains(out, "Usage: kteval") {
		t.Errorf("--help: %d, %s", code, out)
	}
}

// TestProgramsRunInPython executes the programs found with the published definitions.
func TestProgramsRunInPython(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3")
	}
	found := filepath.Join(t.TempDir(), "found.jsonl")
	if code, _, errs := kteval(t, "--budget", "200000", "--no-coded", "--programs", found, pairsFile(t, 52, 200)); code != 0 {
		t.Fatal(errs)
	}
	out, err := exec.Command(python, "testdata/published.py", found).CombinedOutput()
	if err != nil || strings.TrimSpace(string(out)) != "200" {
		t.Errorf("%v: %s", err, out)
	}
}

// TestShardsAreOneFile holds that outcomes which are found shard by shard, and read from their
// lines, have the metrics of the whole file.
func TestShardsAreOneFile(t *testing.T) {
	name := pairsFile(t, 53, 90)
	code, out, errs := kteval(t, "--budget", "200000", "--json", name)
	if code != 0 {
		t.Fatal(errs)
	}
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.SplitAfter(whole, []byte("\n"))
	shards := [][]byte{bytes.Join(lines[:7], nil), bytes.Join(lines[7:50], nil), bytes.Join(lines[50:], nil)}
	var all evaluate.Worth
	for _, shard := range slices.Backward(shards) { // in any order
		for p, err := range pairs.Read(bytes.NewReader(shard), name, 0) {
			if err != nil {
				t.Fatal(err)
			}
			all = all.Plus(evaluate.WorthOf(p.Sequence))
		}
	}
	opt := &evaluate.Options{Search: "enumerate", Device: "cpu", Budget: 200_000}
	tally := metrics.New(name)
	for k, shard := range shards {
		e, err := evaluate.New(opt)
		if err != nil {
			t.Fatal(err)
		}
		var lines []byte
		for p := range pairs.Read(bytes.NewReader(shard), name, 0) {
			o, err := e.Outcome(p, all)
			if err != nil {
				t.Fatal(err)
			}
			lines = o.AppendLine(lines)
		}
		for o, err := range metrics.Outcomes(bytes.NewReader(lines), fmt.Sprint(k)) {
			if err != nil {
				t.Fatal(err)
			}
			tally.Add(o)
		}
	}
	text, err := json.Marshal(tally.End())
	if err != nil {
		t.Fatal(err)
	}
	got, want := object(t, string(text)), object(t, out)
	for _, m := range []map[string]any{got, want} {
		for _, key := range []string{"ms_median", "ms_p99", "ms_mean"} {
			if v, ok := m[key].(float64); !ok || v <= 0 {
				t.Errorf("%s is %v", key, m[key])
			}
			delete(m, key)
		}
	}
	if !reflect.DeepEqual(got, want) || got["sequences"] != 90.0 || got["coded_rate"] == nil || got["generator_rate"] == nil {
		t.Errorf("%v\nof the whole file: %v", got, want)
	}
}
