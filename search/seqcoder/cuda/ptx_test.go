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

// TestAssembles gives the kernels to NVIDIA's assembler, where there is one, for two kinds of
// GPU, and wants nothing in memory that is meant for registers, and no more of these and of
// shared memory than lets enough threads work at a time.
func TestAssembles(t *testing.T) {
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
			if most := 128; registers > most && !strings.HasPrefix(m[1], "read") {
				t.Errorf("%s: %d registers, more than %d", m[1], registers, most)
			}
		}
		all := slices.Sorted(slices.Values(kernelNames[:]))
		if slices.Sort(seen); fmt.Sprint(seen) != fmt.Sprint(all) {
			t.Errorf("%s has %v, not %v", arch, seen, all)
		}
	}
}
