package answers

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
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
	if p, err = dsl.Parse(own, dsl.Block); err != nil {
		return nil, err
	}
	return withEnds(p), nil
}

// ends says which number of an operation may be all.
var ends = map[dsl.Op]int{dsl.Between: 1, dsl.MaxN: 0, dsl.MinN: 0}

// most is the largest number that the test's prior has, which ends all lists but very long ones.
const most = 255

// endsBudget bounds the executions that compare two programs; arbitrary. A program of the test takes
// some thousands of steps.
var endsBudget = dsl.Budget{Steps: 1 << 20, Elements: 1 << 16}

// withEnds returns p with most in the place of all, since the prior has no price for that, if this
// changes nothing of what p makes.
func withEnds(p *dsl.Program) *dsl.Program {
	q := &dsl.Program{Nodes: slices.Clone(p.Nodes), Out: p.Out}
	changed := false
	for i := range q.Nodes {
		n := &q.Nodes[i]
		if k, ok := ends[n.Op]; ok && n.Nums[k] == all {
			n.Nums[k], changed = most, true
		}
	}
	if !changed {
		return p
	}
	var m dsl.Machine
	want, _, err := m.Run(p, endsBudget)
	if err != nil {
		return p
	}
	want = slices.Clone(want)
	if got, _, err := m.Run(q, endsBudget); err != nil || !slices.Equal(got, want) {
		return p
	}
	return q
}

// Translate returns the language's own text of a program in Python's subset. Each operation
// becomes a line, so that nested ones cost what they do in lines of their own; a statement that
// makes a list counts if it is needed or not, as in the test. The output is the variable of that
// name or, if there is none, what is printed or assigned last.
func Translate(text string) (string, error) {
	if len(text) > maxProgram {
		return "", fmt.Errorf("answers: %d bytes, at most %d can be read", len(text), maxProgram)
	}
	t := &translator{names: map[string]*value{}, functions: map[string]*function{}, aliases: map[string]string{}}
	if err := t.statements(blocks(statements(text))); err != nil {
		return "", fmt.Errorf("answers: %w", err)
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
	return string(fmt.Appendf(t.text, "output = %s", ref)), nil
}

// A translator translates statements of Python. Its methods return errors for what is not in the
// subset.
type translator struct {
	names     map[string]*value    // of variables
	functions map[string]*function // that the text defines
	calls     int                  // of these
	aliases   map[string]string    // of modules
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
		return t.set(name, v)
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

// methods are those that change a list, as expressions: what the list becomes of itself and of the
// arguments.
var methods = map[string]func(s syntax.Expr, args []syntax.Expr) syntax.Expr{
	"append": func(s syntax.Expr, args []syntax.Expr) syntax.Expr { return sum(s, &syntax.ListExpr{List: args}) },
	"extend": func(s syntax.Expr, args []syntax.Expr) syntax.Expr { return sum(s, callOf("list", args)) },
	"sort": func(s syntax.Expr, args []syntax.Expr) syntax.Expr {
		return callOf("sorted", append([]syntax.Expr{s}, args...))
	},
	"reverse": func(s syntax.Expr, args []syntax.Expr) syntax.Expr {
		return callOf("reversed", append([]syntax.Expr{s}, args...))
	},
}

func sum(x, y syntax.Expr) syntax.Expr { return &syntax.BinaryExpr{X: x, Op: syntax.PLUS, Y: y} }

func callOf(name string, args []syntax.Expr) syntax.Expr {
	return &syntax.CallExpr{Fn: &syntax.Ident{Name: name}, Args: args}
}

// method returns the variable that a call changes by one of methods, and what it becomes; nil if
// the call is none.
func (t *translator) method(call *syntax.CallExpr) (name string, changed syntax.Expr) {
	if call == nil {
		return "", nil
	}
	dot, ok := call.Fn.(*syntax.DotExpr)
	if !ok || methods[dot.Name.Name] == nil || dot.Name.Name == "append" && len(call.Args) != 1 {
		return "", nil
	}
	id, ok := dot.X.(*syntax.Ident)
	if !ok || t.names[id.Name] == nil {
		return "", nil
	}
	return id.Name, methods[dot.Name.Name](id, call.Args)
}

// loop translates a loop that does nothing but append to a list: an element or elements made of
// the loop's variable, or a list that does not depend on it.
func (t *translator) loop(f *syntax.ForStmt) error {
	if len(f.Body) != 1 {
		return errSubset
	}
	var name string
	var added syntax.Expr
	switch stmt := f.Body[0].(type) {
	case *syntax.AssignStmt:
		id, ok := stmt.LHS.(*syntax.Ident)
		if !ok || stmt.Op != syntax.PLUS_EQ {
			return errSubset
		}
		name, added = id.Name, stmt.RHS
	case *syntax.ExprStmt:
		call, _ := stmt.X.(*syntax.CallExpr)
		var changed syntax.Expr
		name, changed = t.method(call)
		b, ok := changed.(*syntax.BinaryExpr)
		if !ok {
			return errSubset
		}
		added = b.Y
	default:
		return errSubset
	}
	if v := t.names[name]; v == nil || v.kind == number || mentions(added, name) || mentions(f.X, name) || mentions(f.Vars, name) {
		return errSubset
	}
	each := &syntax.Comprehension{Clauses: []syntax.Node{&syntax.ForClause{Vars: f.Vars, X: f.X}}}
	if l, ok := added.(*syntax.ListExpr); ok && len(l.List) == 1 {
		each.Body = l.List[0]
	} else {
		v := &syntax.Ident{Name: "each element"} // no name of Python's
		each.Body = v
		each.Clauses = append(each.Clauses, &syntax.ForClause{Vars: v, X: added})
	}
	v, err := t.value(sum(&syntax.Ident{Name: name}, each))
	if err != nil {
		return err
	}
	return t.set(name, v)
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
