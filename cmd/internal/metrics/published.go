package metrics

import (
	"math"

	"github.com/ktzip/ktzip/cmd/internal/zlib"
)

// published are the sums of the metrics as the published evaluation computes them
// (facebookresearch/KoLMogorov 690236b, with Python 3.11 and zlib). Use newPublished.
type published struct {
	bits      float64     // of the right programs, under the uniform prior
	programs  *zlib.Texts // their texts
	sequences *zlib.Texts // of these programs
	rest      *zlib.Texts // the other sequences
}

// newPublished returns the sums of no outcome.
func newPublished() published {
	return published{programs: zlib.NewTexts(), sequences: zlib.NewTexts(), rest: zlib.NewTexts()}
}

// add adds an outcome, whose program costs bits.
func (p *published) add(o *Outcome, bits float64) {
	if o.Found == nil {
		p.rest.AddLatin1(o.Sequence)
		return
	}
	p.bits += bits
	p.sequences.AddLatin1(o.Sequence)
	p.programs.Add([]byte(o.text()))
}

// end returns the CompressionRatePublished and PrecisionPublished of so many sequences of size bits. A flag of
// one bit says of each if it has a program. What is joined takes 160 bits, an empty gzip member, if
// it is nothing: so the precision of no programs is 1. No more may be added.
func (p *published) end(sequences, size float64) (rate, precision *float64) {
	if p.rest == nil {
		return nil, nil
	}
	rate = new(math.Ceil(p.bits+p.rest.Bits()+sequences) / size)
	return rate, new(p.programs.Bits() / p.sequences.Bits())
}
