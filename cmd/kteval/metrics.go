package main

import (
	"bytes"
	"compress/gzip"
	"math"
	"slices"
	"time"

	"github.com/ktzip/ktzip/dsl"
)

// An outcome is what was found for the sequences of a file.
type outcome struct {
	sequences []sequence
	programs  []*dsl.Program   // under the uniform prior, one per sequence; nil if none produces it
	coded     [][]*dsl.Program // under the adaptive prior, to choose from; nil if not asked for
	times     []time.Duration  // of the searches for programs
}

// metrics are those published with the test (section 3 of the paper), and some more. Those
// that do not apply are nil. A rate is bits / bits of the sequences; unless a sequence has a
// program shorter than itself, it counts as the rest, which is coded in another way.
type metrics struct {
	File             string   `json:"file"`
	Sequences        int      `json:"sequences"`
	Accuracy         float64  `json:"accuracy"`           // share of the sequences with a program that produces them
	AccuracyByLength []length `json:"accuracy_by_length"` // the same, by length
	// The same for the sequences whose given program has the operation.
	AccuracyByOperation map[string]share `json:"accuracy_by_operation,omitempty"`
	CompressionRate     float64          `json:"compression_rate"`     // the rest with gzip, as published
	CompressionRateRaw  float64          `json:"compression_rate_raw"` // the rest raw
	Precision           float64          `json:"precision"`            // bits of the programs / bits of gzip of the same sequences
	GeneratorRate       *float64         `json:"generator_rate"`       // of the given programs
	ShareAtMost         *float64         `json:"share_at_most_generator"`
	CodedRate           *float64         `json:"coded_rate"` // as written to files, under the adaptive prior
	MedianMS            *float64         `json:"ms_median"`
	P99MS               *float64         `json:"ms_p99"`
	MeanMS              *float64         `json:"ms_mean"`
}

// A length is the share of the sequences of at most AtMost elements, and more than the
// previous AtMost.
type length struct {
	AtMost int `json:"at_most"` // 0 if there is no limit
	share
}

// A share tells what was found for some of the sequences. Before mean, Accuracy is the
// number of sequences with a program.
type share struct {
	Sequences int     `json:"sequences"`
	Accuracy  float64 `json:"accuracy"`
	Rate      float64 `json:"rate"` // CompressionRateRaw
	bits      float64 // of the programs, the rest and the flags
	size      int     // bytes of the sequences
}

// add counts a sequence of n elements and its program.
func (s *share) add(n int, p *dsl.Program) {
	s.Sequences++
	s.size += n
	bits := 8 * float64(n)
	if p != nil {
		s.Accuracy++
		bits = min(bits, p.UniformBits())
	}
	s.bits += bits + 1
}

// mean divides the sums by their totals.
func (s *share) mean() {
	if s.Sequences > 0 {
		s.Accuracy /= float64(s.Sequences)
		s.Rate = s.bits / float64(max(8*s.size, 1))
	}
}

// byOperation returns the share of the sequences whose given program has each operation.
func (o *outcome) byOperation() map[string]share {
	all := map[string]share{}
	for i, s := range o.sequences {
		if s.program == nil {
			continue
		}
		seen := map[dsl.Op]bool{}
		for _, n := range s.program.Nodes {
			if !seen[n.Op] {
				seen[n.Op] = true
				e := all[n.Op.String()]
				e.add(len(s.values), o.programs[i])
				all[n.Op.String()] = e
			}
		}
	}
	for name, e := range all {
		e.mean()
		all[name] = e
	}
	return all
}

// lengths are the bounds of AccuracyByLength; 0 for no limit.
var lengths = []int{16, 32, 64, 128, 0}

