package baseline

import (
	"context"
	"errors"

	"github.com/ktzip/ktzip/cmd/internal/zlib"
)

// A zipper measures zlib at level 9, in gzip members. One member per sequence, and one of all, have
// text as the test compresses it: Latin-1 in UTF-8, joined by newlines. In another one, the bytes of all
// sequences follow each other.
type zipper struct {
	each   int // bits
	joined *zlib.Texts
	bytes  *zlib.Size
}

func openGzip(*Options) (func(context.Context) coder, error) {
	if zlib.New() == nil {
		return nil, errors.New("there is no zlib for this machine")
	}
	return func(context.Context) coder { return &zipper{joined: zlib.NewTexts(), bytes: zlib.New()} }, nil
}

func (z *zipper) add(sequence []byte) error {
	one := zlib.NewTexts()
	one.AddLatin1(sequence)
	z.each += int(one.Bits())
	z.joined.AddLatin1(sequence)
	z.bytes.Write(sequence) // a Size does not fail
	return nil
}

func (z *zipper) end() ([]float64, error) {
	return []float64{float64(z.each), z.joined.Bits(), 8 * float64(z.bytes.Bytes())}, nil
}

func (*zipper) close() {}
