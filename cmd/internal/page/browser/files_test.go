package browser

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/ktzip/ktzip/cmd/internal/page"
)

var full = flag.Bool("full", false, "open the pages of all files, and of 100 MB; some minutes")

const (
	root   = "../../../.."       // of the repository
	shared = root + "/../shared" // the folder of real files, which are no part of it

	maxPage    = 3_000_000 // bytes of a page
	largeBytes = 100_000_000
)

// fieldFiles are those of the many in shared/field whose pages are opened: recordings, images, records, text,
// and what has no plan.
var fieldFiles = []string{
	"afs.pcap", "bv.eeg", "can.asc", "cap.mavlink", "ce.sam", "chinook.sqlite", "ct.dcm", "edge500.fit", "eeg.bdf", "era5.grib",
	"flights.json", "hopper.bmp", "linux.log", "m13.fits", "rgb.tif", "s14.las", "sd.hex", "temp.csv", "track.nmea", "vocal.wav",
}

// quickFiles are those of them, small ones, whose pages are opened without -full.
var quickFiles = []string{"cap.mavlink", "hopper.bmp", "track.nmea"}

// realFiles returns the paths of the files whose pages are opened.
func realFiles(t *testing.T) (list []string) {
	t.Helper()
	var err error
	names := quickFiles
	if *full {
		names = fieldFiles
		if list, err = filepath.Glob(filepath.Join(shared, "files", "*")); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range names {
		if path := filepath.Join(shared, "field", name); exists(path) {
			list = append(list, path)
		}
	}
	if len(list) == 0 {
		t.Skip("no files in ../shared")
	}
	return list
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

var ktzipDir string // has the command, if it was built; TestMain removes it

// buildOnce builds the command.
var buildOnce = sync.OnceValues(func() (program string, err error) {
	if ktzipDir, err = os.MkdirTemp("", "browser"); err != nil {
		return "", err
	}
	program = filepath.Join(ktzipDir, "ktzip")
	cmd := exec.Command("go", "build", "-o", program, "./cmd/ktzip")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		return program, fmt.Errorf("%w: %s", err, out)
	}
	return program, nil
})

// ktzip runs the command in a folder, and returns what it prints.
func ktzip(t *testing.T, dir string, args ...string) []byte {
	t.Helper()
	program, err := buildOnce()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, args...)
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("ktzip %s: %v", strings.Join(args, " "), err)
	}
	return out
}

// A figure is one of the figures of a page.
type figure struct{ Value, Text string }

// figures adds the figures of what ktzip -l --json prints, with their places in it.
func figures(found map[string]any, path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			figures(found, path+"."+key, value)
		}
	case []any:
		for i, value := range v {
			figures(found, path+"."+strconv.Itoa(i), value)
		}
	case nil: // of a list that is empty, or of a ratio to nothing
	default:
		found[strings.TrimPrefix(path, ".")] = v
	}
}

var number = regexp.MustCompile(`[0-9][0-9,]*(?:\.([0-9]+))?( %)?`)

// shows reports whether a page that has f shows v: as it is, or rounded to so many digits.
func shows(f figure, v any) bool {
	switch v := v.(type) {
	case string:
		return f.Value == page.Clean(v) && f.Text == f.Value
	case bool:
		return f.Value == strconv.FormatBool(v) && f.Text == map[bool]string{true: "yes", false: "no"}[v]
	}
	want, err := v.(json.Number).Float64()
	exact, err2 := strconv.ParseFloat(f.Value, 64)
	parts := number.FindStringSubmatch(f.Text)
	if err != nil || err2 != nil || exact != want || parts == nil {
		return false
	}
	unit := math.Pow10(-len(parts[1]))
	shown, err := strconv.ParseFloat(strings.NewReplacer(",", "", " %", "").Replace(parts[0]), 64)
	if parts[2] != "" {
		shown, unit = shown/100, unit/100
	}
	if want == math.Trunc(want) && parts[2] == "" {
		unit = 0 // whole numbers are not rounded
	}
	return err == nil && math.Abs(shown-want) <= 0.5001*unit
}

// holdsFigures checks that a page has each figure that ktzip -l --json prints, and no other. It returns their
// number.
func (p *tab) holdsFigures(list []byte) int {
	p.t.Helper()
	dec := json.NewDecoder(bytes.NewReader(list))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		p.t.Fatal(err)
	}
	want := map[string]any{}
	figures(want, "", v)
	got := eval[map[string]figure](p, `Object.fromEntries([...document.querySelectorAll('[data-key]')].map(e => [e.dataset.key, {Value: e.value, Text: e.textContent}]))`)
	for key, v := range want {
		if f, ok := got[key]; !ok || !shows(f, v) {
			p.t.Errorf("%s: the page has %+v, and -l --json %v", key, f, v)
		}
	}
	for key, f := range got {
		if _, ok := want[key]; !ok && f.Value != "null" {
			p.t.Errorf("%s: the page has %+v, and -l --json nothing", key, f)
		}
	}
	return len(want)
}

// holdsPage opens the page of a compressed file, and draws all of it. It logs a row of a table.
func holdsPage(t *testing.T, dir, name string) {
	t.Helper()
	ktzip(t, dir, "--report", "page.html", name)
	path := filepath.Join(dir, "page.html")
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() > maxPage {
		t.Errorf("the page has %d bytes, want at most %d", info.Size(), maxPage)
	}
	p := openFile(t, path)
	ready, err := strconv.ParseFloat(eval[string](p, `document.getElementById('ktzip-report').dataset.ready`), 64)
	if err != nil {
		t.Error("the page is never ready: ", err)
	}
	n := p.holdsFigures(ktzip(t, dir, "-l", "--json", name))
	p.drawAll()
	p.wants(`(page => { page.querySelectorAll('pre, code, .mono').forEach(e => e.remove()); return !/undefined|NaN|\[object|Infinity|cannot be drawn/.test(page.textContent); })(document.getElementById('ktzip-report').cloneNode(true))`,
		`document.documentElement.scrollWidth <= 1200`)
	t.Logf("| %s | %d | %.0f | %d |", strings.TrimSuffix(name, ".ktz"), info.Size(), ready, n)
}

// TestRealFiles holds that the page of each real file is small, draws without an error, and has the figures
// of ktzip -l --json.
func TestRealFiles(t *testing.T) {
	needBrowser(t)
	for _, file := range realFiles(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			dir := t.TempDir()
			name := filepath.Base(file) + ".ktz"
			path, err := filepath.Abs(file)
			if err != nil {
				t.Fatal(err)
			}
			ktzip(t, dir, "-6", "-o", name, path)
			holdsPage(t, dir, name)
		})
	}
}

// TestRealFilesOf100MB holds the same of 100 MB: real files again and again, each time with other bytes
// changed.
func TestRealFilesOf100MB(t *testing.T) {
	if !*full {
		t.Skip("some minutes: -full")
	}
	needBrowser(t)
	files := realFiles(t)
	dir := t.TempDir()
	out, err := os.Create(filepath.Join(dir, "large"))
	if err != nil {
		t.Fatal(err)
	}
	for size, round := 0, 0; size < largeBytes; round++ {
		data, err := os.ReadFile(files[round%len(files)])
		if err != nil {
			t.Fatal(err)
		}
		for i := round; i < len(data); i += 1009 { // a prime; arbitrary
			data[i] += byte(round + i)
		}
		if _, err := out.Write(data); err != nil {
			t.Fatal(err)
		}
		size += len(data)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	ktzip(t, dir, "-1", "large")
	holdsPage(t, dir, "large.ktz")
}
