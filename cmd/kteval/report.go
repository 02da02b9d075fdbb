package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
)

// print writes m for people.
func (m *metrics) print(w io.Writer) {
	fmt.Fprintf(w, "%s: %d sequences\n", m.File, m.Sequences)
	line := func(name, format string, v any) { fmt.Fprintf(w, "  %-28s "+format+"\n", name, v) }
	optional := func(name string, v *float64) {
		if v != nil {
			line(name, "%.4f", *v)
		}
	}
	line("accuracy", "%.4f", m.Accuracy)
	for k, l := range m.AccuracyByLength {
		name := fmt.Sprintf("  length at most %d", l.AtMost)
		if l.AtMost == 0 {
			name = fmt.Sprintf("  length above %d", m.AccuracyByLength[k-1].AtMost)
		}
		if l.Sequences > 0 {
			line(name, "%s", fmt.Sprintf("%.4f of %d, rate %.4f", l.Accuracy, l.Sequences, l.Rate))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m.AccuracyByOperation)) {
		if e := m.AccuracyByOperation[name]; m.Accuracy < 1 {
			line("  with "+name, "%s", fmt.Sprintf("%.4f of %d, rate %.4f", e.Accuracy, e.Sequences, e.Rate))
		}
	}
	line("CompressionRate", "%.4f", m.CompressionRate)
	line("CompressionRate, rest raw", "%.4f", m.CompressionRateRaw)
	line("precision", "%.4f", m.Precision)
	optional("the given programs' rate", m.GeneratorRate)
	optional("at most as long as these", m.ShareAtMost)
	optional("coded rate", m.CodedRate)
	optional("ms a sequence, median", m.MedianMS)
	optional("ms a sequence, 99 %", m.P99MS)
	optional("ms a sequence, mean", m.MeanMS)
}
