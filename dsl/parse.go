package dsl

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Parse parses the text form of a program: one assignment per line, sequence_1, sequence_2,
// … in order, then `output = sequence_k`. It skips blank lines, spaces between words, and
// comments from # to the end of a line. The error is a *SyntaxError.
func Parse(text string, role Role) (*Program, error) {
	p := &Program{Out: noOutput}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		s := &scanner{text: strings.TrimSuffix(line, "\r")}
		s.space()
		if s.end() {
			continue
		}
		err := s.assignment(p, role)
		if err == nil && !s.end() {
			err = s.fail("unexpected text after the end of the assignment")
		}
		if err != nil {
			err.Line = i + 1
			return nil, err
		}
	}
	if p.Out == noOutput {
		last := lines[len(lines)-1]
		return nil, &SyntaxError{Line: len(lines), Column: len(last) + 1, Text: last, Msg: "the program ends without `output = sequence_k`"}
	}
	return p, nil
}

// noOutput is the output of a program that is not parsed to its end.
const noOutput = math.MinInt

// opsByName maps the name of a function, with its predicate, to the operation.
var opsByName = func() map[string]Op {
	m := make(map[string]Op)
	for op := range table {
		if table[op].name == "" {
			continue // between the operations and the components
		}
		m[Op(op).String()] = Op(op)
	}
	return m
}()

// A scanner parses one line.
type scanner struct {
	text string
	pos  int
}

func (s *scanner) fail(format string, args ...any) *SyntaxError {
	return &SyntaxError{Column: s.pos + 1, Text: s.text, Msg: fmt.Sprintf(format, args...)}
}

func (s *scanner) space() {
	for s.pos < len(s.text) && (s.text[s.pos] == ' ' || s.text[s.pos] == '\t') {
		s.pos++
	}
}

func (s *scanner) end() bool { return s.pos == len(s.text) || s.text[s.pos] == '#' }

func (s *scanner) expect(c byte) *SyntaxError {
	if s.end() || s.text[s.pos] != c {
		return s.fail("expected %q", c)
	}
	s.pos++
	s.space()
	return nil
}

// while reads the longest run of bytes that ok accepts, and the space after it.
func (s *scanner) while(ok func(c byte) bool) string {
	start := s.pos
	for s.pos < len(s.text) && ok(s.text[s.pos]) {
		s.pos++
	}
	word := s.text[start:s.pos]
	s.space()
	return word
}

func (s *scanner) word() string {
	return s.while(func(c byte) bool {
		return c == '_' || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
	})
}

func (s *scanner) number() (int32, *SyntaxError) {
	start := s.pos
	w := s.while(func(c byte) bool { return c == '-' || '0' <= c && c <= '9' })
	v, err := strconv.ParseInt(w, 10, 32)
	if err != nil {
		s.pos = start
		if w == "" {
			return 0, s.fail("expected an integer")
		}
		return 0, s.fail("%s is not an integer of 32 bits", w)
	}
	return int32(v), nil
}

// ref reads sequence_k, which must be one of the first n lines, and returns k-1; or, in a
// block program, earlier_k, and returns -k.
func (s *scanner) ref(n int, role Role) (int, *SyntaxError) {
	start := s.pos
	w := s.word()
	if num, ok := strings.CutPrefix(w, "earlier_"); ok && role == Block {
		if k, err := strconv.Atoi(num); err == nil && 1 <= k && k <= PastLists {
			return -k, nil
		}
	}
	num, ok := strings.CutPrefix(w, "sequence_")
	k, err := strconv.Atoi(num)
	if ok && err == nil && 1 <= k && k <= n {
		return k - 1, nil
	}
	s.pos = start
	if ok && err == nil {
		return 0, s.fail("%s is not defined yet", w)
	}
	return 0, s.fail("expected the name of a sequence")
}

func (s *scanner) assignment(p *Program, role Role) *SyntaxError {
	start := s.pos
	name := s.word()
	if want := "sequence_" + strconv.Itoa(len(p.Nodes)+1); p.Out != noOutput || name != want && name != "output" {
		s.pos = start
		if p.Out != noOutput {
			return s.fail("nothing may follow the output")
		}
		return s.fail("expected `%s` or `output`", want)
	}
	if err := s.expect('='); err != nil {
		return err
	}
	if name == "output" {
		out, err := s.ref(len(p.Nodes), role)
		if err == nil {
			p.Out = out
		}
		return err
	}
	n, err := s.call(len(p.Nodes), role)
	p.Nodes = append(p.Nodes, n)
	return err
}

// call reads a function call, which may refer to this many lines.
func (s *scanner) call(lines int, role Role) (n Node, err *SyntaxError) {
	start := s.pos
	name := s.word()
	if name == "" {
		return n, s.fail("expected a function")
	}
	if err = s.expect('('); err != nil {
		return n, err
	}
	op, ok := opsByName[name]
	first := true
	if !ok && name == table[FilterEven].name {
		start = s.pos
		word := s.word()
		if word == "" {
			return n, s.fail("expected a predicate")
		}
		name += " " + word
		op, ok = opsByName[name]
		first = false
	}
	if !ok {
		s.pos = start
		return n, s.fail("no such function: %s", name)
	}
	if !op.in(role) {
		s.pos = start
		return n, s.fail("%s is for %s only", name, op.users())
	}
	n.Op = op
	refs, nums := 0, 0
	for _, k := range table[op].params {
		if !first {
			if err = s.expect(','); err != nil {
				return n, err
			}
		}
		first = false
		switch k {
		case kindRef:
			n.Refs[refs], err = s.ref(lines, role)
			refs++
		case kindList:
			n.List, err = s.list()
		default:
			n.Nums[nums], err = s.number()
			nums++
		}
		if err != nil {
			return n, err
		}
	}
	if table[op].text && !s.end() && s.text[s.pos] == ',' {
		if err = s.expect(','); err == nil {
			n.Text, err = s.quoted()
		}
		if err != nil {
			return n, err
		}
	}
	return n, s.expect(')')
}

// quoted reads a string in the quotes of Go.
func (s *scanner) quoted() (string, *SyntaxError) {
	if quote, err := strconv.QuotedPrefix(s.text[s.pos:]); err == nil && quote[0] != '\'' {
		if text, err := strconv.Unquote(quote); err == nil {
			s.pos += len(quote)
			s.space()
			return text, nil
		}
	}
	return "", s.fail("expected a string in quotes")
}

func (s *scanner) list() ([]int32, *SyntaxError) {
	if err := s.expect('['); err != nil {
		return nil, err
	}
	var list []int32
	for s.end() || s.text[s.pos] != ']' {
		if len(list) > 0 {
			if err := s.expect(','); err != nil {
				return nil, err
			}
		}
		v, err := s.number()
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, s.expect(']')
}
