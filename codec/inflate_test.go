package codec

import (
	"bytes"
	"compress/flate"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/ktzip/ktzip/dsl"
)

// oracle decodes deflate data with the standard library. rest is what it left.
func oracle(data []byte, most int64) (out []byte, rest int, err error) {
	src := bytes.NewReader(data)
	out, err = io.ReadAll(io.LimitReader(flate.NewReader(src), most))
	return out, src.Len(), err
}

func deflated(t testing.TB, src []byte, level int) []byte {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, level)
	if err != nil {
		t.Fatal(err)
	}
	w.Write(src)
	w.Close()
	return b.Bytes()
}

func TestInflate(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		src := make([]byte, 1+r.IntN(70_000))
		symbols, far := 1+r.IntN(256), 1+r.IntN(40_000)
		for i := 0; i < len(src); i++ {
			src[i] = byte(r.IntN(symbols) * r.IntN(symbols) / symbols)
			if i > 10 && r.IntN(8) == 0 {
				at, n := i-1-r.IntN(min(i-1, far)), r.IntN(300)
				for ; n > 0 && i < len(src); n-- {
					src[i] = src[at]
					at++
					i++
				}
			}
		}
		for _, level := range []int{flate.HuffmanOnly, flate.NoCompression, 1, 6, 9} {
			data := deflated(t, src, level)
			out := make([]byte, len(src))
			var z inflater
			if err := z.inflate(out, data, nil, 0); err != nil || !bytes.Equal(out, src) {
				t.Fatal(level, err)
			}
			if z.inflate(make([]byte, len(src)+1), data, nil, 0) == nil || z.inflate(out[1:], data, nil, 0) == nil {
				t.Fatal("a wrong length is taken")
			}
			if z.inflate(out, append(data, 0), nil, 0) == nil || z.inflate(out, data[:len(data)-1], nil, 0) == nil {
				t.Fatal("a wrong end is taken")
			}
		}
	}
}

// FuzzInflate compares the inflater with the standard library's. Ours takes
// codes that leave some bits without a symbol where that refuses them.
func FuzzInflate(f *testing.F) {
	for _, s := range []string{"", "a", "hello hello hello", string(mixed(300, 1))} {
		for _, level := range []int{flate.HuffmanOnly, 0, 9} {
			f.Add(deflated(f, []byte(s), level), len(s))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte, size int) {
		want, rest, err := oracle(data, 1<<16)
		if err == nil {
			size = len(want)
		}
		if size < 0 || size > 1<<16 {
			return
		}
		out := make([]byte, size)
		var z inflater
		got := z.inflate(out, data, nil, 0)
		if err == nil && rest == 0 && len(want) < 1<<16 && (got != nil || !bytes.Equal(out, want)) {
			t.Fatalf("%v; the oracle has %d bytes", got, len(want))
		}
		if err == nil && rest > 0 && got == nil && len(want) < 1<<16 {
			t.Fatal("bytes after the end are taken")
		}
		costs := make([]dsl.Cost, size/16+1)
		if (new(inflater).inflate(out, data, costs, 4) == nil) != (got == nil) {
			t.Fatal("costs make a difference")
		}
	})
}
