package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/ktzip/ktzip/bench"
	"github.com/ktzip/ktzip/search/predictors"
)

// mixedBar is the most that the files of the folder field may take by -9 --mix, in the geometric mean, as a share of
// what zpaq -m5 makes of them.
const mixedBar = 0.88

// fastMixed are bars of texts at speeds of restoring: shares of the original.
var fastMixed = []struct {
	name  string
	speed int // bytes a second
	bar   float64
}{
	{"kt/text.bin", 2_500_000, 0.26}, {"files/xml_1MiB.tar", 2_500_000, 0.098}, {"kt/text.bin", 1_200_000, 0.2301},
}

// mixed measures what predictors make of files that nobody tuned to, beside zpaq -m5.
func mixed(l *lab) error {
	paths, err := l.fieldPaths()
	if err != nil {
		return err
	}
	t := newTable("file", "bytes", "zpaq -m5", "-9 --mix", "over zpaq", "s/MB")
	var all mean
	var missed error
	for _, path := range paths {
		name := filepath.Base(path)
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		theirs, err := zpaq(path)
		if err != nil {
			return err
		}
		took, file, err := mix(data, 0)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		size := float64(len(data))
		all.add(float64(len(file)) / float64(theirs.size))
		t.add(name, len(data), fmt.Sprintf("%.4f", float64(theirs.size)/size), fmt.Sprintf("%.4f", float64(len(file))/size),
			fmt.Sprintf("%.3f", float64(len(file))/float64(theirs.size)), fmt.Sprintf("%.1f", took.cpu.Seconds()/size*1e6))
	}
	if all.count > 0 {
		t.add(fmt.Sprintf("%d files, geometric mean", all.count), "", "", "", fmt.Sprintf("%.3f", all.value()), "")
		if all.value() > mixedBar {
			missed = fmt.Errorf("over zpaq -m5: %.3f, want at most %.2f", all.value(), mixedBar)
		}
	}
	if l.only == "" {
		missed = errors.Join(missed, mixedTexts(l, t))
	}
	return errors.Join(missed, l.publish(t, "mixed", "bench/README.md"))
}

// mixedTexts adds the texts that have bars of their own to t. The error says which they miss.
func mixedTexts(l *lab, t *table) (missed error) {
	files, err := l.files()
	if err != nil {
		return err
	}
	for _, f := range fastMixed {
		k := slices.IndexFunc(files, func(x bench.File) bool { return x.Name == f.name })
		if k < 0 {
			continue
		}
		took, file, err := mix(files[k].Data, f.speed)
		if err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
		size := float64(len(files[k].Data))
		share := float64(len(file)) / size
		t.add(fmt.Sprintf("%s at %.1f MB/s, bar %.4g", f.name, float64(f.speed)/1e6, f.bar), len(files[k].Data), "", fmt.Sprintf("%.4f", share), "",
			fmt.Sprintf("%.1f", took.cpu.Seconds()/size*1e6))
		if share > f.bar {
			missed = errors.Join(missed, fmt.Errorf("%s at %d bytes a second: %.4f, want at most %.4f", f.name, f.speed, share, f.bar))
		}
	}
	return missed
}

// mix codes data at level 9 by predictors that restore at so many bytes a second, 0: any, and compares what it
// restores.
func mix(data []byte, speed int) (took timing, file []byte, err error) {
	cfg := bench.Config(9, 1)
	cfg.Mixer, cfg.RestoreSpeed = predictors.New(9), speed
	took, err = clock(func() (err error) { file, err = bench.Compress(cfg, data); return err })
	if err != nil {
		return took, nil, err
	}
	restored, err := bench.Restore(file, 1)
	if err == nil && !bytes.Equal(restored, data) {
		err = errors.New("restored something else")
	}
	return took, file, err
}
