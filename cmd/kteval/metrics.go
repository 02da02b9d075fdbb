package main

import (
	"bytes"
	"compress/gzip"
	"slices"
	"time"

	"github.com/ktzip/ktzip/dsl"
)

// An outcome is what was found for the sequences of a file.
type outcome struct {
	sequences []sequence
	programs  []*dsl.Program  // under the uniform prior; nil: none that makes the sequence
	coded     []*dsl.Program  // under the adaptive prior; nil: not asked for
	times     []time.Duration // of the search for programs
}

// metrics are those published with the test (section 3 of the paper), and ours.
// Those that do not apply are nil.
type metrics struct {
	File             string   `json:"file"`
	Sequences        int      `json:"sequences"`
	Accuracy         float64  `json:"accuracy"`           // share of sequences with a program that makes them
	AccuracyByLength []length `json:"accuracy_by_length"` // the same, by length
	// The same of the sequences whose given program has the operation.
	AccuracyByOperation map[string]share `json:"accuracy_by_operation,omitempty"`
	CompressionRate     float64          `json:"compression_rate"`     // rest with gzip, the published way
	CompressionRateRaw  float64          `json:"compression_rate_raw"` // rest raw
	Precision           float64          `json:"precision"`            // bits of the programs / bits of gzip of the same sequences
	GeneratorRate       *float64         `json:"generator_rate"`       // of the programs that the file gives
	ShareAtMost         *float64         `json:"share_at_most_generator"`
	CodedRate           *float64         `json:"coded_rate"` // really written, under the adaptive prior
	MedianMS            *float64         `json:"ms_median"`
	P99MS               *float64         `json:"ms_p99"`
	MeanMS              *float64         `json:"ms_mean"`
}

// A length is the share of the sequences of at most that many elements, and more than the
// length before.
type length struct {
	AtMost int `json:"at_most"` // 0: more than the others
	share
}

// A share is what was found for some of the sequences.
type share struct {
	Sequences int     `json:"sequences"`
	Accuracy  float64 `json:"accuracy"`
	Rate      float64 `json:"rate"` // CompressionRate, rest raw
	bits      float64 // of Rate
	size      int     // of the sequences, bytes
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

// sum makes numbers shares.
func (s *share) sum() {
	if s.Sequences > 0 {
		s.Accuracy /= float64(s.Sequences)
		s.Rate = s.bits / float64(max(8*s.size, 1))
	}
}

// byOperation are the shares of the sequences whose given program has an operation.
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
		e.sum()
		all[name] = e
	}
	return all
}

// measure computes the metrics of o. A program is kept where it is shorter than
// the sequence raw; one bit a sequence says which are.
func measure(name string, o *outcome) (*metrics, error) {
	m := &metrics{File: name, Sequences: len(o.sequences)}
	lengths := []length{{AtMost: 16}, {AtMost: 32}, {AtMost: 64}, {AtMost: 128}, {}}
	var rest, right [][]byte
	total, kept, raw, correct, rightBits := 0, 0.0, 0, 0, 0.0
	for i, s := range o.sequences {
		n := len(s.values)
		total += n
		bin := slices.IndexFunc(lengths, func(l length) bool { return n <= l.AtMost || l.AtMost == 0 })
		lengths[bin].add(n, o.programs[i])
		bits := 8 * float64(n)
		if p := o.programs[i]; p != nil {
			correct++
			right = append(right, s.values)
			rightBits += p.UniformBits()
			if b := p.UniformBits(); b < bits {
				kept += b
				continue
			}
		}
		rest = append(rest, s.values)
		raw += n
	}
	if total == 0 {
		return m, nil
	}
	for k := range lengths {
		lengths[k].sum()
	}
	m.AccuracyByLength = lengths
	m.Accuracy = float64(correct) / float64(len(o.sequences))
	size := 8 * float64(total)
	flags := float64(len(o.sequences))
	restBits, err := gzipBits(rest)
	if err != nil {
		return nil, err
	}
	m.CompressionRate = (kept + restBits + flags) / size
	m.CompressionRateRaw = (kept + 8*float64(raw) + flags) / size
	if correct > 0 {
		bits, err := gzipBits(right)
		if err != nil {
			return nil, err
		}
		m.Precision = rightBits / bits
	}
	m.AccuracyByOperation = o.byOperation()
	o.compare(m, size)
	o.timing(m)
	if o.coded != nil {
		rate := float64(codedBytes(o.sequences, o.coded)) / float64(total)
		m.CodedRate = &rate
	}
	return m, nil
}

// compare sets what depends on the programs that the file gives, where it gives
// one for every sequence.
func (o *outcome) compare(m *metrics, size float64) {
	bits, atMost := 0.0, 0
	for i, s := range o.sequences {
		if s.program == nil {
			return
		}
		theirs := s.program.UniformBits()
		bits += theirs + 1
		if p := o.programs[i]; p != nil && p.UniformBits() <= theirs+1e-9 {
			atMost++
		}
	}
	rate, share := bits/size, float64(atMost)/float64(len(o.sequences))
	m.GeneratorRate, m.ShareAtMost = &rate, &share
}

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

// gzipBits is the size in bits of the sequences as the test compresses them:
// Latin-1 text in UTF-8, joined by newlines.
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

// codedBytes is what the programs take in a file, each coded after those before it, and
// the sequences that have none.
func codedBytes(sequences []sequence, programs []*dsl.Program) int {
	enc := dsl.NewEncoder()
	enc.Plan(dsl.Identity())
	raw := 0
	for i, p := range programs {
		if p != nil {
			enc.Program(p.Canonical())
		} else {
			enc.Raw()
			raw += len(sequences[i].values)
		}
	}
	return len(enc.Finish()) + raw
}
