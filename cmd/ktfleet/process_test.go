//go:build unix

package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/apache/beam/sdks/v2/go/pkg/beam/runners/prism"
)

// boot starts a worker as Beam's containers do, but for the endpoints: a job server of Prism has one for all.
const boot = `#!/bin/sh
for arg; do
	case $arg in
	--id=*) id=${arg#--id=} ;;
	--provision_endpoint=*) endpoint=${arg#*=} ;;
	esac
done
exec '%s' --worker=true --id="$(echo "$id" | tr -d "'")" --logging_endpoint="$endpoint" --control_endpoint="$endpoint"
`

// TestWorkersInOtherProcesses holds that a job server's workers, which are processes of their own, write the bytes that
// ktzip writes.
func TestWorkersInOtherProcesses(t *testing.T) {
	if testing.Short() {
		t.Skip("builds two programs")
	}
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in"), filepath.Join(dir, "out")
	write(t, in, map[string]string{"small": lines(100), "large": lines(600_000)})
	program := filepath.Join(dir, "ktfleet")
	if text, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	script := filepath.Join(dir, "boot")
	if err := os.WriteFile(script, fmt.Appendf(nil, boot, program), 0o700); err != nil {
		t.Fatal(err)
	}
	free, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Skip(err)
	}
	port := free.Addr().(*net.TCPAddr).Port
	free.Close()
	if _, err := prism.CreateJobServer(t.Context(), prism.Options{Port: port}); err != nil {
		t.Fatal(err)
	}
	// The launching process is one, too: the flags of Beam are global.
	args := []string{
		"compress", "-1", "-n", "--runner", "universal", "--endpoint", fmt.Sprint("localhost:", port), "--environment_type", "PROCESS",
		"--environment_config", fmt.Sprintf(`{"command":%q}`, script), "--input", "in", "--output", "out",
	}
	launch := exec.Command(program, args...)
	launch.Dir = dir // the workers are where the job server is
	if text, err := launch.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	tool := ktzip(t)
	for _, name := range []string{"small", "large"} {
		want, err := exec.Command(tool, "-1nc", filepath.Join(in, name)).Output()
		if err != nil {
			t.Fatal(err)
		}
		if got := read(t, out, name+".ktz"); got != string(want) {
			t.Errorf("%s: %d bytes, want %d", name, len(got), len(want))
		}
	}
}
