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
	// fieldBar is the most that the binary files may take at level 9, as a share of what xz -9e
	// makes of them, in the geometric mean.
	fieldBar = 0.89

	// shortFile is the size in bytes below which a file may take a time, not a time per byte.
	shortFile = 32 << 10
)

// fieldTexts are the files that are text, or nearly.
var fieldTexts = strings.Fields("can.asc ce.fa ce.sam curv.gii cyw43.h flights.json idx.vcf label.gii linux.log prom.txt sd.hex temp.csv track.nmea")

// fieldBars are the most that some files may take at level 9, as shares of the original.
var fieldBars = map[string]float64{
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
	paths, err := filepath.Glob(filepath.Join(l.shared, "field", "*.*"))
	if err != nil {
		return err
	}
	if len(paths) == 0 {
		return errors.New("no files in the folder field")
	}
	var missed error
	miss := func(format string, args ...any) { missed = errors.Join(missed, fmt.Errorf(format, args...)) }
	logs, binaries := 0.0, 0
	for _, path := range paths {
		name := filepath.Base(path)
		if filepath.Ext(name) == ".md" || !strings.Contains(name, l.only) {
			continue
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		theirs, err := output("xz", "-9e", "-T1", "-c", path)
		if err != nil {
			return err
		}
		sizes, times, err := fieldFile(data)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		size, xz := float64(len(data)), float64(len(theirs))
		share, beside := sizes[1]/size, sizes[1]/xz
		if !slices.Contains(fieldTexts, name) {
			logs, binaries = logs+math.Log(beside), binaries+1
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
	if binaries > 0 {
		mean := math.Exp(logs / float64(binaries))
		t.add(fmt.Sprintf("%d binary files, geometric mean", binaries), "", "", "", "", fmt.Sprintf("%.3f", mean), "", "")
		if mean > fieldBar {
			miss("binary files: %.3f of xz -9e, want at most %.2f", mean, fieldBar)
		}
	}
	return errors.Join(missed, l.publish(t, "field", "bench/README.md"))
}

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
