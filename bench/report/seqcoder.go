package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
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

// A curriculum is a way to train the transformer.
type curriculum struct {
	name  string
	kinds string // of ktgen
	flags []string
	seeds []string // of the drawn pairs and of the first weights
	steps string
}

// curricula are compared at equal steps, and so at equal tokens: a step has trainingTokens. The
// first one shows what the search reaches without a model that knows anything.
var curricula = []curriculum{
	{name: "untrained", kinds: "pairs", seeds: []string{"1"}, steps: "1"},
	{name: "shuffled", kinds: "pairs", seeds: []string{"1", "2"}, steps: trainingSteps},
	{name: "short pairs first", kinds: "pairs", flags: []string{"--curriculum"}, seeds: []string{"1", "2"}, steps: trainingSteps},
	{name: "a third real", kinds: "pairs,pairs,real", seeds: []string{"1", "2"}, steps: trainingSteps},
	{name: "two thirds real", kinds: "pairs,real,real", seeds: []string{"1", "2"}, steps: trainingSteps},
}

// What all trainings have in common. The sizes are arbitrary: a training takes less than two
// minutes of a core.
const (
	trainingTokens = "2048"   // of a step
	trainingSteps  = "1000"   // of a training
	realSteps      = "100000" // of the search for a program of a real window: half a millisecond
	longestText    = "256"    // tokens, the model's context
	heldTexts      = "1000"
	trainingFresh  = "100" // fresh pairs, of another seed
	trainingBlocks = "100" // of each file of which programs are searched
	// sequences of 128 bytes of each file that is coded as by a language model
	trainingSequences = "256"
)

var (
	trainingModel = []string{"--width", "96", "--layers", "3", "--heads", "3", "--context", longestText, "--rate", "3e-3", "--bf16"}
	languageFiles = []string{"audio_16bit", "audio_8bit", "audio_mfcc", "dna", "synthetic", "text"} // of the folder kt
	blockFiles    = []string{"audio_8bit", "synthetic"}                                             // those of which programs are searched
)

// A trainer has what all trainings need.
type trainer struct {
	*lab
	python, folder string // an interpreter with PyTorch; the folder of train.py
	ktgen          string
	real           string // the files of real windows, separated by commas
	held, fresh    string // pairs to measure with
}

// transformerTraining measures what the order and the kinds of training pairs do to small
// transformers that are trained for equal steps on a core.
func transformerTraining(l *lab) error {
	t, err := l.trainer()
	if err != nil {
		return err
	}
	programs := newTable("trained on", "seed", "pairs read", "loss per token", "exact", "fresh pairs: rate", "audio_8bit: rate", "synthetic: rate")
	coding := newTable(append([]string{"trained on", "seed"}, languageFiles...)...)
	seconds := 0.0
	for _, c := range curricula {
		for _, seed := range c.seeds {
			last, weights, err := t.train(c, seed)
			if err != nil {
				return err
			}
			s, _ := strconv.ParseFloat(last["seconds"], 64)
			seconds += s
			rates, err := t.rates(weights)
			if err != nil {
				return err
			}
			programs.add(append([]any{c.name, seed, last["pairs"], last["held_loss"], last["exact"]}, rates...)...)
			bits, err := t.bits(weights)
			if err != nil {
				return err
			}
			coding.add(append([]any{c.name, seed}, bits...)...)
			fmt.Fprintln(l.out, c.name, seed, last, rates, bits)
		}
	}
	fmt.Fprintf(l.out, "%.0f seconds of training\n", seconds)
	return errors.Join(l.publish(programs, "transformer-training", kolmogorovPage), l.publish(coding, "transformer-coding", kolmogorovPage))
}

