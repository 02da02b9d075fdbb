package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/ktzip/ktzip/bench"
	"github.com/ktzip/ktzip/codec"
)

// A rawBar is what files without structure are held to.
type rawBar struct {
	level    int
	rival    []string // a command that compresses its standard input
	percents float64  // allowed beside rivalBytes
	strict   bool     // a missed bar is an error
}

// rivalBytes is what a file may take more than a rival's.
const rivalBytes = 256

// rawBars are the bars, and distances to stronger programs.
var rawBars = []rawBar{
	{level: 1, rival: []string{"gzip", "-1", "-n", "-c"}, strict: true},
	{level: 6, rival: []string{"gzip", "-6", "-n", "-c"}, strict: true},
	{level: 6, rival: []string{"gzip", "-9", "-n", "-c"}, strict: true},
	{level: 9, rival: []string{"libdeflate-gzip", "-12", "-n", "-c"}, percents: 0.3, strict: true},
	{level: 9, rival: []string{"zstd", "-19", "-q", "-c", "--single-thread"}},
	{level: 9, rival: []string{"xz", "-9e", "-c", "-T1"}},
}

// rawSizes are the sizes of a file by level.
type rawSizes map[int]int

// raw compares what a Writer without the searches makes of files with what other programs do.
func raw(l *lab) error {
	list, err := l.rawSamples()
	if err != nil {
		return err
	}
	sizes := make([]rawSizes, len(list))
	total, sums := 0, rawSizes{}
	var missed error
	for i, s := range list {
		if sizes[i], err = measureRaw(s.data); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		total += len(s.data)
		for _, level := range levels {
			sums[level] += sizes[i][level]
		}
		if p := sizes[i]; p[9] > p[6] || p[6] > p[1] {
			missed = errors.Join(missed, fmt.Errorf("%s: %d, %d and %d bytes at levels 1, 6 and 9", s.name, p[1], p[6], p[9]))
		}
	}
	t := newTable("level", "beside", "bar", "ktzip without the searches, bytes", "the other, bytes", "files above the bar", "the worst five: ktzip / the other")
	var versions []string
	for _, b := range rawBars {
		if _, err := exec.LookPath(b.rival[0]); err != nil {
			fmt.Fprintf(l.out, "%s is not installed: skipped\n", b.rival[0])
			continue
		}
		if v := version(b.rival[0]); !slices.Contains(versions, v) {
			versions = append(versions, v)
		}
		row, err := b.compare(list, sizes)
		if err != nil {
			return err
		}
		if b.strict && row.above > 0 {
			missed = errors.Join(missed, fmt.Errorf("level %d: %d files are above %s", b.level, row.above, b))
		}
		t.add(b.level, strings.Join(b.rival[:2], " "), b, sums[b.level], row.bytes, row.above, row.worst)
	}
	t.note = fmt.Sprintf("%d files, %d bytes. %s; %s/%s, %s.", len(list), total,
		strings.Join(versions, ", "), runtime.GOOS, runtime.GOARCH, time.Now().Format(time.DateOnly))
	return errors.Join(missed, l.publish(t, "raw", "bench/README.md"))
}

// rawSamples returns the files of ../shared that are measured.
func (l *lab) rawSamples() (list []sample, err error) {
	for _, folder := range []string{"files", "kt", "field"} {
		entries, err := os.ReadDir(filepath.Join(l.shared, folder))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		} else if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if !e.Type().IsRegular() {
				continue
			}
			data, err := os.ReadFile(filepath.Join(l.shared, folder, e.Name()))
			if err != nil {
				return nil, err
			}
			list = append(list, sample{folder + "/" + e.Name(), data})
		}
	}
	return l.chosen(list)
}

// measureRaw compresses data at each level.
func measureRaw(data []byte) (rawSizes, error) {
	s := rawSizes{}
	for _, level := range levels {
		plain, err := bench.Compress(&codec.WriterConfig{Level: level, Threads: 1}, data)
		if err != nil {
			return s, err
		}
		s[level] = len(plain)
	}
	return s, nil
}

// String returns the bar as the table shows it.
func (b rawBar) String() string {
	switch {
	case !b.strict:
		return "none"
	case b.percents > 0:
		return fmt.Sprintf("+ %g %% + %d", b.percents, rivalBytes)
	}
	return fmt.Sprintf("+ %d", rivalBytes)
}

// A rawRow is what a rival makes of the files.
type rawRow struct {
	bytes, above int
	worst        string
}

// compare compresses the samples by the rival.
func (b rawBar) compare(list []sample, sizes []rawSizes) (row rawRow, err error) {
	type share struct {
		name  string
		ratio float64
	}
	var shares []share
	for i, s := range list {
		cmd := exec.Command(b.rival[0], b.rival[1:]...)
		cmd.Stdin = bytes.NewReader(s.data)
		out, err := cmd.Output()
		if err != nil {
			return row, fmt.Errorf("%s: %w", b.rival[0], err)
		}
		row.bytes += len(out)
		size := sizes[i][b.level]
		if float64(size) > float64(len(out))*(1+b.percents/100)+rivalBytes {
			row.above++
		}
		shares = append(shares, share{s.name, float64(size) / float64(len(out))})
	}
	slices.SortFunc(shares, func(a, b share) int { return cmp.Compare(b.ratio, a.ratio) })
	var worst []string
	for _, s := range shares[:min(5, len(shares))] {
		worst = append(worst, fmt.Sprintf("%s %.3f", s.name, s.ratio))
	}
	row.worst = strings.Join(worst, ", ")
	return row, nil
}

// version returns the name of a program with its version.
func version(program string) string {
	flag := "--version"
	if program == "libdeflate-gzip" {
		flag = "-V"
	}
	out, _ := exec.Command(program, flag).Output() // without output the name is alone
	return strings.TrimSpace(program + " " + string(versionNumber.Find(out)))
}
