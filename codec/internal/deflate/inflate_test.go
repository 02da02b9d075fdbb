package deflate

import (
	"bytes"
	"compress/flate"
	"encoding/hex"
	"errors"
	"math/rand/v2"
	"testing"
)

// TestInflate restores what the standard library made, and refuses the same with another
// length of either side.
func TestInflate(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine, too slow")
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 100 {
		src := random(r, 1+r.IntN(70_000), 1+r.IntN(256), r.IntN(20))
		for _, level := range []int{flate.HuffmanOnly, flate.NoCompression, 1, 6, 9} {
			data := standard(t, src, level)
			out := make([]byte, len(src))
			var z Inflater
			inflate := func(dst, src []byte) error {
				_, err := z.Inflate(dst, src, NoLimit)
				return err
			}
			if err := inflate(out, data); err != nil || !bytes.Equal(out, src) {
				t.Fatal(level, err)
			}
			for name, err := range map[string]error{
				"a byte more is wanted": inflate(make([]byte, len(src)+1), data),
				"a byte less is wanted": inflate(out[1:], data),
				"a byte follows":        inflate(out, append(data, 0)),
				"a byte is missing":     inflate(out, data[:len(data)-1]),
			} {
				if err != ErrCorrupt {
					t.Errorf("%s: %v", name, err)
				}
			}
		}
	}
}

// codeCases are deflate data with the verdict of zlib 1.2.13: the bytes that they restore
// to, or -1. When these were stored, no verdict on 150,000 random ones, of complete and
// slightly wrong codes, differed from ours.
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
	{"30 distances, of which one has a codeword", "05dd21090000000020ffafd62502", 1},
	{"31 distances, of which one has a codeword", "05de21090000000020ffafd62702", -1},            // zlib: too many length or distance symbols
	{"287 literals and lengths", "f5e00100000000000000000000000000000000000000000000000000", -1}, // zlib: too many length or distance symbols
	{"192 bytes, incomplete distances", "05fd01902449922449020000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000002000020408203004001004002400100013006000000000000000000000000000000000000000000000000000000000000000000000000000050", -1}, // zlib: invalid distances set
}

// TestCodes wants the codes accepted that zlib accepts, and no others: complete ones, and for
// literals or distances a single one of one bit; no distance at all, if no match follows.
func TestCodes(t *testing.T) {
	for _, c := range codeCases {
		data, err := hex.DecodeString(c.data)
		if err != nil {
			t.Fatal(err)
		}
		var z Inflater
		big := make([]byte, 1<<16)
		z.Inflate(big, data, NoLimit) // an error: this is not the size
		if _, err := z.Inflate(big[:z.out], data, NoLimit); (err == nil) != (c.size >= 0) || err == nil && z.out != c.size {
			t.Errorf("%s: %d bytes, %v; zlib: %d", c.name, z.out, err, c.size)
		}
	}
}

// emptyBlocks returns deflate data of about size bytes: blocks that hold nothing.
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

// TestSteps wants blocks to take the steps that the format states, and no more allowed.
func TestSteps(t *testing.T) {
	for kind, want := range map[string]int64{"stored": 200 * BlockSteps, "fixed": 800 * BlockSteps, "dynamic": 400 * (BlockSteps + DynamicSteps)} {
		data := emptyBlocks(t, kind, map[string]int{"stored": 1000, "fixed": 1000, "dynamic": 4500}[kind])
		want += BlockSteps
		var z Inflater
		if left, err := z.Inflate(nil, data, want); err != nil || left != 0 {
			t.Errorf("%s: %d steps left, %v", kind, left, err)
		}
		if _, err := z.Inflate(nil, data, want-1); !errors.Is(err, ErrSteps) {
			t.Errorf("%s, a step less: %v", kind, err)
		}
	}
}

// TestCosts wants the costs of parts to sum up to nearly the size of the data, and a part's
// cost not to depend on how the others are divided.
func TestCosts(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for _, n := range []int{0, 15, 300_000} {
		src := random(r, n, 40, 30)
		data := standard(t, src, 6)
		var z Inflater
		out := make([]byte, n)
		const part = 128
		var ends, coarse []int
		for end := 0; end < n; {
			end = min(end+part, n)
			if ends = append(ends, end); len(ends)%10 == 0 || end == n {
				coarse = append(coarse, end, end) // with parts of no bytes
			}
		}
		costs, err := z.Costs(out, data, ends)
		if err != nil || !bytes.Equal(out, src) {
			t.Fatal(err)
		}
		sums, err := z.Costs(out, data, coarse)
		if err != nil {
			t.Fatal(err)
		}
		total := int64(0)
		for k, cost := range costs {
			sums[k/10*2] -= cost
			total += cost
		}
		for k, sum := range sums {
			if sum != 0 {
				t.Errorf("part %d: %d/256 bits more than its parts", k, sum)
			}
		}
		if bits := total >> 8; bits > int64(8*len(data)) || bits < int64(8*len(data))*95/100-1000 {
			t.Errorf("%d bytes: tokens of %d bits in %d", n, bits, 8*len(data))
		}
	}
}
