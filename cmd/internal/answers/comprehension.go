package answers

import (
	"fmt"
	"slices"

	"go.starlark.net/syntax"
)

// A loop makes an element, body, of each of some elements of lists, which advance together.
type loop struct {
	vars  []string
	lists []syntax.Expr // as many
	conds []syntax.Expr // that an element must satisfy
	body  syntax.Expr
}

// comprehension translates [body for v in s if …] and [body for v, w in zip(s, t) if …].
func (t *translator) comprehension(x *syntax.Comprehension) (*value, error) {
	f, ok := x.Clauses[0].(*syntax.ForClause)
	if x.Curly || !ok {
		return nil, errSubset
	}
	if inner, ok := x.Clauses[len(x.Clauses)-1].(*syntax.ForClause); ok && len(x.Clauses) == 2 {
		if v, err := t.interleaved(x.Body, f, inner); v != nil || err != nil {
			return v, err
		}
		return t.repeated(x.Body, f, inner)
	}
	l := &loop{body: x.Body, lists: []syntax.Expr{f.X}}
	for _, c := range x.Clauses[1:] {
		cond, ok := c.(*syntax.IfClause)
		if !ok {
			return nil, errSubset
		}
		l.conds = append(l.conds, cond.Cond)
	}
	names := []syntax.Expr{f.Vars}
	if p, ok := f.Vars.(*syntax.ParenExpr); ok {
		names[0] = p.X
	}
	if tuple, ok := names[0].(*syntax.TupleExpr); ok {
		zip, ok := f.X.(*syntax.CallExpr)
		if !ok || !isName(zip.Fn, "zip") {
			return nil, errSubset
		}
		names, l.lists = tuple.List, zip.Args
	}
	for _, n := range names {
		id, ok := n.(*syntax.Ident)
		if !ok {
			return nil, errSubset
		}
		l.vars = append(l.vars, id.Name)
	}
	return t.each(l)
}

// maxBody is the most nodes of the body of a loop; arbitrary. What follows visits the nodes below
// each node of it.
const maxBody = 64

// size returns the nodes of x if they are at most maxBody, or more than that.
func size(x syntax.Expr) (n int) {
	syntax.Walk(x, func(node syntax.Node) bool {
		if node != nil {
			n++
		}
		return n <= maxBody
	})
	return n
}

// values translates expressions.
func (t *translator) values(list []syntax.Expr) (values []*value, err error) {
	for _, x := range list {
		v, err := t.value(x)
		if err != nil {
			return nil, err
		}
		values = append(values, v)
	}
	return values, nil
}

// each translates l.
func (t *translator) each(l *loop) (*value, error) {
	if len(l.vars) != len(l.lists) || size(l.body) > maxBody {
		return nil, errSubset
	}
	lists, err := t.values(l.lists)
	if err != nil {
		return nil, err
	}
	switch len(lists) {
	case 1:
		return t.eachOf(l, lists[0])
	case 2:
		return t.eachOfTwo(l, lists[0], lists[1])
	}
	return nil, errSubset
}

// eachOf translates a loop over one list.
func (t *translator) eachOf(l *loop, v *value) (*value, error) {
	for _, c := range l.conds {
		name := predicate(c, l.vars[0])
		if name == "" {
			return nil, errSubset
		}
		var err error
		if v, err = t.apply("filter("+name+", %s)", v); err != nil {
			return nil, err
		}
	}
	return t.element(l.body, l.vars[0], v)
}

// ofSpan translates an expression made of each element of a range, if it is a number or factor *
// name + offset: a range again.
func (t *translator) ofSpan(x syntax.Expr, name string, v *value) (made *value, ok bool) {
	factor, offset, ok := t.linear(x, name)
	from, to, step := v.nums[0], v.nums[1], v.nums[2]
	if !ok || step == 0 || step < 0 && factor == 0 {
		return nil, false
	}
	n := max(0, (to-from+step-1)/step) // elements, if step > 0
	if factor == 0 {
		return t.emit("repeat_num(%d, %d)", n, offset), true
	}
	a, errA := arithmetic(syntax.STAR, from, factor)
	b, errB := arithmetic(syntax.STAR, to, factor)
	k, errK := arithmetic(syntax.STAR, step, factor)
	if errA != nil || errB != nil || errK != nil {
		return nil, false
	}
	return &value{kind: span, nums: []int64{a + offset, b + offset, k}}, true
}

// linear returns factor and offset if x is factor * name + offset.
func (t *translator) linear(x syntax.Expr, name string) (factor, offset int64, ok bool) {
	x = bare(x)
	if isName(x, name) {
		return 1, 0, true
	}
	if !mentions(x, name) {
		offset, err := t.number(x)
		return 0, offset, err == nil
	}
	b, ok := x.(*syntax.BinaryExpr)
	if !ok {
		return 0, 0, false
	}
	f, o, ok := t.linear(b.X, name)
	if !ok {
		return 0, 0, false
	}
	g, p, ok := t.linear(b.Y, name)
	if !ok {
		return 0, 0, false
	}
	var errs [2]error
	switch b.Op {
	case syntax.PLUS, syntax.MINUS:
		factor, errs[0] = arithmetic(b.Op, f, g)
		offset, errs[1] = arithmetic(b.Op, o, p)
	case syntax.STAR:
		if g != 0 {
			f, o, g, p = g, p, f, o
		}
		if g != 0 {
			return 0, 0, false
		}
		factor, errs[0] = arithmetic(b.Op, f, p)
		offset, errs[1] = arithmetic(b.Op, o, p)
	default:
		return 0, 0, false
	}
	return factor, offset, errs == [2]error{}
}

