package main

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"
)

const seqcoderReadme = "search/seqcoder/README.md"

// seqcoderPairs is how many pairs of each kind the transformer is measured on.
const seqcoderPairs = "300"

// A pairsFile is a file of pairs, and what the tables call it.
type pairsFile struct{ name, path string }

// freshPairs draws pairs that are not among the published ones, and returns both files.
func (l *lab) freshPairs() ([]pairsFile, error) {
	ktgen, err := l.build("ktgen")
	if err != nil {
		return nil, err
	}
	drawn, err := output(ktgen, "--seed", "777", "--count", seqcoderPairs, "--without", l.pairs())
	if err != nil {
		return nil, err
	}
	fresh := filepath.Join(l.tmp, "fresh.jsonl")
	return []pairsFile{
		{"pairs.jsonl, the first " + seqcoderPairs, l.pairs()},
		{"fresh pairs, seed 777", fresh},
	}, os.WriteFile(fresh, drawn, 0o644)
}

// seqcoder measures what the built-in model is worth: alone, and in addition to the
// enumeration within the same budget, on published and on fresh pairs.
func seqcoder(l *lab) error {
	files, err := l.freshPairs()
	if err != nil {
		return err
	}
	return errors.Join(seqcoderAlone(l, files), seqcoderBoth(l, files))
}

func seqcoderAlone(l *lab, files []pairsFile) error {
	alone := newTable("sequences", "budget", "mean, ms", "accuracy", "CompressionRate, rest raw", "rest with gzip")
	var last evaluation
	for _, f := range files {
		for _, budget := range []string{"30ms", "100ms", "300ms"} {
			e, err := l.evaluate(f.path, "--search", "seqcoder", "--budget", budget, "--limit", seqcoderPairs, "--no-coded")
			if err != nil {
				return err
			}
			alone.add(f.name, budget, fmt.Sprintf("%.1f", e.MeanMS), fmt.Sprintf("%.4f", e.Accuracy),
				fmt.Sprintf("%.4f", e.CompressionRateRaw), fmt.Sprintf("%.4f", e.CompressionRate))
			last = e
		}
	}
	kinds := newTable("fresh pairs, alone, 300ms", "sequences", "CompressionRate, rest raw")
	for k, n := range last.AccuracyByLength {
		name := fmt.Sprintf("length at most %d", n.AtMost)
		if n.AtMost == 0 {
			name = fmt.Sprintf("length above %d", last.AccuracyByLength[k-1].AtMost)
		}
		kinds.add(name, n.Sequences, fmt.Sprintf("%.4f", n.Rate))
	}
	for _, op := range slices.Sorted(maps.Keys(last.AccuracyByOperation)) {
		o := last.AccuracyByOperation[op]
		kinds.add(op, o.Sequences, fmt.Sprintf("%.4f", o.Rate))
	}
	return errors.Join(l.publish(alone, "alone"), l.publish(kinds, "parts", seqcoderReadme))
}

func seqcoderBoth(l *lab, files []pairsFile) error {
	t := newTable("sequences", "budget", "enumeration: mean, ms", "rate", "both: mean, ms", "rate", "bits of both / of enumeration")
	p := plot{path: "search/seqcoder/rates.png", curves: []curve{{name: "enumeration, CompressionRate, rest raw"}, {name: "both"}}}
	for _, f := range files {
		for _, ms := range []float64{10, 30, 100, 300} {
			args := []string{f.path, "--budget", fmt.Sprintf("%gms", ms), "--limit", seqcoderPairs, "--no-coded", "--search"}
			a, err := l.evaluate(append(args, "enumerate")...)
			if err != nil {
				return err
			}
			b, err := l.evaluate(append(args, "both")...)
			if err != nil {
				return err
			}
			t.add(f.name, fmt.Sprintf("%g ms", ms), fmt.Sprintf("%.1f", a.MeanMS), fmt.Sprintf("%.4f", a.CompressionRateRaw),
				fmt.Sprintf("%.1f", b.MeanMS), fmt.Sprintf("%.4f", b.CompressionRateRaw),
				fmt.Sprintf("%.4f", b.CompressionRateRaw/a.CompressionRateRaw))
			if f.path == l.pairs() {
				p.budgets = append(p.budgets, math.Log10(ms))
				p.add(a.CompressionRateRaw, b.CompressionRateRaw)
			}
		}
	}
	return errors.Join(l.publish(t, "both", seqcoderReadme), l.draw(p))
}

// seqcoderFiles measures ktzip with and without the model, on files.
func seqcoderFiles(l *lab) error {
	program, err := l.build("ktzip")
	if err != nil {
		return err
	}
	files, err := l.files()
	if err != nil {
		return err
	}
	t := newTable("file", "enumeration: bytes", "s", "both: bytes", "s", "bytes of both / of enumeration", "time")
	for _, f := range files {
		var sizes [2]int
		times := [2]time.Duration{math.MaxInt64, math.MaxInt64}
		for range 2 {
			for k, how := range []string{"enumerate", "both"} {
				cmd := exec.Command(program, "-T2", "--search", how)
				cmd.Stdin = bytes.NewReader(f.Data)
				began := time.Now()
				out, err := cmd.Output()
				if err != nil {
					return fmt.Errorf("%s: %s: %w", f.Name, cmd, err)
				}
				sizes[k], times[k] = len(out), min(times[k], time.Since(began))
			}
		}
		t.add(f.Name, sizes[0], fmt.Sprintf("%.2f", times[0].Seconds()), sizes[1], fmt.Sprintf("%.2f", times[1].Seconds()),
			fmt.Sprintf("%.4f", float64(sizes[1])/float64(sizes[0])), fmt.Sprintf("%.2f", times[1].Seconds()/times[0].Seconds()))
	}
	return l.publish(t, "files", seqcoderReadme)
}
