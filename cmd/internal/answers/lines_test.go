package answers

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// lines are lines of files of answers, and what is in them.
var lines = []struct {
	text string
	want Answer
}{
	{`{"id":"r","custom_id":"a","response":{"status_code":200,"request_id":"q","body":{"id":"c","choices":[{"index":0,"message":{"role":"assistant","content":"x"}},{"index":1,"message":{"content":"y"}}]}},"error":null}`, Answer{"a", []string{"x", "y"}}},
	{`{"custom_id":"a","response":{"choices":[{"message":{"content":"x"}}]}}`, Answer{"a", []string{"x"}}},
	{`{"custom_id":"a","response":{"body":{"choices":[{"text":"x"}]}}}`, Answer{"a", []string{"x"}}},
	{`{"custom_id":"a","response":{"body":{"output":[{"type":"reasoning","summary":[]},{"type":"message","content":[{"type":"output_text","text":"x"}]}]}}}`, Answer{"a", []string{"x"}}},
	{`{"custom_id":"a","response":{"status_code":500,"body":{"error":{"message":"no"}}},"error":{"code":"e"}}`, Answer{"a", nil}},
	{`{"custom_id":"a","response":null,"error":{"code":"batch_expired","message":"m"}}`, Answer{"a", nil}},
	{`{"custom_id":"a","result":{"type":"succeeded","message":{"content":[{"type":"thinking","thinking":"t"},{"type":"text","text":"x"},{"type":"text","text":"y"}]}}}`, Answer{"a", []string{"xy"}}},
	{`{"custom_id":"a","result":{"type":"errored","error":{"type":"invalid_request"}}}`, Answer{"a", nil}},
	{`{"custom_id":"a","content":"x"}`, Answer{"a", []string{"x"}}},
	{`{"custom_id":"a","text":"x"}`, Answer{"a", []string{"x"}}},
	{`{"custom_id":"a","generation":"x"}`, Answer{"a", []string{"x"}}},
	{`{"custom_id":"a","response":"x"}`, Answer{"a", []string{"x"}}},
	{`{"custom_id":"a","content":"  ","text":null,"generation":7}`, Answer{"a", nil}},
	{`{"custom_id":"a","content":[{"text":[{"text":"x"}]},{"text":"y"},3]}`, Answer{"a", []string{"y"}}},
}

// TestLinesAreRead reads each form.
func TestLinesAreRead(t *testing.T) {
	for _, l := range lines {
		n := 0
		for a, err := range Read(strings.NewReader(l.text+"\n\n"), "x") {
			if n++; err != nil || a.ID != l.want.ID || !slices.Equal(a.Texts, l.want.Texts) {
				t.Errorf("%s: %+v %v, want %+v", l.text, a, err, l.want)
			}
		}
		if n != 1 {
			t.Errorf("%s: %d answers", l.text, n)
		}
	}
	for text, want := range map[string]string{
		`{"content":"x"}`:                "x, line 2: the custom_id is missing",
		`{"custom_id":"a"`:               "x, line 2: unexpected end",
		`{"custom_id":"a","response":7}`: "x, line 2: ",
		`[]`:                             "x, line 2: ",
	} {
		for _, err := range Read(strings.NewReader("\n"+text), "x") {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, want %s", text, err, want)
			}
		}
	}
}

// TestSetHoldsPrograms holds that a Set has each program once, of all answers to a request, and a
// limit.
func TestSetHoldsPrograms(t *testing.T) {
	var s Set
	for _, a := range []Answer{{"a", []string{"```\nx = [1]\n```", "nothing"}}, {"b", nil}, {"a", []string{"x = [1]\n", "x = [2]"}}} {
		if err := s.Add(a); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 2 * maxPerID {
		s.Add(Answer{"c", []string{fmt.Sprintf("x = [%d]", i)}})
	}
	long := strings.Repeat(" ", maxProgram-100)
	for i := range 2 * maxSize / maxProgram {
		s.Add(Answer{"d", []string{fmt.Sprintf("x = [%d%s]", i, long)}})
	}
	if s.Texts() != 4+2*maxPerID+2*maxSize/maxProgram {
		t.Errorf("%d texts", s.Texts())
	}
	programs, texts, found := s.Take("a")
	if want := []string{"x = [1]", "x = [2]"}; !reflect.DeepEqual(programs, want) || texts != 4 || !found {
		t.Errorf("%q %d %v", programs, texts, found)
	}
	if programs, texts, found := s.Take("a"); programs != nil || texts != 0 || found {
		t.Errorf("again: %q %d %v", programs, texts, found)
	}
	if programs, texts, found := s.Take("b"); programs != nil || texts != 0 || !found {
		t.Errorf("b: %q %d %v", programs, texts, found)
	}
	if programs, texts, _ := s.Take("c"); len(programs) != maxPerID || texts != 2*maxPerID {
		t.Errorf("c: %d of %d", len(programs), texts)
	}
	if programs, _, _ := s.Take("d"); len(programs) != maxSize/maxProgram {
		t.Errorf("d: %d", len(programs))
	}
}
