package ktzip_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
)

// floatFiles are the files of the decoder's packages that may compute with floating point
// numbers, and why that does not touch decoding.
var floatFiles = map[string]string{
	"dsl/log2.go":    "logarithms for prices of the encoder",
	"dsl/model.go":   "costs, to be shown",
	"dsl/table.go":   "the uniform prior, a yardstick that is reported",
	"dsl/uniform.go": "the uniform prior",

	"dsl/plan/explain.go": "values of fields, to be shown",
	"dsl/plan/series.go":  "the same",
}

// clockFiles are those that import the package time.
var clockFiles = map[string]string{
	"container/header.go": "the time of the original, a field of the header",
}

// TestDecodingIsIntegers keeps floating point numbers and the clock out of the packages
// that decode.
func TestDecodingIsIntegers(t *testing.T) {
	for _, dir := range []string{"container", "dsl", "dsl/plan", "dsl/plan/internal/code", "dsl/plan/internal/text", "codec", "codec/internal/deflate", "codec/internal/arith", "codec/internal/mix", "codec/internal/records", "codec/internal/texts"} {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			name := path.Join(dir, e.Name())
			if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
				continue
			}
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			for _, imp := range file.Imports {
				if imp.Path.Value == `"time"` && clockFiles[name] == "" {
					t.Errorf("%s imports time", name)
				}
			}
			if floatFiles[name] != "" {
				continue
			}
			ast.Inspect(file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.Ident:
					if slices.Contains([]string{"float32", "float64", "complex64", "complex128"}, n.Name) {
						t.Errorf("%s: %s", set.Position(n.Pos()), n.Name)
					}
				case *ast.BasicLit:
					if n.Kind == token.FLOAT {
						t.Errorf("%s: %s", set.Position(n.Pos()), n.Value)
					}
				}
				return true
			})
		}
	}
}
