package bench

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/dsl"
)

// planBars are the shares of the original that files are to reach at the default level,
// beside what others take: gzip 1.12 -9, zstd 1.5.4 -19, xz 5.4.1 -9e.
var planBars = []struct {
	name           string
	bar            float64 // 0: none
	gzip, zstd, xz float64
}{
	{"files/ecg_ptb_16bit.dat", 0.40, 0.7602, 0.7479, 0.5561},
	{"files/kennedy.xls", 0.042, 0.2037, 0.0677, 0.0504},
	{"files/mr_1MiB.dcm", 0.215, 0.3305, 0.2987, 0.2523},
	{"kt/audio_16bit.bin", 0.600, 0.8076, 0.7837, 0.6989},
	{"kt/audio_8bit.bin", 0.305, 0.3599, 0.3258, 0.3031},
	{"kt/audio_mfcc.bin", 0.690, 0.8070, 0.7715, 0.6991},
	{"files/flight_px4.ulg", 0.28, 0.4150, 0.3783, 0.3518},
	{"kt/dna.bin", 0, 0.2677, 0.2361, 0.2275},
	{"kt/text.bin", 0, 0.3555, 0.3002, 0.2909},
	{"files/alice29.txt", 0, 0.3563, 0.3236, 0.3191},
	{"files/fields.c", 0, 0.2813, 0.2708, 0.2719},
	{"files/firmware_avr32.elf", 0, 0.3721, 0.3266, 0.2945},
	{"files/ptt5", 0, 0.1021, 0.0847, 0.0777},
	{"files/sum", 0, 0.3340, 0.2938, 0.2484},
	{"files/xml_1MiB.tar", 0, 0.1419, 0.1192, 0.1164},
}

// A timedPlanner notes how long looking for plans takes.
type timedPlanner struct {
	codec.Planner
	took time.Duration
}

func (p *timedPlanner) Plans(ctx context.Context, src []byte, cost func(stream []byte) int) []*dsl.Program {
	began := time.Now()
	defer func() { p.took += time.Since(began) }()
	return p.Planner.Plans(ctx, src, cost)
}

// TestPlans reports what plans make of the files: sizes; the time of search and coding of
// the file on one thread; speed on two threads, of the file repeated to 8 MiB, the best of
// three.
func TestPlans(t *testing.T) {
	if !*report {
		t.Skip("it only reports: -report")
	}
	files := needFiles(t)
	table := &markdown{head: []string{"file", "gzip -9", "zstd -19", "xz -9e", "bar", "level 6", "level 9", "search, s", "coding, s", "2 threads, MB/s", "without plans, MB/s", "restores, MB/s", "operations of the plan (of the first segment)"}}
	for _, b := range planBars {
		i := slices.IndexFunc(files, func(f File) bool { return f.Name == b.name })
		if i < 0 {
			continue
		}
		data := files[i].Data
		share := func(coded []byte) string { return fmt.Sprintf("%.4f", float64(len(coded))/float64(len(data))) }
		cfg := writerConfig(6, 1)
		timed := &timedPlanner{Planner: cfg.Planner}
		cfg.Planner = timed
		began := time.Now()
		coded := compress(t, cfg, data)
		coding := time.Since(began) - timed.took

		long := Repeat(data, 8<<20)
		plain := writerConfig(6, 2)
		plain.Planner = nil
		var many []byte
		with := fastest(long, func() { many = compress(t, writerConfig(6, 2), long) })
		without := fastest(long, func() { compress(t, plain, long) })
		restored := fastest(long, func() {
			if !bytes.Equal(restore(t, 2, many), long) {
				t.Fatal(b.name, "does not restore")
			}
		})
		bar := ""
		if b.bar > 0 {
			bar = fmt.Sprintf("%.3f", b.bar)
		}
		table.row(b.name, b.gzip, b.zstd, b.xz, bar, share(coded), share(compress(t, writerConfig(9, 2), data)),
			fmt.Sprintf("%.3f", timed.took.Seconds()), fmt.Sprintf("%.3f", coding.Seconds()), with, without, restored, operations(t, coded))
	}
	table.report(t, "plans")
}

// fastest is the speed of the best of three runs of f on data, in MB/s.
func fastest(data []byte, f func()) string {
	best := time.Duration(1 << 62)
	for range 3 {
		began := time.Now()
		f()
		best = min(best, time.Since(began))
	}
	return fmt.Sprintf("%.3g", float64(len(data))/1e6/best.Seconds())
}

// operations names those of the plan of the first segment, as they are executed.
func operations(t *testing.T, coded []byte) string {
	names := "none"
	must(t, codec.Inspect(bytes.NewReader(coded), nil, false, func(s *codec.SegmentInfo) error {
		if s.Plan == nil || s.Offset > 0 {
			return nil
		}
		var list []string
		for _, n := range s.Plan.Nodes {
			if n.Op != dsl.Payload && n.Op != dsl.Between {
				list = append(list, n.Op.String())
			}
		}
		names = strings.Join(slices.Compact(list), ", ")
		return nil
	}))
	return names
}
