package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"

	"github.com/ktzip/ktzip/bench"
)

// levelSizes lists the files that a level codes larger than a lower one, and all of them in
// numbers.
func levelSizes(l *lab) error {
	var list []sample
	for _, pattern := range []string{"files/*", "kt/*.bin", "field/*"} {
		paths, _ := filepath.Glob(filepath.Join(l.shared, pattern))
		for _, path := range paths {
			if data, err := os.ReadFile(path); err == nil {
				list = append(list, sample{filepath.Base(path), data})
			}
		}
	}
	list, err := l.chosen(list)
	if err != nil {
		return err
	}
	t := newTable("file", "level 1", "level 6", "level 9")
	worse := 0
	var sums [3]int
	for _, s := range list {
		var sizes [3]int
		for k, level := range levels {
			file, err := bench.Compress(bench.Config(level, 2), s.data)
			if err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
			sizes[k] = len(file)
			sums[k] += len(file)
		}
		if sizes[1] > sizes[0] || sizes[2] > sizes[1] {
			worse++
			t.add(s.name, sizes[0], sizes[1], sizes[2])
		}
	}
	t.add(fmt.Sprintf("all %d", len(list)), sums[0], sums[1], sums[2])
	err = l.publish(t, "levels", "bench/README.md")
	if worse > 0 {
		err = errors.Join(err, fmt.Errorf("%d files are larger at a higher level", worse))
	}
	return err
}

// hostileInputs returns n bytes each of what misleads a search: what looks like structure and
// is none, or changes often.
func hostileInputs(n int) []sample {
	r := rand.New(rand.NewPCG(19, 4))
	noise := make([]byte, n)
	for i := range noise {
		noise[i] = byte(r.Uint32())
	}
	periodic := bytes.Repeat(noise[:997], n/997+1)[:n]
	for i := range periodic {
		periodic[i] += byte(r.IntN(3))
	}
	symbol := make([]byte, n)
	for i := range symbol {
		symbol[i] = "ab"[min(r.IntN(64), 1)]
	}
	var natures []byte
	kinds := map[string][]byte{}
	for _, in := range bench.Inputs() {
		kinds[in.Name] = in.Data(n)
	}
	for k := 0; len(natures) < n; k++ {
		kind := kinds[[...]string{"text", "telemetry", "random", "counters"}[k%4]]
		natures = append(natures, kind[len(natures):][:min(16<<10, n-len(natures))]...)
	}
	return []sample{
		{"constant", make([]byte, n)}, {"one symbol, nearly", symbol}, {"noisy period of 997", periodic},
		{"four natures, 16 KiB each", natures}, {"random", noise}, {"text", kinds["text"]}, {"telemetry", kinds["telemetry"]},
	}
}

// bounds measures what a MiB takes at each level.
func bounds(l *lab) error {
	const size = 2 << 20 // bytes
	t := newTable("input", "level 1, s per MiB", "level 6", "of it, the searches", "level 9")
	for _, s := range hostileInputs(size) {
		seconds := func(level int, search bool) (float64, error) {
			cfg := bench.Config(level, 1)
			if !search {
				cfg.Finder, cfg.Planner = nil, nil
			}
			took, err := clock(func() error { _, err := bench.Compress(cfg, s.data); return err })
			return took.cpu.Seconds() * (1 << 20) / size, err
		}
		row := []any{s.name}
		for _, level := range levels {
			all, err := seconds(level, true)
			if err != nil {
				return err
			}
			row = append(row, fmt.Sprintf("%.3f", all))
			if level != 6 {
				continue
			}
			plain, err := seconds(level, false)
			if err != nil {
				return err
			}
			row = append(row, fmt.Sprintf("%.0f %%", 100*max(0, all-plain)/all))
		}
		t.add(row...)
	}
	return l.publish(t, "bounds", "bench/README.md")
}

// likeBytes is the size of the like segments, in bytes.
const likeBytes = 64 << 20

// likeSegments returns n bytes of the ECG src, again and again, each time with other noise of
// one unit.
func likeSegments(src []byte, n int) []byte {
	r := rand.New(rand.NewPCG(18, 19))
	b := bytes.Repeat(src, n/len(src)+1)[:n]
	for i := 0; i+1 < len(b); i += 2 {
		binary.LittleEndian.PutUint16(b[i:], binary.LittleEndian.Uint16(b[i:])+uint16(r.IntN(3)-1))
	}
	return b
}

// like measures the compression of segments that are alike: a plan is paid for once.
func like(l *lab) error {
	src, err := os.ReadFile(filepath.Join(l.shared, "files/ecg_ptb_16bit.dat"))
	if err != nil {
		return err
	}
	const bar = 8 // MB/s at level 6
	data := likeSegments(src, likeBytes)
	t := newTable("level", "bytes", "ratio", "MB/s of processor time")
	var missed error
	for _, level := range levels {
		var file []byte
		took, err := clock(func() (err error) { file, err = bench.Compress(bench.Config(level, 2), data); return err })
		if err != nil {
			return err
		}
		speed := megabytes(len(data), took.cpu)
		t.add(level, len(file), fmt.Sprintf("%.4f", float64(len(file))/float64(len(data))), fmt.Sprintf("%.3g", speed))
		if level == 6 && speed < bar {
			missed = fmt.Errorf("%.3g MB/s at level 6, want %d", speed, bar)
		}
	}
	return errors.Join(l.publish(t, "like", "bench/README.md"), missed)
}
