package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ktzip/ktzip/bench"
)

// archiveBar is how many bytes an archive may take if its parts, each a file of its own, take one.
const archiveBar = 1.03

// archiveLevels are the levels at which archives are measured.
var archiveLevels = []int{6, 9}

// A collection is some files in an order; paths are patterns in the folder of shared files.
type collection struct {
	name  string
	paths []string
	order func(parts []bench.Part) []bench.Part
}

// collections lists the collections of the report.
func collections() []collection {
	as := func(parts []bench.Part) []bench.Part { return parts }
	reversed := func(parts []bench.Part) []bench.Part { slices.Reverse(parts); return parts }
	six := strings.Fields("field/linux.log field/can.asc field/prom.txt field/ap.BIN field/fenix.fit field/epi.rec")
	field := []string{"field/*.*"}
	return []collection{
		{"six", six, as},
		{"six reversed", six, reversed},
		{"files", []string{"files/*"}, as},
		{"field", field, as},
		{"field reversed", field, reversed},
		{"short pieces of field", field, shortPieces},
	}
}

// shortPieces returns pieces of the parts, of 64 bytes to 32 KiB, in some order: as many of each
// length as of twice that.
func shortPieces(parts []bench.Part) (short []bench.Part) {
	const each = 4 // pieces of a part; arbitrary, as are the lengths
	r := rand.New(rand.NewPCG(20, 26))
	for _, p := range parts {
		for k := range each {
			data := p.Data[len(p.Data)/each*k:]
			n := min(64<<r.IntN(9)*(16+r.IntN(17))/16, len(p.Data)/each)
			short = append(short, bench.Part{Name: fmt.Sprint(k, p.Name), Data: data[:n]})
		}
	}
	r.Shuffle(len(short), func(i, j int) { short[i], short[j] = short[j], short[i] })
	return short
}

// parts returns the files of c, without those that are no data.
func (c *collection) parts(l *lab) (parts []bench.Part, err error) {
	for _, pattern := range c.paths {
		paths, err := filepath.Glob(filepath.Join(l.shared, filepath.FromSlash(pattern)))
		if err != nil {
			return nil, err
		}
		for _, path := range paths {
			if filepath.Ext(path) == ".md" {
				continue
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return nil, err
			}
			parts = append(parts, bench.Part{Name: filepath.Base(path), Data: data})
		}
	}
	return c.order(parts), nil
}

// archives measures archives of files of many kinds beside the files alone.
func archives(l *lab) error {
	t := newTable("files", "archive", "bytes", "level", "parts alone", "archive", "archive / parts", "processor time, s")
	var missed error
	for _, c := range collections() {
		list := slices.DeleteFunc(bench.Archivers(), func(a bench.Archiver) bool { return !strings.Contains(c.name+", "+a.Name, l.only) })
		if len(list) == 0 {
			continue
		}
		parts, err := c.parts(l)
		if err != nil {
			return err
		}
		if len(parts) == 0 {
			fmt.Fprintf(os.Stderr, "report: skipped %s: no files\n", c.name)
			continue
		}
		for _, level := range archiveLevels {
			sum := 0
			for _, p := range parts {
				file, err := bench.Compress(bench.Config(level, 1), p.Data)
				if err != nil {
					return err
				}
				sum += len(file)
			}
			for _, a := range list {
				data := a.Join(parts)
				var file []byte
				took, err := clock(func() (err error) { file, err = bench.Compress(bench.Config(level, 1), data); return err })
				if err != nil {
					return err
				}
				share := float64(len(file)) / float64(sum)
				t.add(c.name, a.Name, len(data), level, sum, len(file), fmt.Sprintf("%.4f", share), fmt.Sprintf("%.1f", took.cpu.Seconds()))
				if share > archiveBar {
					missed = errors.Join(missed, fmt.Errorf("%s, %s, level %d: %.4f of the parts, want at most %.2f", c.name, a.Name, level, share, archiveBar))
				}
			}
		}
	}
	return errors.Join(missed, l.publish(t, "archives", "bench/README.md"))
}
