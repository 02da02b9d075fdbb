package main

import (
	"errors"
	"fmt"

	"github.com/ktzip/ktzip/bench"
)

// levels are the levels that the tables show.
var levels = []int{1, 6, 9}

// longBytes is the size of a generated input, in bytes: of several segments, but for zeros.
const longBytes = 6 << 20

// A sample is a named input.
type sample struct {
	name string
	data []byte
}

// neverWorseSamples returns generated inputs on which gzip does well, random bytes, the
// sources of Go, and the real files.
func (l *lab) neverWorseSamples() ([]sample, error) {
	var list []sample
	for _, in := range bench.Inputs() {
		switch in.Name {
		case "random":
			list = append(list, sample{in.Name, in.Data(1 << 20)})
		case "jsonlog", "source", "period300", "zeros":
			list = append(list, sample{in.Name, in.Data(longBytes)})
		}
	}
	list = append(list, sample{"Go's own source", bench.GoSource(longBytes)})
	for _, f := range bench.Files(l.shared) {
		list = append(list, sample{f.Name, f.Data})
	}
	return l.chosen(list)
}

// neverWorse compares ktzip with GNU gzip at the same level; see bench.Comparison.
func neverWorse(l *lab) error {
	list, err := l.neverWorseSamples()
	if err != nil {
		return err
	}
	t := newTable("input", "bytes", "segments", "level", "ktzip", "gzip", "ktzip / gzip", "bytes below the bar")
	var missed error
	for _, s := range list {
		for _, level := range levels {
			c, err := bench.Compare(s.data, level)
			if err != nil {
				return err
			}
			if c.Ktzip > c.Bar() {
				missed = errors.Join(missed, fmt.Errorf("%s, level %d: %d bytes, want at most %d", s.name, level, c.Ktzip, c.Bar()))
			}
			t.add(s.name, len(s.data), c.Segments, level, c.Ktzip, c.Gzip,
				fmt.Sprintf("%.4f", float64(c.Ktzip)/float64(c.Gzip)), c.Bar()-c.Ktzip)
		}
	}
	return errors.Join(missed, l.publish(t, "never-worse", "bench/README.md"))
}

// syntheticBars are the bars of synthetic.bin by level, as shares of the original; they
// stand in bench/README.md too. Level 6 was to be well below the 0.458 of xz -9e, level 9
// below the 0.328 of paq8px.
var syntheticBars = map[int]float64{6: 0.297, 9: 0.288}

// synthetic measures the KoLMogorov Test's synthetic file.
func synthetic(l *lab) error {
	files, err := l.files()
	if err != nil {
		return err
	}
	t := newTable("level", "bytes", "of the original", "bar", "program blocks", "processor time, s")
	var missed error
	for _, f := range files {
		if f.Natural {
			continue
		}
		for _, level := range levels {
			var file []byte
			took, err := clock(func() (err error) { file, err = bench.Compress(bench.Config(level, 2), f.Data); return err })
			if err != nil {
				return err
			}
			segments, err := bench.Segments(file)
			if err != nil {
				return err
			}
			blocks, programs := 0, 0
			for _, s := range segments {
				blocks, programs = blocks+s.Blocks, programs+s.ProgramBlocks
			}
			share, bar := float64(len(file))/float64(len(f.Data)), ""
			if most, ok := syntheticBars[level]; ok {
				bar = fmt.Sprintf("%.3f", most)
				if share > most {
					missed = errors.Join(missed, fmt.Errorf("%s, level %d: %.4f of the original, want at most %s", f.Name, level, share, bar))
				}
			}
			t.add(level, len(file), fmt.Sprintf("%.4f", share), bar, fmt.Sprintf("%d of %d", programs, blocks), fmt.Sprintf("%.0f", took.cpu.Seconds()))
		}
	}
	return errors.Join(missed, l.publish(t, "synthetic", "bench/README.md"))
}

// overhead measures what nothing can shorten.
func overhead(l *lab) error {
	t := newTable("input", "ktzip", "bar", "gzip")
	for _, in := range bench.Incompressible() {
		file, err := bench.Compress(bench.Config(6, 1), in.Data)
		if err != nil {
			return err
		}
		zipped, err := gzipFile(in.Data, 6)
		if err != nil {
			return err
		}
		t.add(in.Name, len(file), in.Bar, len(zipped))
	}
	return l.publish(t, "overhead", "bench/README.md")
}
