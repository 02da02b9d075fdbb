package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// modalities are the files of the KoLMogorov Test, without their ending.
var modalities = []string{"synthetic", "text", "dna", "audio_8bit", "audio_mfcc", "audio_16bit"}

// baselineSequences is how many sequences of a file the transformer and the search get, at least: they take
// 45 and 25 ms per sequence.
const baselineSequences = 1000

// baselineLength is the size of a sequence in bytes.
const baselineLength = 128

// baselines measures what coders make of the sequences of each modality, and what the search does.
func baselines(l *lab) error {
	t := newTable("128-byte sequences of", "sequences", "gzip, each", "joined", "joined, as bytes", "order 2, each", "joined",
		"of these, for the others", "LMIC", "with weights", "search, published", "rest raw", "coded rate")
	for _, name := range modalities {
		if !strings.Contains(name, l.only) {
			continue
		}
		path := filepath.Join(l.shared, "kt", name+".bin")
		info, err := os.Stat(path)
		if err != nil {
			return err
		}
		every := strconv.Itoa(max(int(info.Size())/baselineLength/baselineSequences, 1) * l.every)
		cheap, err := l.baseline(path, "gzip,order2", strconv.Itoa(l.every))
		if err != nil {
			return err
		}
		model, err := l.baseline(path, "lmic", every)
		if err != nil {
			return err
		}
		e, err := l.evaluate(path, "--budget", "10ms", "--every", every)
		if err != nil {
			return err
		}
		published := "none" // this machine has no zlib
		if e.CompressionRatePublished != nil {
			published = fmt.Sprintf("%.4f", *e.CompressionRatePublished)
		}
		t.add(name, cheap.Sequences, cheap.rate("gzip_each"), cheap.rate("gzip_joined"), cheap.rate("gzip_joined_bytes"),
			cheap.rate("order2_each"), cheap.rate("order2_joined"), model.Sequences, model.rate("lmic_each"), model.rate("lmic_with_weights"),
			published, fmt.Sprintf("%.4f", e.CompressionRateRaw), fmt.Sprintf("%.4f", *e.CodedRate))
	}
	return l.publish(t, "baselines", kolmogorovPage)
}

// baselineRates is what kteval reports of baselines.
type baselineRates struct {
	Sequences int                `json:"sequences"`
	Rates     map[string]float64 `json:"rates"`
}

// rate returns a rate for the table.
func (r *baselineRates) rate(name string) string {
	v := r.Rates[name]
	if v >= 10 { // it is that of weights
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.4f", v)
}

// baseline measures baselines on the first of every so many sequences of a file.
func (l *lab) baseline(path, names, every string) (r baselineRates, err error) {
	program, err := l.build("kteval")
	if err != nil {
		return r, err
	}
	out, err := output(program, "--threads", "1", "--json", "--baseline", names, "--every", every, "--length", strconv.Itoa(baselineLength), path)
	if err != nil {
		return r, err
	}
	return r, json.Unmarshal(out, &r)
}
