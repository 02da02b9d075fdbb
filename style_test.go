package ktzip_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
)

const (
	maxFileLines     = 400
	maxFunctionLines = 80
	maxBranches      = 20 // of a function: if, for, case
	maxPositional    = 4  // fields of a struct literal without keys
	maxPackageFiles  = 30 // without tests
)

// A function beyond maxFunctionLines or maxBranches says in its comment why it is one
// function, in such a sentence: "It is one function because the cases share the dot."
var saysWhy = regexp.MustCompile(`(?s)\bone function\b.*\bbecause\b`)

// A source is a parsed Go file of the repository.
type source struct {
	name      string // with its folder
	text      []byte
	file      *ast.File
	generated bool
}

func (s *source) test() bool { return strings.HasSuffix(s.name, "_test.go") }

// sources parses every Go file of the repository, those of nested modules too.
func sources(t *testing.T) (list []*source, set *token.FileSet) {
	t.Helper()
	set = token.NewFileSet()
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || len(name) > 1 && d.Name()[0] == '.') {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") {
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(set, name, text, parser.ParseComments|parser.SkipObjectResolution)
		list = append(list, &source{name, text, file, ast.IsGenerated(file)})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list, set
}

// TestFilesAreShort holds files to maxFileLines, packages to maxPackageFiles.
func TestFilesAreShort(t *testing.T) {
	list, _ := sources(t)
	count := map[string]int{}
	for _, s := range list {
		if lines := bytes.Count(s.text, []byte("\n")); lines > maxFileLines && !s.generated {
			t.Errorf("%s has %d lines, want at most %d", s.name, lines, maxFileLines)
		}
		if !s.test() {
			count[path.Dir(s.name)]++
		}
	}
	for folder, n := range count {
		if n > maxPackageFiles {
			t.Errorf("%s has %d files, want at most %d", folder, n, maxPackageFiles)
		}
	}
}

// branches counts the branches of a function.
func branches(f *ast.FuncDecl) (n int) {
	ast.Inspect(f, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.IfStmt, *ast.ForStmt, *ast.RangeStmt:
			n++
		case *ast.CaseClause:
			if node.List != nil {
				n++
			}
		case *ast.CommClause:
			if node.Comm != nil {
				n++
			}
		}
		return true
	})
	return n
}

// TestFunctionsAreShort holds functions to maxFunctionLines and maxBranches, unless their
// comments say why.
func TestFunctionsAreShort(t *testing.T) {
	list, set := sources(t)
	for _, s := range list {
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || s.generated || saysWhy.MatchString(f.Doc.Text()) {
				continue
			}
			lines := set.Position(f.End()).Line - set.Position(f.Pos()).Line + 1
			if n := branches(f); lines > maxFunctionLines || n > maxBranches {
				t.Errorf("%s: %s has %d lines and %d branches; want at most %d and %d, or a comment: It is one function because ...",
					set.Position(f.Pos()), f.Name.Name, lines, n, maxFunctionLines, maxBranches)
			}
		}
	}
}

// structs returns the names of the struct types that each folder declares, as folder.Name.
func structs(list []*source) map[string]bool {
	found := map[string]bool{}
	for _, s := range list {
		ast.Inspect(s.file, func(n ast.Node) bool {
			if spec, ok := n.(*ast.TypeSpec); ok {
				if _, ok := spec.Type.(*ast.StructType); ok {
					found[path.Dir(s.name)+"."+spec.Name.Name] = true
				}
			}
			return true
		})
	}
	return found
}

// TestStructsAreKeyed holds struct literals with more than maxPositional fields to naming
// them. Tables of tests may do without.
func TestStructsAreKeyed(t *testing.T) {
	list, set := sources(t)
	known := structs(list)
	for _, s := range list {
		if s.generated || s.test() {
			continue
		}
		// visit looks at a literal of a type; the type is its own or, if it has none, that of
		// the elements of the literal around it.
		var visit func(lit *ast.CompositeLit, kind ast.Expr)
		visit = func(lit *ast.CompositeLit, kind ast.Expr) {
			if star, ok := kind.(*ast.StarExpr); ok {
				kind = star.X
			}
			isStruct := false
			var element ast.Expr
			switch kind := kind.(type) {
			case *ast.StructType:
				isStruct = true
			case *ast.Ident:
				isStruct = known[path.Dir(s.name)+"."+kind.Name]
			case *ast.ArrayType:
				element = kind.Elt
			case *ast.MapType:
				element = kind.Value
			}
			if n := len(lit.Elts); isStruct && n > maxPositional {
				if _, keyed := lit.Elts[0].(*ast.KeyValueExpr); !keyed {
					t.Errorf("%s: %d fields without names, want at most %d", set.Position(lit.Pos()), n, maxPositional)
				}
			}
			for _, e := range lit.Elts {
				if pair, ok := e.(*ast.KeyValueExpr); ok {
					e = pair.Value
				}
				if inner, ok := e.(*ast.CompositeLit); ok && inner.Type == nil && element != nil {
					visit(inner, element)
				}
			}
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if lit, ok := n.(*ast.CompositeLit); ok && lit.Type != nil {
				visit(lit, lit.Type)
			}
			return true
		})
	}
}

// TestExportsAreDocumented holds that each exported name of a package that can be imported
// has a comment.
func TestExportsAreDocumented(t *testing.T) {
	list, set := sources(t)
	for _, s := range list {
		if s.generated || s.test() || s.file.Name.Name == "main" {
			continue
		}
		for _, d := range s.file.Decls {
			for _, name := range undocumented(d) {
				t.Errorf("%s: %s has no comment", set.Position(d.Pos()), name)
			}
		}
	}
}

// conventional are methods that mean the same on every type.
var conventional = map[string]bool{"Error": true, "Is": true, "String": true, "Unwrap": true}

// undocumented returns the exported names that a declaration leaves without a comment.
func undocumented(d ast.Decl) (names []string) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		method := d.Recv != nil
		if d.Name.IsExported() && d.Doc == nil && (!method || exportedReceiver(d.Recv) && !conventional[d.Name.Name]) {
			names = append(names, d.Name.Name)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				if spec.Name.IsExported() && d.Doc == nil && spec.Doc == nil && spec.Comment == nil {
					names = append(names, spec.Name.Name)
				}
			case *ast.ValueSpec:
				for _, name := range spec.Names {
					if name.IsExported() && d.Doc == nil && spec.Doc == nil && spec.Comment == nil {
						names = append(names, name.Name)
					}
				}
			}
		}
	}
	return names
}

// exportedReceiver reports whether a method's type is exported.
func exportedReceiver(list *ast.FieldList) bool {
	kind := list.List[0].Type
	if star, ok := kind.(*ast.StarExpr); ok {
		kind = star.X
	}
	if index, ok := kind.(*ast.IndexExpr); ok { // a generic type
		kind = index.X
	}
	name, ok := kind.(*ast.Ident)
	return ok && name.IsExported()
}
