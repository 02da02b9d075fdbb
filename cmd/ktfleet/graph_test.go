package main

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// importRules says which packages of this module each of its packages may import, tests aside: as in the root's
// graph_test.go.
var importRules = map[string][]string{
	"internal/slots":     {},
	"internal/files":     {},
	"internal/job":       {"internal/files"},
	"internal/input":     {"internal/files", "internal/job"},
	"internal/compress":  {"internal/files", "internal/input", "internal/job", "internal/slots"},
	"internal/check":     {"internal/files", "internal/input", "internal/job", "internal/slots"},
	"internal/family":    {"internal/input", "internal/job", "internal/slots"},
	"internal/benchmark": {"internal/files", "internal/input", "internal/job", "internal/slots"},
	"":                   {"internal/benchmark", "internal/check", "internal/compress", "internal/family", "internal/files", "internal/input", "internal/job"},
}

// TestImportGraph holds every package to importRules.
func TestImportGraph(t *testing.T) {
	const module = "github.com/ktzip/ktzip/cmd/ktfleet"
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		name := strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
		allowed, ok := importRules[name]
		if !ok {
			t.Errorf("%s has no rule", name)
		}
		for _, imported := range p.Imports {
			if dep, ours := strings.CutPrefix(imported, module+"/"); ours && !slices.Contains(allowed, dep) {
				t.Errorf("%s may not import %s", name, dep)
			}
		}
	}
}
