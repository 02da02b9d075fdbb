package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ktzip/ktzip/bench"
)

// A lab holds what the reports share: where things are, and the programs built so far.
type lab struct {
	root   string // the repository
	shared string // the files to measure
	only   string // part of the names of the files to measure
	every  int    // of so many sequences, one is taken, where a report can; at least 1
	update bool
	out    io.Writer
	tmp    string // a temporary folder; empty until it is needed
}

func (l *lab) close() {
	if l.tmp != "" {
		os.RemoveAll(l.tmp)
	}
}

// dir returns the temporary folder.
func (l *lab) dir() (string, error) {
	if l.tmp == "" {
		dir, err := os.MkdirTemp("", "ktzip-report-")
		if err != nil {
			return "", err
		}
		l.tmp = dir
	}
	return l.tmp, nil
}

// build builds a command of the repository and returns the path of its binary.
func (l *lab) build(command string) (string, error) {
	dir, err := l.dir()
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, command)
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	build := exec.Command("go", "build", "-C", l.root, "-o", path, "./cmd/"+command)
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return path, nil
}

// errNoFiles reports that there is nothing to measure.
var errNoFiles = errors.New("no files to measure: -shared says where they are, -only which")

// chosen returns the samples whose names contain l.only.
func (l *lab) chosen(list []sample) ([]sample, error) {
	list = slices.DeleteFunc(list, func(s sample) bool { return !strings.Contains(s.name, l.only) })
	if len(list) == 0 {
		return nil, errNoFiles
	}
	return list, nil
}

// files returns the real files to measure.
func (l *lab) files() ([]bench.File, error) {
	var chosen []bench.File
	for _, f := range bench.Files(l.shared) {
		if strings.Contains(f.Name, l.only) {
			chosen = append(chosen, f)
		}
	}
	if len(chosen) == 0 {
		return nil, errNoFiles
	}
	return chosen, nil
}

// writes reports whether tables and charts are written: not those of parts.
func (l *lab) writes() bool { return l.update && l.only == "" && l.every == 1 }

// fewer returns how many of n sequences are taken, at least one.
func (l *lab) fewer(n int) int { return max(n/l.every, 1) }

// thin returns the first of every l.every values.
func thin[T any](l *lab, list []T) (few []T) {
	for i := 0; i < len(list); i += l.every {
		few = append(few, list[i])
	}
	return few
}

// publish prints a table and, with -update, puts it between the comments <!-- mark -->
// and <!-- /mark --> of files of the repository.
func (l *lab) publish(t *table, mark string, files ...string) error {
	fmt.Fprintf(l.out, "%s\n\n%s\n", mark, t)
	if !l.writes() {
		return nil
	}
	for _, file := range files {
		if err := l.insert(t, mark, file); err != nil {
			return err
		}
	}
	return nil
}

func (l *lab) insert(t *table, mark, file string) error {
	path := filepath.Join(l.root, file)
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	text, err = t.insert(text, mark)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return os.WriteFile(path, text, 0o644)
}

// output runs a program and returns what it writes to its standard output.
func output(name string, args ...string) ([]byte, error) {
	cmd := exec.Command(name, args...)
	var message strings.Builder
	cmd.Stderr = &message
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %s", cmd, err, message.String())
	}
	return out, nil
}
