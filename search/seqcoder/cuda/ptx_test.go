//go:build (linux || darwin) && (386 || amd64 || arm || arm64)

package cuda

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestPTXIsCurrent compares kernels.ptx with kernelNames and, if there is clang-19, with what go
// generate makes of the source.
func TestPTXIsCurrent(t *testing.T) {
	var names []string
	for _, m := range regexp.MustCompile(`\.entry (\w+)\(`).FindAllStringSubmatch(kernels, -1) {
		names = append(names, m[1])
	}
	all := slices.Sorted(slices.Values(kernelNames[:]))
	if slices.Sort(names); fmt.Sprint(names) != fmt.Sprint(all) {
		t.Errorf("kernels.ptx: got %v, want %v", names, all)
	}
	source, err := os.ReadFile("device.go")
	if err != nil {
		t.Fatal(err)
	}
	command := regexp.MustCompile(`//go:generate sh -c "(.*)-o kernels.ptx`).FindSubmatch(source)
	if command == nil {
		t.Fatal("device.go has no go:generate for kernels.ptx")
	}
	if _, err := exec.LookPath("clang-19"); err != nil {
		t.Skip("no clang-19")
	}
	out, err := exec.Command("sh", "-c", string(command[1])+"-o - kernels.cu").Output()
	if err != nil {
		t.Fatal(err)
	}
	if string(out) != kernels {
		t.Error("kernels.ptx is out of date; run go generate")
	}
}

// TestKernelsFitRegisters assembles the kernels for two kinds of GPU, if there is NVIDIA's
// assembler: no registers are spilled, and registers and shared memory leave room for enough
// threads in a multiprocessor.
func TestKernelsFitRegisters(t *testing.T) {
	ptxas, err := exec.LookPath("ptxas")
	if err != nil {
		t.Skip("no ptxas")
	}
	name := filepath.Join(t.TempDir(), "kernels.ptx")
	if err := os.WriteFile(name, []byte(kernels), 0o666); err != nil {
		t.Fatal(err)
	}
	facts := regexp.MustCompile(`entry function '(\w+)'[^\n]*\n(?:[^\n]*Function properties[^\n]*\n)?\s*(\d+) bytes stack frame, (\d+) bytes spill stores[^\n]*\n[^\n]*Used (\d+) registers(?:, (\d+) bytes smem)?`)
	for _, arch := range []string{"sm_80", "sm_90"} {
		out, err := exec.Command(ptxas, "-v", "-arch="+arch, name, "-o", name+".cubin").CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", arch, err, out)
		}
		var seen []string
		for _, m := range facts.FindAllStringSubmatch(string(out), -1) {
			seen = append(seen, m[1])
			n := func(i int) int { v, _ := strconv.Atoi(m[i]); return v }
			stack, spills, registers, shared := n(2), n(3), n(4), n(5)
			t.Logf("%s %s: %d registers, %d bytes of shared memory", arch, m[1], registers, shared)
			if stack+spills > 0 {
				t.Errorf("%s: %d bytes of stack, %d spilled", m[1], stack, spills)
			}
			if shared > 48<<10 {
				t.Errorf("%s: %d bytes of shared memory", m[1], shared)
			}
			maxRegisters := 128 // for 4 blocks of 128 threads in a multiprocessor
			if strings.HasPrefix(m[1], "read") || m[1] == broad.name {
				maxRegisters = 255 // for 2 blocks
			}
			if registers > maxRegisters {
				t.Errorf("%s: %d registers, want at most %d", m[1], registers, maxRegisters)
			}
		}
		if len(seen) != len(kernelNames) {
			t.Errorf("%s: got %v, want %v", arch, seen, kernelNames)
		}
	}
}
