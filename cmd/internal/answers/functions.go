package answers

import (
	"fmt"
	"maps"
	"regexp"
	"strings"

	"go.starlark.net/syntax"
)

// A function is one that a text defines: what it is called with has other names within it.
type function struct {
	params []string
	body   []statement
	size   int  // bytes of body
	active bool // it is being translated: a recursion has no end
}

// Limits of calls of functions that a text defines, arbitrary: their number may double with each
// function.
const (
	maxCalls  = 64
	maxCalled = 16 << 10 // bytes of the statements of all calls
)

// definition matches the header of a definition, and what follows it on its line. Parameters may
// have types.
var definition = regexp.MustCompile(`^def[ \t]+([A-Za-z_][A-Za-z0-9_]*)[ \t]*\(([^()]*)\)[^:]*:(.*)$`)

// define takes note of a function. That of a name that the language has, or that calls translates,
// is skipped.
func (t *translator) define(header string, body []statement) {
	m := definition.FindStringSubmatch(header)
	if m == nil || published[m[1]] || calls[m[1]] != nil {
		return
	}
	f := &function{body: body}
	if text := strings.TrimSpace(m[3]); text != "" {
		f.body = []statement{{text: text}}
	}
	for p := range strings.SplitSeq(m[2], ",") {
		name, _, _ := strings.Cut(p, ":")
		if name = strings.TrimSpace(name); name != "" {
			f.params = append(f.params, name)
		}
	}
	for _, s := range f.body {
		f.size += len(s.text)
	}
	t.functions[m[1]] = f
}

// own translates the call of a function that the text defines: its statements, where it is called.
func (t *translator) own(f *function, args []syntax.Expr) (*value, error) {
	t.calls++
	t.called += f.size
	if t.calls > maxCalls || t.called > maxCalled || f.active || len(args) != len(f.params) {
		return nil, errSubset
	}
	values := make([]*value, len(args))
	for i, x := range args {
		v, err := t.value(x)
		if err == nil && v.kind != number && !v.empty() {
			_, err = t.list(v)
		}
		if err != nil {
			return nil, err
		}
		values[i] = v
	}
	outer := t.names
	t.names = maps.Clone(outer)
	for i, name := range f.params {
		t.names[name] = values[i]
	}
	t.last, f.active = nil, true
	err := t.statements(f.body)
	t.names, f.active = outer, false
	if err == nil && t.last == nil {
		err = fmt.Errorf("the function has no list")
	}
	return t.last, err
}
