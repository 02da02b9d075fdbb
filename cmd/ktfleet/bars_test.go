package main

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ktzip/ktzip/bench"
)

var full = flag.Bool("full", false, "measure the bars of README.md on 64 and 200 MB; some minutes")

// shared is the folder of the real files. It may be absent.
const shared = "../../../shared"

// programs builds ktzip and ktfleet.
func programs(t *testing.T) (ktzipPath, ktfleetPath string) {
	t.Helper()
	if !*full {
		t.Skip("some minutes: -full")
	}
	ktfleetPath = filepath.Join(t.TempDir(), "ktfleet")
	if out, err := exec.Command("go", "build", "-o", ktfleetPath, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return ktzip(t), ktfleetPath
}

// A cost is what a command took.
type cost struct {
	processor, wall time.Duration
	peak            int64 // bytes of memory, on Unix
}

// measured runs a command and returns what it took.
func measured(t *testing.T, args ...string) cost {
	t.Helper()
	cmd := exec.Command(args[0], args[1:]...)
	began := time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%q: %v: %s", args, err, out)
	}
	s := cmd.ProcessState
	return cost{s.UserTime() + s.SystemTime(), time.Since(began), peakOf(s)}
}

// generate writes files with n bytes in all to a folder: recordings, logs, tables and others, some large and some
// small. It keeps little in memory, since a process begins with its parent's peak.
func generate(t *testing.T, folder string, n int) {
	t.Helper()
	write := func(name string, size int, kinds ...bench.Input) {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		const piece = 4 << 20
		for k := 0; size > 0; k++ {
			b := kinds[k%len(kinds)].Data(min(size, piece))
			if _, err := f.Write(b); err != nil {
				t.Fatal(err)
			}
			size -= len(b)
		}
	}
	kinds := map[string]bench.Input{}
	for _, k := range bench.Inputs() {
		kinds[k.Name] = k
	}
	write("telemetry.bin", n*3/10, kinds["telemetry"])
	write("events.jsonl", n*3/10, kinds["jsonlog"])
	write("mixed", n*2/10, kinds["telemetry"], kinds["source"], kinds["counters"], kinds["random"])
	for k := range 40 {
		write(fmt.Sprintf("middle/%d", k), n/400, kinds["telemetry"])
	}
	for k := range 400 {
		write(fmt.Sprintf("small/%d", k), n/4000, kinds["jsonlog"])
	}
}

// same checks that all files below want are below got, and returns how many there are.
func same(t *testing.T, want, got string) (n int) {
	t.Helper()
	filepath.WalkDir(want, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		n++
		rel, _ := filepath.Rel(want, path)
		a, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if b, err := os.ReadFile(filepath.Join(got, rel)); err != nil || !bytes.Equal(a, b) {
			t.Errorf("%s: %d bytes, want %d (%v)", rel, len(b), len(a), err)
		}
		return nil
	})
	return n
}

// compressAll compresses the files below folder by ktzip -T2, in one process, into out.
func compressAll(t *testing.T, tool, folder, out string) cost {
	t.Helper()
	var list []string
	filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			list = append(list, path)
		}
		return err
	})
	c := measured(t, append([]string{tool, "-q", "-T2", "--output-dir", out}, list...)...)
	return c
}

// TestBarIdentical measures the bar that every real file, and one of 64 MB, becomes the bytes of ktzip with 1 and 4
// workers.
func TestBarIdentical(t *testing.T) {
	zip, fleet := programs(t)
	dir := t.TempDir()
	in := filepath.Join(dir, "in")
	generate(t, in, 64_000_000)
	if err := os.CopyFS(filepath.Join(in, "files"), os.DirFS(filepath.Join(shared, "files"))); err != nil {
		t.Logf("without the real files: %v", err)
	}
	one, err := os.Create(filepath.Join(in, "64MB"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"telemetry.bin", "events.jsonl", "mixed", "telemetry.bin"} {
		b, err := os.ReadFile(filepath.Join(in, name))
		if err == nil {
			_, err = one.Write(b)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	one.Close()
	want := filepath.Join(dir, "want")
	compressAll(t, zip, in, want)
	for _, workers := range []string{"1", "4"} {
		got := filepath.Join(dir, "got"+workers)
		measured(t, fleet, "compress", "--workers", workers, "--input", in, "--output", got)
		t.Logf("%s workers: %d files are ktzip's", workers, same(t, filepath.Join(want, in), got))
	}
}

// TestBarOverhead measures the bars of processor time and memory on 200 MB: at most 10 % more than ktzip -T2, and
// at most 200 MB a worker and 300 MB.
func TestBarOverhead(t *testing.T) {
	zip, fleet := programs(t)
	dir := t.TempDir()
	in, want, got := filepath.Join(dir, "in"), filepath.Join(dir, "want"), filepath.Join(dir, "got")
	generate(t, in, 200_000_000)
	var lines []string
	var a, b cost
	for range 2 { // in turn, since machines are noisy
		os.RemoveAll(want)
		os.RemoveAll(got)
		x := compressAll(t, zip, in, want)
		y := measured(t, fleet, "compress", "--workers", "2", "--input", in, "--output", got)
		same(t, filepath.Join(want, in), got)
		lines = append(lines, fmt.Sprintf("ktzip %+v, ktfleet %+v", x, y))
		a.processor, b.processor = a.processor+x.processor, b.processor+y.processor
		a.peak, b.peak = max(a.peak, x.peak), max(b.peak, y.peak)
	}
	ratio := b.processor.Seconds() / a.processor.Seconds()
	t.Logf("%s\nprocessor time %.3f of ktzip's, peak %d MB (ktzip %d MB)", strings.Join(lines, "\n"), ratio, b.peak/1e6, a.peak/1e6)
	if ratio > 1.10 {
		t.Errorf("processor time is %.3f of ktzip's, want at most 1.10", ratio)
	}
	if most := int64(2*200_000_000 + 300_000_000); b.peak > most {
		t.Errorf("peak %d, want at most %d", b.peak, most)
	}
}
