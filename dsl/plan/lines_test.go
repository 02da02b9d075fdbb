package plan

import (
	"bytes"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/dsl"
)

// linesPlan returns the plan that makes src of its two lists, which are payloads.
func linesPlan(n dsl.Node, s, t []byte) (p *dsl.Program, streams [][]byte) {
	n.Refs = [2]int{1, 3}
	return &dsl.Program{Nodes: []dsl.Node{
		{Op: dsl.Payload}, {Op: dsl.Between, Nums: [3]int32{0, int32(len(s))}},
		{Op: dsl.Payload, Nums: [3]int32{1}}, {Op: dsl.Between, Refs: [2]int{2}, Nums: [3]int32{0, int32(len(t))}}, n}, Out: 4}, [][]byte{s, t}
}

// wantLines takes src apart by templates, in lines, and puts it together again. It returns how
// many bytes both lists have.
func wantLines(t *testing.T, src, templates string, sets ...int) (columns, text int) {
	t.Helper()
	n, a, b, err := LinesNode([]byte(src), templates, '\n', sets)
	if err != nil {
		t.Fatalf("%s\n%v", templates, err)
	}
	p, streams := linesPlan(n, a, b)
	dst := make([]byte, len(src))
	var m Machine
	if err := m.Join(dst, p, streams); err != nil {
		t.Fatalf("%s\n%q\n%q\n%v", templates, a, b, err)
	}
	if string(dst) != src {
		t.Fatalf("%s\n%q\n%q\njoined to %q, want %q", templates, a, b, dst, src)
	}
	parts, err := m.Split([]byte(src), p)
	if err != nil || !bytes.Equal(parts[0], a) || !bytes.Equal(parts[1], b) {
		t.Fatalf("%s\nsplit to other lists: %v", templates, err)
	}
	return len(a), len(b)
}

// TestLines takes rows apart that each show a rule of templates.
func TestLines(t *testing.T) {
	for _, c := range []struct {
		templates string
		sets      []int
		rows      []string
	}{
		{"", []int{1}, []string{"", ""}},
		{"a%%b", []int{1}, []string{"a%b"}},
		{"%u2,%+u2;%d1", []int{1}, []string{"1,2;-3", "0,65534;127", "65535,7;-128", "12,a;x"}},
		{"%02x1%,02x1%,02x1", []int{1}, []string{"00ff10", "fffefd"}},
		{"%05.2d4|% 6u2|%-6u2|%~.3d4", []int{1}, []string{"-0.05|    12|13    |-1.5", "01.00|     0|0     |7", "123456.78| 65534|999999|-0.001"}},
		{"%[Y-m-d H:M:S]5,%u1", []int{1}, []string{"2013-12-02 21:15:00,1", "1969-12-31 23:59:59,2", "9999-12-31 00:00:00,3", "2013-02-29 00:00:00,4"}},
		{"%+[b e H:M:S]4 %s", []int{1}, []string{"Jun  9 06:06:20 combo", "Feb 29 06:06:20 ", "Feb 30 06:06:20 x"}},
		{"%[a, d b Y H:M:S.fff]8 %s", []int{1}, []string{"Thu, 01 Jan 1970 00:00:00.001 x", "Sat, 01 Jan 2000 00:00:00.999 y", "Mon, 01 Jan 2000 00:00:00.999 z"}},
		{"$%w1,%s*%*", []int{1}, []string{"$GPZDA,032908,07,08,2004,00,00*41", "$GPVTG,138.92,T,,M,0.17,N,0.3,K*64"}},
		{":%02X1%,04X1%:", []int{1}, nil},
		{":%s%:", []int{1}, nil},
		{"%<2> a=%u2\n%<2> b=%s\n%<3>\n[%s]\n%u1", []int{3, 1, 1}, []string{"[x] a=1", "[y] b=1", "7", "8", "[x] a=b"}},
		{"%w1 %w1 %s", []int{1}, []string{"a b c", "b a d", "a a ", "  "}},
		{"%-6w1|% 6s|%-4s", []int{1}, []string{"a     |     b|abcd", "abcdefg|abcdefgh|x   ", "a     |      |    "}},
		{"%s%u1%s%d2", []int{1}, []string{"eth0:-5", "wlan12x7"}},
		{"%u4 %=1u4 %^1u4", []int{1}, nil},
		{"%u4 %=1u4 %&2u4 %@2w1 %^u4 %/u4", []int{1}, []string{"1 2 3 a 5 6", "100 101 110 b 7 8", "100 101 110 a 7 4294967295", "x y z a q r", "1 2 3 a 5 6"}},
	} {
		if c.rows == nil {
			if _, _, _, err := LinesNode(nil, c.templates+"\n", '\n', c.sets); err == nil && c.templates != ":%s%:" {
				t.Errorf("%q is valid", c.templates)
			}
			continue
		}
		src := strings.Join(c.rows, "\n")
		wantLines(t, src, c.templates+"\n", c.sets...)
		wantLines(t, src+"\n", c.templates+"\n", c.sets...)
	}
}

// TestLinesInvert takes random rows apart by random templates and puts them together again, as
// the oracle does.
func TestLinesInvert(t *testing.T) {
	r := newSampler(61)
	var m Machine
	printed := map[string]int{}
	for range 1500 {
		n, a, b, src, err := r.lines(r.IntN(40))
		if err != nil {
			t.Fatalf("%q\n%v\n%q", n.Text, err, src)
		}
		p, streams := linesPlan(n, a, b)
		dst := make([]byte, len(src))
		if err := m.Join(dst, p, streams); err != nil || !bytes.Equal(dst, src) {
			t.Fatalf("%q %v\n%q\njoined to\n%q\n%v", n.Text, n.List, src, dst, err)
		}
		slow := printLines(&n, a, b)
		if !bytes.Equal(slow.out[:len(src)], src) {
			t.Fatalf("%q %v\n%q\nthe oracle joins to\n%q", n.Text, n.List, src, slow.out)
		}
		slow.count(printed)
		parts, err := m.Split(src, p)
		if err != nil || !bytes.Equal(parts[0], a) || !bytes.Equal(parts[1], b) {
			t.Fatalf("%q\nsplit to other lists: %v", n.Text, err)
		}
		if bytes.HasSuffix(src, []byte{'\n'}) {
			wantInverse(t, &m, p, src)
		}
	}
	for _, kind := range []string{"u", "d", "x", "X", "s", "w", "[", "c", "*", "!", ":", ";", "M", "m", "#", "<", "exceptions of u", "exceptions of [",
		"predictor ", "predictor +", "predictor /", "predictor ^", "predictor =", "predictor &", "predictor @", "joined"} {
		if printed[kind] < 300 {
			t.Errorf("%s: %d in rows", kind, printed[kind])
		}
	}
}
