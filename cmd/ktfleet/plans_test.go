package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/cmd/internal/cli"
)

// recording returns file k of a family: a header of any length, and 16-bit samples of a smooth curve.
func recording(k int) []byte {
	r := rand.New(rand.NewPCG(uint64(k), 1))
	b := bytes.Repeat([]byte("header"), 2)
	x, v := 0, 0
	for range 6000 {
		v += r.IntN(9) - 4 - v/16
		x += v - x/64
		b = binary.LittleEndian.AppendUint16(b, uint16(x))
	}
	return b
}

// plansRun runs the command, and returns its exit code, what it says and what it wrote.
func plansRun(t *testing.T, args ...string) (code int, says, wrote string) {
	t.Helper()
	output := filepath.Join(t.TempDir(), "plans")
	var stdout, stderr bytes.Buffer
	code = Main(append([]string{"plans", "--output", output}, args...), &stdout, &stderr)
	b, err := os.ReadFile(output)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	if stdout.Len() > 0 {
		t.Errorf("%q printed %q", args, &stdout)
	}
	return code, stderr.String(), string(b)
}

// put writes a file.
func put(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestPlansAreThoseThatLikeTakes holds that the output can be read, that it is the same whatever the workers,
// and what it says.
func TestPlansAreThoseThatLikeTakes(t *testing.T) {
	dir := t.TempDir()
	for k := range 6 {
		put(t, filepath.Join(dir, fmt.Sprint("f", k)), recording(k))
	}
	want := ""
	for _, workers := range []string{"1", "2", "8"} {
		code, says, wrote := plansRun(t, "-5", "--input", dir, "--sample=2", "--judge", "4", "--workers", workers)
		plans, err := cli.ReadPlans(strings.NewReader(wrote), nil)
		if code != exitOK || err != nil || len(plans) != 1 || want != "" && want != wrote {
			t.Errorf("%s workers: exit code %d, wrote %q, %v; want %q", workers, code, wrote, err, want)
		}
		for _, text := range []string{"plan of a family of 6 files, of which 4 are judged", "2 files, searched: family's plan: ", "2 files, not searched: family's plan: "} {
			if !strings.Contains(says, text) || !strings.Contains(wrote, "# "+text) {
				t.Errorf("it says %q and wrote %q, want %q in both", says, wrote, text)
			}
		}
		if !strings.HasPrefix(wrote, "# ktfleet plans -5\n") {
			t.Errorf("wrote %q", wrote)
		}
		want = wrote
	}
	old := filepath.Join(dir, "like")
	put(t, old, []byte(want))
	code, says, wrote := plansRun(t, "-q", "--input", dir+"/f*", "--sample=1", "--keep=3", "--like", old)
	if plans, err := cli.ReadPlans(strings.NewReader(wrote), nil); code != exitOK || says != "" || err != nil || len(plans) < 1 {
		t.Errorf("exit code %d, says %q, wrote %q", code, says, wrote)
	}
}

// TestFamiliesWithoutAPlan holds what the command does if there is nothing to write.
func TestFamiliesWithoutAPlan(t *testing.T) {
	dir := t.TempDir()
	noise := make([]byte, 3000)
	for i := range noise {
		noise[i] = byte(rand.Uint32())
	}
	put(t, filepath.Join(dir, "noise"), noise)
	put(t, filepath.Join(dir, "empty"), nil)
	code, says, wrote := plansRun(t, "--input", dir)
	if code != exitOK || !strings.Contains(wrote, "# no plan") || !strings.Contains(says, "no plan makes them shorter") {
		t.Errorf("exit code %d, says %q, wrote %q", code, says, wrote)
	}
	code, says, wrote = plansRun(t, dir+"/noise", dir+"/missing")
	if code != exitWarning || !strings.Contains(wrote, "# no plan") || !strings.Contains(says, "missing") {
		t.Errorf("with a file that is missing: exit code %d, says %q, wrote %q", code, says, wrote)
	}
	code, says, wrote = plansRun(t, dir+"/empty")
	if code != exitError || wrote != "" || !strings.Contains(says, errNothing.Error()) {
		t.Errorf("of an empty file: exit code %d, says %q, wrote %q", code, says, wrote)
	}
}

// TestWrongOptionsOfPlans holds the messages.
func TestWrongOptionsOfPlans(t *testing.T) {
	for args, want := range map[string]string{
		"":                       "no files given; --input names them",
		"x --sample 0":           "--sample must be at least 1",
		"x --judge=-1":           "--judge must be at least 0",
		"x --keep 0":             "--keep must be within 1..16",
		"x --keep 17":            "--keep must be within 1..16",
		"x --plan none":          "--plan leaves no plan to find",
		"x --like /no/such/file": "no such file",
		"x --output /":           "exists already; --force replaces it",
		"x --output=":            "no file given; --output names it",
	} {
		if code, says, wrote := plansRun(t, strings.Fields(args)...); code != exitError || wrote != "" || !strings.Contains(says, want) {
			t.Errorf("%q: exit code %d, says %q, wrote %q, want %q", args, code, says, wrote, want)
		}
	}
}
