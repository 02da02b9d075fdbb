package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/ktzip/ktzip/bench"
)

// zpaqBars are how many times as fast files must restore by -9 --mix as by zpaq -m5, by processor time.
var zpaqBars = map[string]float64{
	"kt/text.bin": 1.7, "kt/audio_16bit.bin": 2, "kt/audio_8bit.bin": 2, "kt/audio_mfcc.bin": 2,
	"files/ecg_ptb_16bit.dat": 2, "files/mr_1MiB.dcm": 2, "files/kennedy.xls": 2, "files/flight_px4.ulg": 2,
}

// zpaqTurns is how often each restores, by turns; the least time counts: others compute beside it.
const zpaqTurns = 3

// zpaqSpeed measures how fast files restore by predictors and by zpaq.
func zpaqSpeed(l *lab) error {
	files, err := l.files()
	if err != nil {
		return err
	}
	t := newTable("file", "zpaq x, s", "ktunzip, s", "times as fast", "bar", "MB/s")
	var missed error
	for _, f := range files {
		bar, ok := zpaqBars[f.Name]
		if !ok {
			continue
		}
		ours, theirs, err := besideZPAQ(f, filepath.Join(l.shared, f.Name))
		if err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
		times := theirs.Seconds() / ours.Seconds()
		t.add(f.Name, fmt.Sprintf("%.2f", theirs.Seconds()), fmt.Sprintf("%.2f", ours.Seconds()), fmt.Sprintf("%.2f", times), fmt.Sprintf("%.1f", bar),
			fmt.Sprintf("%.2f", float64(len(f.Data))/1e6/ours.Seconds()))
		if times < bar {
			missed = errors.Join(missed, fmt.Errorf("%s restores %.2f times as fast as by zpaq, want %.1f", f.Name, times, bar))
		}
	}
	return errors.Join(missed, l.publish(t, "zpaq-speed", "bench/README.md"))
}

// besideZPAQ restores f, which stands at path, by predictors and by zpaq, by turns.
func besideZPAQ(f bench.File, path string) (ours, theirs time.Duration, err error) {
	_, file, err := mix(f.Data, 0)
	if err != nil {
		return 0, 0, err
	}
	for k := range zpaqTurns {
		z, err := zpaq(path)
		if err != nil {
			return 0, 0, err
		}
		took, err := clock(func() error { _, err := bench.Restore(file, 1); return err })
		if err != nil {
			return 0, 0, err
		}
		if k == 0 {
			ours, theirs = took.cpu, z.restores
		}
		ours, theirs = min(ours, took.cpu), min(theirs, z.restores)
	}
	return ours, theirs, nil
}

// A zpaqFile is what zpaq -m5 makes of a file.
type zpaqFile struct {
	size     int64 // bytes
	restores time.Duration
}

// zpaq runs zpaq -m5 on a file, there and back, by one thread.
func zpaq(path string) (z zpaqFile, err error) {
	dir, err := os.MkdirTemp("", "report")
	if err != nil {
		return z, err
	}
	defer os.RemoveAll(dir)
	archive := filepath.Join(dir, "a.zpaq")
	if _, err := output("zpaq", "a", archive, path, "-m5", "-t1"); err != nil {
		return z, err
	}
	info, err := os.Stat(archive)
	if err != nil {
		return z, err
	}
	cmd := exec.Command("zpaq", "x", archive, "-to", filepath.Join(dir, "restored"), "-t1")
	if err := cmd.Run(); err != nil {
		return z, fmt.Errorf("%s: %w", cmd, err)
	}
	return zpaqFile{info.Size(), cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}, nil
}
