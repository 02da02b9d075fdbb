package bench

import (
	"bytes"
	"fmt"
	"maps"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

const seqcoderReadme = "../search/seqcoder/README.md"

// TestSeqCoder measures what the model built in is worth: alone, and beside enumeration
// for the same budget, on the published pairs and on fresh ones.
func TestSeqCoder(t *testing.T) {
	eval := kteval(t)
	dir := t.TempDir()
	fresh := filepath.Join(dir, "fresh.jsonl")
	drawn, err := exec.Command("go", "run", "../cmd/ktgen", "--seed", "777", "--count", "300", "--without", pairsFile).Output()
	must(t, err)
	must(t, os.WriteFile(fresh, drawn, 0o644))
	files := []struct{ name, path string }{{"pairs.jsonl, the first 300", pairsFile}, {"fresh pairs, seed 777", fresh}}

	alone := markdown{head: []string{"sequences", "budget", "mean, ms", "accuracy", "CompressionRate, rest raw", "rest with gzip"}}
	var last evaluation
	for _, f := range files {
		for _, budget := range []string{"30ms", "100ms", "300ms"} {
			e := eval(f.path, "--search", "seqcoder", "--budget", budget, "--limit", "300", "--no-coded")
			alone.row(f.name, budget, fmt.Sprintf("%.1f", e.MeanMS), fmt.Sprintf("%.4f", e.Accuracy), fmt.Sprintf("%.4f", e.CompressionRateRaw), fmt.Sprintf("%.4f", e.CompressionRate))
			last = e
		}
	}
	alone.reportIn(t, seqcoderReadme, "alone")
	parts := markdown{head: []string{"fresh pairs, alone, 300ms", "sequences", "CompressionRate, rest raw"}}
	for k, l := range last.AccuracyByLength {
		name := fmt.Sprintf("length at most %d", l.AtMost)
		if l.AtMost == 0 {
			name = fmt.Sprintf("length above %d", last.AccuracyByLength[k-1].AtMost)
		}
		parts.row(name, l.Sequences, fmt.Sprintf("%.4f", l.Rate))
	}
	for _, op := range slices.Sorted(maps.Keys(last.AccuracyByOperation)) {
		o := last.AccuracyByOperation[op]
		parts.row(op, o.Sequences, fmt.Sprintf("%.4f", o.Rate))
	}
	parts.reportIn(t, seqcoderReadme, "parts")

	both := markdown{head: []string{"sequences", "budget", "enumeration: mean, ms", "rate", "both: mean, ms", "rate", "bits of both / of enumeration"}}
	var budgets []float64
	curves := []series{{"enumeration, CompressionRate, rest raw", nil}, {"both", nil}}
	for _, f := range files {
		for _, ms := range []float64{10, 30, 100, 300} {
			args := []string{f.path, "--budget", fmt.Sprintf("%gms", ms), "--limit", "300", "--no-coded", "--search"}
			a, b := eval(append(args, "enumerate")...), eval(append(args, "both")...)
			both.row(f.name, fmt.Sprintf("%g ms", ms), fmt.Sprintf("%.1f", a.MeanMS), fmt.Sprintf("%.4f", a.CompressionRateRaw),
				fmt.Sprintf("%.1f", b.MeanMS), fmt.Sprintf("%.4f", b.CompressionRateRaw), fmt.Sprintf("%.4f", b.CompressionRateRaw/a.CompressionRateRaw))
			if f.path == pairsFile {
				budgets = append(budgets, math.Log10(ms))
				curves[0].rates = append(curves[0].rates, a.CompressionRateRaw)
				curves[1].rates = append(curves[1].rates, b.CompressionRateRaw)
			}
		}
	}
	both.reportIn(t, seqcoderReadme, "both")
	if *update {
		must(t, draw("../search/seqcoder/rates.png", budgets, curves))
	}
}

// TestSeqCoderFiles measures ktzip with and without the model on files.
func TestSeqCoderFiles(t *testing.T) {
	if !*report {
		t.Skip("it only reports: -report")
	}
	files := needFiles(t)
	dir := t.TempDir()
	binary := filepath.Join(dir, "ktzip")
	if out, err := exec.Command("go", "build", "-o", binary, "../cmd/ktzip").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	table := markdown{head: []string{"file", "enumeration: bytes", "s", "both: bytes", "s", "bytes of both / of enumeration", "time"}}
	for _, f := range files {
		var sizes [2]int
		times := [2]time.Duration{1 << 62, 1 << 62}
		for range 2 {
			for k, how := range []string{"enumerate", "both"} {
				cmd := exec.Command(binary, "-T2", "--search", how)
				cmd.Stdin = bytes.NewReader(f.Data)
				began := time.Now()
				out, err := cmd.Output()
				must(t, err)
				sizes[k], times[k] = len(out), min(times[k], time.Since(began))
			}
		}
		table.row(f.Name, sizes[0], fmt.Sprintf("%.2f", times[0].Seconds()), sizes[1], fmt.Sprintf("%.2f", times[1].Seconds()),
			fmt.Sprintf("%.4f", float64(sizes[1])/float64(sizes[0])), fmt.Sprintf("%.2f", times[1].Seconds()/times[0].Seconds()))
	}
	table.reportIn(t, seqcoderReadme, "files")
}
