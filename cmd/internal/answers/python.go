package answers

import (
	"errors"
	"fmt"
	"strings"

	"go.starlark.net/syntax"

	"github.com/ktzip/ktzip/dsl"
)

// Parse parses a program: in the language's own text form, or in Python's subset. An error of
// Python's has the line.
func Parse(text string) (*dsl.Program, error) {
	p, err := dsl.Parse(text, dsl.Block)
	if err == nil {
		return p, nil
	}
	own, err := Translate(text)
	if err != nil {
		return nil, err
	}
	return dsl.Parse(own, dsl.Block)
}

// Translate returns the language's own text of a program in Python's subset. Each operation
// becomes a line, so that nested ones cost what they do in lines of their own; a statement that
// makes a list counts if it is needed or not, as in the test. The output is the variable of that
// name or, if there is none, what is printed or assigned last.
func Translate(text string) (string, error) {
	if len(text) > maxProgram {
		return "", fmt.Errorf("answers: %d bytes, at most %d can be read", len(text), maxProgram)
	}
	t := &translator{names: map[string]*value{}}
	body, indent := false, 0 // of a definition
	for _, s := range statements(text) {
		if body = body && s.indent > indent; body {
			continue
		}
		if strings.HasPrefix(s.text, "def ") {
			body, indent = true, s.indent
			continue
		}
		if err := t.statement(s); err != nil {
			return "", fmt.Errorf("answers: line %d: %w", s.line, err)
		}
	}
	out := t.names["output"]
	if out == nil {
		out = t.last
	}
	if out == nil {
		return "", errors.New("answers: no list is assigned")
	}
	ref, err := t.list(out)
	if err != nil {
		return "", fmt.Errorf("answers: the output: %w", err)
	}
	fmt.Fprintf(&t.text, "output = %s", ref)
	return t.text.String(), nil
}

// A translator translates statements of Python. Its methods return errors for what is not in the
// subset.
type translator struct {
	names map[string]*value // of variables
	last  *value            // what was printed or assigned last, nil if nothing was
	text  strings.Builder   // in the language
	lines int               // of text
	depth int               // of the expression that is being translated
}

// options of the parser: all statements are looked at here.
var options = &syntax.FileOptions{TopLevelControl: true, GlobalReassign: true}

// errSubset reports Python that is not in the subset.
var errSubset = errors.New("not in the subset of Python that can be read")

// meaningless are beginnings of statements that make no list.
var meaningless = []string{"import ", "from ", "assert ", "if __name__ =="}

// statement translates a statement.
func (t *translator) statement(s statement) error {
	for _, word := range meaningless {
		if strings.HasPrefix(s.text, word) {
			return nil
		}
	}
	file, err := options.Parse("", s.text, 0)
	if err != nil && strings.HasPrefix(s.text, "print(") {
		return nil
	}
	if err != nil {
		return err
	}
	for _, stmt := range file.Stmts {
		switch stmt := stmt.(type) {
		case *syntax.AssignStmt:
			err = t.assign(stmt)
		case *syntax.ExprStmt:
			err = t.expression(stmt.X)
		default:
			err = errSubset
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// assign translates the assignment to a variable.
func (t *translator) assign(s *syntax.AssignStmt) error {
	name, ok := s.LHS.(*syntax.Ident)
	if !ok {
		return errSubset
	}
	x := s.RHS
	if op, ok := augmented[s.Op]; ok {
		x = &syntax.BinaryExpr{X: s.LHS, Op: op, Y: x}
	} else if s.Op != syntax.EQ {
		return errSubset
	}
	v, err := t.value(x)
	if err != nil {
		return err
	}
	if v.kind != number { // where the text has the line, as the test counts it
		if _, err := t.list(v); err != nil {
			return err
		}
		t.last = v
	}
	t.names[name.Name] = v
	return nil
}

// augmented maps the operators of assignments to those of expressions.
var augmented = map[syntax.Token]syntax.Token{
	syntax.PLUS_EQ: syntax.PLUS, syntax.MINUS_EQ: syntax.MINUS, syntax.STAR_EQ: syntax.STAR, syntax.PERCENT_EQ: syntax.PERCENT,
}

// expression translates an expression that stands alone: print(x) names the output, and prints
// that cannot be read, like text, mean nothing.
func (t *translator) expression(x syntax.Expr) error {
	if lit, ok := x.(*syntax.Literal); ok && lit.Token == syntax.STRING {
		return nil
	}
	if call, ok := x.(*syntax.CallExpr); ok && isName(call.Fn, "print") {
		if len(call.Args) != 1 {
			return nil
		}
		name, ok := call.Args[0].(*syntax.Ident)
		if !ok {
			return nil
		}
		x = name
	}
	v, err := t.value(x)
	if err == nil && v.kind != number {
		t.last = v
	}
	return err
}

// isName reports whether x is the name.
func isName(x syntax.Expr, name string) bool {
	id, ok := x.(*syntax.Ident)
	return ok && id.Name == name
}

// emit adds a line of the language and returns its list.
func (t *translator) emit(format string, args ...any) *value {
	t.lines++
	fmt.Fprintf(&t.text, "sequence_%d = ", t.lines)
	fmt.Fprintf(&t.text, format, args...)
	t.text.WriteByte('\n')
	return &value{kind: line, line: t.lines}
}
