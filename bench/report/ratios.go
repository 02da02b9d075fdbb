package main

import (
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// compared lists the files of the project's README: what ktzip is made for, and kinds on
// which others are better.
var compared = []struct {
	path, name string
	drawn      bool // the chart shows it
}{
	{"kt/synthetic.bin", "KoLMogorov Test, synthetic", true},
	{"files/ecg_ptb_16bit.dat", "ECG, 12 leads, 16-bit", true},
	{"field/eeg.bdf", "EEG, 24-bit (BDF)", false},
	{"field/fenix.fit", "sports watch (FIT)", true},
	{"files/flight_px4.ulg", "drone's flight log (ULog)", true},
	{"files/kennedy.xls", "spreadsheet (XLS)", true},
	{"field/veg.las", "laser scan (LAS)", false},
	{"field/era5.grib", "weather (GRIB)", true},
	{"files/mr_1MiB.dcm", "MR image, 16-bit (DICOM)", true},
	{"kt/audio_16bit.bin", "speech, 16-bit", true},
	{"kt/audio_8bit.bin", "speech, 8-bit", false},
	{"kt/text.bin", "text (enwik9, 1 MB)", true},
	{"files/firmware_avr32.elf", "firmware (ELF)", true},
	{"field/temp.csv", "time series (CSV)", false},
	{"field/linux.log", "system log (syslog)", true},
	{"field/track.nmea", "satellite receiver (NMEA)", true},
	{"field/can.asc", "vehicle bus log (ASC)", false},
	{"field/flights.json", "flights (JSON)", false},
	{"field/idx.vcf", "variants (VCF)", false},
	{"field/ce.fa", "genome (FASTA)", false},
	{"field/chinook.sqlite", "database (SQLite)", false},
	{"field/afs.pcap", "network capture (pcap)", true},
	{"field/merge.dbf", "sparse table (dBase)", false},
}

// A rival is a way to compress: a program and its options.
type rival struct {
	name    string
	program string
	args    []string // compress a file to the standard output
	back    []string // restore to the standard output
}

// rivals returns every rival, each on one thread; ktzip is the path of its binary.
func rivals(ktzip string) []rival {
	with := func(name, program string, args ...string) rival {
		r := rival{name: name, program: program, args: append(args, "-c"), back: []string{"-d", "-c"}}
		if program == ktzip {
			r.back = append(r.back, "-T1") // the others have one thread
		}
		return r
	}
	return []rival{
		with("ktzip -1", ktzip, "-1", "-T1"), with("ktzip -6", ktzip, "-6", "-T1"), with("ktzip -9", ktzip, "-9", "-T1"),
		with("gzip -6", "gzip", "-6"), with("gzip -9", "gzip", "-9"),
		with("zstd -3", "zstd", "-q", "-3", "--single-thread"), with("zstd -19", "zstd", "-q", "-19", "--single-thread"),
		with("xz -6", "xz", "-6", "-T1"), with("xz -9e", "xz", "-9e", "-T1"),
	}
}

// shown are the rivals in the table and the chart of sizes, in the order of its columns.
var shown = []string{"ktzip -6", "ktzip -9", "gzip -9", "zstd -19", "xz -9e"}

// shownRivals returns the rivals of shown.
func shownRivals(ktzip string) []rival {
	list := make([]rival, len(shown))
	for _, r := range rivals(ktzip) {
		if i := slices.Index(shown, r.name); i >= 0 {
			list[i] = r
		}
	}
	return list
}

// A compared file's sizes, as shares of the original, in the order of shown.
type fileRatios struct {
	name   string
	shares []float64
	drawn  bool
}

// best returns the smallest share.
func (f fileRatios) best() float64 { return slices.Min(f.shares) }

// gain returns by what part ktzip -9 is smaller than xz -9e; below 0 if it is larger.
func (f fileRatios) gain() float64 {
	return 1 - f.shares[slices.Index(shown, "ktzip -9")]/f.shares[slices.Index(shown, "xz -9e")]
}

// ratios measures the sizes of the compared files, and draws them.
func ratios(l *lab) error {
	ktzip, err := l.build("ktzip")
	if err != nil {
		return err
	}
	var list []fileRatios
	for _, c := range compared {
		if !strings.Contains(c.path, l.only) {
			continue
		}
		path := filepath.Join(l.shared, filepath.FromSlash(c.path))
		info, err := os.Stat(path)
		if err != nil {
			fmt.Fprintf(os.Stderr, "report: skipped %s: %v\n", c.path, err)
			continue
		}
		f := fileRatios{name: c.name, drawn: c.drawn}
		for _, r := range shownRivals(ktzip) {
			coded, err := output(r.program, append(r.args, path)...)
			if err != nil {
				return err
			}
			f.shares = append(f.shares, float64(len(coded))/float64(info.Size()))
		}
		list = append(list, f)
	}
	if len(list) == 0 {
		return errNoFiles
	}
	slices.SortStableFunc(list, func(a, b fileRatios) int { return cmp.Compare(b.gain(), a.gain()) })
	t := newTable(append([]string{"file"}, shown...)...)
	for _, f := range list {
		cells := []any{f.name}
		for _, share := range f.shares {
			text := fmt.Sprintf("%.3f", share)
			if text == fmt.Sprintf("%.3f", f.best()) {
				text = "**" + text + "**"
			}
			cells = append(cells, text)
		}
		t.add(cells...)
	}
	if t.note, err = versions(); err != nil {
		return err
	}
	if l.writes() {
		drawn := slices.DeleteFunc(slices.Clone(list), func(f fileRatios) bool { return !f.drawn })
		chart := barChart(shown, drawn)
		if err := os.WriteFile(filepath.Join(l.root, "bench", "ratios.svg"), chart, 0o644); err != nil {
			return err
		}
	}
	return l.publish(t, "ratios", "bench/README.md", "README.md")
}

// versionNumber finds a version in what a program says of itself.
var versionNumber = regexp.MustCompile(`\d+(\.\d+)+`)

// versions names the versions of the programs that ktzip is compared with.
func versions() (string, error) {
	var list []string
	for _, program := range []string{"gzip", "zstd", "xz"} {
		if _, err := exec.LookPath(program); err != nil {
			return "", err
		}
		list = append(list, version(program))
	}
	return "Versions: " + strings.Join(list, ", ") + ".", nil
}
