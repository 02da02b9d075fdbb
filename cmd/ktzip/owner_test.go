//go:build unix

package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"

	"github.com/rogpeppe/go-internal/testscript"
)

// usualMask sets the umask that the scripts expect.
func usualMask() { syscall.Umask(0o022) }

// owner FILE UID:GID: checks a file's owner and group. owner -set FILE UID:GID sets them.
func owner(ts *testscript.TestScript, neg bool, args []string) {
	if args[0] == "-set" {
		u, g, _ := strings.Cut(args[2], ":")
		uid, err := strconv.Atoi(u)
		ts.Check(err)
		gid, err := strconv.Atoi(g)
		ts.Check(err)
		ts.Check(os.Lchown(ts.MkAbs(args[1]), uid, gid))
		return
	}
	info, err := os.Stat(ts.MkAbs(args[0]))
	ts.Check(err)
	s := info.Sys().(*syscall.Stat_t)
	if got := fmt.Sprintf("%d:%d", s.Uid, s.Gid); (got == args[1]) == neg {
		ts.Fatalf("owner of %s is %s", args[0], got)
	}
}

// holes [!] FILE: checks that a file takes less than 100 kB on disk.
func holes(ts *testscript.TestScript, neg bool, args []string) {
	info, err := os.Stat(ts.MkAbs(args[0]))
	ts.Check(err)
	size := info.Sys().(*syscall.Stat_t).Blocks * 512
	if (size < 100_000) == neg {
		ts.Fatalf("%s takes %d bytes", args[0], size)
	}
}
