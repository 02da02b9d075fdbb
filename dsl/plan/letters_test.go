package plan

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/dsl"
)

const base64Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

func alphabetOf(letters string) (list []int32) {
	for _, c := range []byte(letters) {
		list = append(list, int32(c))
	}
	return list
}

// lettersPlan is the plan of a Letters whose lists have so many bytes.
func lettersPlan(letters string, packed, runs int) *dsl.Program {
	return &dsl.Program{Nodes: []dsl.Node{
		{Op: dsl.Payload}, {Op: dsl.Between, Nums: [3]int32{0, int32(packed)}},
		{Op: dsl.Payload, Nums: [3]int32{1}}, {Op: dsl.Between, Nums: [3]int32{0, int32(runs)}, Refs: [2]int{2}},
		{Op: dsl.Letters, Refs: [2]int{1, 3}, List: alphabetOf(letters)},
	}, Out: 4}
}

// genome is DNA in lines, with names, unknown stretches and repeats in small letters.
func genome(r *rand.Rand, bases int) []byte {
	var b strings.Builder
	width := 50 + r.IntN(40)
	for i, small := 0, false; i < bases; i++ {
		if i%5000 == 0 {
			b.WriteString(">chr\n")
		}
		if r.IntN(300) == 0 {
			small = !small
		}
		c := "ACGT"[r.IntN(4)]
		if small {
			c ^= otherCase
		}
		if i/1000 == 3 {
			c = 'N'
		}
		b.WriteByte(c)
		if (i+1)%width == 0 {
			b.WriteByte('\n')
		}
	}
	return []byte(b.String())
}

// TestLetters packs text of few letters and restores it; the oracle reads bit by bit.
func TestLetters(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	noise := make([]byte, 3000)
	for i := range noise {
		noise[i] = byte(r.Uint32())
	}
	digits := strings.Repeat("key: "+hex.EncodeToString(noise[:100])+"\n", 5)
	cases := map[string]struct {
		letters string
		src     []byte
		packed  int // bytes, at most
	}{
		"genome":      {"ACGT", genome(r, 20000), 4800},
		"hexadecimal": {"0123456789abcdef", []byte(digits), 500},
		"base64":      {base64Letters, []byte("{" + base64.StdEncoding.EncodeToString(noise) + "}"), 3000},
		"bits":        {"01", []byte(strings.Repeat("0110100110010110;", 50)), 100},
		"no letters":  {"ACGT", noise[:100], 0},
	}
	for name, c := range cases {
		_, packed, runs, err := LettersNode(c.src, alphabetOf(c.letters))
		if err != nil {
			t.Fatal(err)
		}
		if len(packed) > c.packed || len(packed)*9 < c.packed*8 {
			t.Errorf("%s: %d bytes of letters, want about %d", name, len(packed), c.packed)
		}
		p := lettersPlan(c.letters, len(packed), len(runs))
		streams, err := new(Machine).Split(c.src, p)
		if err != nil || !bytes.Equal(streams[0], packed) || !bytes.Equal(streams[1], runs) {
			t.Fatalf("%s: %v", name, err)
		}
		got := make([]byte, len(c.src))
		if err := new(Machine).Join(got, p, streams); err != nil || !bytes.Equal(got, c.src) {
			t.Fatalf("%s is not restored: %v", name, err)
		}
		if slow := slowLetters(packed, runs, c.letters); !bytes.Equal(slow, c.src) {
			t.Errorf("%s: the oracle makes %q…", name, slow[:min(len(slow), 40)])
		}
		for range 300 { // what is damaged makes other bytes or an error
			bad := [][]byte{bytes.Clone(packed), bytes.Clone(runs)}
			list := bad[r.IntN(2)]
			if len(list) == 0 {
				continue
			}
			list[r.IntN(len(list))] ^= 1 << r.IntN(8)
			if err := new(Machine).Join(got, p, bad); err == nil && bytes.Equal(got, c.src) {
				t.Errorf("%s: a bit does not count", name)
			}
		}
	}
}

