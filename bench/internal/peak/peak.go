//go:build unix

// Package peak measures the memory of other programs.
package peak

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// A process starts with its parent's peak of memory as its own. Memory therefore starts the
// calling program anew, which has hardly any memory then, and that starts the command of
// this variable: its arguments, one a line.
const commandVar = "KTZIP_PEAK_COMMAND"

// Run measures a command if this process was started by Memory, and then does not return.
// Call it first thing in main, or in TestMain.
func Run() {
	ran = true
	line := os.Getenv(commandVar)
	if line == "" {
		return
	}
	os.Unsetenv(commandVar)
	args := strings.Split(line, "\n")
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss)
	os.Exit(0)
}

// ran says that Run was called, without which Memory would start this program for ever.
var ran bool

// Memory runs a command and returns its maximal resident set, in KiB on Linux. It is an
// error if Run was not called before.
func Memory(args ...string) (int, error) {
	if !ran {
		return 0, errors.New("peak: Memory without Run at the start of the program")
	}
	self, err := os.Executable()
	if err != nil {
		return 0, err
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), commandVar+"="+strings.Join(args, "\n"))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return 0, fmt.Errorf("%s: %w", strings.Join(args, " "), err)
	}
	return strconv.Atoi(strings.TrimSpace(string(out)))
}
