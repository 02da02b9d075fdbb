//go:build unix

package bench

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/ktzip/ktzip/bench/internal/peak"
)

func TestMain(m *testing.M) {
	peak.Run()
	os.Exit(m.Run())
}

// TestMemory holds that ktunzip restores a file made with the defaults in less than
// 32 MiB, though it has segments of 8 MiB.
func TestMemory(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("peak memory is in KiB on Linux only")
	}
	dir := t.TempDir()
	program := filepath.Join(dir, "ktunzip")
	if out, err := exec.Command("go", "build", "-o", program, "../cmd/ktunzip").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	path := filepath.Join(dir, "input.ktz")
	for _, s := range []sample{
		{"zeros", zeros(12 << 20)},
		{"jsonlog", JSONLog(6 << 20)},
		{"telemetry", telemetry(3 << 20)},
	} {
		file, err := Compress(Config(6, 2), s.data)
		must(t, err)
		must(t, os.WriteFile(path, file, 0o644))
		kib, err := peak.Memory(program, "-k", "-c", path)
		must(t, err)
		if kib >= 32<<10 {
			t.Errorf("%s: %d KiB, want less than 32 MiB", s.name, kib)
		}
	}
}
