package texts

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/ktzip/ktzip/codec/internal/arith"
)

// A sampler draws bytes and parameters.
type sampler struct{ *rand.Rand }

func newSampler(seed uint64) *sampler { return &sampler{rand.New(rand.NewPCG(seed, 23))} }

// prose returns n bytes of words, which follow each other as those of a language do, in lines.
func (r *sampler) prose(n int) (b []byte) {
	words := make([]string, 200)
	for k := range words {
		for range 1 + r.IntN(8) {
			words[k] += string(rune('a' + min(r.IntN(26), r.IntN(26))))
		}
	}
	for w := 0; len(b) < n; w = (w*7 + min(r.IntN(12), r.IntN(12))) % len(words) {
		b = append(append(b, words[w]...), " \n"[min(r.IntN(9), 1)^1])
	}
	return b[:n]
}

// table returns n bytes of lines of fields.
func (r *sampler) table(n int) (b []byte) {
	for t := 1000; len(b) < n; t += r.IntN(5) {
		b = fmt.Appendf(b, "%d,%d.%d,ok,%c\n", t, t/7, r.IntN(3), 'A'+r.IntN(2))
	}
	return b[:n]
}

// records returns n bytes of records of 12 bytes.
func (r *sampler) records(n int) (b []byte) {
	for t := uint32(0); len(b) < n; t += uint32(r.IntN(3)) {
		b = append(b, 0xAA, byte(t), byte(t>>8), 0, 7, byte(r.IntN(4)), 0, 1, byte(t/5), 0, 0xFF, byte(r.IntN(256)))
	}
	return b[:n]
}

// rows returns n bytes in which each comes 1 to 40 times in a row, as often as the last time.
func (r *sampler) rows(n int) (b []byte) {
	var often [8]int
	for k := range often {
		often[k] = 1 + r.IntN(40)
	}
	for len(b) < n {
		c := r.IntN(len(often))
		b = append(b, bytes.Repeat([]byte{byte(c)}, often[c])...)
	}
	return b[:n]
}

// letters returns n letters; half of them repeat others, often on the other strand.
func (r *sampler) letters(n int) (b []byte) {
	for len(b) < n {
		if m := len(b); m > 200 && r.IntN(2) == 0 {
			piece := bytes.Clone(b[r.IntN(m-100):][:100])
			if r.IntN(2) == 0 {
				for i, j := 0, len(piece)-1; i <= j; i, j = i+1, j-1 {
					piece[i], piece[j] = other(piece[j]), other(piece[i])
				}
			}
			b = append(b, piece...)
			continue
		}
		for range 100 {
			b = append(b, "ACGT"[r.IntN(4)])
		}
	}
	return b[:n]
}

// other returns the letter of the other strand.
func other(c byte) byte { return "TGCA"[letterOf[c]-1] }

