package ktzip_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/ktzip/ktzip"

// importRules says which packages of this module each package may import, tests
// aside. It is a statement of policy: do not change it to make a build pass.
var importRules = map[string][]string{
	".":                                   {"codec", "search/programs", "search/plans"},
	"dsl":                                 {},
	"dsl/plan":                            {"dsl", "dsl/plan/internal/built", "dsl/plan/internal/code", "dsl/plan/internal/text"},
	"dsl/plan/internal/built":             {},
	"dsl/plan/internal/code":              {},
	"dsl/plan/internal/text":              {},
	"dsl/kolmogorov":                      {"dsl"},
	"dsl/internal/dsltest":                {"container"}, // for tests
	"container":                           {},
	"internal/mutate":                     {}, // for tests
	"internal/second":                     {}, // for tests
	"codec/internal/deflate":              {},
	"codec/internal/arith":                {},
	"codec/internal/mix":                  {"codec/internal/arith"},
	"codec/internal/records":              {"codec/internal/arith"},
	"codec/internal/texts":                {"codec/internal/arith"},
	"codec":                               {"dsl", "dsl/plan", "container", "codec/internal/deflate", "codec/internal/arith", "codec/internal/mix", "codec/internal/records", "codec/internal/texts"},
	"search/programs":                     {"dsl", "search/programs/internal/rank"},
	"search/programs/internal/rank":       {},
	"search/programs/internal/rank/train": {"dsl", "dsl/kolmogorov", "search/programs", "search/programs/internal/rank"},
	"search/plans":                        {"dsl", "dsl/plan", "search/plans/internal/code", "search/plans/internal/disguise", "search/plans/internal/lz", "search/plans/internal/packet", "search/plans/internal/series", "search/plans/internal/text"},
	"search/plans/internal/code":          {"dsl/plan"},
	"search/plans/internal/disguise":      {"dsl", "dsl/plan"},
	"search/plans/internal/lz":            {"dsl", "dsl/plan"},
	"search/plans/internal/packet":        {"dsl"},
	"search/plans/internal/text":          {"dsl", "dsl/plan"},
	"search/plans/internal/series":        {"dsl"},
	"search/predictors":                   {"dsl"},
	"search/seqcoder":                     {"dsl", "search/programs", "search/seqcoder/model"},
	"search/seqcoder/model":               {},
	"search/seqcoder/cuda":                {"search/seqcoder/model"},
	"bench":                               {".", "dsl/kolmogorov", "codec", "bench/internal/peak"},
	"bench/internal/peak":                 {},
	"bench/internal/dialect":              {},
	"bench/internal/encoding":             {"dsl"},
	"bench/internal/near":                 {"dsl", "dsl/kolmogorov", "search/programs"},
	"cmd/internal/model":                  {"search/seqcoder", "search/seqcoder/model", "search/seqcoder/cuda"},
	"cmd/internal/learn":                  {"dsl", "dsl/kolmogorov", "search/programs"},
	"cmd/internal/compare":                {"codec", "cmd/internal/describe"},
	"cmd/internal/cli":                    {"dsl", "dsl/plan", "container", "codec", "cmd/internal/describe"},
	"cmd/internal/describe":               {"dsl", "dsl/plan", "container", "codec"},
	"cmd/internal/page":                   {"cmd/internal/describe", "cmd/internal/page/assets"},
	"cmd/internal/page/assets":            {},
	"cmd/internal/page/pagetest":          {"cmd/internal/describe"}, // for tests
	"cmd/internal/finder":                 {".", "codec", "search/predictors", "search/programs", "search/seqcoder", "cmd/internal/cli", "cmd/internal/model"},
	"cmd/ktzip":                           {"cmd/internal/cli", "cmd/internal/compare", "cmd/internal/describe", "cmd/internal/finder", "cmd/internal/model", "cmd/internal/page"},
	"cmd/ktweb":                           {"cmd/ktweb/internal/wasm", "cmd/internal/page/assets"}, // for js, cmd/ktweb/internal/answer alone
	"cmd/ktweb/internal/wasm":             {},
	"cmd/ktweb/internal/fmt":              {}, // in the module, in the place of Go's fmt
	"cmd/ktweb/internal/godebug":          {}, // in the module of a page, for internal/godebug
	"cmd/ktweb/internal/answer":           {"codec", "container", "cmd/internal/describe"},
	"cmd/ktunzip":                         {"cmd/internal/cli"},
	"cmd/internal/tool":                   {},
	"cmd/internal/answers":                {"dsl", "cmd/internal/pairs"},
	"cmd/internal/prompts":                {"dsl", "dsl/kolmogorov"},
	"cmd/internal/zlib":                   {},
	"cmd/internal/metrics":                {"dsl", "cmd/internal/pairs", "cmd/internal/zlib"},
	"cmd/internal/baseline":               {"dsl", "search/seqcoder", "search/seqcoder/model", "cmd/internal/model", "cmd/internal/zlib"},
	"cmd/internal/evaluate":               {"dsl", "search/programs", "search/seqcoder", "cmd/internal/answers", "cmd/internal/metrics", "cmd/internal/model", "cmd/internal/pairs"},
	"cmd/kteval":                          {"cmd/internal/answers", "cmd/internal/baseline", "cmd/internal/prompts", "cmd/internal/evaluate", "cmd/internal/metrics", "cmd/internal/model", "cmd/internal/pairs", "cmd/internal/tool", "search/programs"},
	"cmd/internal/pairs":                  {"dsl", "dsl/kolmogorov", "search/programs", "search/seqcoder"},
	"cmd/ktgen":                           {"cmd/internal/tool", "cmd/internal/pairs", "dsl", "search/programs", "search/seqcoder"},
}

