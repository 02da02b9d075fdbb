package fmt_test

import (
	"bytes"
	"errors"
	std "fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/cmd/ktweb/internal/fmt"
)

type (
	named  uint8
	speaks int
	record struct {
		Kind named
		A, B int
		List []byte
	}
)

func (s speaks) String() string { return strings.Repeat("ä", int(s)) }

// TestSameAsGo prints what Go's package prints.
func TestSameAsGo(t *testing.T) {
	for _, c := range []struct {
		format string
		values []any
	}{
		{"", nil}, {"100 %%", nil}, {"%d of %d", []any{1, -2}}, {"%d%d%d", []any{named(3), uint64(math.MaxUint64), int64(math.MinInt64)}},
		{"%+d %+d %4d|%-4d|%04d|%-04d|%+05d", []any{1, -1, 3, 4, 5, 6, -7}},
		{"%x %#x %04x %0*x %o %04o", []any{255, uint32(255), 10, 6, 0xabc, 8, 0o644}},
		{"%x %x %q %s", []any{"text", []byte("bytes"), []byte("by\ntes"), []byte("bytes")}},
		{"%s %q %v %-9s| %9s| %*s|%.2s|%-3s", []any{"a", "b\"", "c", "left", "right", 5, "^", "äöü", "äöü"}},
		{"%c %c %q %q", []any{'ä', byte('x'), 'ä', byte(0)}},
		{"%v %v %v %v", []any{true, nil, 7, named(7)}}, {"%v %v %s %q %x", []any{speaks(3), errors.New("e"), speaks(1), speaks(2), speaks(1)}},
		{"%v %d %v %v", []any{[]int32{1, -2}, []int{3}, []string{"a", "b"}, [2]bool{true}}}, {"%+v|%v", []any{record{1, 2, 3, []byte{4}}, record{}}},
		{"%.1f %f %.0f %6.2f| %-8.3f| %g %v %v", []any{1.25, 1.5, 2.5, math.Pi, 2.0, 1e9, float32(0.1), 123456789.0}},
		{"%.3f %v %+.1f %06.1f", []any{math.NaN(), math.Inf(-1), 2.0, -3.0}},
	} {
		got, want := fmt.Sprintf(c.format, c.values...), std.Sprintf(c.format, c.values...)
		if got != want {
			t.Errorf("%q of %v: got %q, want %q", c.format, c.values, got, want)
		}
		var b bytes.Buffer
		if n, err := fmt.Fprintf(&b, c.format, c.values...); n != len(want) || err != nil || b.String() != want {
			t.Errorf("%q: wrote %q", c.format, b.String())
		}
	}
	for _, values := range [][]any{{}, {1}, {"a", 1, 2, "b", 3.5, true}, {speaks(1), nil, []int{7}}, {[]int32{1, 2}}} {
		if got, want := fmt.Sprint(values...), std.Sprint(values...); got != want {
			t.Errorf("%v: got %q, want %q", values, got, want)
		}
	}
}

// TestRandomItems prints numbers and strings by flags, widths and precisions as Go's package does.
func TestRandomItems(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 50_000 {
		verb := "doxcqsvfg"[r.IntN(9)]
		format := "%"
		for _, flag := range "+-0" {
			if r.IntN(4) == 0 {
				format += string(flag)
			}
		}
		if r.IntN(2) == 0 {
			format += std.Sprint(1 + r.IntN(12))
		}
		var x any
		switch number := r.Int64() >> r.IntN(64); verb {
		case 'q', 's', 'v':
			x = strings.Repeat(string(rune(32+r.IntN(1000))), r.IntN(5))
			if format = strings.NewReplacer("0", "", "+", "").Replace(format); r.IntN(3) == 0 && verb == 's' {
				format += "." + std.Sprint(r.IntN(4))
			}
		case 'f', 'g':
			x = float64(number) / float64(1+r.IntN(1000))
			if r.IntN(2) == 0 {
				format += "." + std.Sprint(1+r.IntN(5))
			}
		case 'c':
			format, x = "%", rune(32+r.IntN(1000))
		default:
			x = number * int64(1-2*r.IntN(2))
		}
		format += string(verb)
		if got, want := fmt.Sprintf(format, x), std.Sprintf(format, x); got != want {
			t.Fatalf("%q of %#v: got %q, want %q", format, x, got, want)
		}
	}
}

// TestVerbsAreKnown looks at the formats of all packages that a page's module has.
func TestVerbsAreKnown(t *testing.T) {
	cmd := exec.Command("go", "list", "-deps", "-f", `{{if .Module}}{{$dir := .Dir}}{{range .GoFiles}}{{$dir}}/{{.}}{{"\n"}}{{end}}{{end}}`, "../..")
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	item := regexp.MustCompile(`%[-+#0]*([0-9]+|\*)?(\.([0-9]+|\*))?(.|$)`)
	found := 0
	for name := range strings.FieldsSeq(string(out)) {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || !takesFormat(call.Fun) {
				return true
			}
			for _, x := range call.Args[:min(2, len(call.Args))] {
				if text, ok := x.(*ast.BasicLit); ok {
					for _, m := range item.FindAllStringSubmatch(text.Value, -1) {
						if found++; !strings.Contains("doxcsqvwfg%", m[4]) || strings.Contains(m[0], "#") && m[4] != "x" {
							t.Errorf("%s: %s has %q", name, text.Value, m[0])
						}
					}
				}
			}
			return true
		})
	}
	if found < 500 {
		t.Errorf("only %d verbs", found)
	}
}

// takesFormat reports whether f is a function of package fmt, or one that calls it.
func takesFormat(f ast.Expr) bool {
	switch f := f.(type) {
	case *ast.SelectorExpr:
		x, ok := f.X.(*ast.Ident)
		return ok && x.Name == "fmt" || f.Sel.Name == "fail"
	case *ast.Ident:
		return f.Name == "invalid"
	}
	return false
}

// TestErrorsWrap holds that errors say what Go's say, and that errors.Is finds what they wrap.
func TestErrorsWrap(t *testing.T) {
	inner := fmt.Errorf("%w: %d", io.ErrUnexpectedEOF, 7)
	err := fmt.Errorf("%w, %v, %w", inner, io.EOF, io.ErrClosedPipe)
	if want := "unexpected EOF: 7, EOF, io: read/write on closed pipe"; err.Error() != want {
		t.Errorf("got %s, want %s", err, want)
	}
	if !errors.Is(err, io.ErrUnexpectedEOF) || !errors.Is(err, io.ErrClosedPipe) || errors.Is(err, io.EOF) || errors.Is(fmt.Errorf("a"), io.EOF) {
		t.Error("wraps other errors")
	}
}
