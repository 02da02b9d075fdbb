package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"
)

// TestMain runs the command itself if the environment says so.
func TestMain(m *testing.M) {
	if os.Getenv("KTEVAL_TEST_MAIN") != "" {
		main()
	}
	os.Exit(m.Run())
}

// TestEachFlagHasAMode holds that some mode takes each flag, that modes take no others, and that a flag that
// means nothing is refused by its name in each mode.
func TestEachFlagHasAMode(t *testing.T) {
	var opt options
	flags, _ := opt.Flags()
	taken := slices.Clone(common)
	for _, m := range modes() {
		taken = append(append(taken, m.flag), m.takes...)
	}
	flags.VisitAll(func(f *pflag.Flag) {
		if !slices.Contains(taken, f.Name) {
			t.Errorf("no mode takes --%s", f.Name)
		}
	})
	for _, name := range taken {
		if name != "" && flags.Lookup(name) == nil {
			t.Errorf("there is no --%s", name)
		}
	}
	asks := map[string][]string{"": {}, "score": {"--score"}, "prompts": {"--prompts", "x"}, "baseline": {"--baseline", "gzip"}}
	values := map[string]string{
		"search": "both", "device": "cpu", "budget": "1ms", "baseline": "gzip", "ranker": "../../search/programs/internal/rank/net.bin",
		"no-coded": "true", "score": "true", "json": "true", "no-progress": "true",
	}
	for _, m := range modes() {
		flags.VisitAll(func(f *pflag.Flag) {
			if f.Name == m.flag || slices.Contains(common, f.Name) || slices.Contains(m.takes, f.Name) || asks[f.Name] != nil {
				return
			}
			value := values[f.Name]
			if value == "" {
				value = "1"
			}
			code, _, errs := kteval(t, append(slices.Clone(asks[m.flag]), "--"+f.Name+"="+value, "y.jsonl")...)
			if code != 2 || !strings.HasPrefix(errs, "kteval: --"+f.Name+" ") {
				t.Errorf("--%s with %v: %d %s", f.Name, asks[m.flag], code, errs)
			}
		})
	}
}

// TestMeaninglessOptions names the option that would be ignored.
func TestMeaninglessOptions(t *testing.T) {
	for args, want := range map[string]string{
		"--model x y":     "--model needs --search seqcoder or both",
		"--device auto y": "--device auto needs --search",
		"--search seqcoder --without leaf-copy y": "--without needs --search enumerate or both",
		"--baseline gzip --model x y":             "--model needs --baseline lmic",
		"--baseline= y":                           "--baseline: must be some of",
		"--prompts= y":                            "--prompts: the name is empty",
		"--programs= y":                           "--programs: the name is empty",
		"--score --answers= y":                    "--answers: a name is empty",
		"--score y.bin":                           "y.bin has no programs",
		"--score=false y":                         "--score must not be false",
		"--prompts x --budget 1ms y":              "--budget cannot be combined with --prompts",
		"--score --answers x --temperature 1 y":   "--temperature cannot be combined with --score",
		"--baseline lmic --device cuda:x y":       "--device cuda:x: ",
	} {
		if code, _, errs := kteval(t, strings.Fields(args)...); code != 2 || !strings.Contains(errs, want) {
			t.Errorf("%s: %d %s, want %s", args, code, errs, want)
		}
	}
}

// TestOutputs holds where a file may be written: before any work, no folder, no input and nowhere are refused. A link
// keeps, and the file at its end is replaced.
func TestOutputs(t *testing.T) {
	name, dir := pairsFile(t, 55, 3), t.TempDir()
	before, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, flag := range outputs {
		for out, want := range map[string]string{dir: "is a folder", filepath.Join(dir, "no", "x"): "no such file", name: "is an input, too"} {
			code, printed, errs := kteval(t, "--"+flag, out, name)
			if code != 1 || printed != "" || !strings.Contains(errs, "--"+flag) || !strings.Contains(errs, want) {
				t.Errorf("--%s %s: %d %s%s", flag, out, code, printed, errs)
			}
		}
	}
	if now, err := os.ReadFile(name); err != nil || !bytes.Equal(now, before) {
		t.Errorf("the input changed, %v", err)
	}
	link, target := filepath.Join(dir, "link"), filepath.Join(dir, "target")
	if err := os.WriteFile(target, []byte("old"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, link); err != nil {
		t.Skip(err)
	}
	if code, _, errs := kteval(t, "--prompts", link, name); code != 0 {
		t.Fatal(errs)
	}
	is, err := os.Lstat(link)
	text, e := os.ReadFile(target)
	if err != nil || e != nil || is.Mode()&os.ModeSymlink == 0 || !bytes.HasPrefix(text, []byte("{")) {
		t.Errorf("%v %v, %v, %.10s", is, err, e, text)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 2 {
		t.Errorf("%v %v", entries, err)
	}
}

// TestPipesAreWritten holds that what is no regular file is written, not replaced.
func TestPipesAreWritten(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := exec.Command("mkfifo", pipe).Run(); err != nil {
		t.Skipf("no pipes: %v", err)
	}
	read := make(chan []byte)
	go func() {
		text, _ := os.ReadFile(pipe)
		read <- text
	}()
	code, _, errs := kteval(t, "--prompts", pipe, pairsFile(t, 56, 2))
	is, err := os.Stat(pipe)
	if code != 0 || err != nil || is.Mode()&os.ModeNamedPipe == 0 {
		t.Fatalf("%d %s, %v %v", code, errs, is, err)
	}
	if text := <-read; bytes.Count(text, []byte("\n")) != 2 {
		t.Errorf("%s", text)
	}
}

// TestInterruptEndsASearch holds that a signal ends a search that would take hours, and leaves no file.
func TestInterruptEndsASearch(t *testing.T) {
	dir := t.TempDir()
	cmd := exec.Command(os.Args[0], "--budget", "1h", "--programs", filepath.Join(dir, "out"), pairsFile(t, 57, 4))
	cmd.Env = append(os.Environ(), "KTEVAL_TEST_MAIN=1")
	var errs bytes.Buffer
	cmd.Stderr = &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(500 * time.Millisecond) // the handler is installed first; a signal before it ends the process, too
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		cmd.Process.Kill()
		t.Skip(err)
	}
	err := cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 130 && code != -1 || err == nil {
		t.Errorf("code %d, %v, %s", code, err, &errs)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 {
		t.Errorf("%v %v", entries, err)
	}
}
