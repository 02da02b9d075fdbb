package answers

import (
	"fmt"
	"slices"
	"strings"

	"go.starlark.net/syntax"

	"github.com/ktzip/ktzip/dsl"
)

// calls maps the functions of Python that are in the subset to their translation. All other
// names are those of the language.
var calls map[string]func(t *translator, x *syntax.CallExpr) (*value, error)

func init() { // they refer to each other
	calls = map[string]func(t *translator, x *syntax.CallExpr) (*value, error){
		"list":       (*translator).same,
		"tuple":      (*translator).same,
		"range":      (*translator).span,
		"sorted":     (*translator).sorted,
		"reversed":   func(t *translator, x *syntax.CallExpr) (*value, error) { return t.wrap(x, "reverse_list(%s)") },
		"accumulate": func(t *translator, x *syntax.CallExpr) (*value, error) { return t.wrap(x, "scan_add(%s)") },
		"chain":      (*translator).chain,
		"map":        (*translator).mapped,
		"filter":     (*translator).filtered,
		"set_list":   (*translator).same,
		"repeat":     (*translator).repeatOf,
		"nlargest":   func(t *translator, x *syntax.CallExpr) (*value, error) { return t.extreme(x, true) },
		"nsmallest":  func(t *translator, x *syntax.CallExpr) (*value, error) { return t.extreme(x, false) },
	}
}

// modules are those whose functions may be called by module and name.
var modules = []string{"itertools", "heapq"}

// call translates a call.
func (t *translator) call(x *syntax.CallExpr) (*value, error) {
	name := ""
	switch f := x.Fn.(type) {
	case *syntax.Ident:
		name = f.Name
	case *syntax.DotExpr:
		if m, ok := f.X.(*syntax.Ident); ok && (slices.Contains(modules, m.Name) || slices.Contains(modules, t.aliases[m.Name])) {
			name = f.Name.Name
		}
	}
	if name == "" {
		return nil, errSubset
	}
	if f := calls[name]; f != nil {
		return f(t, x)
	}
	if f := t.functions[name]; f != nil {
		return t.own(f, x.Args)
	}
	if !published[name] {
		return nil, fmt.Errorf("there is no function %s", name)
	}
	return t.published(name, x.Args)
}

// published are the functions of the language by name.
var published = func() map[string]bool {
	m := map[string]bool{}
	for op := range dsl.Signed {
		if op.In(dsl.Block) {
			m[op.String()] = true // but for the filters, which are in calls
		}
	}
	return m
}()

// published translates the call of a function of the language. It does not check the arguments: who
// parses the text does.
func (t *translator) published(name string, args []syntax.Expr) (*value, error) {
	texts := make([]string, len(args))
	for i, x := range args {
		v, err := t.value(x)
		switch {
		case err != nil:
			return nil, err
		case v.kind == number:
			texts[i] = fmt.Sprint(v.num)
		default:
			if texts[i], err = t.list(v); err != nil {
				return nil, err
			}
		}
	}
	return t.emit("%s(%s)", name, strings.Join(texts, ", ")), nil
}

// only returns the value of the only argument of x.
func (t *translator) only(x *syntax.CallExpr) (*value, error) {
	if len(x.Args) != 1 {
		return nil, fmt.Errorf("%d arguments, want 1", len(x.Args))
	}
	return t.value(x.Args[0])
}

// same translates what returns its argument as a list.
func (t *translator) same(x *syntax.CallExpr) (*value, error) {
	if len(x.Args) == 0 {
		return t.display(nil)
	}
	v, err := t.only(x)
	if err == nil && v.kind == number {
		err = fmt.Errorf("an integer where a list must be")
	}
	return v, err
}

// span translates range.
func (t *translator) span(x *syntax.CallExpr) (*value, error) {
	n := []int64{0, 0, 1}
	dst := n
	switch len(x.Args) {
	case 1:
		dst = n[1:2]
	case 2, 3:
	default:
		return nil, fmt.Errorf("range has %d arguments", len(x.Args))
	}
	for i, arg := range x.Args {
		var err error
		if dst[i], err = t.number(arg); err != nil {
			return nil, err
		}
	}
	return &value{kind: span, nums: n}, nil
}

