package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// speedFiles lists the files whose speeds are measured: samples, records, text, and an
// executable, on which no plan pays.
var speedFiles = []string{"files/ecg_ptb_16bit.dat", "files/flight_px4.ulg", "kt/text.bin", "files/firmware_avr32.elf"}

const (
	// compressCopies and restoreCopies are how often a program is given the file in one
	// call, so that its start counts for little: a start takes some milliseconds, a file
	// of 1 MB as little when it is restored.
	compressCopies = 3
	restoreCopies  = 20
	speedRuns      = 3 // the fastest counts
)

// speeds measures every rival on speedFiles, in processor time.
func speeds(l *lab) error {
	ktzip, err := l.build("ktzip")
	if err != nil {
		return err
	}
	head := []string{""}
	var paths []string
	for _, name := range speedFiles {
		if !strings.Contains(name, l.only) {
			continue
		}
		path := filepath.Join(l.shared, filepath.FromSlash(name))
		if _, err := os.Stat(path); err != nil {
			return fmt.Errorf("%w: %w", errNoFiles, err)
		}
		paths = append(paths, path)
		head = append(head, filepath.Base(name))
	}
	if len(paths) == 0 {
		return errNoFiles
	}
	compressing, restoring := newTable(head...), newTable(head...)
	for _, r := range rivals(ktzip) {
		there, back := []any{r.name}, []any{r.name}
		for _, path := range paths {
			c, d, err := l.measureSpeed(r, path)
			if err != nil {
				return err
			}
			there, back = append(there, fmt.Sprintf("%.3g", c)), append(back, fmt.Sprintf("%.3g", d))
		}
		compressing.add(there...)
		restoring.add(back...)
	}
	if restoring.note, err = versions(); err != nil {
		return err
	}
	if err := l.publish(compressing, "speeds-compressing", "bench/README.md", "README.md"); err != nil {
		return err
	}
	return l.publish(restoring, "speeds-restoring", "bench/README.md", "README.md")
}

// measureSpeed returns the speeds of a rival on a file, in MB/s of the original per second
// of processor time.
func (l *lab) measureSpeed(r rival, path string) (compress, restore float64, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, 0, err
	}
	coded, err := output(r.program, append(slices.Clone(r.args), path)...)
	if err != nil {
		return 0, 0, err
	}
	suffix := map[string]string{"gzip": ".gz", "zstd": ".zst", "xz": ".xz"}[r.program]
	if suffix == "" {
		suffix = ".ktz"
	}
	file := filepath.Join(l.tmp, "speed"+suffix)
	if err := os.WriteFile(file, coded, 0o644); err != nil {
		return 0, 0, err
	}
	if compress, err = processorSpeed(r.program, r.args, path, compressCopies, info.Size()); err != nil {
		return 0, 0, err
	}
	restore, err = processorSpeed(r.program, r.back, file, restoreCopies, info.Size())
	return compress, restore, err
}

// processorSpeed runs a program on copies of a file and returns its speed in MB/s of
// processor time, where size is what each copy counts.
func processorSpeed(program string, args []string, file string, copies int, size int64) (float64, error) {
	args = append(slices.Clone(args), slices.Repeat([]string{file}, copies)...)
	best := 0.0
	for range speedRuns {
		cmd := exec.Command(program, args...)
		cmd.Stdout = io.Discard
		var message strings.Builder
		cmd.Stderr = &message
		if err := cmd.Run(); err != nil {
			return 0, fmt.Errorf("%s: %w: %s", cmd, err, message.String())
		}
		took := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		best = max(best, megabytes(copies*int(size), max(took, time.Millisecond)))
	}
	return best, nil
}
