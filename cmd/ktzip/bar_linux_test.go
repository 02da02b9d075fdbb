package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/sys/unix"
)

// openTerminal returns both ends of a new pseudo-terminal of that many columns.
func openTerminal(t *testing.T, columns uint16) (screen, tty *os.File) {
	t.Helper()
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { screen.Close() })
	fd := int(screen.Fd())
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0)
	}
	if err == nil {
		err = unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: columns})
	}
	if err != nil {
		t.Skip(err)
	}
	if tty, err = os.OpenFile(fmt.Sprint("/dev/pts/", n), os.O_RDWR|unix.O_NOCTTY, 0); err != nil {
		t.Skip(err)
	}
	return screen, tty
}

// TestBarLeavesTerminalClean holds that the bar never fills a line of the terminal, which
// could begin a new line, and that it is wiped off at the end.
func TestBarLeavesTerminalClean(t *testing.T) {
	path, err := exec.LookPath("ktzip")
	if err != nil {
		t.Fatal(err)
	}
	for _, columns := range []uint16{20, 40, 60} {
		t.Run(fmt.Sprint(columns), func(t *testing.T) {
			t.Parallel()
			screen, tty := openTerminal(t, columns)
			in, feed, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			defer feed.Close()
			cmd := exec.Command(path, "-o", filepath.Join(t.TempDir(), "out.ktz"))
			cmd.Stdin, cmd.Stderr = in, tty
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			in.Close()
			tty.Close()
			if _, err := feed.WriteString("text"); err != nil {
				t.Fatal(err)
			}
			stuck := time.AfterFunc(patience, func() { cmd.Process.Kill() })
			defer stuck.Stop()
			first := make([]byte, 1<<10)
			n, err := screen.Read(first)
			if err != nil {
				t.Fatal(err)
			}
			feed.Close()
			last, _ := io.ReadAll(screen) // ends with an error when the terminal is closed
			drawn := append(first[:n], last...)
			if err := cmd.Wait(); err != nil {
				t.Fatal(err)
			}
			pieces := strings.Split(string(drawn), "\r")
			for _, piece := range pieces {
				if n := utf8.RuneCountInString(piece); n >= int(columns) || strings.Contains(piece, "\n") {
					t.Errorf("%d columns: %q", n, piece)
				}
			}
			if n := len(pieces); n < 4 || !strings.Contains(pieces[1], "4 B") || strings.Trim(pieces[n-2], " ") != "" || pieces[n-1] != "" {
				t.Errorf("drawn: %q", drawn)
			}
		})
	}
}

// TestPageIsNotForTerminals holds that a page goes to a terminal only with -f.
func TestPageIsNotForTerminals(t *testing.T) {
	path, err := exec.LookPath("ktzip")
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, force := range []bool{false, true} {
		screen, tty := openTerminal(t, 80)
		cmd := exec.Command(path, "--report", "-", name)
		if force {
			cmd.Args = append(cmd.Args, "-f")
		}
		var message strings.Builder
		cmd.Stdout, cmd.Stderr = tty, &message
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		tty.Close()
		shown, _ := io.ReadAll(screen) // ends with an error when the terminal is closed
		err := cmd.Wait()
		refused := strings.Contains(message.String(), "a page is not written to a terminal")
		if refused == force || (err == nil) != force || (len(shown) > 0) != force {
			t.Errorf("-f %v: %v, %d bytes shown, %q", force, err, len(shown), message.String())
		}
	}
}
