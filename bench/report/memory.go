package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/ktzip/ktzip/bench"
	"github.com/ktzip/ktzip/bench/internal/peak"
)

const (
	memorySize = 12 << 20 // bytes: more than the longest segment, which has 8 MiB
	memoryBar  = 32       // MiB
)

// memory measures what ktunzip takes to restore files of memorySize bytes.
func memory(l *lab) error {
	program, err := l.build("ktunzip")
	if err != nil {
		return err
	}
	idle, err := peak.Memory(program, "-V")
	if err != nil {
		return err
	}
	var list []sample
	for _, in := range bench.Inputs() {
		list = append(list, sample{in.Name, in.Data(memorySize)})
	}
	for _, f := range bench.Files(l.shared) {
		list = append(list, sample{f.Name, bench.Repeat(f.Data, memorySize)})
	}
	if list, err = l.chosen(list); err != nil {
		return err
	}
	t := newTable("input", "bytes", "longest segment", "ktunzip's memory, MiB", "bar", "to print its version, MiB")
	var missed error
	for _, s := range list {
		file, err := bench.Compress(bench.Config(6, 2), s.data)
		if err != nil {
			return err
		}
		segments, err := bench.Segments(file)
		if err != nil {
			return err
		}
		longest := int64(0)
		for _, s := range segments {
			longest = max(longest, int64(s.Size))
		}
		path := filepath.Join(l.tmp, "input.ktz")
		if err := os.WriteFile(path, file, 0o644); err != nil {
			return err
		}
		kib, err := peak.Memory(program, "-k", "-c", path)
		if err != nil {
			return err
		}
		if kib >= memoryBar<<10 {
			missed = errors.Join(missed, fmt.Errorf("%s: %d KiB, want less than %d MiB", s.name, kib, memoryBar))
		}
		t.add(s.name, len(s.data), longest, mib(kib), memoryBar, mib(idle))
	}
	return errors.Join(missed, l.publish(t, "memory", "bench/README.md"))
}

func mib(kib int) string { return fmt.Sprintf("%.1f", float64(kib)/1024) }
