package main

import (
	"bytes"
	stdgzip "compress/gzip"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"

	"github.com/klauspost/compress/gzip"

	"github.com/ktzip/ktzip/bench"
	"github.com/ktzip/ktzip/codec"
)

// speedBytes is the size to which a file is repeated, in bytes: several segments for each
// thread.
const speedBytes = 32 << 20

// gzipFile compresses data by klauspost's gzip.
func gzipFile(data []byte, level int) ([]byte, error) {
	var buf bytes.Buffer
	w, err := gzip.NewWriterLevel(&buf, level)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	err = w.Close()
	return buf.Bytes(), err
}

// gzipSegments compresses each segment of data on its own, with a goroutine for each
// writer, and discards the results.
func gzipSegments(writers []*gzip.Writer, data []byte, segments []codec.SegmentInfo) error {
	var next atomic.Int64
	var group sync.WaitGroup
	failed := make([]error, len(writers))
	for k, w := range writers {
		group.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(segments) {
					return
				}
				s := segments[i]
				w.Reset(io.Discard)
				_, err := w.Write(data[s.Offset:][:s.Size])
				failed[k] = errors.Join(failed[k], err, w.Close())
			}
		})
	}
	group.Wait()
	return errors.Join(failed...)
}

// A duel holds the times of ktzip and of gzip on the same data.
type duel struct {
	compress, gzip  timing
	restore, gunzip timing
	originalBytes   int
}

// measureDuel compares ktzip, without plans, with gzip at a level: compressing on 2
// threads, verified, with klauspost's gzip of the same segments by two goroutines;
// restoring on one thread with the standard library's gunzip.
func measureDuel(data []byte, level int) (d duel, err error) {
	d.originalBytes = len(data)
	cfg := bench.Config(level, 2)
	cfg.Planner = nil
	w, err := codec.NewWriter(nil, cfg)
	if err != nil {
		return d, err
	}
	encode := func(dst io.Writer) error {
		w.Reset(dst)
		_, err := w.Write(data)
		return errors.Join(err, w.Close())
	}
	var file bytes.Buffer
	if err := encode(&file); err != nil {
		return d, err
	}
	segments, err := bench.Segments(file.Bytes())
	if err != nil {
		return d, err
	}
	writers := make([]*gzip.Writer, 2)
	for i := range writers {
		if writers[i], err = gzip.NewWriterLevel(nil, level); err != nil {
			return d, err
		}
	}
	d.compress, d.gzip, err = byTurns(
		func() error { return encode(io.Discard) },
		func() error { return gzipSegments(writers, data, segments) })
	if err != nil {
		return d, err
	}
	return d, d.measureRestoring(file.Bytes(), data, level)
}

// measureRestoring measures the second half of a duel.
func (d *duel) measureRestoring(file, data []byte, level int) error {
	zipped, err := gzipFile(data, level)
	if err != nil {
		return err
	}
	r, err := codec.NewReader(bytes.NewReader(file), &codec.ReaderConfig{Threads: 1})
	if err != nil {
		return err
	}
	g := new(stdgzip.Reader)
	decode := func(r io.Reader, err error) error {
		if err != nil {
			return err
		}
		n, err := io.Copy(io.Discard, r)
		if err == nil && int(n) != len(data) {
			err = fmt.Errorf("%d bytes restored, want %d", n, len(data))
		}
		return err
	}
	d.restore, d.gunzip, err = byTurns(
		func() error { return decode(r, r.Reset(bytes.NewReader(file))) },
		func() error { return decode(g, g.Reset(bytes.NewReader(zipped))) })
	return err
}

// A lowest is the lowest ratio of speeds so far, and where it was measured.
type lowest struct {
	ratio float64
	place string
}

func (l *lowest) see(ratio float64, place string) {
	if l.place == "" || ratio < l.ratio {
		*l = lowest{ratio, place}
	}
}

// gzipSpeed compares the speed of ktzip without plans with that of gzip.
func gzipSpeed(l *lab) error {
	files, err := l.files()
	if err != nil {
		return err
	}
	t := newTable("file", "level",
		"ktzip, MB/s", "gzip, MB/s", "ratio", "ratio of processor times",
		"ktunzip, MB/s", "gunzip, MB/s", "ratio", "ratio of processor times")
	wall, cpu := make([]lowest, len(levels)+1), make([]lowest, len(levels)+1) // by level, and of restoring
	for _, f := range files {
		if !f.Natural {
			continue
		}
		for k, level := range levels {
			d, err := measureDuel(bench.Repeat(f.Data, speedBytes), level)
			if err != nil {
				return err
			}
			row := []any{f.Name, level}
			place := fmt.Sprintf("%s, level %d", f.Name, level)
			for i, pair := range [][2]timing{{d.compress, d.gzip}, {d.restore, d.gunzip}} {
				ofWall := pair[1].wall.Seconds() / pair[0].wall.Seconds()
				ofCPU := pair[1].cpu.Seconds() / pair[0].cpu.Seconds()
				for _, p := range pair {
					row = append(row, fmt.Sprintf("%.0f", megabytes(d.originalBytes, p.wall)))
				}
				row = append(row, fmt.Sprintf("%.2f", ofWall), fmt.Sprintf("%.2f", ofCPU))
				which := []int{k, len(levels)}[i]
				wall[which].see(ofWall, place)
				cpu[which].see(ofCPU, place)
			}
			t.add(row...)
		}
	}
	low := newTable("what", "bar", "lowest ratio", "on", "lowest ratio of processor times", "on")
	for i := range wall {
		what, bar := "restoring", "0.8"
		if i < len(levels) {
			what, bar = fmt.Sprintf("compressing, level %d", levels[i]), "0.5"
		}
		low.add(what, bar, fmt.Sprintf("%.2f", wall[i].ratio), wall[i].place, fmt.Sprintf("%.2f", cpu[i].ratio), cpu[i].place)
	}
	return errors.Join(l.publish(low, "gzip-speed-lowest", "bench/README.md"), l.publish(t, "gzip-speed", "bench/README.md"))
}
