package metrics

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/dsl"
)

// TestVerdicts holds what becomes of outputs and programs.
func TestVerdicts(t *testing.T) {
	var m dsl.Machine
	sequence := []byte{1, 2, 3, 4, 5, 6, 7, 8}
	const list = "sequence_1 = set_list([1, 2, 3, 4, 5, 6, 7, 8])\n"
	for _, c := range []struct {
		text string
		want Verdict
	}{
		{"sequence_1 = range_func_up(1, 8)\noutput = sequence_1", Verdict{Right, 8, 0}},
		{"sequence_1 = range_func_up(1, 3)\noutput = sequence_1", Verdict{TooShort, 3, 0}},
		{"sequence_1 = range_func_up(1, 9)\noutput = sequence_1", Verdict{TooLong, 8, 0}},
		{"sequence_1 = range_func_up(0, 9)\noutput = sequence_1", Verdict{Wrong, 0, 0}},
		{"sequence_1 = set_list([1, 2, 3, -4])\noutput = sequence_1", Verdict{Wrong, 3, 0}},
		{"sequence_1 = set_list([1, 2, 3, 260, 5, 6, 7, 8])\noutput = sequence_1", Verdict{Wrong, 3, 0}},
		{"sequence_1 = set_list([])\noutput = sequence_1", Verdict{TooShort, 0, 0}},
		{list + "output = sequence_1", Verdict{HardCoded, 8, 0}},
		{list + "sequence_2 = reverse_list(sequence_1)\noutput = sequence_1", Verdict{HardCoded, 8, 0}},
		{list + "sequence_2 = reverse_list(sequence_1)\nsequence_3 = reverse_list(sequence_2)\noutput = sequence_3", Verdict{Right, 8, 0}},
		{"sequence_1 = set_list([1, 2, 3])\nsequence_2 = set_list([4, 5, 6, 7, 8])\nsequence_3 = concatenate(sequence_1, sequence_2)\noutput = sequence_3", Verdict{HardCoded, 8, 0}},
	} {
		p, err := dsl.Parse(c.text, dsl.Block)
		if err != nil {
			t.Fatal(err)
		}
		out, _, err := m.Run(p, dsl.Budget{Steps: 1e6, Elements: 1e6})
		if err != nil {
			t.Fatal(err)
		}
		if v := Judge(p, out, sequence); v != c.want {
			t.Errorf("%s: %v, want %v", c.text, v, c.want)
		}
	}
	// A literal that is used again may pay.
	long := make([]byte, 64)
	text := "sequence_1 = set_list([0, 0, 0, 0, 0, 0, 0, 0])\n"
	for _, line := range []string{"sequence_2 = concatenate(sequence_1, sequence_1)", "sequence_3 = concatenate(sequence_2, sequence_2)", "sequence_4 = concatenate(sequence_3, sequence_3)"} {
		text += line + "\n"
	}
	p, err := dsl.Parse(text+"output = sequence_4", dsl.Block)
	if err != nil {
		t.Fatal(err)
	}
	if v := Judge(p, make([]int32, 64), long); v.Kind != Right {
		t.Errorf("%v", v)
	}
	if !(Verdict{Kind: Wrong, Same: 2}).Less(Verdict{Kind: Wrong, Same: 3}) || !(Verdict{Kind: Wrong, Same: 9}).Less(Verdict{Kind: TooShort}) {
		t.Error("verdicts are in another order")
	}
}

// TestKindsAreCounted holds the counts by length, the median, and that lines and JSON keep them.
func TestKindsAreCounted(t *testing.T) {
	one := dsl.Literal([]byte{1})
	outcomes := []*Outcome{
		{Sequence: make([]byte, 10), Found: one, Verdict: &Verdict{Kind: Right, Same: 10, Texts: 3}, Text: "x"},
		{Sequence: make([]byte, 10), Verdict: &Verdict{Kind: Wrong, Same: 1, Texts: 1}},
		{Sequence: make([]byte, 20), Verdict: &Verdict{Kind: Wrong, Same: 10, Texts: 1}},
		{Sequence: make([]byte, 200), Verdict: &Verdict{Kind: Wrong, Same: 180, Texts: 1}},
		{Sequence: make([]byte, 200), Verdict: &Verdict{Kind: NoAnswer}},
	}
	m := tallied(outcomes)
	a := m.Answers
	if a.Texts != 6 || a.All.Sequences != 5 || a.All.Count[Wrong] != 3 || *a.All.MedianSame != 0.5 {
		t.Errorf("%+v", a)
	}
	if l := a.ByLength[0]; l.AtMost != 16 || l.Sequences != 2 || l.Count[Right] != 1 || *l.MedianSame != 0.1 {
		t.Errorf("%+v", l)
	}
	if l := a.ByLength[4]; l.Sequences != 2 || l.Count[NoAnswer] != 1 || a.ByLength[2].MedianSame != nil {
		t.Errorf("%+v", l)
	}
	again := New("name")
	for o, err := range Outcomes(bytes.NewReader(lines(outcomes)), "x") {
		if err != nil {
			t.Fatal(err)
		}
		again.Add(o)
	}
	if got := again.End(); !reflect.DeepEqual(got, m) {
		t.Errorf("%+v, want %+v", got, m)
	}
	text, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	var read Metrics
	if err := json.Unmarshal(text, &read); err != nil || !reflect.DeepEqual(read.Answers, a) {
		t.Errorf("%s: %+v %v", text, read.Answers, err)
	}
	var b strings.Builder
	if err := m.Print(&b); err != nil || !strings.Contains(b.String(), "texts read") || !strings.Contains(b.String(), "does not run") {
		t.Errorf("%s", b.String())
	}
	t.Log(b.String())
	for _, bad := range []string{`{"sequence":[1],"verdict":{"kind":"good"}}`, `{"sequence":[1],"verdict":{"kind":"wrong","same":2}}`, `{"sequence":[1],"verdict":{"kind":"wrong","same":-1}}`} {
		for _, err := range Outcomes(strings.NewReader(bad), "x") {
			if err == nil {
				t.Errorf("%s is read", bad)
			}
		}
	}
}
