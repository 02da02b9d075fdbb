package metrics

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"slices"
)

// Print writes m for people.
func (m *Metrics) Print(out io.Writer) error {
	w := bufio.NewWriter(out)
	fmt.Fprintf(w, "%s: %d sequences\n", m.File, m.Sequences)
	line := func(name, value string) { fmt.Fprintf(w, "  %-28s %s\n", name, value) }
	number := func(name string, v float64) { line(name, fmt.Sprintf("%.4f", v)) }
	optional := func(name string, v *float64) {
		if v != nil {
			number(name, *v)
		}
	}
	part := func(name string, s *Share) {
		line("  "+name, fmt.Sprintf("%.4f of %d, rate %.4f", s.Accuracy, s.Sequences, s.Rate))
	}
	number("accuracy", m.Accuracy)
	for k, l := range m.AccuracyByLength {
		name := fmt.Sprintf("length at most %d", l.AtMost)
		if l.AtMost == 0 {
			name = fmt.Sprintf("length above %d", m.AccuracyByLength[k-1].AtMost)
		}
		if l.Sequences > 0 {
			part(name, &l.Share)
		}
	}
	if m.Accuracy < 1 { // or every operation has 1
		for _, name := range slices.Sorted(maps.Keys(m.AccuracyByOperation)) {
			s := m.AccuracyByOperation[name]
			part("with "+name, &s)
		}
	}
	optional("CompressionRate, published", m.CompressionRatePublished)
	number("CompressionRate, rest gzip", m.CompressionRate)
	number("CompressionRate, rest raw", m.CompressionRateRaw)
	optional("precision, published", m.PrecisionPublished)
	number("precision, uniform prior", m.Precision)
	optional("rate of the given programs", m.GeneratorRate)
	optional("share not longer than these", m.ShareAtMost)
	optional("coded rate", m.CodedRate)
	optional("ms per sequence, median", m.MedianMS)
	optional("ms per sequence, 99 %", m.P99MS)
	optional("ms per sequence, mean", m.MeanMS)
	m.Answers.print(line)
	return w.Flush()
}
