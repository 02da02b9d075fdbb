//go:build !js && !wasip1

package wasm

import (
	"bytes"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// built returns a module that Go's linker wrote.
func built(t *testing.T) []byte {
	t.Helper()
	dir := t.TempDir()
	text, err := os.ReadFile("testdata/main.go.txt")
	if err != nil {
		t.Fatal(err)
	}
	source := filepath.Join(dir, "main.go")
	if err := os.WriteFile(source, text, 0o666); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "main.wasm")
	cmd := exec.Command("go", "build", "-ldflags=-s -w", "-o", path, source)
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "GOFLAGS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	module, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return module
}

// TestPackedRuns holds that the memory of a packed module is that of the module, but for lines, before it
// runs, and that it runs.
func TestPackedRuns(t *testing.T) {
	module := built(t)
	packed, err := Pack(module)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes, packed %d", len(module), len(packed))
	if len(packed) > len(module)*9/10 {
		t.Errorf("%d bytes become %d", len(module), len(packed))
	}
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("no Node.js, which runs modules")
	}
	path := filepath.Join(t.TempDir(), "packed.wasm")
	if err := os.WriteFile(path, packed, 0o666); err != nil {
		t.Fatal(err)
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(node, "testdata/memory.js", filepath.Join(string(bytes.TrimSpace(root)), "lib/wasm/wasm_exec.js"), path)
	var says bytes.Buffer
	cmd.Stderr = &says
	got, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, says.String())
	}
	want, err := Memory(module)
	if err != nil {
		t.Fatal(err)
	}
	dropTraces(want)
	if len(got) < len(want) || !bytes.Equal(got[:len(want)], want) || len(bytes.Trim(got[len(want):], "\x00")) > 0 {
		t.Error("the memory differs")
	}
	if says.String() != "10\n10\n10\ntrue true\n" {
		t.Errorf("it says %q", says.String())
	}
}

// TestOthersAreRefused holds that Pack returns errors for what it does not know.
func TestOthersAreRefused(t *testing.T) {
	module := built(t)
	for _, n := range []int{0, 4, 8, 9, 100, len(module) / 2, len(module) - 1} {
		if _, err := Pack(module[:n]); err == nil {
			t.Errorf("%d bytes of a module are packed", n)
		}
	}
	packed, err := Pack(module)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Pack(packed); err == nil {
		t.Error("a packed module is packed")
	}
	// Whatever has other tables of functions is packed without its traces, or refused.
	r := rand.New(rand.NewPCG(1, 2))
	at := bytes.Index(module, []byte(pcHeader))
	for range 30 {
		other := bytes.Clone(module)
		other[at+len(pcHeader)+r.IntN(8*words)] = byte(r.Uint32())
		if packed, err := Pack(other); err == nil && len(packed) > len(module) {
			t.Errorf("%d bytes become %d", len(module), len(packed))
		}
	}
}

// TestTracesAreDropped holds that names of functions leave the memory, but for the runtime's.
func TestTracesAreDropped(t *testing.T) {
	memory, err := Memory(built(t))
	if err != nil {
		t.Fatal(err)
	}
	own, kept := []byte("main.fails\x00"), []byte("runtime.gopanic\x00")
	if !bytes.Contains(memory, own) || !bytes.Contains(memory, kept) {
		t.Fatal("no names of functions")
	}
	if dropTraces(memory); bytes.Contains(memory, own) || !bytes.Contains(memory, kept) {
		t.Error("names of functions are kept, or those of the runtime are not")
	}
}
