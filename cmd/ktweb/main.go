//go:build !js

package main

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/ktzip/ktzip/cmd/internal/page/assets"
	"github.com/ktzip/ktzip/cmd/ktweb/internal/wasm"
)

//go:embed static
var static embed.FS

// decoder is this package, built for a browser.
const decoder = "github.com/ktzip/ktzip/cmd/ktweb"

func main() {
	if len(os.Args) != 2 || strings.HasPrefix(os.Args[1], "-") {
		fmt.Fprintln(os.Stderr, "usage: go run ./cmd/ktweb OUT\n\nmakes the folder OUT: a page that restores .ktz files, for any server of files.")
		os.Exit(2)
	}
	if err := build(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "ktweb:", err)
		os.Exit(1)
	}
}

// build makes the folder of the page.
func build(out string) error {
	files, err := fs.Sub(static, "static")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o777); err != nil {
		return err
	}
	if err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(out, name), text, 0o666)
	}); err != nil {
		return err
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return err
	}
	glue, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js"))
	if err != nil {
		return err
	}
	for name, text := range map[string]string{"wasm_exec.js": string(glue), "report.js": assets.Script, "report.css": assets.Style} {
		if err := os.WriteFile(filepath.Join(out, name), []byte(text), 0o666); err != nil {
			return err
		}
	}
	return buildModule(filepath.Join(out, "ktweb.wasm"))
}

// buildModule makes the module at path.
func buildModule(path string) error {
	folder, err := os.MkdirTemp("", "ktweb")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	linked := filepath.Join(folder, "linked.wasm")
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", linked, decoder)
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return err
	}
	module, err := os.ReadFile(linked)
	if err != nil {
		return err
	}
	packed, err := wasm.Pack(module)
	if err != nil { // of another linker: the module is larger, and as good
		fmt.Fprintln(os.Stderr, "ktweb: the module is not packed:", err)
		packed = module
	}
	return os.WriteFile(path, packed, 0o666)
}
