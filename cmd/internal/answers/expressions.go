package answers

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"go.starlark.net/syntax"
)

// A kind says what a value is.
type kind uint8

const (
	number  kind = iota // num
	line                // the list that a line of the language makes
	display             // a list of nums, that has no line yet
	span                // a range of nums: from, up to, step
	ordered             // a sorted list, of line
)

// A value is what an expression means. One that has no line yet gets it where a list is needed:
// what is around it may have a shorter form.
type value struct {
	kind       kind
	num        int64
	line       int     // of line and ordered
	nums       []int64 // of display and span
	descending bool    // of ordered
}

// maxDepth is the deepest expression that is translated; arbitrary. The parser has a limit of
// its own for brackets, but none for a + b + c + ….
const maxDepth = 2000

// maxNumber is the largest number that an expression may have: those of lists have 32 bits.
const maxNumber = math.MaxUint32

// all is a count that no list reaches.
const all = math.MaxInt32

// value translates an expression. That of a variable is its own, which statements may change; all
// others are new, as in Python.
func (t *translator) value(x syntax.Expr) (*value, error) {
	if t.depth++; t.depth > maxDepth {
		return nil, fmt.Errorf("nested too deeply")
	}
	defer func() { t.depth-- }()
	if id, ok := bare(x).(*syntax.Ident); ok {
		if v := t.names[id.Name]; v != nil {
			return v, nil
		}
		return nil, fmt.Errorf("%s is not defined", id.Name)
	}
	v, err := t.made(x)
	if err != nil {
		return nil, err
	}
	fresh := *v
	return &fresh, nil
}

// made translates an expression other than a variable. The value may be that of a variable in it.
func (t *translator) made(x syntax.Expr) (*value, error) {
	switch x := bare(x).(type) {
	case *syntax.Literal:
		if n, ok := x.Value.(int64); ok && n <= maxNumber {
			return &value{num: n}, nil
		}
	case *syntax.ListExpr:
		return t.display(x.List)
	case *syntax.TupleExpr:
		return t.display(x.List)
	case *syntax.UnaryExpr:
		return t.unary(x)
	case *syntax.BinaryExpr:
		return t.binary(x)
	case *syntax.SliceExpr:
		return t.slice(x)
	case *syntax.CallExpr:
		return t.call(x)
	case *syntax.Comprehension:
		return t.comprehension(x)
	}
	return nil, errSubset
}

// number translates an expression that is an integer.
func (t *translator) number(x syntax.Expr) (int64, error) {
	v, err := t.value(x)
	if err == nil && v.kind != number {
		err = fmt.Errorf("a list where an integer must be")
	}
	if err != nil {
		return 0, err
	}
	return v.num, nil
}

// list returns the name of the list that v is. If it has none, it gets a line.
func (t *translator) list(v *value) (string, error) {
	switch v.kind {
	case number:
		return "", fmt.Errorf("an integer where a list must be")
	case display:
		*v = *t.emit("set_list(%s)", listText(v.nums))
	case span:
		if a, b, k := v.nums[0], v.nums[1], v.nums[2]; k == 1 {
			*v = *t.emit("range_func_up(%d, %d)", a, b-1)
		} else {
			*v = *t.emit("range_func_interval(%d, %d, %d)", a, b, k)
		}
	case ordered:
		*v = *t.emit("%s(sequence_%d, %d)", extremes[v.descending], v.line, all)
	}
	return "sequence_" + strconv.Itoa(v.line), nil
}

// extremes are the functions that return the first elements of a list that is sorted, by whether
// it descends.
var extremes = map[bool]string{false: "min_n", true: "max_n"}

// listText returns nums as a list of the language.
func listText(nums []int64) string {
	var b strings.Builder
	b.WriteByte('[')
	for i, n := range nums {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(strconv.FormatInt(n, 10))
	}
	b.WriteByte(']')
	return b.String()
}

// empty reports whether v is an empty list without a line.
func (v *value) empty() bool { return v.kind == display && len(v.nums) == 0 }

// display translates the elements of a list. It is a sum of lists if some are unpacked.
func (t *translator) display(elements []syntax.Expr) (*value, error) {
	v, last := &value{kind: display}, &value{kind: display} // and what comes after it
	for _, x := range elements {
		if u, ok := x.(*syntax.UnaryExpr); ok && u.Op == unpacked {
			s, err := t.value(u.X)
			if err == nil {
				v, err = t.joined(v, last)
			}
			if err == nil {
				v, err = t.joined(v, s)
			}
			if err != nil {
				return nil, err
			}
			last = &value{kind: display}
			continue
		}
		n, err := t.number(x)
		if err != nil {
			return nil, err
		}
		last.nums = append(last.nums, n)
	}
	return t.joined(v, last)
}