// measure computes the metrics of o. A program counts if it is shorter than its sequence;
// a flag of one bit per sequence says which do.
func measure(name string, o *outcome) (*metrics, error) {
	m := &metrics{File: name, Sequences: len(o.sequences)}
	var rest, correct [][]byte // sequences without a shorter program; with a program
	total, restBytes := 0, 0
	keptBits, correctBits := 0.0, 0.0
	for i, s := range o.sequences {
		total += len(s.values)
		bits := math.Inf(1)
		if p := o.programs[i]; p != nil {
			bits = p.UniformBits()
			correct = append(correct, s.values)
			correctBits += bits
		}
		if bits < 8*float64(len(s.values)) {
			keptBits += bits
			continue
		}
		rest = append(rest, s.values)
		restBytes += len(s.values)
	}
	if total == 0 {
		return m, nil
	}
	size, flagBits := 8*float64(total), float64(len(o.sequences))
	restBits, err := gzipBits(rest)
	if err != nil {
		return nil, err
	}
	m.CompressionRate = (keptBits + restBits + flagBits) / size
	m.CompressionRateRaw = (keptBits + 8*float64(restBytes) + flagBits) / size
	m.Accuracy = float64(len(correct)) / float64(len(o.sequences))
	if len(correct) > 0 {
		bits, err := gzipBits(correct)
		if err != nil {
			return nil, err
		}
		m.Precision = correctBits / bits
	}
	m.AccuracyByLength, m.AccuracyByOperation = o.byLength(), o.byOperation()
	o.compare(m, size)
	o.timing(m)
	if o.coded != nil {
		rate := float64(codedBytes(o.sequences, o.coded)) / float64(total)
		m.CodedRate = &rate
	}
	return m, nil
}

// byLength returns the share of the sequences of each range of lengths.
func (o *outcome) byLength() []length {
	all := make([]length, len(lengths))
	for k, most := range lengths {
		all[k].AtMost = most
	}
	for i, s := range o.sequences {
		n := len(s.values)
		k := slices.IndexFunc(all, func(l length) bool { return n <= l.AtMost || l.AtMost == 0 })
		all[k].add(n, o.programs[i])
	}
	for k := range all {
		all[k].mean()
	}
	return all
}

// compare sets the metrics that compare with the given programs, if every sequence has one.
func (o *outcome) compare(m *metrics, size float64) {
	bits, atMost := 0.0, 0
	for i, s := range o.sequences {
		if s.program == nil {
			return
		}
		given := s.program.UniformBits()
		bits += given + 1
		if p := o.programs[i]; p != nil && p.UniformBits() <= given+roundingBits {
			atMost++
		}
	}
	rate, share := bits/size, float64(atMost)/float64(len(o.sequences))
	m.GeneratorRate, m.ShareAtMost = &rate, &share
}

// roundingBits is more than the sums of logarithms of equal programs may differ.
const roundingBits = 1e-9

// timing sets the metrics of the times.
func (o *outcome) timing(m *metrics) {
	if len(o.times) == 0 {
		return
	}
	times := slices.Clone(o.times)
	slices.Sort(times)
	sum := time.Duration(0)
	for _, t := range times {
		sum += t
	}
	ms := func(t time.Duration) *float64 {
		v := t.Seconds() * 1000
		return &v
	}
	m.MedianMS = ms(times[len(times)/2])
	m.P99MS = ms(times[min(len(times)-1, len(times)*99/100)])
	m.MeanMS = ms(sum / time.Duration(len(times)))
}

// gzipBits returns the size in bits of the sequences as the test compresses them: Latin-1
// text in UTF-8, joined by newlines.
func gzipBits(sequences [][]byte) (float64, error) {
	if len(sequences) == 0 {
		return 0, nil
	}
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return 0, err
	}
	var text []byte
	for i, s := range sequences {
		if i > 0 {
			text = append(text, '\n')
		}
		for _, b := range s {
			text = append(text, string(rune(b))...)
		}
	}
	if _, err := w.Write(text); err != nil {
		return 0, err
	}
	if err := w.Close(); err != nil {
		return 0, err
	}
	return 8 * float64(out.Len()), nil
}

// codedBytes returns the size in bytes of the programs as they are written to a file, each
// coded after the previous ones, plus the sequences that have none. Of the programs of a
// sequence, the one is written that is the cheapest by then.
func codedBytes(sequences []sequence, choices [][]*dsl.Program) int {
	enc := dsl.NewEncoder(dsl.Edition2)
	enc.Plan(dsl.Identity())
	raw := 0
	for i, choice := range choices {
		var cheapest *dsl.Program
		for _, p := range choice {
			if p != nil {
				p = p.Canonical()
			}
			if cheapest == nil || enc.ProgramCost(p) < enc.ProgramCost(cheapest) {
				cheapest = p
			}
		}
		if cheapest != nil {
			enc.Program(cheapest)
		} else {
			enc.Raw()
			raw += len(sequences[i].values)
		}
	}
	return len(enc.Finish()) + raw
}
