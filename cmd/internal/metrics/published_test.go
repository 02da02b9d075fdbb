package metrics

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/cmd/internal/pairs"
	"github.com/ktzip/ktzip/cmd/internal/zlib"
	"github.com/ktzip/ktzip/dsl"
)

// publishedFiles has programs, and values.json, which the published evaluation computed of them.
const publishedFiles = "../../../../shared/kt/published"

func needZlib(t *testing.T) {
	if zlib.New() == nil {
		t.Skip("no zlib for this machine")
	}
}

// TestPublishedValues computes what the published evaluation did of the same programs.
func TestPublishedValues(t *testing.T) {
	needZlib(t)
	text, err := os.ReadFile(filepath.Join(publishedFiles, "values.json"))
	if err != nil {
		t.Skipf("no published values: %v", err)
	}
	var files map[string]map[string]float64
	if err := json.Unmarshal(text, &files); err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		f, err := os.Open(filepath.Join(publishedFiles, name+".jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		p, sequences, size, right := newPublished(), 0.0, 0.0, 0.0
		for pair, err := range pairs.Read(f, f.Name(), 0) {
			if err != nil {
				t.Fatal(err)
			}
			sequences, size = sequences+1, size+8*float64(len(pair.Sequence))
			o := &Outcome{Sequence: pair.Sequence, Found: pair.Program, Text: pair.Text}
			bits := 0.0
			if o.Found != nil {
				right++
				bits = o.Found.UniformBits()
			}
			p.add(o, bits)
		}
		rate, precision := p.end(sequences, size)
		// The rate is that of a sum of integers, with the bits of the programs rounded up.
		rest := math.Round(*rate*size) - sequences - math.Ceil(p.bits)
		got := map[string]float64{"sequences": sequences, "right": right, "program_bits": p.bits, "original_bits": size,
			"compression_rate_published": *rate, "precision_published": *precision,
			"rest_gzip_bits": rest}
		for key, v := range want {
			if key == "program_bits" && math.Abs(got[key]-v) < roundingBits*right { // Python adds logarithms in another order
				continue
			}
			if got[key] != v {
				t.Errorf("%s: %s is %v, want %v", name, key, got[key], v)
			}
		}
		if len(want) != len(got) {
			t.Errorf("%s: %d values, want %d", name, len(got), len(want))
		}
	}
}

// TestPublishedMetricsAreFixed holds the metrics of a program that is shorter than its sequence, of one that is
// longer and whose text is not as we write it, and of a sequence without one. Python computed them.
func TestPublishedMetricsAreFixed(t *testing.T) {
	needZlib(t)
	const short = "sequence_1 = range_func_up(200, 209)\nsequence_2 = repeat_num(2, 10)\nsequence_3 = concatenate(sequence_1, sequence_2)\noutput = sequence_3"
	list := []*Outcome{
		{Sequence: []byte{200, 201, 202, 203, 204, 205, 206, 207, 208, 209, 10, 10}, Text: short},
		{Sequence: []byte{7, 255}, Text: "sequence_1 = set_list([7,255])\noutput = sequence_1"},
		{Sequence: []byte{0, 128, 10, 255, 3}},
	}
	for _, o := range list[:2] {
		p, err := dsl.Parse(o.Text, dsl.Block)
		if err != nil {
			t.Fatal(err)
		}
		o.Found = p
	}
	for _, c := range []struct {
		outcomes        []*Outcome
		rate, precision float64
	}{
		{list, 1.9407894736842106, 2.8085106382978724},
		{list[:1], 2.2083333333333335, 2.5348837209302326}, // no rest
		{list[:2], 2.125, 2.8085106382978724},
		{list[2:], 5.425, 1}, // no program
	} {
		for _, again := range []bool{false, true} {
			if again { // as lines of a shard
				var read []*Outcome
				for o, err := range Outcomes(bytes.NewReader(lines(c.outcomes)), "x") {
					if err != nil {
						t.Fatal(err)
					}
					read = append(read, o)
				}
				c.outcomes = read
			}
			m := tallied(c.outcomes)
			if rate, precision := *m.CompressionRatePublished, *m.PrecisionPublished; rate != c.rate || precision != c.precision {
				t.Errorf("%d outcomes: %v and %v, want %v and %v", len(c.outcomes), rate, precision, c.rate, c.precision)
			}
		}
	}
}

// evaluation computes both metrics of lines with a sequence and the text and bits of a right program, as the published
// one does.
const evaluation = `
import gzip, json, math, sys
rows = [json.loads(line) for line in sys.stdin]
zipped = lambda texts: 8 * len(gzip.compress("\n".join(texts).encode()))
latin1 = lambda row: bytes(row["sequence"]).decode("latin1")
right = [row for row in rows if "text" in row]
bits = sum(row["bits"] for row in right) + zipped([latin1(row) for row in rows if "text" not in row]) + len(rows)
print(math.ceil(bits) / sum(8 * len(row["sequence"]) for row in rows))
print(zipped([row["text"] for row in right]) / zipped([latin1(row) for row in right]))
`

// TestPublishedMetricsArePythons compares the metrics with what Python computes.
func TestPublishedMetricsArePythons(t *testing.T) {
	needZlib(t)
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3")
	}
	for seed := range uint64(4) {
		outcomes := drawn(20+seed, 1+700*int(seed))
		var rows bytes.Buffer
		for i, o := range outcomes {
			row := map[string]any{"sequence": pairs.Values(o.Sequence)}
			if o.Found != nil {
				o.Text = o.Found.String() + strings.Repeat(" ", i%3) // as a model may write it
				row["text"], row["bits"] = o.Text, o.Found.UniformBits()
			}
			if err := json.NewEncoder(&rows).Encode(row); err != nil {
				t.Fatal(err)
			}
		}
		cmd := exec.Command(python, "-c", evaluation)
		cmd.Stdin, cmd.Stderr = &rows, os.Stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		var rate, precision float64
		if _, err := fmt.Sscan(string(out), &rate, &precision); err != nil {
			t.Fatal(err)
		}
		m := tallied(outcomes)
		if *m.CompressionRatePublished != rate || *m.PrecisionPublished != precision {
			t.Errorf("seed %d: %v and %v, want %v and %v", seed, *m.CompressionRatePublished, *m.PrecisionPublished, rate, precision)
		}
	}
}
