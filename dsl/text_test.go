package dsl

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestProgramFiles runs the programs of testdata/programs.
func TestProgramFiles(t *testing.T) {
	files, err := filepath.Glob("testdata/programs/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no programs", err)
	}
	budget := Budget{Steps: 1 << 22, Elements: 1 << 19}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		line := 1
		chunks := strings.Split(string(text), "\n----\n")
		for _, chunk := range chunks[:len(chunks)-1] {
			at := strings.LastIndexByte(chunk, '\n')
			source, want := chunk[:at], chunk[at+1:]
			got := ""
			if p, err := Parse(source, Block); err != nil {
				got, _, _ = strings.Cut("error: "+err.Error(), "\n")
			} else if out, _, err := new(Machine).Run(p, budget); err != nil {
				got = "error: " + err.Error()
			} else {
				b, _ := json.Marshal(append(ints{}, out...))
				got = "-> " + strings.ReplaceAll(string(b), ",", ", ")
			}
			if got != want {
				t.Errorf("%s:%d: got\n%s\nwant\n%s", name, line, got, want)
			}
			line += strings.Count(chunk, "\n") + 2
		}
	}
}

// TestParseErrors checks messages and the position of the caret: under the byte after the
// ^ in the text.
func TestParseErrors(t *testing.T) {
	for _, c := range []struct{ text, msg string }{
		{"^", "the program ends without `output = sequence_k`"},
		{"sequence_1 = repeat_num(1, 2)^", "the program ends without `output = sequence_k`"},
		{"sequence_1 = repeat_num(1, 2)\n^", "the program ends without `output = sequence_k`"},
		{"^x = 1", "expected `sequence_1` or `output`"},
		{"  ^sequence_2 = repeat_num(1, 2)", "expected `sequence_1` or `output`"},
		{"sequence_1 = repeat_num(1, 2)\n^sequence_1 = repeat_num(1, 2)", "expected `sequence_2` or `output`"},
		{"\n\n# nothing\n^= 1", "expected `sequence_1` or `output`"},
		{"sequence_1 ^repeat_num(1, 2)", "expected '='"},
		{"sequence_1^", "expected '='"},
		{"sequence_1 = ^", "expected a function"},
		{"sequence_1 = ^(1)", "expected a function"},
		{"sequence_1 = ^# repeat_num(1, 2)", "expected a function"},
		{"sequence_1 = ^repeat(1, 2)", "no such function: repeat"},
		{"sequence_1 = repeat_num ^1, 2", "expected '('"},
		{"sequence_1 = repeat_num(^)", "expected an integer"},
		{"sequence_1 = repeat_num(1^)", "expected ','"},
		{"sequence_1 = repeat_num(1, 2^, 3)", "expected ')'"},
		{"sequence_1 = filter(^, sequence_1)", "expected a predicate"},
		{"sequence_1 = repeat_num(1, 2) ^;", "unexpected text after the end of the assignment"},
		{"sequence_1 = repeat_num(1, ^2147483648)", "2147483648 is not an integer of 32 bits"},
		{"sequence_1 = repeat_num(1, ^-2147483649)", "-2147483649 is not an integer of 32 bits"},
		{"sequence_1 = repeat_num(1, ^3-4)", "3-4 is not an integer of 32 bits"},
		{"sequence_1 = repeat_num(1, ^-)", "- is not an integer of 32 bits"},
		{"sequence_1 = repeat_num(1, ^+2)", "expected an integer"},
		{"sequence_1 = repeat_num(1, 2^.5)", "expected ')'"},
		{"sequence_1 = repeat_num(1, ^sequence_1)", "expected an integer"},
		{"sequence_1 = reverse_list(^sequence_1)", "sequence_1 is not defined yet"},
		{"sequence_1 = reverse_list(^sequence_0)", "sequence_0 is not defined yet"},
		{"sequence_1 = reverse_list(^7)", "expected the name of a sequence"},
		{"sequence_1 = reverse_list(^sequence_x)", "expected the name of a sequence"},
		{"sequence_1 = reverse_list(^output)", "expected the name of a sequence"},
		{"sequence_1 = reverse_list(^sequence_99999999999999999999)", "expected the name of a sequence"},
		{"sequence_1 = set_list(^3)", "expected '['"},
		{"sequence_1 = set_list([^", "expected an integer"},
		{"sequence_1 = set_list([1, ^])", "expected an integer"},
		{"sequence_1 = set_list([1 ^2])", "expected ','"},
		{"sequence_1 = set_list([1]^", "expected ')'"},
		{"sequence_1 = filter(^is_prime, sequence_1)", "no such function: filter is_prime"},
		{"sequence_1 = filter(is_even^)", "expected ','"},
		{"sequence_1 = ^payload(0)", "payload is for plans only"},
		{"output = ^sequence_1", "sequence_1 is not defined yet"},
		{"output ^", "expected '='"},
		{"sequence_1 = repeat_num(1, 2)\noutput = sequence_1\n ^output = sequence_1", "nothing may follow the output"},
		{"sequence_1 = repeat_num(1, 2)\r\noutput = ^sequence_2\r\n", "sequence_2 is not defined yet"},
	} {
		before, after, _ := strings.Cut(c.text, "^")
		_, err := Parse(before+after, Block)
		var e *SyntaxError
		if !errors.Is(err, ErrSyntax) || !errors.As(err, &e) {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		line := strings.Count(before, "\n") + 1
		start := before[strings.LastIndexByte(before, '\n')+1:]
		if e.Line != line || e.Column != len(start)+1 || e.Msg != c.msg {
			t.Errorf("%q: line %d, column %d, %q; want %d, %d, %q", c.text, e.Line, e.Column, e.Msg, line, len(start)+1, c.msg)
		}
		rows := strings.Split(err.Error(), "\n")
		if len(rows) != 3 || !strings.HasPrefix(rows[1], "\t"+start) || rows[2] != "\t"+strings.Repeat(" ", len(start))+"^" {
			t.Errorf("%q: the message is\n%s", c.text, err)
		}
	}
}

// TestPlanText parses plans and asks whether they are the identity.
func TestPlanText(t *testing.T) {
	p := mustParse(t, "sequence_1 = payload(0)\noutput = sequence_1", Plan)
	if !p.IsIdentity() || !same(p, Identity()) {
		t.Error("not the identity")
	}
	if mustParse(t, "sequence_1 = payload(1)\noutput = sequence_1", Plan).IsIdentity() {
		t.Error("the second stream is the identity")
	}
	if mustParse(t, "sequence_1 = payload(0)\nsequence_2 = scan_add(sequence_1)\noutput = sequence_2", Plan).IsIdentity() {
		t.Error("running sums are the identity")
	}
}

// TestPlanString parses and prints lines, which may have a string.
func TestPlanString(t *testing.T) {
	const before = "sequence_1 = payload(0)\nsequence_2 = lines(sequence_1, sequence_1, 10, 3, [1, 2]"
	const after = ")\noutput = sequence_2"
	for text, quoted := range map[string]string{
		"": "", "%u1\n": `, "%u1\n"`, "a;b # \" \\;\xff\n": `, "a\x3bb # \" \\\x3b\xff\n"`,
	} {
		p := mustParse(t, before+quoted+after, Plan)
		if got := p.Nodes[1].Text; got != text {
			t.Errorf("%s: the string is %q, want %q", quoted, got, text)
		}
		if got := p.String(); got != before+quoted+after {
			t.Errorf("%q is printed as\n%s", text, got)
		}
	}
	for _, quoted := range []string{", ", ", 7", ", 'a'", ", \"a", `, "\q"`, `, "a" "b"`} {
		if _, err := Parse(before+quoted+after, Plan); !errors.Is(err, ErrSyntax) {
			t.Errorf("%s: %v", quoted, err)
		}
	}
	if _, err := Parse("sequence_1 = payload(0, \"a\")\noutput = sequence_1", Plan); !errors.Is(err, ErrSyntax) {
		t.Errorf("a string of payload: %v", err)
	}
}
