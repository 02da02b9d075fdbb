//go:build unix

package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// start starts a command of this test binary in dir. It returns a pipe to its standard
// input.
func start(t *testing.T, dir, name string, args ...string) (*exec.Cmd, *os.File) {
	t.Helper()
	path, err := exec.LookPath(name) // testscript.Main put it there
	if err != nil {
		t.Fatal(err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	t.Cleanup(func() { w.Close() })
	cmd := exec.Command(path, args...)
	cmd.Dir, cmd.Stdin, cmd.Stderr = dir, r, os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill() })
	return cmd, w
}

// patience is after what time a command hangs, on the busiest machine.
const patience = time.Minute

// waitFor waits until ok returns true.
func waitFor(t *testing.T, what string, ok func() bool) {
	t.Helper()
	const step = 10 * time.Millisecond
	for range patience / step {
		if ok() {
			return
		}
		time.Sleep(step)
	}
	t.Fatal("waited in vain for ", what)
}

// interrupted sends s to cmd, and checks that it dies of s and leaves nothing but want in
// dir.
func interrupted(t *testing.T, cmd *exec.Cmd, s syscall.Signal, dir string, want ...string) {
	t.Helper()
	if err := cmd.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
	hangs := time.AfterFunc(patience, func() { cmd.Process.Kill() })
	defer hangs.Stop()
	cmd.Wait()
	status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus)
	if s == syscall.SIGQUIT { // the runtime's own handler would end in 2, a warning
		ok = ok && status.ExitStatus() == 128+int(s)
	} else {
		ok = ok && status.Signaled() && status.Signal() == s
	}
	if !ok {
		t.Errorf("it ended with %v, not of %v", cmd.ProcessState, s)
	}
	if got := names(t, dir); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("left: %q, want %q", got, want)
	}
}

// TestSignal holds that a signal ends the command, also while it waits
// for input, and that no unfinished output stays.
func TestSignal(t *testing.T) {
	data := make([]byte, 3<<20)
	r := rand.NewChaCha8([32]byte{1})
	r.Read(data)
	for _, s := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT} {
		t.Run(s.String(), func(t *testing.T) {
			if signal.Ignored(s) {
				t.Skip("the signal is ignored here, as under nohup, and so the command ignores it")
			}
			// The command waits for more input.
			dir := t.TempDir()
			cmd, in := start(t, dir, "ktzip", "-T1", "-o", "out.ktz")
			if _, err := in.Write(data); err != nil {
				t.Fatal(err)
			}
			waitFor(t, "an output", func() bool { return len(names(t, dir)) == 1 })
			interrupted(t, cmd, s, dir)
		})
	}
	t.Run("measuring", func(t *testing.T) {
		dir := t.TempDir()
		cmd, in := start(t, dir, "ktzip", "-b9", "--mix")
		if _, err := in.Write(data); err != nil {
			t.Fatal(err)
		}
		in.Close() // it has some ten seconds of work
		interrupted(t, cmd, syscall.SIGTERM, dir)
	})
	t.Run("restoring", func(t *testing.T) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "a"), data, 0o600); err != nil {
			t.Fatal(err)
		}
		cmd, _ := start(t, dir, "ktzip", "-1", "--rm", "--segment-size=256KiB", "a")
		if err := cmd.Wait(); err != nil {
			t.Fatal(err)
		}
		coded, err := os.ReadFile(filepath.Join(dir, "a.ktz"))
		if err != nil {
			t.Fatal(err)
		}
		cmd, in := start(t, dir, "ktunzip", "-o", "b")
		if _, err := in.Write(coded[:len(coded)/2]); err != nil {
			t.Fatal(err)
		}
		waitFor(t, "an output", func() bool { return len(names(t, dir)) == 2 })
		interrupted(t, cmd, syscall.SIGINT, dir, "a.ktz")
	})
	t.Run("fifo", func(t *testing.T) {
		dir := t.TempDir()
		path := filepath.Join(dir, "fifo")
		if err := syscall.Mkfifo(path, 0o600); err != nil {
			t.Skip(err)
		}
		cmd, _ := start(t, dir, "ktzip", "-f", "fifo")
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		waitFor(t, "an output", func() bool { return len(names(t, dir)) == 2 })
		interrupted(t, cmd, syscall.SIGTERM, dir, "fifo")
	})
}

// TestClosedPipeIsSilent holds that there is no message if the reader of the output goes
// away.
func TestClosedPipeIsSilent(t *testing.T) {
	path, err := exec.LookPath("ktzip")
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "a")
	if err := os.WriteFile(name, make([]byte, 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	defer w.Close()
	cmd := exec.Command(path, "-c", name)
	cmd.Stdout = w
	var message strings.Builder
	cmd.Stderr = &message
	if err := cmd.Run(); err == nil {
		t.Error("no error")
	}
	if message.String() != "" {
		t.Errorf("message %q", message.String())
	}
}
