package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ktzip/ktzip/bench"
	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/dsl"
)

// planBars are the bars of files with plans, at level 6, as shares of the original.
var planBars = map[string]float64{
	"files/ecg_ptb_16bit.dat": 0.400,
	"files/kennedy.xls":       0.042,
	"files/mr_1MiB.dcm":       0.215,
	"kt/audio_16bit.bin":      0.600,
	"kt/audio_8bit.bin":       0.305,
	"kt/audio_mfcc.bin":       0.690,
	"files/flight_px4.ulg":    0.280,
}

// A timedPlanner measures the search for plans.
type timedPlanner struct {
	codec.RepeatPlanner
	took time.Duration
}

func (p *timedPlanner) Plans(ctx context.Context, src []byte, cost func(stream []byte) int) []*dsl.Program {
	began := time.Now()
	defer func() { p.took += time.Since(began) }()
	return p.RepeatPlanner.Plans(ctx, src, cost)
}

// planBytes is the size to which a file is repeated to measure speeds, in bytes.
const planBytes = 8 << 20

// plans measures what plans gain and what they take, on every file but synthetic.bin.
func plans(l *lab) error {
	files, err := l.files()
	if err != nil {
		return err
	}
	t := newTable("file", "bar", "level 6", "level 9", "search, s", "coding, s", "2 threads, MB/s", "without plans, MB/s",
		"restores, MB/s", "operations of the first segment's plan")
	var missed error
	for _, f := range files {
		if !f.Natural {
			continue
		}
		share, err := addPlans(t, f)
		if err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
		if bar, ok := planBars[f.Name]; ok && share > bar {
			missed = errors.Join(missed, fmt.Errorf("%s: %.4f of the original, want at most %.3f", f.Name, share, bar))
		}
	}
	return errors.Join(missed, l.publish(t, "plans", "bench/README.md"))
}

// addPlans measures a file, adds its row, and returns its share at level 6.
func addPlans(t *table, f bench.File) (share float64, err error) {
	shareOf := func(file []byte) float64 { return float64(len(file)) / float64(len(f.Data)) }
	cfg := bench.Config(6, 1)
	timed := &timedPlanner{RepeatPlanner: cfg.Planner.(codec.RepeatPlanner)}
	cfg.Planner = timed
	var file, best, many []byte
	took, err := clock(func() (err error) { file, err = bench.Compress(cfg, f.Data); return err })
	if err != nil {
		return 0, err
	}
	if best, err = bench.Compress(bench.Config(9, 2), f.Data); err != nil {
		return 0, err
	}
	long := bench.Repeat(f.Data, planBytes)
	plain := bench.Config(6, 2)
	plain.Planner = nil
	var speeds [3]string
	for i, do := range []func() error{
		func() (err error) { many, err = bench.Compress(bench.Config(6, 2), long); return err },
		func() error { _, err := bench.Compress(plain, long); return err },
		func() error {
			data, err := bench.Restore(many, 2)
			if err == nil && !bytes.Equal(data, long) {
				err = errors.New("restored something else")
			}
			return err
		},
	} {
		if speeds[i], err = fastest(len(long), do); err != nil {
			return 0, err
		}
	}
	operations, err := planOperations(file)
	if err != nil {
		return 0, err
	}
	bar := ""
	if most, ok := planBars[f.Name]; ok {
		bar = fmt.Sprintf("%.3f", most)
	}
	t.add(f.Name, bar, fmt.Sprintf("%.4f", shareOf(file)), fmt.Sprintf("%.4f", shareOf(best)),
		fmt.Sprintf("%.3f", timed.took.Seconds()), fmt.Sprintf("%.3f", (took.wall-timed.took).Seconds()),
		speeds[0], speeds[1], speeds[2], operations)
	return shareOf(file), nil
}

// fastest returns the speed of the fastest of three runs, in MB/s.
func fastest(size int, f func() error) (string, error) {
	best := 0.0
	for range turns {
		took, err := clock(f)
		if err != nil {
			return "", err
		}
		best = max(best, megabytes(size, took.wall))
	}
	return fmt.Sprintf("%.3g", best), nil
}

// planOperations names the operations of the first segment's plan in the order of their
// execution.
func planOperations(file []byte) (string, error) {
	segments, err := bench.Segments(file)
	if err != nil || len(segments) == 0 || segments[0].Plan == nil {
		return "none", err
	}
	var list []string
	for _, n := range segments[0].Plan.Nodes {
		if n.Op != dsl.Payload && n.Op != dsl.Between {
			list = append(list, n.Op.String())
		}
	}
	return strings.Join(slices.Compact(list), ", "), nil
}
