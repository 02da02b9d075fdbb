package answers

import "go.starlark.net/syntax"

// interleaved translates [v for p in zip(s, t) for v in p] and [v for a, b in zip(s, t) for v in
// (a, b)]; it returns nil for others. Where the lists differ in length, zip leaves out the rest, which
// the language does not: see translator.asLong.
func (t *translator) interleaved(body syntax.Expr, outer, inner *syntax.ForClause) (*value, error) {
	zip, ok := bare(outer.X).(*syntax.CallExpr)
	v, ok2 := bare(inner.Vars).(*syntax.Ident)
	if !ok || !ok2 || !isName(zip.Fn, "zip") || len(zip.Args) != 2 || !isName(bare(body), v.Name) {
		return nil, nil
	}
	if names, elements := elementsOf(outer.Vars), elementsOf(inner.X); len(names) == 2 && len(elements) == 2 {
		for i, n := range names {
			id, ok := n.(*syntax.Ident)
			if !ok || !isName(bare(elements[i]), id.Name) {
				return nil, nil
			}
		}
		if isName(names[0], names[1].(*syntax.Ident).Name) {
			return nil, nil
		}
	} else if p, ok := bare(outer.Vars).(*syntax.Ident); !ok || !isName(bare(inner.X), p.Name) {
		return nil, nil
	}
	lists, err := t.values(zip.Args)
	if err != nil {
		return nil, err
	}
	made, err := t.apply("interleave(%s, %s)", lists...)
	if err == nil {
		t.asLong = append(t.asLong, [2]int{lists[0].line, lists[1].line})
	}
	return made, err
}

// elementsOf returns the elements of a list or tuple that is written out.
func elementsOf(x syntax.Expr) []syntax.Expr {
	switch x := bare(x).(type) {
	case *syntax.ListExpr:
		return x.List
	case *syntax.TupleExpr:
		return x.List
	}
	return nil
}

// repeated translates [v for _ in range(n) for v in s].
func (t *translator) repeated(body syntax.Expr, outer, inner *syntax.ForClause) (*value, error) {
	count, ok := bare(outer.Vars).(*syntax.Ident)
	v, ok2 := bare(inner.Vars).(*syntax.Ident)
	if !ok || !ok2 || !isName(bare(body), v.Name) || v.Name == count.Name || mentions(inner.X, count.Name) {
		return nil, errSubset
	}
	times, err := t.value(outer.X)
	if err != nil {
		return nil, err
	}
	s, err := t.value(inner.X)
	if err != nil {
		return nil, err
	}
	if times.kind != span || times.nums[2] != 1 || s.kind == number {
		return nil, errSubset
	}
	return t.repeat(s, max(0, times.nums[1]-times.nums[0]))
}