// noise returns n bytes.
func (r *sampler) noise(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

// bytes returns about n bytes of some nature.
func (r *sampler) bytes(n int) []byte {
	list := []func(int) []byte{r.prose, r.table, r.records, r.letters, r.noise, func(n int) []byte { return make([]byte, n) }}
	return list[r.IntN(len(list))](n)
}

// params returns parameters within their limits.
func (r *sampler) params() *Params {
	p := &Params{Log: leastLog + r.IntN(4), Shaped: r.IntN(2) == 0, Sets: 1 + uint(r.IntN(1<<weightSets-1))}
	widths := []int{Lines, Fields, 2, 12, 300}
	for range 1 + r.IntN(12) {
		w := widths[r.IntN(len(widths))]
		c := Context{Kind: Kind(r.IntN(int(kinds)))}
		switch c.Kind {
		case Order:
			c.A = r.IntN(mostOrder + 1)
		case Masked:
			c.Masks = r.noise(1 + r.IntN(mostOrder))
		case Word:
			c.A = r.IntN(wordKinds)
		case Followed:
			c.A = 1 + r.IntN(followedKinds)
		case Column:
			c.A, c.B = w, r.IntN(mostBytes+1)
		case Above:
			c.A, c.B = w, 1+r.IntN(neighbors)
		case Foretold:
			c.A = r.IntN(3)
		case Repeated:
			c.A = 1 + r.IntN(2)
		case Opcode:
			c.A = 1 + r.IntN(mostOpcode)
		case Nucleotide:
			c.A = 1 + r.IntN(mostLetters)
		}
		p.Contexts = append(p.Contexts, c)
	}
	for range r.IntN(mostMatches + 1) {
		p.Matches = append(p.Matches, 1+r.IntN(mostMatch))
	}
	return p
}

// encoded returns the member of b, by a machine that did others before.
func encoded(t *testing.T, m *Machine, b []byte, p *Params) []byte {
	t.Helper()
	member, err := m.Encode(context.Background(), nil, b, p)
	if err != nil {
		t.Fatalf("%+v: %v", p, err)
	}
	return member
}

// TestRoundTrip codes bytes of each nature by drawn parameters: they come back, the source stays,
// and a machine that did others makes the same member as a new one.
func TestRoundTrip(t *testing.T) {
	r := newSampler(1)
	var m Machine
	for range 60 {
		p, b := r.params(), r.bytes(r.IntN(5000))
		source := bytes.Clone(b)
		member := encoded(t, &m, b, p)
		if !bytes.Equal(b, source) {
			t.Fatalf("%+v: Encode changed the source", p)
		}
		if again := encoded(t, new(Machine), b, p); !bytes.Equal(member, again) {
			t.Fatalf("%+v: a new machine makes %d other bytes", p, len(again))
		}
		got := make([]byte, len(b))
		if err := m.Decode(got, member, p); err != nil || !bytes.Equal(got, b) {
			t.Fatalf("%+v: %d bytes became others: %v", p, len(b), err)
		}
	}
}

// TestVectorsDoTheSame compares members with and without vector instructions.
func TestVectorsDoTheSame(t *testing.T) {
	if !arith.HasAVX2 {
		t.Skip("no AVX2")
	}
	defer func() { arith.HasAVX2 = true }()
	r := newSampler(2)
	var m Machine
	for range 40 {
		p, b := r.params(), r.bytes(r.IntN(4000))
		fast := encoded(t, &m, b, p)
		arith.HasAVX2 = false
		plain := encoded(t, &m, b, p)
		arith.HasAVX2 = true
		if !bytes.Equal(fast, plain) {
			t.Fatalf("%+v: %d bytes with AVX2, %d other ones without", p, len(fast), len(plain))
		}
	}
}

// TestVectorsFindTheSame compares findAVX2 with slots.find in a table that is full, of which contexts share slots.
func TestVectorsFindTheSame(t *testing.T) {
	if !arith.HasAVX2 {
		t.Skip("no AVX2")
	}
	r := newSampler(3)
	m := &model{contexts: make([]bytesContext, mostContexts)}
	m.slots.reset(leastLog)
	for k := range m.slots.bytes {
		m.slots.bytes[k] = byte(r.IntN(4) * r.IntN(86))
	}
	plain := slots{bytes: bytes.Clone(m.slots.bytes), shift: m.slots.shift}
	for range 3000 {
		for k := range m.next {
			m.next[k] = uint32(r.IntN(8))<<m.slots.shift | uint32(r.IntN(4)*r.IntN(86))
		}
		want := int32(0)
		var places [mostContexts]uint32
		for k, h := range m.next {
			at, ok := plain.find(h)
			if places[k] = at; ok {
				want++
			}
		}
		if got := findAVX2(m); got != want || m.places != places || !bytes.Equal(m.slots.bytes, plain.bytes) {
			t.Fatalf("%d contexts found at %v, want %d at %v", got, m.places, want, places)
		}
		for _, at := range places {
			h := byte(r.IntN(256))
			m.slots.bytes[at+1], plain.bytes[at+1] = h, h
		}
	}
}

// TestContextsPay holds each kind of context to what it saves where it should: as a percentage
// of the size without it.
func TestContextsPay(t *testing.T) {
	r := newSampler(3)
	orders := []Context{{Kind: Order, A: 1}, {Kind: Order, A: 2}, {Kind: Order, A: 4}}
	var m Machine
	for _, c := range []struct {
		name  string
		b     []byte
		add   Context
		match int
		most  int // percent
	}{
		{"word", r.prose(30000), Context{Kind: Word, A: 1}, 0, 97},
		{"followed", r.records(30000), Context{Kind: Followed, A: 3}, 0, 97},
		{"column", r.records(30000), Context{Kind: Column, A: 12}, 0, 80},
		{"above", r.records(30000), Context{Kind: Above, A: 12, B: North | InRow}, 0, 75},
		{"line above", r.table(30000), Context{Kind: Above, A: Lines, B: North | West}, 0, 97},
		{"field above", r.table(30000), Context{Kind: Above, A: Fields, B: North | InRow}, 0, 97},
		{"repeated", r.rows(30000), Context{Kind: Repeated, A: 1}, 0, 90},
		{"opcode", r.records(30000), Context{Kind: Opcode, A: 4}, 0, 95},
		{"masked", r.records(30000), Context{Kind: Masked, Masks: []byte{0, 0xff, 0, 0xff}}, 0, 95},
		{"nucleotide", r.letters(40000), Context{Kind: Nucleotide, A: 12}, 0, 70},
		{"foretold", r.letters(40000), Context{Kind: Foretold, A: 2}, 16, 90},
	} {
		p := Params{Log: 20, Sets: 7, Contexts: orders}
		without := len(encoded(t, &m, c.b, &p))
		p.Contexts = append(orders[:len(orders):len(orders)], c.add)
		if c.match > 0 {
			p.Matches = []int{c.match}
		}
		if with := len(encoded(t, &m, c.b, &p)); with*100 > without*c.most {
			t.Errorf("%s: %d bytes with, %d without: want at most %d %%", c.name, with, without, c.most)
		}
	}
}

// TestHistories holds the table of histories to what a history is.
func TestHistories(t *testing.T) {
	prepareTables()
	for bit := range nextHistory {
		for k, next := range nextHistory[bit] {
			was, is := tallies[k], tallies[next]
			if k > 0 && was == (tally{}) {
				continue // no history has this number
			}
			if is == (tally{}) || bit == 1 && is.ones == 0 || bit == 0 && is.zeros == 0 {
				t.Errorf("history %d, %+v, and then %d: %+v", k, was, bit, is)
			}
			mirror := tallies[nextHistory[bit][k]]
			if want := was.next(bit); mirror != want {
				t.Errorf("history %d and then %d: %+v, want %+v", k, bit, mirror, want)
			}
		}
	}
}

// TestHuffman holds codes to prefix codes that are short, however unequal bytes are.
func TestHuffman(t *testing.T) {
	r := newSampler(4)
	for n := range 60 {
		b := r.bytes(1 + r.IntN(3000))
		for k := range n % 25 {
			b = append(b, bytes.Repeat([]byte{byte(k)}, 1<<min(k, 16))...)
		}
		lengths := huffman(b)
		var tr tree
		if !tr.reset(&lengths) {
			t.Fatalf("no tree of %v", lengths)
		}
		size, counts := 0, [256]int{}
		for _, v := range b {
			if counts[v]++; lengths[v] == 0 {
				t.Fatalf("byte %d has no code", v)
			}
			size += int(lengths[v])
		}
		if size > 8*len(b)+len(b)/8 {
			t.Errorf("%d bits for %d bytes", size, len(b))
		}
	}
	lengths := even()
	for _, change := range []func(){func() { lengths[3] = 7 }, func() { lengths[3] = 0 }, func() { lengths[3] = 13 }, func() { lengths = [256]uint8{} }} {
		lengths = even()
		if change(); new(tree).reset(&lengths) {
			t.Errorf("a tree of %v", lengths)
		}
	}
}

// TestCheck refuses parameters beyond their limits.
func TestCheck(t *testing.T) {
	good := func() *Params {
		return &Params{Log: 20, Sets: 7, Contexts: []Context{{Kind: Order, A: 2}}, Matches: []int{8}}
	}
	if err := good().Check(); err != nil {
		t.Fatal(err)
	}
	for k, spoil := range []func(p *Params){
		func(p *Params) { p.Log = leastLog - 1 },
		func(p *Params) { p.Log = mostLog + 1 },
		func(p *Params) { p.Sets = 0 },
		func(p *Params) { p.Sets = 1 << weightSets },
		func(p *Params) { p.Contexts = nil },
		func(p *Params) { p.Contexts = make([]Context, mostContexts+1) },
		func(p *Params) { p.Matches = []int{0} },
		func(p *Params) { p.Matches = []int{mostMatch + 1} },
		func(p *Params) { p.Matches = []int{1, 2, 3, 4} },
		func(p *Params) { p.Contexts[0].A = mostOrder + 1 },
		func(p *Params) { p.Contexts[0].B = 1 },
		func(p *Params) { p.Contexts[0].Masks = []byte{1} },
		func(p *Params) { p.Contexts[0].Kind = kinds },
		func(p *Params) { p.Contexts[0].Kind = -1 },
		func(p *Params) { p.Contexts[0] = Context{Kind: Masked} },
		func(p *Params) { p.Contexts[0] = Context{Kind: Masked, Masks: make([]byte, 9)} },
		func(p *Params) { p.Contexts[0] = Context{Kind: Nucleotide} },
		func(p *Params) { p.Contexts[0] = Context{Kind: Above, A: 5} },
		func(p *Params) { p.Contexts[0] = Context{Kind: Column, A: mostWidth + 1} },
		func(p *Params) {
			p.Log = mostLog
			for range 5 {
				p.Contexts = append(p.Contexts, Context{Kind: Nucleotide, A: 20})
			}
		},
	} {
		p := good()
		spoil(p)
		if err := p.Check(); !errors.Is(err, arith.ErrParameters) {
			t.Errorf("case %d, %+v: %v", k, p, err)
		}
	}
}
