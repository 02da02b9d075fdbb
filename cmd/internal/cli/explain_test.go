package cli

import (
	"errors"
	"io"
	"testing"

	"github.com/ktzip/ktzip/cmd/internal/describe"
	"github.com/ktzip/ktzip/codec"
)

// printed is Words that keep the size that they print of a file.
type printed int64

func (*printed) Add(*codec.SegmentInfo) {}

func (p *printed) Print(_ io.Writer, compressed int64) error {
	*p = printed(compressed)
	return nil
}

// TestWordsOfDamage wants no size of a damaged file to be printed: what was read of it may be less, or more than is intact.
func TestWordsOfDamage(t *testing.T) {
	l := &describe.List{Segments: 1, Compressed: 32768}
	for _, c := range []struct {
		err  error
		want printed
	}{{nil, 32768}, {errors.New("damage"), 0}} {
		got := printed(-1)
		e := wordsText{Words: &got}
		if e.end(l, c.err); got != c.want {
			t.Errorf("%v: printed %d, want %d", c.err, got, c.want)
		}
	}
}
