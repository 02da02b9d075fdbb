package prompts

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/dsl"
)

// inFiles are the operations that exist only within a file.
var inFiles = []dsl.Op{dsl.Rest, dsl.Copy}

// TestReferenceIsTheLanguage holds the reference to the operation table: every operation of the
// test has one row, in order, with as many parameters, and its example makes what the row says.
func TestReferenceIsTheLanguage(t *testing.T) {
	var want, got []dsl.Op
	for op := range dsl.Signed {
		if op.In(dsl.Block) && !slices.Contains(inFiles, op) {
			want = append(want, op)
		}
	}
	var m dsl.Machine
	for i := range functions {
		f := &functions[i]
		p, err := f.program()
		if err != nil {
			t.Errorf("%s: %v", f.example, err)
			continue
		}
		got = append(got, p.Nodes[2].Op)
		out, _, err := m.Run(p, dsl.Budget{Steps: 1e6, Elements: 1e6})
		if text := strings.ReplaceAll(fmt.Sprint(out), " ", ", "); err != nil || text != f.result {
			t.Errorf("%s: %s %v, not %s", f.example, text, err, f.result)
		}
		outside := regexp.MustCompile(`\[[^]]*\]`)
		commas := func(s string) int { return strings.Count(outside.ReplaceAllString(s, ""), ",") }
		if name, _, _ := strings.Cut(f.call, "("); !strings.HasPrefix(f.example, name+"(") || commas(f.call) != commas(f.example) {
			t.Errorf("%s is no example of %s", f.example, f.call)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("rows of %v, want %v", got, want)
	}
}

// TestCostsAreStated holds the costs that the reference has to those of the published table.
func TestCostsAreStated(t *testing.T) {
	for i, want := range []string{"8 bits per number", "16", "19", "12.3", "3 + r", "r", "16 + r", "3 + r", "16 + r",
		"8 + r", "8 + r", "8 + r", "8 + r", "8 + r", "r", "r", "r", "r", "2r", "2r", "2r", "2r", "2r"} {
		if got := functions[i].cost(); strings.Replace(got, " bits", "", 1) != strings.Replace(want, " bits", "", 1) {
			t.Errorf("%s costs %q, want %q", functions[i].call, got, want)
		}
	}
}

// TestRequestsAreLines holds the form of requests, and that they depend on nothing but the
// options, the sequence and its number.
func TestRequestsAreLines(t *testing.T) {
	sequence := []byte{0, 255, 3}
	for _, n := range []int{0, 3} {
		opt := &Options{Model: "a-model", Shots: n, MaxTokens: 100}
		line, err := New(opt).Append([]byte("x"), 7, sequence)
		if err != nil {
			t.Fatal(err)
		}
		again, _ := New(opt).Append(nil, 7, sequence)
		if !bytes.Equal(line[1:], again) || bytes.Count(again, []byte("\n")) != 1 || bytes.Contains(again, []byte(`\u00`)) {
			t.Errorf("%s\nand: %s", line, again)
		}
		var r request
		if err := json.Unmarshal(again, &r); err != nil {
			t.Fatal(err)
		}
		if !regexp.MustCompile(`^[a-zA-Z0-9_-]{1,64}$`).MatchString(r.ID) || !strings.HasPrefix(r.ID, "kt-7-") || r.ID == ID(7, sequence[:2]) {
			t.Errorf("the ID is %s", r.ID)
		}
		b := r.Body
		if r.Method != "POST" || r.URL != "/v1/chat/completions" || b.Model != "a-model" || b.MaxTokens != 100 || *b.Temperature != 0 {
			t.Errorf("%+v", r)
		}
		if len(b.Messages) != 2+2*n || b.Messages[0].Role != "system" || !strings.HasSuffix(b.Messages[len(b.Messages)-1].Content, "3 numbers:\n[0, 255, 3]") {
			t.Errorf("%+v", b.Messages)
		}
	}
	opt := &Options{Temperature: -1}
	if line, _ := New(opt).Append(nil, 1, sequence); bytes.Contains(line, []byte("temperature")) || bytes.Contains(line, []byte("max_tokens")) {
		t.Errorf("%s", line)
	}
}

// TestShotsAreRight executes the solved examples.
func TestShotsAreRight(t *testing.T) {
	var m dsl.Machine
	for _, s := range shots(maxShots) {
		out := make([]byte, len(s.sequence))
		if _, err := m.Bytes(out, s.program, dsl.BlockBudget(len(out))); err != nil || !bytes.Equal(out, s.sequence) {
			t.Errorf("%v\n%v: %v", s.program, s.sequence, err)
		}
	}
}
