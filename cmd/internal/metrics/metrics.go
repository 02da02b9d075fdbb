package metrics

import (
	"math"
	"slices"
	"time"

	"github.com/ktzip/ktzip/dsl"
)

// Metrics are those published with the test (section 3 of the paper), and some more. Those
// that do not apply are nil. A rate is bits / bits of the sequences.
//
// Three say what the same programs are worth. CompressionRatePublished is the quantity that papers
// report: all right programs count, even those that are longer than their sequences, and the
// sequences without one are the rest, which zlib codes. In CompressionRate and CompressionRateRaw, a
// program counts only if it is shorter than its sequence: a flag says so, and any encoder can do
// that. An empty rest takes nothing, and another rest is coded by Go's gzip, whose sizes are not zlib's.
// Compare published numbers with CompressionRatePublished, and searches with CompressionRateRaw.
//
// The published cost of a program has one price for all numbers. That is a code only for those that
// the generator draws, and a program of others could state any sequence at a fraction of its bits. So
// all but the published quantities have a price for other numbers: see Bits.
type Metrics struct {
	File             string   `json:"file"`
	Sequences        int      `json:"sequences"`
	Accuracy         float64  `json:"accuracy"`           // share of the sequences with a program that produces them
	AccuracyByLength []Length `json:"accuracy_by_length"` // the same, by length
	// The same for the sequences whose given program has the operation.
	AccuracyByOperation map[string]Share `json:"accuracy_by_operation,omitempty"`
	CompressionRate     float64          `json:"compression_rate"`     // the rest with Go's gzip
	CompressionRateRaw  float64          `json:"compression_rate_raw"` // the rest raw
	// The bits of the right programs / bits of Go's gzip of the same sequences.
	Precision float64 `json:"precision"`
	// What the published evaluation computes of the same programs, to the digit; nil if this machine
	// has no zlib.
	CompressionRatePublished *float64 `json:"compression_rate_published"`
	PrecisionPublished       *float64 `json:"precision_published"`     // zlib of the right programs' texts / zlib of the same sequences
	GeneratorRate            *float64 `json:"generator_rate"`          // of the given programs
	ShareAtMost              *float64 `json:"share_at_most_generator"` // of the sequences: the program found takes at most the bits of the given one
	CodedRate                *float64 `json:"coded_rate"`              // as written to files, under the adaptive prior
	MedianMS                 *float64 `json:"ms_median"`               // of a search, in milliseconds
	P99MS                    *float64 `json:"ms_p99"`                  // 99 % of the searches take at most this
	MeanMS                   *float64 `json:"ms_mean"`                 // the same, the mean
	Answers                  *Answers `json:"answers,omitempty"`       // of programs that somebody else wrote
}

// A Length is the share of the sequences of at most AtMost elements, and more than the
// previous AtMost.
type Length struct {
	AtMost int `json:"at_most"` // 0 if there is no limit
	Share
}

// A Share tells what was found for some of the sequences. Before mean, Accuracy is the
// number of sequences with a program.
type Share struct {
	Sequences int     `json:"sequences"`
	Accuracy  float64 `json:"accuracy"`
	Rate      float64 `json:"rate"` // CompressionRateRaw
	bits      float64 // of the programs, the rest and the flags
	size      int     // bytes of the sequences
}

// add counts a sequence of n elements and its program.
func (s *Share) add(n int, p *dsl.Program) {
	s.Sequences++
	s.size += n
	bits := 8 * float64(n)
	if p != nil {
		s.Accuracy++
		bits = min(bits, Bits(p))
	}
	s.bits += bits + 1
}

// mean divides the sums by their totals.
func (s *Share) mean() {
	if s.Sequences > 0 {
		s.Accuracy /= float64(s.Sequences)
		s.Rate = s.bits / float64(max(8*s.size, 1))
	}
}

// lengths are the bounds of AccuracyByLength; 0 for no limit.
var lengths = []int{16, 32, 64, 128, 0}