// mentions reports whether x has the name.
func mentions(x syntax.Expr, name string) (found bool) {
	syntax.Walk(x, func(n syntax.Node) bool {
		if id, ok := n.(*syntax.Ident); ok && id.Name == name {
			found = true
		}
		return !found
	})
	return found
}

// bare returns x without parentheses.
func bare(x syntax.Expr) syntax.Expr {
	for {
		p, ok := x.(*syntax.ParenExpr)
		if !ok {
			return x
		}
		x = p.X
	}
}

// itemOperations are the operations on the elements of a list and a number.
var itemOperations = map[syntax.Token]string{
	syntax.PLUS: "add_item_list", syntax.MINUS: "subtract_item_list", syntax.PERCENT: "modulo_item_list",
	syntax.AMP: "modulo_item_list",
}

// element translates an expression of the variable name that is made of each element of v.
func (t *translator) element(x syntax.Expr, name string, v *value) (*value, error) {
	if v.kind == span {
		if made, ok := t.ofSpan(x, name, v); ok {
			return made, nil
		}
	}
	switch x := bare(x).(type) {
	case *syntax.Ident:
		if x.Name == name {
			return v, nil
		}
	case *syntax.BinaryExpr:
		inner, other := x.X, x.Y
		if x.Op == syntax.PLUS && !mentions(inner, name) {
			inner, other = other, inner
		}
		op, ok := itemOperations[x.Op]
		if !ok || mentions(other, name) {
			return nil, errSubset
		}
		n, err := t.number(other)
		if err != nil {
			return nil, err
		}
		if x.Op == syntax.AMP { // the lowest bits alone
			if n++; n <= 0 || n&(n-1) != 0 {
				return nil, errSubset
			}
		}
		if v, err = t.element(inner, name, v); err != nil {
			return nil, err
		}
		return t.apply(fmt.Sprintf("%s(%%s, %d)", op, n), v)
	case *syntax.CondExpr:
		return t.substitute(x, name, v)
	}
	return nil, errSubset
}

// substitute translates b if v == a else v, and v if v != a else b.
func (t *translator) substitute(x *syntax.CondExpr, name string, v *value) (*value, error) {
	c, ok := bare(x.Cond).(*syntax.BinaryExpr)
	if !ok || c.Op != syntax.EQL && c.Op != syntax.NEQ {
		return nil, errSubset
	}
	from, to, same := c.Y, x.True, x.False
	if c.Op == syntax.NEQ {
		to, same = same, to
	}
	if !isName(bare(c.X), name) || !isName(bare(same), name) || mentions(from, name) || mentions(to, name) {
		return nil, errSubset
	}
	a, err := t.number(from)
	if err != nil {
		return nil, err
	}
	b, err := t.number(to)
	if err != nil {
		return nil, err
	}
	return t.apply(fmt.Sprintf("substitute(%%s, %d, %d)", a, b), v)
}

// pairOperations are the operations on the elements of two lists.
var pairOperations = map[syntax.Token]string{
	syntax.PLUS: "add_two_lists", syntax.MINUS: "subtract_two_lists", syntax.PERCENT: "modulo_two_lists",
}

// eachOfTwo translates a + b, a - b and a % b of the elements of two lists. Python has no result
// for a % 0; the language leaves it out, as `if b != 0` does.
func (t *translator) eachOfTwo(l *loop, v, w *value) (*value, error) {
	x, ok := bare(l.body).(*syntax.BinaryExpr)
	if !ok {
		return nil, errSubset
	}
	op := pairOperations[x.Op]
	a, b := l.vars[0], l.vars[1]
	if isName(bare(x.X), b) {
		a, b, v, w = b, a, w, v
	}
	if op == "" || a == b || !isName(bare(x.X), a) || !isName(bare(x.Y), b) {
		return nil, errSubset
	}
	for _, c := range l.conds {
		if x.Op != syntax.PERCENT || predicate(c, b) != "is_not_zero" {
			return nil, errSubset
		}
	}
	return t.apply(op+"(%s, %s)", v, w)
}

// predicate returns the name of the condition that cond states of the variable, "" if it has
// none.
func predicate(cond syntax.Expr, name string) string {
	cond = bare(cond)
	if c, ok := cond.(*syntax.CallExpr); ok && len(c.Args) == 1 && isName(bare(c.Args[0]), name) {
		if id, ok := c.Fn.(*syntax.Ident); ok && slices.Contains(predicates, id.Name) {
			return id.Name
		}
		return ""
	}
	compared, truth := int64(0), true // cond is true where what is left of it is not compared
	if u, ok := cond.(*syntax.UnaryExpr); ok && u.Op == syntax.NOT {
		cond, truth = bare(u.X), false
	} else if c, ok := cond.(*syntax.BinaryExpr); ok && (c.Op == syntax.EQL || c.Op == syntax.NEQ) {
		n, ok := literal(c.Y)
		if !ok {
			return ""
		}
		cond, compared, truth = bare(c.X), n, c.Op == syntax.NEQ
	}
	if isName(cond, name) && compared == 0 && truth {
		return "is_not_zero"
	}
	c, ok := cond.(*syntax.BinaryExpr)
	if !ok || !isName(bare(c.X), name) || compared != 0 && compared != 1 {
		return ""
	}
	if n, ok := literal(c.Y); !ok || !(c.Op == syntax.PERCENT && n == 2 || c.Op == syntax.AMP && n == 1) {
		return ""
	}
	if truth == (compared == 0) { // other than 0, or 1
		return "is_odd"
	}
	return "is_even"
}

// literal returns the integer that x states.
func literal(x syntax.Expr) (int64, bool) {
	if lit, ok := bare(x).(*syntax.Literal); ok {
		n, ok := lit.Value.(int64)
		return n, ok
	}
	return 0, false
}
