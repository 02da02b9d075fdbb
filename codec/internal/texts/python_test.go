package texts

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"
)

// decoder restores members by container/testdata/texts.py, which was written from the format's description: a line
// for each, of its predictor, its length and its bytes. It refuses what is invalid.
const decoder = `
import json, sys
sys.path.insert(0, "../../../container/testdata")
from language import Invalid
from texts import predicted
for line in sys.stdin:
    j = json.loads(line)
    try:
        print(predicted(j["components"], bytes.fromhex(j["member"]), j["size"], 2**26).hex())
    except Invalid:
        print("refused")
`

// numbers are those of components of contexts (container/FORMAT.md, section 12).
var numbers = [kinds]int{
	Order: 14, Masked: 15, Word: 16, Followed: 17, Column: 18, Above: 19, Nucleotide: 20, Opcode: 21, Foretold: 23,
}

// A component is one of a predictor, as texts.py takes it: its number and its arguments.
type component [2]any

// components returns those of p.
func components(p *Params) []component {
	list := []component{{10, []int{}}}
	for _, c := range p.Contexts {
		args := []any{c.A}
		switch c.Kind {
		case Masked:
			masks := []int{}
			for _, m := range c.Masks {
				masks = append(masks, int(m))
			}
			args = []any{masks}
		case Column, Above:
			args = append(args, c.B)
		}
		list = append(list, component{numbers[c.Kind], args})
	}
	for _, n := range p.Matches {
		list = append(list, component{13, []int{n}})
	}
	shaped := 0
	if p.Shaped {
		shaped = 1
	}
	return append(list, component{22, []any{p.Log, shaped, []uint{p.Sets}}})
}

// drawnParams returns parameters within their limits.
func drawnParams(r *rand.Rand) *Params {
	p := &Params{Log: 16 + r.IntN(4), Shaped: r.IntN(2) == 0, Sets: 1 + uint(r.IntN(1<<weightSets-1))}
	for range 1 + r.IntN(6) {
		c := Context{Kind: Kind(r.IntN(int(kinds)))}
		width := r.IntN(2) * (r.IntN(40) + 1)
		switch c.Kind {
		case Order:
			c.A = r.IntN(mostOrder + 1)
		case Masked:
			for range 1 + r.IntN(mostOrder) {
				c.Masks = append(c.Masks, byte(r.IntN(256)))
			}
		case Word:
			c.A = r.IntN(wordKinds)
		case Followed:
			c.A = 1 + r.IntN(followedKinds)
		case Column:
			c.A, c.B = width, r.IntN(mostBytes+1)
		case Above:
			c.A, c.B = width, 1+r.IntN(neighbors)
		case Foretold:
			c.A = r.IntN(3)
		case Opcode:
			c.A = 1 + r.IntN(mostOpcode)
		case Nucleotide:
			c.A = 1 + r.IntN(mostLetters)
		}
		p.Contexts = append(p.Contexts, c)
	}
	for range r.IntN(mostMatches + 1) {
		p.Matches = append(p.Matches, 1+r.IntN(12))
	}
	return p
}

// drawnText returns so many bytes of words, which often repeat, or of letters of nucleic acids.
func drawnText(r *rand.Rand, size int) (b []byte) {
	words := strings.Split("the of, and  ; ACGT gattaca\n 12 1777 tele\tvision\n foo|bar , \x00 \xff\x80", " ")
	letters := []string{"A", "C", "G", "T", "\n", "a", "g"}
	if r.IntN(3) == 0 {
		words = letters[:4+r.IntN(4)]
	}
	for len(b) < size {
		b = append(b, words[r.IntN(len(words))]...)
		if r.IntN(20) == 0 {
			b = append(b, b[r.IntN(len(b)):]...)
		}
	}
	return b[:size]
}

// TestSecondDecoder restores members, some of which were changed, with a decoder that shares no code
// with this package.
func TestSecondDecoder(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3")
	}
	r := rand.New(rand.NewPCG(79, 23))
	var m Machine
	var in bytes.Buffer
	var want []string
	for range 40 {
		p, src := drawnParams(r), drawnText(r, r.IntN(400))
		member, err := m.Encode(context.Background(), nil, src, p)
		if err != nil {
			t.Fatal(err)
		}
		if len(member) > 0 && r.IntN(4) == 0 {
			member[r.IntN(len(member))] ^= 1 << r.IntN(8)
			err = m.Decode(src, member, p)
		}
		result := hex.EncodeToString(src)
		if err != nil {
			result = "refused"
		}
		task, err := json.Marshal(map[string]any{"components": components(p), "size": len(src), "member": hex.EncodeToString(member)})
		if err != nil {
			t.Fatal(err)
		}
		in.Write(append(task, '\n'))
		want = append(want, result)
	}
	cmd := exec.Command(python, "-B", "-c", decoder)
	cmd.Stdin = &in
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if len(got) != len(want) {
		t.Fatalf("%d members restored, want %d", len(got), len(want))
	}
	for i, w := range want {
		if got[i] != w {
			t.Errorf("member %d: the second decoder makes others of it", i)
		}
	}
}