// lettersOf returns the letters of n.
func lettersOf(n *dsl.Node) (letters string) {
	for _, c := range n.List {
		letters += string([]byte{byte(c)})
	}
	return letters
}

// slowLetters is joinLetters, bit by bit, of valid lists.
func slowLetters(packed, runs []byte, letters string) (out []byte) {
	k, at := 0, 0
	for 1<<k < len(letters) {
		k++
	}
	for len(runs) > 0 {
		v, n := binary.Uvarint(runs)
		runs = runs[n:]
		count := int(v / 4)
		if v%4 == 2 {
			out, runs = append(out, runs[:count]...), runs[count:]
			continue
		}
		for v%4 == 3 && at%8 != 0 {
			at++
		}
		for range count {
			x := 0
			for range k {
				x = 2*x + int(packed[at/8]>>(7-at%8)&1)
				at++
			}
			c := letters[x]
			if v%4 == 1 {
				c ^= 32
			}
			out = append(out, c)
		}
	}
	return out
}

// BenchmarkHostileLetters makes letters one by one, and in the longest runs.
func BenchmarkHostileLetters(b *testing.B) {
	const size = 1 << 20
	for name, c := range map[string]struct {
		letters string
		run     int
	}{"bits": {"01", size}, "single": {"ACGT", 1}, "base64": {base64Letters, size}, "short": {base64Letters, 5}} {
		b.Run(name, func(b *testing.B) {
			var runs []byte
			for left := size; left > 0; left -= min(left, c.run) {
				runs = binary.AppendUvarint(runs, uint64(min(left, c.run)*runKinds+runOther))
			}
			k, _ := letterBits(&dsl.Node{List: alphabetOf(c.letters)})
			streams := [][]byte{make([]byte, size*k/8), runs}
			p := lettersPlan(c.letters, len(streams[0]), len(runs))
			l, err := NewLayout(p, size)
			if err != nil {
				b.Fatal(err)
			}
			var m Machine
			dst := make([]byte, size)
			for b.Loop() {
				if err := m.Join(dst, p, streams); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(l.Steps), "ns/step")
		})
	}
}

// TestLettersRefused refuses alphabets and lists that cannot be.
func TestLettersRefused(t *testing.T) {
	for _, letters := range []string{"", "A", "ABC", "AACG", base64Letters + base64Letters} {
		if _, err := NewLayout(lettersPlan(letters, 10, 10), 100); !errors.Is(err, dsl.ErrExecution) {
			t.Errorf("alphabet %q: %v", letters, err)
		}
	}
	long := binary.AppendUvarint(nil, 1<<40)
	for name, c := range map[string]struct {
		size         int
		packed, runs []byte
	}{
		"no run":                     {1, nil, nil},
		"a run of no bytes":          {1, nil, []byte{2, 6, 'x'}},
		"a run that is too long":     {1, nil, []byte{10, 'x', 'y'}},
		"a run beyond all bounds":    {1, nil, long},
		"a run that ends early":      {2, nil, []byte{10, 'x'}},
		"a number that never ends":   {1, nil, []byte{0x86}},
		"a number in a longer form":  {1, nil, []byte{0x86, 0, 'x'}},
		"letters that are not there": {5, []byte{0}, []byte{20}},
		"letters that are left":      {4, []byte{0, 0}, []byte{16}},
		"bits that are left":         {3, []byte{1}, []byte{12}},
		"bits that are skipped":      {2, []byte{1, 0}, []byte{4, 7}},
		"bytes that are left":        {1, nil, []byte{6, 'x', 6, 'y'}},
	} {
		p := lettersPlan("ACGT", len(c.packed), len(c.runs))
		if err := new(Machine).Join(make([]byte, c.size), p, [][]byte{c.packed, c.runs}); !errors.Is(err, dsl.ErrExecution) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
