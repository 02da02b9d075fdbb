//go:build !js && !wasip1

package main

import (
	"bytes"
	"compress/gzip"
	"encoding/hex"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ktzip/ktzip/cmd/ktweb/internal/answer"
)

// folder makes the folder of the page, once for all tests.
var folder = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "ktweb")
	if err != nil {
		return "", err
	}
	return dir, build(dir)
})

func TestMain(m *testing.M) {
	code := m.Run()
	if dir, err := folder(); err == nil {
		os.RemoveAll(dir)
	}
	os.Exit(code)
}

func built(t *testing.T) string {
	t.Helper()
	dir, err := folder()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestModuleIsSmall holds the module to sizes that a page may load. 1.7 MB of it are Go's runtime, and what reaches
// a browser or keeps times; as Go's linker writes it, the module has 5.0 MB.
func TestModuleIsSmall(t *testing.T) {
	const maxModule, maxCompressed = 4_000_000, 1_300_000 // bytes; 3,942,954 and 1,110,255 with Go 1.26.8
	module, err := os.ReadFile(filepath.Join(built(t), "ktweb.wasm"))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	w.Write(module)
	w.Close()
	t.Logf("%d bytes, %d by gzip -9", len(module), b.Len())
	if len(module) >= maxModule || b.Len() >= maxCompressed {
		t.Errorf("the module has %d bytes, %d by gzip -9; allowed are less than %d and %d", len(module), b.Len(), maxModule, maxCompressed)
	}
}

// TestModuleLinks keeps the search, other compressors, templates and the network out of the module.
func TestModuleLinks(t *testing.T) {
	cmd := exec.Command("go", "list", "-deps", ".")
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	const ours = "github.com/ktzip/ktzip/"
	for dep := range strings.FieldsSeq(string(out)) {
		name, own := strings.CutPrefix(dep, ours)
		for _, not := range []string{"net", "encoding/json", "html", "text/template", "compress", "os/exec"} {
			if dep == not || strings.HasPrefix(dep, not+"/") {
				t.Errorf("the module links %s", dep)
			}
		}
		if strings.HasPrefix(name, "search") || !own && strings.Contains(strings.Split(dep, "/")[0], ".") {
			t.Errorf("the module links %s", dep)
		}
	}
}

// A line is what testdata/restore.js prints of a file.
type line struct {
	Content string
	Answer  answer.Restored
	Report  json.RawMessage
}

// inNode runs the module over files.
func inNode(t *testing.T, files ...string) []line {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("no Node.js, which runs the module")
	}
	cmd := exec.Command(node, append([]string{"testdata/restore.js", built(t)}, files...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var list []line
	for dec := json.NewDecoder(bytes.NewReader(out)); dec.More(); {
		var l line
		if err := dec.Decode(&l); err != nil {
			t.Fatal(err)
		}
		list = append(list, l)
	}
	if len(list) != len(files) {
		t.Fatalf("got %d answers, want %d", len(list), len(files))
	}
	return list
}

func (l *line) bytes(t *testing.T) []byte {
	b, err := hex.DecodeString(l.Content)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestGolden holds that the module restores the files of all versions, and reports what native code reports.
func TestGolden(t *testing.T) {
	names, err := filepath.Glob("../../container/testdata/golden/*/*.ktz")
	if err != nil || len(names) < 10 {
		t.Fatal("golden files are missing: ", names, err)
	}
	for k, l := range inNode(t, names...) {
		want, err := os.ReadFile(strings.TrimSuffix(names[k], ".ktz") + ".raw")
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(l.bytes(t), want) || l.Answer.Error != "" || l.Answer.Size != int64(len(want)) {
			t.Errorf("%s restores to something else: %+v", names[k], l.Answer)
		}
		file, err := os.ReadFile(names[k])
		if err != nil {
			t.Fatal(err)
		}
		native, err := json.Marshal(answer.Describe(filepath.Base(names[k]), bytes.NewReader(file), int64(len(file))))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(compact(t, l.Report), compact(t, native)) {
			t.Errorf("%s: reported\n%s\nwant\n%s", names[k], l.Report, native)
		}
	}
}

// compact returns JSON without escapes that may differ.
func compact(t *testing.T, text []byte) []byte {
	t.Helper()
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestDamaged holds that the module restores what is intact of a damaged file, says what is missing, and
// survives what is no file.
func TestDamaged(t *testing.T) {
	const golden = "../../container/testdata/golden/3/concatenated"
	file, err := os.ReadFile(golden + ".ktz")
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(golden + ".raw")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write := func(name string, b []byte) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, b, 0o666); err != nil {
			t.Fatal(err)
		}
		return name
	}
	changed := slices.Clone(file)
	changed[len(changed)/2] ^= 0x55
	list := inNode(t, write("changed.ktz", changed), write("text.ktz", []byte("no compressed file")), write("empty", nil), write("intact.ktz", file))
	if a := list[0].Answer; a.Error == "" || a.Nothing || len(a.Missing) == 0 || a.Size != int64(len(want)) {
		t.Errorf("of a damaged file: %+v", a)
	}
	got := list[0].bytes(t)
	for k := range got {
		if got[k] != want[k] && got[k] != 0 {
			t.Fatalf("a wrong byte at %d", k)
		}
	}
	for _, l := range list[1:3] {
		if !l.Answer.Nothing || l.Answer.Error == "" || l.Content != "" {
			t.Errorf("of what is no file: %+v", l.Answer)
		}
	}
	if !bytes.Equal(list[3].bytes(t), want) {
		t.Error("an intact file after others is restored to something else")
	}
}

// TestWASI holds that ktunzip runs outside of browsers, too.
func TestWASI(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("no Node.js, which runs the module")
	}
	module := filepath.Join(t.TempDir(), "ktunzip.wasm")
	cmd := exec.Command("go", "build", "-o", module, "../ktunzip")
	cmd.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	const golden = "../../container/testdata/golden/3/every-plan"
	cmd = exec.Command(node, "--no-warnings", "testdata/wasi.mjs", module)
	if cmd.Stdin, err = os.Open(golden + ".ktz"); err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	got, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if want, err := os.ReadFile(golden + ".raw"); err != nil || !bytes.Equal(got, want) {
		t.Errorf("got %d bytes, want %d others (%v)", len(got), len(want), err)
	}
}
