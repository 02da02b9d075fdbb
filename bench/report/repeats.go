package main

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/ktzip/ktzip/bench"
)

// A repetitive file is one that repeats what is farther back than deflate sees.
type repetitive struct {
	name string
	bar  float64 // most bytes at level 9, as a share of the original; 0: zstdBar of those of zstd -19
	data func(l *lab) ([]byte, error)
}

// zstdBar is how many bytes a file may take at level 9 if it takes one with zstd -19.
const zstdBar = 1.12

// farBytes is the size of the files that are made, in bytes.
const farBytes = 64 << 20

// repetitives lists the files of the report.
func repetitives() []repetitive {
	file := func(name string, bar float64) repetitive {
		return repetitive{name, bar, func(l *lab) ([]byte, error) {
			return os.ReadFile(filepath.Join(l.shared, filepath.FromSlash(name)))
		}}
	}
	return []repetitive{
		file("field/merge.dbf", 0.030), file("field/merge.shp", 0.16), file("field/modbus.pcap", 0.17),
		file("field/afs.pcap", 0.23), file("field/chinook.sqlite", 0.30), file("files/xml_1MiB.tar", 0),
		{"Go's sources, tar, 64 MiB", 0, func(*lab) ([]byte, error) { return goTar(farBytes) }},
		{"log, JSON, 64 MiB", 0, func(*lab) ([]byte, error) { return bench.JSONLog(farBytes), nil }},
	}
}

// goTar returns the first n bytes of an archive of the sources of the Go in use, in the order of
// their paths.
func goTar(n int) ([]byte, error) {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	src := os.DirFS(filepath.Join(strings.TrimSpace(string(root)), "src"))
	err = fs.WalkDir(src, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := fs.ReadFile(src, path)
		if err != nil {
			return err
		}
		if err := w.WriteHeader(&tar.Header{Name: "src/" + path, Mode: 0o644, Size: int64(len(data)), Format: tar.FormatUSTAR}); err != nil {
			return err
		}
		w.Write(data) // to memory
		if b.Len() >= n {
			return fs.SkipAll
		}
		return nil
	})
	return b.Bytes()[:min(n, b.Len())], err
}

// repeats measures files that repeat what is far back: sizes beside others, and speeds.
func repeats(l *lab) error {
	t := newTable("file", "bar", "level 6", "level 9", "zstd -19", "xz -9e", "level 6, MB/s", "level 9, MB/s", "restores, MB/s")
	var missed error
	for _, f := range repetitives() {
		if !strings.Contains(f.name, l.only) {
			continue
		}
		data, err := f.data(l)
		if err != nil {
			fmt.Fprintf(os.Stderr, "report: skipped %s: %v\n", f.name, err)
			continue
		}
		share, bar, err := addRepeats(l, t, f, data)
		if err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
		if share > bar {
			missed = errors.Join(missed, fmt.Errorf("%s: %.4f of the original, want at most %.4f", f.name, share, bar))
		}
	}
	var err error
	if t.note, err = versions(); err != nil {
		return err
	}
	return errors.Join(missed, l.publish(t, "repeats", "bench/README.md"))
}

// addRepeats measures a file and adds its row. It returns its share at level 9 and the most that
// this may be.
func addRepeats(l *lab, t *table, f repetitive, data []byte) (share, bar float64, err error) {
	dir, err := l.dir()
	if err != nil {
		return 0, 0, err
	}
	path := filepath.Join(dir, "repeats")
	if err := os.WriteFile(path, data, 0o666); err != nil {
		return 0, 0, err
	}
	size := float64(len(data))
	var shares, speeds []string
	var file []byte
	for _, level := range []int{6, 9} {
		took, err := clock(func() (err error) { file, err = bench.Compress(bench.Config(level, 1), data); return err })
		if err != nil {
			return 0, 0, err
		}
		share = float64(len(file)) / size
		shares, speeds = append(shares, fmt.Sprintf("%.4f", share)), append(speeds, fmt.Sprintf("%.3g", megabytes(len(data), took.cpu)))
	}
	for _, r := range rivals("ktzip") {
		if r.name != "zstd -19" && r.name != "xz -9e" {
			continue
		}
		coded, err := output(r.program, append(r.args, path)...)
		if err != nil {
			return 0, 0, err
		}
		theirs := float64(len(coded)) / size
		shares = append(shares, fmt.Sprintf("%.4f", theirs))
		if bar = f.bar; bar == 0 && r.program == "zstd" {
			bar = zstdBar * theirs
			f.bar = bar
		}
	}
	restores, err := fastest(len(data), func() error {
		restored, err := bench.Restore(file, 1)
		if err == nil && !bytes.Equal(restored, data) {
			err = errors.New("restored something else")
		}
		return err
	})
	t.add(f.name, fmt.Sprintf("%.4f", bar), shares[0], shares[1], shares[2], shares[3], speeds[0], speeds[1], restores)
	return share, bar, err
}
