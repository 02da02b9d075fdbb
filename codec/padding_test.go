package codec

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"testing/iotest"

	"github.com/ktzip/ktzip/container"
)

// TestPadding wants NULs after the last file ignored, and nothing else, by every
// decoder.
func TestPadding(t *testing.T) {
	file, src := smallFile(t)
	nuls := func(n int) []byte { return make([]byte, n) }
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	two := join(src, src)
	cases := []struct {
		name string
		in   []byte
		want []byte // nil: an error
	}{
		{"none", file, src},
		{"a NUL", join(file, nuls(1)), src},
		{"a tape's block", join(file, nuls(10240-len(file))), src},
		{"beyond all buffers", join(file, nuls(100_000)), src},
		{"two files", join(file, file, nuls(512)), two},
		{"between files", join(file, nuls(512), file), nil},
		{"before a file", join(nuls(1), file), nil},
		{"then something", join(file, nuls(512), []byte("x")), nil},
		{"then something far away", join(file, nuls(100_000), []byte("x")), nil},
		{"something", join(file, []byte("x"), nuls(512)), nil},
		{"of a file cut short", join(file[:len(file)-1], nuls(512)), nil},
		{"alone", nuls(512), nil},
	}
	var inputs [][]byte
	for _, c := range cases {
		inputs = append(inputs, c.in)
		check := func(who string, got []byte, err error) {
			t.Helper()
			if (err == nil) != (c.want != nil) || err == nil && !bytes.Equal(got, c.want) {
				t.Errorf("%s, %s: %d bytes, %v", c.name, who, len(got), err)
			}
			if err != nil {
				wantError(t, c.name, err)
			}
		}
		for _, threads := range []int{1, 3} {
			got, err := decode(c.in, &ReaderConfig{Threads: threads})
			check("Reader", got, err)
		}
		r, err := NewReader(iotest.OneByteReader(bytes.NewReader(c.in)), nil)
		var got []byte
		if err == nil {
			got, err = io.ReadAll(r)
		}
		check("Reader of single bytes", got, err)
		a, err := NewArchive(bytes.NewReader(c.in), int64(len(c.in)), nil)
		if err == nil {
			got, err = io.ReadAll(a)
		}
		check("Archive", got, err)
		err = Inspect(bytes.NewReader(c.in), nil, false, func(*SegmentInfo) error { return nil })
		check("Inspect", c.want, err)
	}
	for i, got := range python(t, inputs) {
		if want := cases[i].want; (got == nil) != (want == nil) || !bytes.Equal(got, want) {
			t.Errorf("%s, unktz.py: %d bytes", cases[i].name, len(got))
		}
	}
}

// A read error within the padding is not its end.
func TestPaddingReadError(t *testing.T) {
	file, _ := smallFile(t)
	fault := errors.New("a bad sector")
	r, err := NewReader(io.MultiReader(bytes.NewReader(file), bytes.NewReader(make([]byte, 512)), iotest.ErrReader(fault)), nil)
	if err == nil {
		_, err = io.ReadAll(r)
	}
	var e *container.Error
	if !errors.Is(err, fault) || !errors.As(err, &e) {
		t.Error(err)
	}
}