// joined translates the sum of two lists.
func (t *translator) joined(a, b *value) (*value, error) {
	switch {
	case a.kind == number || b.kind == number:
		return nil, errors.New("an integer where a list must be")
	case a.empty():
		return b, nil
	case b.empty():
		return a, nil
	}
	return t.apply("concatenate(%s, %s)", a, b)
}

// unary translates a sign.
func (t *translator) unary(x *syntax.UnaryExpr) (*value, error) {
	if x.Op != syntax.MINUS && x.Op != syntax.PLUS || x.X == nil {
		return nil, errSubset
	}
	n, err := t.number(x.X)
	if x.Op == syntax.MINUS {
		n = -n
	}
	return &value{num: n}, err
}

// binary translates an operator between integers, between lists, or a list and how often it is
// repeated.
func (t *translator) binary(x *syntax.BinaryExpr) (*value, error) {
	a, err := t.value(x.X)
	if err != nil {
		return nil, err
	}
	b, err := t.value(x.Y)
	if err != nil {
		return nil, err
	}
	switch lists := [2]bool{a.kind != number, b.kind != number}; {
	case lists == [2]bool{false, false}:
		n, err := arithmetic(x.Op, a.num, b.num)
		return &value{num: n}, err
	case lists == [2]bool{true, true} && x.Op == syntax.PLUS:
		return t.joined(a, b)
	case lists == [2]bool{true, false} && x.Op == syntax.STAR:
		return t.repeat(a, b.num)
	case lists == [2]bool{false, true} && x.Op == syntax.STAR:
		return t.repeat(b, a.num)
	}
	return nil, errSubset
}

// arithmetic returns what Python's operator makes of integers.
func arithmetic(op syntax.Token, a, b int64) (n int64, err error) {
	switch {
	case op == syntax.PLUS:
		n = a + b
	case op == syntax.MINUS:
		n = a - b
	case op == syntax.STAR:
		n = a * b // both are at most maxNumber
		if b != 0 && n/b != a {
			return 0, errNumber
		}
	case (op == syntax.SLASHSLASH || op == syntax.PERCENT) && b != 0:
		if n = a % b; n != 0 && (n < 0) != (b < 0) {
			n += b
		}
		if op == syntax.SLASHSLASH {
			n = (a - n) / b
		}
	default:
		return 0, errSubset
	}
	if n < -maxNumber || n > maxNumber {
		return 0, errNumber
	}
	return n, nil
}

var errNumber = fmt.Errorf("an integer beyond %d", int64(maxNumber))

// repeat translates v, n times.
func (t *translator) repeat(v *value, n int64) (*value, error) {
	if v.kind == display && len(v.nums) == 1 {
		return t.emit("repeat_num(%d, %d)", n, v.nums[0]), nil
	}
	return t.apply(fmt.Sprintf("repeat_list(%d, %%s)", n), v)
}

// apply emits a line of the format with the names of lists.
func (t *translator) apply(format string, lists ...*value) (*value, error) {
	names := make([]any, len(lists))
	for i, v := range lists {
		name, err := t.list(v)
		if err != nil {
			return nil, err
		}
		names[i] = name
	}
	return t.emit(format, names...), nil
}

// slice translates a slice.
func (t *translator) slice(x *syntax.SliceExpr) (*value, error) {
	v, err := t.value(x.X)
	if err != nil {
		return nil, err
	}
	n := [3]int64{0, all, 1} // from, up to, step
	for i, e := range [...]syntax.Expr{x.Lo, x.Hi, x.Step} {
		if e == nil || isName(e, "None") {
			continue
		}
		if n[i], err = t.number(e); err != nil {
			return nil, err
		}
	}
	lo, hi := x.Lo != nil && n[0] != 0, x.Hi != nil
	switch {
	case v.kind == ordered && hi && !lo && n[2] == 1:
		return t.emit("%s(sequence_%d, %d)", extremes[v.descending], v.line, n[1]), nil
	case n[2] < 0 && (x.Lo != nil || hi):
		return nil, errSubset // its bounds mean something else
	}
	if lo || hi {
		if v, err = t.apply(fmt.Sprintf("get_subsequence_between_indices(%%s, %d, %d)", n[0], n[1]), v); err != nil {
			return nil, err
		}
	}
	switch {
	case n[2] == 1:
		return v, nil
	case n[2] == -1:
		return t.apply("reverse_list(%s)", v)
	}
	return t.apply(fmt.Sprintf("get_subsequence_with_jumps(%%s, %d)", n[2]), v)
}