// standardOnly lists the packages that stand on the standard library alone.
var standardOnly = []string{"dsl", "dsl/plan", "dsl/kolmogorov", "container", "search/programs", "search/plans", "search/predictors", "codec/internal/arith", "codec/internal/mix", "codec/internal/records", "codec/internal/texts"}

type listed struct {
	ImportPath string
	Standard   bool
	Imports    []string
}

func list(t *testing.T, args ...string) (pkgs []listed) {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-json=ImportPath,Standard,Imports"}, args...)...)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list %v: %v", args, err)
	}
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var p listed
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		pkgs = append(pkgs, p)
	}
	return pkgs
}

// folder returns the folder of a package of this module, as importRules has it.
func folder(importPath string) (name string, ours bool) {
	if importPath == module {
		return ".", true
	}
	return strings.CutPrefix(importPath, module+"/")
}

// TestImportGraph holds every package to importRules.
func TestImportGraph(t *testing.T) {
	for _, p := range list(t, "./...") {
		name, _ := folder(p.ImportPath)
		allowed, ok := importRules[name]
		if !ok {
			t.Errorf("%s has no rule", name)
		}
		for _, imp := range p.Imports {
			if dep, ours := folder(imp); ours && !slices.Contains(allowed, dep) {
				t.Errorf("%s may not import %s", name, dep)
			}
		}
	}
}

// TestStandardOnly keeps what reads a program back free of dependencies.
func TestStandardOnly(t *testing.T) {
	for _, name := range standardOnly {
		for _, p := range list(t, "-deps", "./"+name) {
			if !p.Standard && !strings.HasPrefix(p.ImportPath, module) {
				t.Errorf("%s depends on %s", name, p.ImportPath)
			}
		}
	}
}

// TestPythonIsForScores keeps the parser of Python out of all but what scores programs.
func TestPythonIsForScores(t *testing.T) {
	for _, p := range list(t, "./...") {
		name, _ := folder(p.ImportPath)
		for _, imp := range p.Imports {
			if strings.HasPrefix(imp, "go.starlark.net") && name != "cmd/internal/answers" {
				t.Errorf("%s imports %s", name, imp)
			}
		}
	}
	for _, name := range []string{".", "./cmd/ktzip", "./cmd/ktunzip", "./cmd/ktweb", "./cmd/ktgen"} {
		for _, p := range list(t, "-deps", name) {
			if strings.HasPrefix(p.ImportPath, "go.starlark.net") {
				t.Errorf("%s links %s", name, p.ImportPath)
			}
		}
	}
}

// TestZlibIsForMetrics keeps zlib, translated from C, out of all but what computes the test's metrics.
func TestZlibIsForMetrics(t *testing.T) {
	for _, p := range list(t, "./...") {
		for _, imp := range p.Imports {
			if name, _ := folder(p.ImportPath); strings.HasPrefix(imp, "modernc.org/") && name != "cmd/internal/zlib" {
				t.Errorf("%s imports %s", name, imp)
			}
		}
	}
	for _, name := range []string{".", "./cmd/ktzip", "./cmd/ktunzip", "./cmd/ktweb", "./cmd/ktgen"} {
		for _, p := range list(t, "-deps", name) {
			if strings.HasPrefix(p.ImportPath, "modernc.org/") {
				t.Errorf("%s links %s", name, p.ImportPath)
			}
		}
	}
}

// TestDecoderIsSmall keeps the search and what it stands on, and the network, out of
// ktunzip, and ktunzip in maxDecoder bytes.
func TestDecoderIsSmall(t *testing.T) {
	for _, p := range list(t, "-deps", "./cmd/ktunzip") {
		for _, not := range []string{module + "/search", module + "/cmd/internal/compare", "github.com/klauspost", "github.com/pierrec", "gorgonia.org", "html/template", "net", "crypto/tls", "crypto/x509"} {
			if p.ImportPath == not || strings.HasPrefix(p.ImportPath, not+"/") {
				t.Errorf("ktunzip links %s", p.ImportPath)
			}
		}
	}
	const maxDecoder = 4_000_000 // bytes, stripped; 3,813,538 on linux/amd64 with Go 1.26.8
	path := filepath.Join(t.TempDir(), "ktunzip")
	cmd := exec.Command("go", "build", "-ldflags=-s -w", "-o", path, "./cmd/ktunzip")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH=amd64")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() > maxDecoder {
		t.Errorf("ktunzip has %d bytes, allowed are %d", info.Size(), maxDecoder)
	}
}
