package answers

import (
	"slices"

	"go.starlark.net/syntax"
)

// change makes v of the list that a variable has, which other variables may have too. A number is
// not changed: the variable gets another one.
func (t *translator) change(name string, v *value) error {
	old := t.names[name]
	if old.kind == number || v.kind == number {
		return t.set(name, v)
	}
	if !v.empty() {
		if _, err := t.list(v); err != nil {
			return err
		}
	}
	*old = *v
	t.last = old
	return nil
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

// appended returns the variable that a statement appends to, and the list that it appends.
func (t *translator) appended(stmt syntax.Stmt) (name string, list syntax.Expr) {
	switch stmt := stmt.(type) {
	case *syntax.AssignStmt:
		if id, ok := stmt.LHS.(*syntax.Ident); ok && stmt.Op == syntax.PLUS_EQ {
			return id.Name, bare(stmt.RHS)
		}
	case *syntax.ExprStmt:
		call, _ := stmt.X.(*syntax.CallExpr)
		name, changed := t.method(call)
		if b, ok := changed.(*syntax.BinaryExpr); ok {
			list = bare(b.Y)
			if c, ok := list.(*syntax.CallExpr); ok && len(c.Args) == 1 { // of extend
				list = bare(c.Args[0])
			}
			return name, list
		}
	}
	return "", nil
}

// loop translates a loop that does nothing but append to one list, as the comprehension that makes
// what is appended.
func (t *translator) loop(f *syntax.ForStmt) error {
	name, added := t.appended(f.Body[0])
	for _, stmt := range f.Body[1:] {
		other, more := t.appended(stmt)
		a, ok := added.(*syntax.ListExpr)
		b, ok2 := more.(*syntax.ListExpr)
		if !ok || !ok2 || other != name {
			return errSubset
		}
		added = &syntax.ListExpr{List: slices.Concat(a.List, b.List)}
	}
	if added == nil {
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
	return t.change(name, v)
}
