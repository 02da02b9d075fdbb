package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestRsyncSendsLittle holds that rsync sends less than a quarter of a file compressed with --rsyncable
// after a byte was inserted in the middle of the original.
func TestRsyncSendsLittle(t *testing.T) {
	rsync, err := exec.LookPath("rsync")
	if err != nil {
		t.Skip("no rsync")
	}
	ktzip, err := exec.LookPath("ktzip")
	if err != nil {
		t.Fatal(err)
	}
	var src bytes.Buffer
	r := rand.New(rand.NewPCG(1, 3))
	for i := 0; src.Len() < 8<<20; i++ {
		fmt.Fprintf(&src, "%d sensor %d: %x\n", i, r.IntN(8), r.Uint32())
	}
	dir := t.TempDir()
	for name, data := range map[string][]byte{"old": src.Bytes(), "new": slices.Insert(bytes.Clone(src.Bytes()), src.Len()/2, 'x')} {
		path := filepath.Join(dir, name, "data")
		if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command(ktzip, "-1", "--rsyncable", "--rm", path).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	out, err := exec.Command(rsync, "--stats", "--no-whole-file", "-I", filepath.Join(dir, "new", "data.ktz"), filepath.Join(dir, "old")).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	bytesOf := func(what string) int {
		text := regexp.MustCompile(what + `: ([\d,.]+) bytes`).FindSubmatch(out)
		if text == nil {
			t.Fatalf("no %s: %s", what, out)
		}
		n, err := strconv.Atoi(strings.NewReplacer(",", "", ".", "").Replace(string(text[1])))
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if sent, size := bytesOf("Literal data"), bytesOf("Total file size"); sent == 0 || sent*4 > size {
		t.Errorf("it sends %d bytes of %d", sent, size)
	} else {
		t.Logf("it sends %d bytes of %d", sent, size)
	}
}