// trainer draws what the trainings are measured with.
func (l *lab) trainer() (*trainer, error) {
	ktgen, err := l.build("ktgen")
	if err != nil {
		return nil, err
	}
	folder, err := filepath.Abs(filepath.Join(l.root, "search", "seqcoder", "train"))
	if err != nil {
		return nil, err
	}
	t := &trainer{lab: l, python: os.Getenv("PYTHON"), folder: folder, ktgen: ktgen}
	if t.python == "" {
		t.python = "python3"
	}
	if _, err := output(t.python, "-c", "import torch"); err != nil {
		return nil, fmt.Errorf("training needs PyTorch; PYTHON names the interpreter that has it: %w", err)
	}
	for _, pattern := range []string{"files/*", "field/*"} { // not those of kt, which are for measuring only
		paths, _ := filepath.Glob(filepath.Join(l.shared, filepath.FromSlash(pattern)))
		for _, path := range slices.Sorted(slices.Values(paths)) {
			if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && filepath.Ext(path) != ".md" {
				t.real += "," + path
			}
		}
	}
	if t.real = strings.TrimPrefix(t.real, ","); t.real == "" {
		return nil, errNoFiles
	}
	t.held, t.fresh = filepath.Join(l.tmp, "held.bin"), filepath.Join(l.tmp, "trained.jsonl")
	for path, args := range map[string][]string{
		t.held:  {"--seed", "99", "--count", heldTexts, "--packed", "--longest", longestText},
		t.fresh: {"--seed", "777", "--count", trainingFresh, "--longest", longestText},
	} {
		drawn, err := output(ktgen, append(args, "--without", l.pairs())...)
		if err != nil {
			return nil, err
		}
		if err := os.WriteFile(path, drawn, 0o644); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// train trains a transformer and returns the last row of its log, by column, and the file of
// its weights.
func (t *trainer) train(c curriculum, seed string) (last map[string]string, weights string, err error) {
	args := []string{"--seed", seed, "--threads", "1", "--packed", "--longest", longestText, "--without", t.pairs(), "--kinds", c.kinds}
	if strings.Contains(c.kinds, "real") {
		args = append(args, "--real", t.real, "--steps", realSteps)
	}
	draw := exec.Command(t.ktgen, args...)
	out := filepath.Join(t.tmp, "trained")
	args = append([]string{filepath.Join(t.folder, "train.py"), "--out", out, "--held-out", t.held, "--held", heldTexts, "--seed", seed,
		"--steps", c.steps, "--minutes", "1e6", "--save", "1e9", "--batch", trainingTokens}, trainingModel...) // steps alone decide
	train := exec.Command(t.python, append(args, c.flags...)...)
	train.Env = append(os.Environ(), "OMP_NUM_THREADS=1")
	var drawing, training strings.Builder
	draw.Stderr, train.Stderr = &drawing, &training
	pipe, err := draw.StdoutPipe()
	if err != nil {
		return nil, "", err
	}
	train.Stdin = pipe
	if err := draw.Start(); err != nil {
		return nil, "", err
	}
	err = train.Run()
	pipe.Close()
	draw.Wait() // an error: it draws until nobody reads
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w: %s%s", c.name, err, drawing.String(), training.String())
	}
	log, err := os.ReadFile(filepath.Join(out, "log.csv"))
	if err != nil {
		return nil, "", err
	}
	rows, err := readRows(log)
	if err != nil {
		return nil, "", fmt.Errorf("%s: log.csv: %w: %s", c.name, err, drawing.String())
	}
	if last = rows[len(rows)-1]; last["step"] != c.steps {
		return nil, "", fmt.Errorf("%s: it ended at step %s: %s", c.name, last["step"], drawing.String())
	}
	return last, filepath.Join(out, "weights.safetensors"), nil
}

// readRows returns the rows of a CSV table, at least one, by column.
func readRows(text []byte) (rows []map[string]string, err error) {
	all, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		return nil, err
	}
	if len(all) < 2 {
		return nil, errors.New("no rows")
	}
	for _, cells := range all[1:] {
		row := map[string]string{}
		for i, column := range all[0] {
			row[column] = cells[i]
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// rates returns the rates that the transformer reaches alone, the rest raw: of fresh pairs,
// and of the first blocks of files.
func (t *trainer) rates(weights string) (cells []any, err error) {
	sets := [][]string{{t.fresh, "--budget", "100ms"}}
	for _, name := range blockFiles {
		sets = append(sets, []string{filepath.Join(t.shared, "kt", name+".bin"), "--budget", "50ms", "--limit", trainingBlocks})
	}
	for _, args := range sets {
		e, err := t.evaluate(append(args, "--search", "seqcoder", "--model", weights, "--no-coded", "--no-progress")...)
		if err != nil {
			return nil, err
		}
		cells = append(cells, fmt.Sprintf("%.4f", e.CompressionRateRaw))
	}
	return cells, nil
}

// bits returns the bits per byte of languageFiles, coded by the transformer as a language model.
func (t *trainer) bits(weights string) (cells []any, err error) {
	kteval, err := t.build("kteval")
	if err != nil {
		return nil, err
	}
	for _, name := range languageFiles {
		out, err := output(kteval, "--threads", "1", "--json", "--baseline", "lmic", "--model", weights, "--limit", trainingSequences,
			filepath.Join(t.shared, "kt", name+".bin"))
		if err != nil {
			return nil, err
		}
		var r baselineRates
		if err := json.Unmarshal(out, &r); err != nil {
			return nil, err
		}
		cells = append(cells, fmt.Sprintf("%.2f", 8*r.Rates["lmic_each"]))
	}
	return cells, nil
}