// A Tally adds outcomes. Use New. It is not safe for concurrent use. For each outcome it holds
// 8 bytes, and the bytes of its coded program if there is one.
type Tally struct {
	name        string
	sequences   int
	size        int // bytes of the sequences
	correct     int // sequences with a program
	correctBits float64
	correctGzip gzipSize // of these sequences
	keptBits    float64  // of the programs that are shorter than their sequences
	rest        int      // bytes of the sequences without such a program
	restGzip    gzipSize
	published   published
	byLength    []Length
	byOperation map[string]Share
	given       int // given programs
	givenBits   float64
	atMost      int // programs that are not longer than the given ones
	coded       codedSize
	times       []time.Duration
	answers     *Answers // nil without verdicts
}

// New returns a Tally of sequences that are called name.
func New(name string) *Tally {
	t := &Tally{name: name, published: newPublished(), byLength: make([]Length, len(lengths)), byOperation: map[string]Share{}}
	for k, most := range lengths {
		t.byLength[k].AtMost = most
	}
	return t
}

// Sequences returns the number of outcomes.
func (t *Tally) Sequences() int { return t.sequences }

// roundingBits is more than the sums of logarithms of equal programs may differ.
const roundingBits = 1e-9

// Add adds an outcome. A program counts if it is shorter than its sequence; a flag of one bit
// per sequence says which do.
func (t *Tally) Add(o *Outcome) {
	n := len(o.Sequence)
	t.sequences++
	t.size += n
	bits, published := math.Inf(1), 0.0
	if o.Found != nil {
		bits, published = Bits(o.Found), o.Found.UniformBits()
		t.correct++
		t.correctBits += bits
		t.correctGzip.add(o.Sequence)
	}
	t.published.add(o, published)
	if bits < 8*float64(n) {
		t.keptBits += bits
	} else {
		t.rest += n
		t.restGzip.add(o.Sequence)
	}
	t.byLength[lengthOf(n)].add(n, o.Found)
	t.verdict(o)
	if o.Given != nil {
		t.compare(o, bits)
	}
	if o.Coded != nil {
		t.coded.add(n, o.Coded)
	}
	t.times = append(t.times, o.Time)
}

// compare compares the program of o, which costs bits, with the given one.
func (t *Tally) compare(o *Outcome, bits float64) {
	given := o.Given.UniformBits()
	t.given++
	t.givenBits += given + 1
	if bits <= given+roundingBits {
		t.atMost++
	}
	seen := map[dsl.Op]bool{}
	for _, n := range o.Given.Nodes {
		if !seen[n.Op] {
			seen[n.Op] = true
			s := t.byOperation[n.Op.String()]
			s.add(len(o.Sequence), o.Found)
			t.byOperation[n.Op.String()] = s
		}
	}
}

// End returns the metrics of the outcomes. No more may be added.
func (t *Tally) End() *Metrics {
	m := &Metrics{File: t.name, Sequences: t.sequences}
	if t.size == 0 {
		return m
	}
	count, size := float64(t.sequences), 8*float64(t.size)
	m.Accuracy = float64(t.correct) / count
	m.CompressionRate = (t.keptBits + t.restGzip.bits() + count) / size
	m.CompressionRateRaw = (t.keptBits + 8*float64(t.rest) + count) / size
	if t.correct > 0 {
		m.Precision = t.correctBits / t.correctGzip.bits()
	}
	m.CompressionRatePublished, m.PrecisionPublished = t.published.end(count, size)
	for k := range t.byLength {
		t.byLength[k].mean()
	}
	for name, s := range t.byOperation {
		s.mean()
		t.byOperation[name] = s
	}
	m.AccuracyByLength, m.AccuracyByOperation = t.byLength, t.byOperation
	if t.given == t.sequences {
		m.GeneratorRate, m.ShareAtMost = new(t.givenBits/size), new(float64(t.atMost)/count)
	}
	if t.coded.sequences == t.sequences {
		m.CodedRate = new(float64(t.coded.bytes()) / float64(t.size))
	}
	t.timing(m)
	m.Answers = t.answers.end()
	return m
}

// timing sets the metrics of the times, if there are any.
func (t *Tally) timing(m *Metrics) {
	slices.Sort(t.times)
	sum, n := time.Duration(0), len(t.times)
	for _, d := range t.times {
		sum += d
	}
	if sum == 0 {
		return
	}
	ms := func(d time.Duration) *float64 { return new(d.Seconds() * 1000) }
	m.MedianMS = ms(t.times[n/2])
	m.P99MS = ms(t.times[min(n-1, n*99/100)])
	m.MeanMS = ms(sum / time.Duration(n))
}
