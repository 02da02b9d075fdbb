package metrics

import (
	"math"
	"unicode/utf8"

	"github.com/ktzip/ktzip/cmd/internal/zlib"
)

// published are the sums of the metrics as the published evaluation computes them
// (facebookresearch/KoLMogorov 690236b, with Python 3.11 and zlib). Everything that it has as text
// is joined by newlines. Use newPublished.
type published struct {
	bits      float64 // of the right programs, under the uniform prior
	programs  joined  // their texts
	sequences joined  // of these programs
	rest      joined  // the other sequences
}

// newPublished returns the sums of no outcome.
func newPublished() published {
	one := func() joined { return joined{size: zlib.New()} }
	return published{programs: one(), sequences: one(), rest: one()}
}

// add adds an outcome, whose program costs bits.
func (p *published) add(o *Outcome, bits float64) {
	if o.Found == nil {
		p.rest.sequence(o.Sequence)
		return
	}
	p.bits += bits
	p.sequences.sequence(o.Sequence)
	p.programs.text([]byte(o.text()))
}

// end returns the CompressionRatePublished and PrecisionPublished of so many sequences of size bits. A flag of
// one bit says of each if it has a program. What is joined takes 160 bits, an empty gzip member, if
// it is nothing: so the precision of no programs is 1. No more may be added.
func (p *published) end(sequences, size float64) (rate, precision *float64) {
	if p.rest.size == nil {
		return nil, nil
	}
	rate = new(math.Ceil(p.bits+p.rest.bits()+sequences) / size)
	return rate, new(p.programs.bits() / p.sequences.bits())
}

// A joined measures what zlib takes for texts joined by newlines.
type joined struct {
	size  *zlib.Size // nil if there is no zlib
	texts int
	utf8  []byte // of a sequence
}

// text adds a text.
func (j *joined) text(text []byte) {
	if j.size == nil {
		return
	}
	if j.texts++; j.texts > 1 {
		j.size.Write([]byte{'\n'}) // a Size does not fail
	}
	j.size.Write(text)
}

// sequence adds a sequence: it is Latin-1.
func (j *joined) sequence(values []byte) {
	j.utf8 = j.utf8[:0]
	for _, v := range values {
		j.utf8 = utf8.AppendRune(j.utf8, rune(v))
	}
	j.text(j.utf8)
}

// bits returns the size in bits. No more may be added.
func (j *joined) bits() float64 { return 8 * float64(j.size.Bytes()) }
