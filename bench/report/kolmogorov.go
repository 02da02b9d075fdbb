package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"

	"github.com/ktzip/ktzip/search/programs"
)

// kolmogorovPage is the page of the KoLMogorov Test's tables.
const kolmogorovPage = "bench/KOLMOGOROV.md"

// An evaluation is what kteval reports, as far as the tables need it.
type evaluation struct {
	Sequences        int     `json:"sequences"`
	Accuracy         float64 `json:"accuracy"`
	AccuracyByLength []struct {
		AtMost    int     `json:"at_most"`
		Sequences int     `json:"sequences"`
		Rate      float64 `json:"rate"`
	} `json:"accuracy_by_length"`
	AccuracyByOperation map[string]struct {
		Sequences int     `json:"sequences"`
		Rate      float64 `json:"rate"`
	} `json:"accuracy_by_operation"`
	CompressionRate          float64  `json:"compression_rate"`
	CompressionRateRaw       float64  `json:"compression_rate_raw"`
	CompressionRatePublished *float64 `json:"compression_rate_published"`
	PrecisionPublished       *float64 `json:"precision_published"`
	GeneratorRate            float64  `json:"generator_rate"`
	ShareAtMost              float64  `json:"share_at_most_generator"`
	CodedRate                *float64 `json:"coded_rate"`
	MeanMS                   float64  `json:"ms_mean"`
	P99MS                    float64  `json:"ms_p99"`
}

// pairs returns the path of the published pairs.
func (l *lab) pairs() string { return filepath.Join(l.shared, "kt", "pairs.jsonl") }

// evaluate runs kteval on one core.
func (l *lab) evaluate(args ...string) (e evaluation, err error) {
	if _, err := os.Stat(l.pairs()); err != nil {
		return e, errors.Join(errNoFiles, err)
	}
	program, err := l.build("kteval")
	if err != nil {
		return e, err
	}
	out, err := output(program, append([]string{"--threads", "1", "--json"}, args...)...)
	if err != nil {
		return e, err
	}
	return e, json.Unmarshal(out, &e)
}

// kolmogorovBudgets are the budgets of the KoLMogorov Test's table, with the bars of the
// rate with the rest raw, and of the coded rate; empty if there is none.
var kolmogorovBudgets = []struct {
	ms              float64
	rawBar, codeBar string
}{
	{1, "", ""}, {3, "0.346", ""}, {10, "0.333", ""}, {30, "0.329", ""}, {100, "0.326", "0.258"},
}

// kolmogorov measures the rates of the KoLMogorov Test by budget, and draws them.
func kolmogorov(l *lab) error {
	t := newTable("budget", "sequences", "mean, ms", "99 %, ms", "CompressionRate, rest raw", "bar", "as published", "precision, as published",
		"generator's programs", "at most as long as these", "coded rate", "bar")
	p := plot{path: "bench/rates.png", curves: []curve{{name: "CompressionRate, uniform prior, rest raw"}, {name: "coded rate, adaptive prior"}}}
	for _, b := range kolmogorovBudgets {
		budget := fmt.Sprintf("%gms", b.ms)
		e, err := l.evaluate(l.pairs(), "--budget", budget, "--limit", strconv.Itoa(l.fewer(2000)))
		if err != nil {
			return err
		}
		t.add(budget, e.Sequences, fmt.Sprintf("%.1f", e.MeanMS), fmt.Sprintf("%.0f", e.P99MS),
			fmt.Sprintf("%.4f", e.CompressionRateRaw), b.rawBar, fmt.Sprintf("%.4f", *e.CompressionRatePublished), fmt.Sprintf("%.4f", *e.PrecisionPublished),
			fmt.Sprintf("%.4f", e.GeneratorRate), fmt.Sprintf("%.3f", e.ShareAtMost), fmt.Sprintf("%.4f", *e.CodedRate), b.codeBar)
		p.budgets = append(p.budgets, math.Log10(b.ms))
		p.add(e.CompressionRateRaw, *e.CodedRate)
		p.generator = e.GeneratorRate
	}
	return errors.Join(l.publish(t, "kolmogorov", kolmogorovPage), l.draw(p))
}

// limits are budgets with how many of the published pairs the reports about parts of the
// search take at each: as many as keep a row below a minute.
var limits = []struct {
	budget string
	pairs  int
}{{"3ms", 2000}, {"10ms", 2000}, {"100ms", 300}}

// ablation measures what each rule is worth: how many more bits the programs take without
// it, at the same budget.
func ablation(l *lab) error {
	return l.without("ablation", append([]string{""}, programs.Rules()...))
}

// guidance measures what the network is worth that orders the cuts.
func guidance(l *lab) error { return l.without("guidance", []string{"", "ranker"}) }

// without publishes the rates without each of the rules; "" stands for none.
func (l *lab) without(table string, rules []string) error {
	header := []string{"without"}
	for _, b := range limits {
		header = append(header, fmt.Sprintf("%s, %d pairs: rate, rest raw", b.budget, l.fewer(b.pairs)), "more by")
	}
	t := newTable(header...)
	base := make([]float64, len(limits))
	for _, rule := range rules {
		row := []any{rule}
		if rule == "" {
			row[0] = "nothing"
		}
		for i, b := range limits {
			args := []string{l.pairs(), "--budget", b.budget, "--limit", strconv.Itoa(l.fewer(b.pairs)), "--no-coded"}
			if rule != "" {
				args = append(args, "--without", rule)
			}
			e, err := l.evaluate(args...)
			if err != nil {
				return err
			}
			more := ""
			if rule == "" {
				base[i] = e.CompressionRateRaw
			} else {
				more = fmt.Sprintf("%.1f %%", 100*(e.CompressionRateRaw/base[i]-1))
			}
			row = append(row, fmt.Sprintf("%.4f", e.CompressionRateRaw), more)
		}
		t.add(row...)
	}
	return l.publish(t, table, kolmogorovPage)
}
