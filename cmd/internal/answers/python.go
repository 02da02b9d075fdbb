package answers

import (
	"errors"
	"fmt"
	"regexp"
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
	t, err := translate(text)
	if err != nil {
		return nil, err
	}
	if p, err = dsl.Parse(string(t.text), dsl.Block); err != nil {
		return nil, err
	}
	if !equallyLong(p, t.asLong) {
		return nil, errors.New("answers: lists of different lengths are interleaved by zip")
	}
	return withEnds(p), nil
}

// translate translates a program in Python's subset to the language's own text. Each operation
// becomes a line, so that nested ones cost what they do in lines of their own; a statement that
// makes a list counts if it is needed or not, as in the test. The output is the variable of that
// name or, if there is none, what is printed or assigned last.
func translate(text string) (*translator, error) {
	if len(text) > maxProgram {
		return nil, fmt.Errorf("answers: %d bytes, at most %d can be read", len(text), maxProgram)
	}
	t := &translator{names: map[string]*value{}, functions: map[string]*function{}, aliases: map[string]string{}}
	if err := t.statements(blocks(statements(text))); err != nil {
		return nil, fmt.Errorf("answers: %w", err)
	}
	out := t.names["output"]
	if out == nil {
		out = t.last
	}
	if out == nil {
		return nil, errors.New("answers: no list is assigned")
	}
	ref, err := t.list(out)
	if err != nil {
		return nil, fmt.Errorf("answers: the output: %w", err)
	}
	t.text = fmt.Appendf(t.text, "output = %s", ref)
	return t, nil
}

// A translator translates statements of Python. Its methods return errors for what is not in the
// subset.
type translator struct {
	names     map[string]*value    // of variables
	functions map[string]*function // that the text defines
	calls     int                  // of these
	called    int                  // bytes of the statements of these calls
	aliases   map[string]string    // of modules
	asLong    [][2]int             // lines whose lists must be equally long
	last      *value               // what was returned, printed or assigned last, nil if nothing was
	text      []byte               // in the language
	lines     int                  // of text
	depth     int                  // of the expression that is being translated
}

// options of the parser: all statements are looked at here.
var options = &syntax.FileOptions{TopLevelControl: true, GlobalReassign: true}

// errSubset reports Python that is not in the subset.
var errSubset = errors.New("not in the subset of Python that can be read")

// statements translates logical lines. A definition only takes note of its function.
func (t *translator) statements(list []statement) error {
	for i := 0; i < len(list); {
		s := list[i]
		i++
		if strings.HasPrefix(s.text, "def ") {
			start := i
			for i < len(list) && list[i].indent > s.indent {
				i++
			}
			t.define(s.text, list[start:i])
			continue
		}
		if err := t.statement(s); err != nil {
			return fmt.Errorf("line %d: %w", s.line, err)
		}
	}
	return nil
}

// meaningless are beginnings of statements that make no list.
var meaningless = []string{"import ", "from ", "assert ", "global ", "if __name__ =="}

// alias matches the import of a module by another name.
var alias = regexp.MustCompile(`^import[ \t]+([a-z]+)[ \t]+as[ \t]+([A-Za-z_][A-Za-z0-9_]*)$`)

// statement translates a statement.
func (t *translator) statement(s statement) error {
	if m := alias.FindStringSubmatch(s.text); m != nil {
		t.aliases[m[2]] = m[1]
	}
	for _, word := range meaningless {
		if strings.HasPrefix(s.text, word) {
			return nil
		}
	}
	file, err := options.Parse("", asStarlark(s.text), 0)
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
		case *syntax.ForStmt:
			err = t.loop(stmt)
		default:
			err = errSubset
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// What Python has and Starlark does not: types of variables, unpacking, and return outside of a
// function.
var (
	typed    = regexp.MustCompile(`^([A-Za-z_][A-Za-z0-9_]*)[ \t]*:[^=]*=([^=])`)
	starred  = regexp.MustCompile(`([\[(,][ \t]*)\*([^*])`)
	returned = regexp.MustCompile(`^return\b`)
)

// unpacked is the operator that stands for the star of [*s, *t]: like that, it has the lowest
// precedence, and the subset has it nowhere else in a list.
const unpacked = syntax.NOT

// asStarlark returns a statement of Python as one of Starlark's.
func asStarlark(text string) string {
	text = typed.ReplaceAllString(text, "${1} =$2")
	text = returned.ReplaceAllString(text, "")
	return strings.TrimSpace(starred.ReplaceAllString(text, "${1}"+unpacked.String()+" $2"))
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
	if s.Op != syntax.EQ {
		return t.change(name.Name, v)
	}
	return t.set(name.Name, v)
}

// set makes v the value of a variable. A list gets its line where the text has it, as the test
// counts it, but for an empty one, which something is about to be appended to.
func (t *translator) set(name string, v *value) error {
	if v.kind != number {
		t.last = v
		if !v.empty() {
			if _, err := t.list(v); err != nil {
				return err
			}
		}
	}
	t.names[name] = v
	return nil
}

// augmented maps the operators of assignments to those of expressions.
var augmented = map[syntax.Token]syntax.Token{
	syntax.PLUS_EQ: syntax.PLUS, syntax.MINUS_EQ: syntax.MINUS, syntax.STAR_EQ: syntax.STAR, syntax.PERCENT_EQ: syntax.PERCENT,
}

// expression translates an expression that stands alone: a method that changes a list, or print(x)
// and x, which name the output. Prints that cannot be read, like text, mean nothing.
func (t *translator) expression(x syntax.Expr) error {
	if lit, ok := x.(*syntax.Literal); ok && lit.Token == syntax.STRING {
		return nil
	}
	call, ok := x.(*syntax.CallExpr)
	if name, changed := t.method(call); changed != nil {
		v, err := t.value(changed)
		if err != nil {
			return err
		}
		return t.change(name, v)
	}
	printed := ok && isName(call.Fn, "print")
	if printed && len(call.Args) > 0 {
		x = call.Args[0]
		if u, ok := x.(*syntax.UnaryExpr); ok && u.Op == unpacked {
			x = u.X
		} else if len(call.Args) > 1 {
			return nil
		}
	}
	text, lines := t.text, t.lines
	v, err := t.value(x)
	switch {
	case err != nil && printed:
		t.text, t.lines = text, lines
		return nil
	case err == nil && v.kind != number:
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
	t.text = fmt.Appendf(t.text, "sequence_%d = ", t.lines)
	t.text = append(fmt.Appendf(t.text, format, args...), '\n')
	return &value{kind: line, line: t.lines}
}
