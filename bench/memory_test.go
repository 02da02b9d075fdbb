//go:build unix

package bench

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// A process that Go starts counts the memory of its parent as its own until it
// has begun: the test, which has grown by then, starts itself anew to measure.
const measureVar = "KTZIP_BENCH_MEASURE"

func TestMain(m *testing.M) {
	if line := os.Getenv(measureVar); line != "" {
		os.Unsetenv(measureVar)
		args := strings.Split(line, "\n")
		cmd := exec.Command(args[0], args[1:]...)
		cmd.Stderr = os.Stderr
		if err := cmd.Run(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Println(cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss)
		return
	}
	os.Exit(m.Run())
}

// maxRSS runs a command and returns the memory that it took at most, in KiB.
func maxRSS(t *testing.T, args ...string) int {
	t.Helper()
	self, err := os.Executable()
	must(t, err)
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), measureVar+"="+strings.Join(args, "\n"))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	must(t, err)
	kib, err := strconv.Atoi(strings.TrimSpace(string(out)))
	must(t, err)
	return kib
}

// memorySize is more than the longest segment.
const memorySize = 12 << 20

// TestMemory reports what ktunzip takes at most to restore files of memorySize bytes.
func TestMemory(t *testing.T) {
	if !*report {
		t.Skip("without -report")
	}
	dir := t.TempDir()
	program := filepath.Join(dir, "ktunzip")
	if out, err := exec.Command("go", "build", "-o", program, "../cmd/ktunzip").CombinedOutput(); err != nil {
		t.Skipf("ktunzip does not build: %v\n%s", err, out)
	}
	table := &markdown{head: []string{"input", "bytes", "longest segment", "ktunzip's memory, MiB", "bar", "its version screen alone"}}
	idle := maxRSS(t, program, "-V")
	measure := func(name string, data []byte) {
		coded := compress(t, writerConfig(6, 2), data)
		longest := 0
		for _, n := range segmentSizes(t, coded) {
			longest = max(longest, n)
		}
		path := filepath.Join(dir, "input.ktz")
		must(t, os.WriteFile(path, coded, 0o644))
		kib := maxRSS(t, program, "-k", "-c", path)
		if kib >= 32<<10 {
			t.Errorf("%s: %d KiB, want under 32 MiB", name, kib)
		}
		table.row(name, len(data), longest, fmt.Sprintf("%.1f", float64(kib)/1024), 32, fmt.Sprintf("%.1f", float64(idle)/1024))
	}
	for _, in := range Inputs() {
		measure(in.Name, in.Data(memorySize))
	}
	for _, f := range sharedFiles() {
		measure(f.Name, Repeat(f.Data, memorySize))
	}
	table.report(t, "memory")
}
