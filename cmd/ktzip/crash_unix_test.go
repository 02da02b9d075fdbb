//go:build unix

package main

import (
	"os"
	"testing"
)

// TestCrashes holds that no exit code of a crash means success or a warning, and
// that no output appears.
func TestCrashes(t *testing.T) {
	for _, fault := range []string{"start", "panic", "deep", "memory"} {
		t.Run(fault, func(t *testing.T) {
			t.Setenv("KTCRASH", fault)
			dir := t.TempDir()
			if err := os.WriteFile(dir+"/a", []byte("a text without any programs, as far as that goes"), 0o600); err != nil {
				t.Fatal(err)
			}
			cmd, _ := start(t, dir, "ktcrash", "-7", "a")
			cmd.Wait()
			if code := cmd.ProcessState.ExitCode(); code == 0 || code == 2 {
				t.Errorf("exit code %d", code)
			}
			if fault == "start" && len(names(t, dir)) != 1 {
				t.Errorf("left: %q", names(t, dir))
			}
			if _, err := os.Stat(dir + "/a.ktz"); err == nil {
				t.Error("an output")
			}
		})
	}
}