// sorted translates sorted(s) and sorted(s, reverse=True).
func (t *translator) sorted(x *syntax.CallExpr) (*value, error) {
	descending := false
	switch len(x.Args) {
	case 1:
	case 2:
		arg, ok := x.Args[1].(*syntax.BinaryExpr)
		if !ok || arg.Op != syntax.EQ || !isName(arg.X, "reverse") || !isName(arg.Y, "True") && !isName(arg.Y, "False") {
			return nil, errSubset
		}
		descending = isName(arg.Y, "True")
	default:
		return nil, errSubset
	}
	v, err := t.value(x.Args[0])
	if err != nil {
		return nil, err
	}
	_, err = t.list(v)
	return &value{kind: ordered, line: v.line, descending: descending}, err
}

// extreme translates nlargest(n, s) and nsmallest(n, s).
func (t *translator) extreme(x *syntax.CallExpr, largest bool) (*value, error) {
	if len(x.Args) != 2 {
		return nil, errSubset
	}
	n, err := t.number(x.Args[0])
	if err != nil {
		return nil, err
	}
	v, err := t.value(x.Args[1])
	if err != nil {
		return nil, err
	}
	return t.apply(fmt.Sprintf("%s(%%s, %d)", extremes[largest], max(0, n)), v)
}

// repeatOf translates itertools.repeat(v, n).
func (t *translator) repeatOf(x *syntax.CallExpr) (*value, error) {
	if len(x.Args) != 2 {
		return nil, errSubset
	}
	v, err := t.number(x.Args[0])
	if err != nil {
		return nil, err
	}
	n, err := t.number(x.Args[1])
	return t.emit("repeat_num(%d, %d)", max(0, n), v), err
}

// wrap translates a function of one list.
func (t *translator) wrap(x *syntax.CallExpr, format string) (*value, error) {
	v, err := t.only(x)
	if err != nil {
		return nil, err
	}
	return t.apply(format, v)
}

// chain translates chain(s, t, …).
func (t *translator) chain(x *syntax.CallExpr) (*value, error) {
	if len(x.Args) == 0 {
		return t.display(nil)
	}
	all := &value{kind: display}
	for _, arg := range x.Args {
		v, err := t.value(arg)
		if err == nil {
			all, err = t.joined(all, v)
		}
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// mapped translates map(lambda …: body, s) and map(lambda …: body, s, t).
func (t *translator) mapped(x *syntax.CallExpr) (*value, error) {
	if len(x.Args) < 2 {
		return nil, errSubset
	}
	vars, body, ok := lambda(x.Args[0])
	if !ok {
		return nil, errSubset
	}
	return t.each(&loop{vars: vars, lists: x.Args[1:], body: body})
}

// predicates maps conditions to the names that the language has for them.
var predicates = []string{"is_even", "is_odd", "is_not_zero"}

// filtered translates filter(is_even, s) and filter(lambda v: condition, s).
func (t *translator) filtered(x *syntax.CallExpr) (*value, error) {
	if len(x.Args) != 2 {
		return nil, errSubset
	}
	name := ""
	if id, ok := x.Args[0].(*syntax.Ident); ok {
		name = id.Name
		if name == "None" {
			name = "is_not_zero"
		}
	} else if vars, cond, ok := lambda(x.Args[0]); ok && len(vars) == 1 {
		name = predicate(cond, vars[0])
	}
	if !slices.Contains(predicates, name) {
		return nil, errSubset
	}
	v, err := t.value(x.Args[1])
	if err != nil {
		return nil, err
	}
	return t.apply("filter("+name+", %s)", v)
}

// lambda returns the names of the parameters of a lambda, and its body.
func lambda(x syntax.Expr) (vars []string, body syntax.Expr, ok bool) {
	f, ok := x.(*syntax.LambdaExpr)
	if !ok {
		return nil, nil, false
	}
	for _, p := range f.Params {
		id, ok := p.(*syntax.Ident)
		if !ok {
			return nil, nil, false
		}
		vars = append(vars, id.Name)
	}
	return vars, f.Body, true
}
