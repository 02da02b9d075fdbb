package main

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ktzip/ktzip/bench"
)

// Bars of files that nobody tuned to.
const (
	// The most that files may take at level 9 in the geometric mean: binary ones, and all, as a share of
	// what xz -9e makes of them, and of gzip -9.
	binaryBar, fieldBar, gzipBar = 0.89, 0.92, 0.66

	// aboveBar: at most one file in so many may be larger than by xz -9e.
	aboveBar = 4

	// shortFile is the size in bytes below which a file may take a time, not a time per byte.
	shortFile = 32 << 10
)

// fieldTexts are the files that are text, or nearly.
var fieldTexts = strings.Fields("can.asc ce.fa ce.sam curv.gii cyw43.h flights.json idx.vcf label.gii linux.log prom.txt sd.hex temp.csv track.nmea")

// fieldBars are the most that some files may take at level 9, as shares of the original.
var fieldBars = map[string]float64{
	"temp.csv": 0.15, "track.nmea": 0.058, "flights.json": 0.074, "idx.vcf": 0.062, "can.asc": 0.062,
	"linux.log": 0.055, "kwnz.sac": 0.17, "hopper.spider": 0.44, "sd.hex": 0.26, "ce.fa": 0.235,
	"edge500.fit": 0.168, "ap.BIN": 0.268, "cap.mavlink": 0.25, "fenix.fit": 0.108, "modbus.pcap": 0.075, "epi.rec": 0.195, "vocal.wav": 0.445,
}

// A fieldLevel is a level and the processor time that a file may take.
type fieldLevel struct {
	level      int
	perMB, few float64 // seconds for a million bytes, and for a short file
}

var fieldLevels = []fieldLevel{{6, 3, 0.1}, {9, 12, 0.5}}

// field measures files of many formats that nobody tuned to: sizes beside xz, and processor times.
func field(l *lab) error {
	t := newTable("file", "bytes", "xz -9e", "level 6", "level 9", "level 9 / xz", "level 6, s/MB", "level 9, s/MB")
	paths, err := l.fieldPaths()
	if err != nil {
		return err
	}
	var missed error
	miss := func(format string, args ...any) { missed = errors.Join(missed, fmt.Errorf(format, args...)) }
	var binaries, all, zipped mean
	above := 0
	for _, path := range paths {
		name := filepath.Base(path)
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		theirs, err := output("xz", "-9e", "-T1", "-c", path)
		gzip, unzipped := output("gzip", "-9", "-n", "-c", path)
		if err = errors.Join(err, unzipped); err != nil {
			return err
		}
		sizes, times, err := fieldFile(data)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		size, xz := float64(len(data)), float64(len(theirs))
		share, beside := sizes[1]/size, sizes[1]/xz
		if !slices.Contains(fieldTexts, name) {
			binaries.add(beside)
		}
		all.add(beside)
		zipped.add(sizes[1] / float64(len(gzip)))
		if beside > 1 {
			above++
		}
		if bar, ok := fieldBars[name]; ok && share > bar {
			miss("%s: %.4f of the original at level 9, want at most %.3f", name, share, bar)
		}
		if sizes[1] > sizes[0] {
			miss("%s: %.0f bytes at level 9, %.0f at level 6", name, sizes[1], sizes[0])
		}
		for k, f := range fieldLevels {
			most := f.perMB * size / 1e6
			if len(data) < shortFile {
				most = f.few
			}
			if times[k] > most {
				miss("%s: %.2f s at level %d, want at most %.2f", name, times[k], f.level, most)
			}
		}
		t.add(name, len(data), fmt.Sprintf("%.4f", xz/size), fmt.Sprintf("%.4f", sizes[0]/size), fmt.Sprintf("%.4f", share),
			fmt.Sprintf("%.3f", beside), fmt.Sprintf("%.2f", times[0]/size*1e6), fmt.Sprintf("%.2f", times[1]/size*1e6))
	}
	for _, m := range []struct {
		what string
		mean
		bar float64
	}{{"binary files over xz -9e", binaries, binaryBar}, {"files over xz -9e", all, fieldBar}, {"files over gzip -9", zipped, gzipBar}} {
		if m.count == 0 {
			continue
		}
		t.add(fmt.Sprintf("%d %s, geometric mean", m.count, m.what), "", "", "", "", fmt.Sprintf("%.3f", m.value()), "", "")
		if m.value() > m.bar {
			miss("%s: %.3f, want at most %.2f", m.what, m.value(), m.bar)
		}
	}
	which := fmt.Sprintf("%d of %d files are above xz -9e", above, all.count)
	t.add(which, "", "", "", "", "", "", "")
	if above*aboveBar > all.count {
		miss("%s", which)
	}
	return errors.Join(missed, l.publish(t, "field", "bench/README.md"))
}

// fieldPaths returns the paths of the chosen files in the folder field.
func (l *lab) fieldPaths() ([]string, error) {
	paths, err := filepath.Glob(filepath.Join(l.shared, "field", "*.*"))
	if err == nil && len(paths) == 0 {
		err = errors.New("no files in the folder field")
	}
	return slices.DeleteFunc(paths, func(path string) bool {
		name := filepath.Base(path)
		return filepath.Ext(name) == ".md" || !strings.Contains(name, l.only)
	}), err
}

// A mean is the geometric mean of some numbers.
type mean struct {
	logs  float64
	count int
}

func (m *mean) add(x float64) { m.logs, m.count = m.logs+math.Log(x), m.count+1 }

func (m *mean) value() float64 { return math.Exp(m.logs / float64(m.count)) }

// fieldFile returns what data takes at fieldLevels, in bytes, and the processor time for it in
// seconds.
func fieldFile(data []byte) (sizes, times []float64, err error) {
	for _, f := range fieldLevels {
		var file []byte
		took, err := clock(func() (err error) { file, err = bench.Compress(bench.Config(f.level, 1), data); return err })
		if err != nil {
			return nil, nil, err
		}
		restored, err := bench.Restore(file, 1)
		if err != nil {
			return nil, nil, err
		}
		if !bytes.Equal(restored, data) {
			return nil, nil, errors.New("restored something else")
		}
		sizes, times = append(sizes, float64(len(file))), append(times, took.cpu.Seconds())
	}
	return sizes, times, nil
}
