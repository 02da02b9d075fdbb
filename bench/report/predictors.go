package main

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/ktzip/ktzip/bench"
	"github.com/ktzip/ktzip/codec"
)

// A predictorBar is what a file must reach with predictors, as a share of the original: with any, and
// with those that restore at fastRestore.
type predictorBar struct{ any, fast float64 }

var predictorBars = map[string]predictorBar{
	"kt/audio_16bit.bin":      {0.494, 0.500},
	"kt/audio_8bit.bin":       {0.193, 0.215},
	"kt/audio_mfcc.bin":       {0.630, 0.640},
	"files/ecg_ptb_16bit.dat": {0.222, 0.250},
	"files/mr_1MiB.dcm":       {0.160, 0.173},
	"files/kennedy.xls":       {0.013, 1},
	"files/flight_px4.ulg":    {0.212, 1},

	"kt/text.bin":              {0.226, 1},
	"kt/dna.bin":               {0.203, 1},
	"files/firmware_avr32.elf": {0.256, 1},
	"files/ptt5":               {0.052, 1},
	"files/xml_1MiB.tar":       {0.083, 1},
	"files/alice29.txt":        {0.243, 1},
	"files/sum":                {0.228, 1},
	"files/fields.c":           {0.210, 1},
}

// fastRestore is the restoring speed that is asked for, in bytes a second.
const fastRestore = 5_000_000

// predicted measures what predictors gain at level 9, and what restoring by them takes.
func predicted(l *lab) error {
	files, err := l.files()
	if err != nil {
		return err
	}
	t := newTable("file", "-9", "bar", "-9 --mix", "compresses, MB/s", "restores, MB/s", "expected", "memory, MiB",
		"bar at 5 MB/s", "-9 --restore-speed 5MB/s", "restores, MB/s", "predictor")
	var missed error
	for _, f := range files {
		if !f.Natural {
			continue
		}
		if err := addPredicted(t, f, &missed); err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	return errors.Join(missed, l.publish(t, "predictors", "bench/README.md"))
}

// addPredicted measures a file and adds its row; a bar that it misses is added to missed.
func addPredicted(t *table, f bench.File, missed *error) error {
	plain, err := bench.Compress(bench.Config(9, 1), f.Data)
	if err != nil {
		return err
	}
	any, err := predict(f, 0)
	if err != nil {
		return err
	}
	fast, err := predict(f, fastRestore)
	if err != nil {
		return err
	}
	share := func(n int) float64 { return float64(n) / float64(len(f.Data)) }
	bars := [2]string{}
	if bar, ok := predictorBars[f.Name]; ok {
		for i, c := range []struct{ got, most float64 }{{share(any.size), bar.any}, {share(fast.size), bar.fast}} {
			if c.most < 1 {
				bars[i] = fmt.Sprintf("%.3f", c.most)
			}
			if c.got > c.most {
				*missed = errors.Join(*missed, fmt.Errorf("%s: %.4f of the original, want at most %.3f", f.Name, c.got, c.most))
			}
		}
	}
	t.add(f.Name, fmt.Sprintf("%.4f", share(len(plain))), bars[0], fmt.Sprintf("%.4f", share(any.size)), any.speed, any.restores,
		any.expected, any.memory, bars[1], fmt.Sprintf("%.4f", share(fast.size)), fast.restores, any.text)
	return nil
}

// A predictedFile is a file that was coded by predictors.
type predictedFile struct {
	size                              int // bytes
	speed, restores, expected, memory string
	text                              string
}

// predict codes f at level 9 by predictors that restore at so many bytes a second; 0: any.
func predict(f bench.File, speed int) (p predictedFile, err error) {
	took, file, err := mix(f.Data, speed)
	if err != nil {
		return p, err
	}
	p.size, p.speed = len(file), fmt.Sprintf("%.2f", float64(len(f.Data))/1e6/took.wall.Seconds())
	p.restores, err = fastest(len(f.Data), func() error { _, err := bench.Restore(file, 1); return err })
	if err != nil {
		return p, err
	}
	p.expected, p.text = "-", "none"
	time, found := int64(0), []string{}
	err = codec.Inspect(bytes.NewReader(file), nil, false, func(info *codec.SegmentInfo) error {
		if info.Size == 0 {
			p.memory = fmt.Sprintf("%.1f", float64(codec.Memory(info.Header))/(1<<20))
			return nil
		}
		time += info.Time
		for _, g := range info.Groups {
			if g.Predictor == nil || len(found) > 0 {
				continue
			}
			for _, n := range g.Predictor.Nodes {
				found = append(found, n.Op.String())
			}
		}
		return nil
	})
	if len(found) > 0 {
		p.text = strings.Join(found, " ")
		p.expected = fmt.Sprintf("%.1f", float64(len(f.Data))*1e3/float64(time))
	}
	return p, err
}
