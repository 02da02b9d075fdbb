package codec

import (
	"bytes"
	"compress/flate"
	"encoding/hex"
	"errors"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/ktzip/ktzip/container"
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
	if raceEnabled {
		t.Skip("one goroutine, too slow")
	}
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

// codeCases are streams with the verdict of zlib 1.2.13: the bytes that they give, or
// -1. 150,000 streams at random, of complete and slightly wrong codes, had no
// verdict that differs from ours when these were stored.
var codeCases = []struct {
	name, data string
	size       int
}{
	{"complete literals, no distance", "05c081080000000020d6fd258e", 2},
	{"complete literals, a distance of one bit", "05c08100000000009056ff1308", 1},
	{"a distance of two bits", "05c081000000008020d6fc255a", -1},        // zlib: invalid distances set
	{"three distances of two bits", "05c281000000008020d6fc25fa05", -1}, // zlib: invalid distances set
	{"two distances of one bit", "05c18100000000009056ff1310", 1},
	{"three distances of one bit", "05c285000000000020d6fc251a01", -1}, // zlib: invalid distances set
	{"the end alone, of one bit", "05c0810800000000207feb03", 0},
	{"the end alone, of two bits", "0580810800000080fcad0f", -1}, // zlib: invalid literal/lengths set
	{"literals with a gap", "05c0010900000080a0adfe3f1102", -1},  // zlib: invalid literal/lengths set
	{"a match by the one distance of one bit", "0dc081000000008020d6fd25ae18", 4},
	{"a match by the bit without a distance", "0dc081000000008020d6fd25ae1c", -1}, // zlib: invalid distance code
	{"a match without distances", "0dc0010900000080a0adfd3f91c4", -1},             // zlib: invalid distance code
	{"286 and 30 symbols", "ed1d054010308ca6699aa6699aa6699aa6699aa6699aa6699aa6699aa6691a6cdbb66ddbb68dedfd7ebf01001f01", 2},
	{"one code of code lengths", "05e0010000000000100000000000000000000000000000000000000000000000000000000000000000000000", -1}, // zlib: invalid code lengths set
	{"no code of code lengths", "050000000000000000000000000000000000000000000000000000000000000000000000000000000000", -1},      // zlib: invalid code -- missing end-of-block
	{"literals without an end", "05e081000000000010f07f0d00000000", -1},                                                          // zlib: invalid code -- missing end-of-block
	{"fixed codes, symbol 286", "1b0300", -1},                                                                                    // zlib: invalid literal/length code
	{"fixed codes, distance 30", "4b043e00", -1},                                                                                 // zlib: invalid distance code
	{"a block of the fourth kind", "070000000000", -1},                                                                           // zlib: invalid block type
	{"287 literals and lengths", "f5e00100000000000000000000000000000000000000000000000000", -1},                                 // zlib: too many length or distance symbols
	{"192 bytes, incomplete distances", "05fd01902449922449020000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000002000020408203004001004002400100013006000000000000000000000000000000000000000000000000000000000000000000000000000050", -1}, // zlib: invalid distances set
}

// TestCodes wants the codes taken that zlib takes, and no others: complete ones,
// and for literals or distances a single one of one bit; no distance at all, if
// no match follows.
func TestCodes(t *testing.T) {
	for _, c := range codeCases {
		data, err := hex.DecodeString(c.data)
		if err != nil {
			t.Fatal(err)
		}
		var z inflater
		big := make([]byte, 1<<16)
		z.inflate(big, data, nil, 0) // an error: this is not the size
		if err := z.inflate(big[:z.out], data, nil, 0); (err == nil) != (c.size >= 0) || err == nil && z.out != c.size {
			t.Errorf("%s: %d bytes, %v; zlib: %d", c.name, z.out, err, c.size)
		}
	}
}

// emptyBlocks is deflate data of about size bytes: blocks without a symbol but the end.
func emptyBlocks(t testing.TB, kind string, size int) []byte {
	unit, err := hex.DecodeString(map[string]string{
		"stored":  "000000ffff",
		"fixed":   "02082080000208208000",                                                                       // 8 blocks
		"dynamic": "04c081000000000090ff6b100007020000000040feaf41001c080000000000f9bf060170200000000000e4ff1a", // 4 of the shortest
	}[kind])
	if err != nil {
		t.Fatal(err)
	}
	return append(bytes.Repeat(unit, size/len(unit)), 3, 0) // and the last one
}

// TestBlockSteps wants the steps taken that the format states, and none allowed beyond.
func TestBlockSteps(t *testing.T) {
	for kind, want := range map[string]int64{"stored": 200 * blockSteps, "fixed": 800 * blockSteps, "dynamic": 400 * (blockSteps + dynamicSteps)} {
		data := emptyBlocks(t, kind, map[string]int{"stored": 1000, "fixed": 1000, "dynamic": 4500}[kind])
		want += blockSteps
		var z inflater
		if left, err := z.within(nil, data, want); err != nil || left != 0 {
			t.Errorf("%s: %d steps left, %v", kind, left, err)
		}
		if _, err := z.within(nil, data, want-1); !errors.Is(err, dsl.ErrLimit) {
			t.Errorf("%s, a step less: %v", kind, err)
		}
	}
}

// FuzzInflate compares the inflater with the standard library's, which refuses some
// codes that zlib takes: TestCodes has those.
func FuzzInflate(f *testing.F) {
	for _, s := range []string{"", "a", "hello hello hello", string(mixed(300, 1))} {
		for _, level := range []int{flate.HuffmanOnly, 0, 9} {
			f.Add(deflated(f, []byte(s), level), len(s))
		}
	}
	for _, c := range codeCases {
		data, err := hex.DecodeString(c.data)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, max(c.size, 0))
	}
	for _, file := range seedFiles(f) {
		r, s := container.NewReader(bytes.NewReader(file)), container.Segment{}
		for {
			if _, err := r.Next(&s); err != nil {
				break
			}
			if len(s.Raw) > len(memberHead)+memberTail { // one member or, with a plan, maybe more
				f.Add(bytes.Clone(s.Raw[len(memberHead):len(s.Raw)-memberTail]), min(s.Size, 1<<16))
			}
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
