package bench

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/wcharczuk/go-chart/v2"

	"github.com/ktzip/ktzip/search/programs"
)

const pairsFile = "../../shared/kt/pairs.jsonl"

// evaluation is what kteval reports, as far as the tables need it.
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
	CompressionRate    float64  `json:"compression_rate"`
	CompressionRateRaw float64  `json:"compression_rate_raw"`
	GeneratorRate      float64  `json:"generator_rate"`
	ShareAtMost        float64  `json:"share_at_most_generator"`
	CodedRate          *float64 `json:"coded_rate"`
	MeanMS             float64  `json:"ms_mean"`
	P99MS              float64  `json:"ms_p99"`
}

// kteval builds the command and returns how to run it, on one core.
func kteval(t *testing.T) func(args ...string) evaluation {
	t.Helper()
	if !*report {
		t.Skip("-report not given")
	}
	if _, err := os.Stat(pairsFile); err != nil {
		t.Skipf("no pairs to measure on: %v", err)
	}
	binary := filepath.Join(t.TempDir(), "kteval")
	if out, err := exec.Command("go", "build", "-o", binary, "../cmd/kteval").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return func(args ...string) (e evaluation) {
		t.Helper()
		out, err := exec.Command(binary, append([]string{"--threads", "1", "--json"}, args...)...).Output()
		must(t, err)
		must(t, json.Unmarshal(out, &e))
		return e
	}
}

// TestKolmogorov measures the rates of the KoLMogorov Test against the budget,
// and draws them.
func TestKolmogorov(t *testing.T) {
	eval := kteval(t)
	table := markdown{head: []string{"budget", "sequences", "mean, ms", "99 %, ms", "CompressionRate, rest raw", "bar", "rest with gzip",
		"the generator's own", "at most as long as its", "coded rate", "bar"}}
	var budgets, rates, coded []float64
	for _, b := range []struct {
		budget    string
		ms        float64
		sequences int
		bar, code string
	}{{"1ms", 1, 2000, "", ""}, {"3ms", 3, 2000, "", ""}, {"10ms", 10, 2000, "0.350", ""}, {"30ms", 30, 2000, "", ""}, {"100ms", 100, 2000, "0.336", "0.280"}} {
		e := eval(pairsFile, "--budget", b.budget, "--limit", fmt.Sprint(b.sequences))
		table.row(b.budget, e.Sequences, fmt.Sprintf("%.1f", e.MeanMS), fmt.Sprintf("%.0f", e.P99MS), fmt.Sprintf("%.4f", e.CompressionRateRaw), b.bar,
			fmt.Sprintf("%.4f", e.CompressionRate), fmt.Sprintf("%.4f", e.GeneratorRate), fmt.Sprintf("%.3f", e.ShareAtMost), fmt.Sprintf("%.4f", *e.CodedRate), b.code)
		budgets = append(budgets, math.Log10(b.ms))
		rates = append(rates, e.CompressionRateRaw)
		coded = append(coded, *e.CodedRate)
	}
	table.report(t, "kolmogorov")
	if *update {
		must(t, draw("rates.png", budgets, []series{
			{"CompressionRate, uniform prior, rest raw", rates}, {"coded rate, adaptive prior", coded},
		}))
	}
}

// A series is a curve of rates.
type series struct {
	name  string
	rates []float64
}

// draw draws rates against the logarithm of the budget in ms.
func draw(name string, budgets []float64, list []series) error {
	var ticks []chart.Tick
	for _, b := range budgets {
		ticks = append(ticks, chart.Tick{Value: b, Label: fmt.Sprintf("%.3g ms", math.Pow(10, b))})
	}
	line := func(v float64) []float64 {
		var ys []float64
		for range budgets {
			ys = append(ys, v)
		}
		return ys
	}
	dotted := chart.Style{StrokeDashArray: []float64{4, 4}, StrokeWidth: 1, StrokeColor: chart.ColorAlternateGray}
	solid := func(k int) chart.Style {
		return chart.Style{StrokeWidth: 2, DotWidth: 3, StrokeColor: chart.GetDefaultColor(k), DotColor: chart.GetDefaultColor(k)}
	}
	c := chart.Chart{
		Width: 900, Height: 480,
		Background: chart.Style{Padding: chart.Box{Top: 50, Left: 20, Right: 20, Bottom: 10}},
		XAxis:      chart.XAxis{Ticks: ticks},
		YAxis:      chart.YAxis{ValueFormatter: func(v any) string { return fmt.Sprintf("%.3f", v) }},
	}
	for k, l := range list {
		c.Series = append(c.Series, chart.ContinuousSeries{Name: l.name, XValues: budgets, YValues: l.rates, Style: solid(k)})
	}
	c.Series = append(c.Series, chart.ContinuousSeries{Name: "the generator's own programs (0.331)", XValues: budgets, YValues: line(0.3305), Style: dotted})
	c.Elements = []chart.Renderable{chart.LegendThin(&c)}
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer f.Close()
	return c.Render(chart.PNG, f)
}

// TestAblation measures what each rule is worth: the rate at 10 ms without it.
func TestAblation(t *testing.T) {
	eval := kteval(t)
	table := markdown{head: []string{"without", "CompressionRate, rest raw", "more by"}}
	base := 0.0
	for _, rule := range append([]string{""}, programs.Rules()...) {
		args := []string{pairsFile, "--budget", "10ms", "--limit", "1000", "--no-coded"}
		if rule != "" {
			args = append(args, "--without", rule)
		}
		e := eval(args...)
		if rule == "" {
			base = e.CompressionRateRaw
			table.row("nothing", fmt.Sprintf("%.4f", base), "")
			continue
		}
		table.row(rule, fmt.Sprintf("%.4f", e.CompressionRateRaw), fmt.Sprintf("%.1f %%", 100*(e.CompressionRateRaw/base-1)))
	}
	table.report(t, "ablation")
}
