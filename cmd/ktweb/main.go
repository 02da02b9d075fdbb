//go:build !js

package main

import (
	"embed"
	"encoding/json"
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
	root, err := goCommand("env", "GOROOT")
	if err != nil {
		return err
	}
	glue, err := os.ReadFile(filepath.Join(root, "lib", "wasm", "wasm_exec.js"))
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
	linked, overlay := filepath.Join(folder, "linked.wasm"), filepath.Join(folder, "overlay.json")
	if err := writeOverlay(overlay); err != nil {
		return err
	}
	link := func(more ...string) error {
		args := append([]string{"build", "-tags", "ktzip_restoreonly", "-trimpath", "-ldflags=-s -w", "-o", linked}, more...)
		_, err := goCommand(append(args, decoder)...)
		return err
	}
	if err := link("-overlay", overlay); err != nil { // of another standard library: the module is larger, and as good
		fmt.Fprintln(os.Stderr, "ktweb: the module has Go's own packages:", err)
		if err := link(); err != nil {
			return err
		}
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

// replaced are the packages of the standard library whose places own ones take in the module, by their folders below
// internal.
var replaced = map[string]string{"fmt": "fmt", "internal/godebug": "godebug"}

// writeOverlay writes a file for -overlay of the go command, by which packages below internal take the places of Go's.
func writeOverlay(path string) error {
	replace := map[string]string{}
	for theirs, own := range replaced {
		files, err := goCommand("list", "-f", `{{$dir := .Dir}}{{range .GoFiles}}{{$dir}}/{{.}}{{"\n"}}{{end}}`, theirs, decoder+"/internal/"+own)
		if err != nil {
			return err
		}
		list := strings.FieldsFunc(files, func(r rune) bool { return r == '\n' || r == '\r' })
		last := len(list) - 1 // the own one has one file
		for _, name := range list[1:last] {
			replace[name] = "" // no such file
		}
		replace[list[0]] = list[last]
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o666)
}

// goCommand runs the go command for a browser, and returns its output.
func goCommand(args ...string) (string, error) {
	cmd := exec.Command("go", args...)
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	return strings.TrimSpace(string(out)), err
}
