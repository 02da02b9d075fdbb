package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/kolmogorov"
	"github.com/ktzip/ktzip/search/programs"
	"github.com/ktzip/ktzip/search/seqcoder"
)

// A pair is a sequence and a program that produces it.
type pair struct {
	sequence []byte
	program  *dsl.Program // nil if the search found none
}

// A drawer draws a batch.
type drawer struct {
	opt       *options
	finder    *programs.Finder
	generator *kolmogorov.Generator
	rand      *rand.Rand
	joined    []byte // sequences, for windows
}

// newDrawer returns a drawer of one batch.
func newDrawer(opt *options, finder *programs.Finder, batch uint64) *drawer {
	seed := opt.seed<<32 ^ batch
	return &drawer{opt: opt, finder: finder, generator: kolmogorov.NewGenerator(seed), rand: rand.New(rand.NewPCG(seed, 0x6b7467656e))}
}

// batch returns n pairs in their written form, or fewer if ctx is done.
func (d *drawer) batch(ctx context.Context, n int) []byte {
	var out bytes.Buffer
	var text []seqcoder.Token
	for k := 0; k < n && ctx.Err() == nil; {
		p := kinds[d.opt.kinds[k%len(d.opt.kinds)]](d)
		if p.program == nil || d.opt.excluded[string(p.sequence)] {
			continue
		}
		var err error
		if text, err = seqcoder.Encode(text[:0], p.sequence, p.program); err != nil || len(text) > d.opt.longest {
			continue
		}
		k++
		d.opt.write(&out, p, text)
	}
	return out.Bytes()
}

// write appends p, whose tokens are text, to out.
func (opt *options) write(out *bytes.Buffer, p pair, text []seqcoder.Token) {
	n := len(p.sequence)
	switch {
	case !opt.packed:
		writeJSON(out, p)
		return
	case opt.bare:
		text, n = text[n:], 0
	}
	head := [2]uint16{uint16(len(text)), uint16(n)}
	out.Grow(2 * (len(head) + len(text)))
	for _, list := range [...][]uint16{head[:], text} {
		for _, v := range list {
			out.Write(binary.LittleEndian.AppendUint16(out.AvailableBuffer(), v))
		}
	}
}

// pair draws a pair of the published distribution.
func (d *drawer) pair() pair {
	p, sequence := d.generator.Next()
	p = p.Canonical() // without lines that the output does not need
	if d.opt.reduce > 0 {
		if q, _ := d.finder.Best(sequence, d.opt.reduce); q != nil && q.UniformBits() < p.UniformBits() {
			p = q
		}
	}
	return pair{sequence, p}
}

const windowBytes = 128

// window draws windowBytes bytes from joined sequences.
func (d *drawer) window() pair {
	for len(d.joined) < 2*windowBytes {
		_, sequence := d.generator.Next()
		d.joined = append(d.joined, sequence...)
	}
	d.joined = d.joined[d.rand.IntN(windowBytes):]
	return d.found(bytes.Clone(d.joined[:windowBytes]))
}

// maxShare is the most that a program found may cost, as a share of its sequence. It is
// arbitrary: programs that save less teach a model little.
const maxShare = 0.9

// found returns the sequence with the program that the search finds.
func (d *drawer) found(sequence []byte) pair {
	p, _ := d.finder.Best(sequence, d.opt.steps)
	if p == nil || p.UniformBits() > maxShare*8*float64(len(sequence)) {
		return pair{sequence: sequence}
	}
	return pair{sequence, p.Canonical()}
}

// noisy draws a sequence like those of real data, parts of which a program can produce.
// The probabilities are arbitrary.
func (d *drawer) noisy() pair {
	r, s := d.rand, make([]byte, windowBytes)
	base, slope, noise := r.IntN(256), r.IntN(9)-4, r.IntN(3)
	switch r.IntN(4) {
	case 0: // a straight line with a few errors
		for i := range s {
			s[i] = byte(base + i*slope)
			if r.IntN(20) < noise {
				s[i]++
			}
		}
	case 1: // a repeated period with a few changes
		period := 2 + r.IntN(30)
		for i := range s {
			if s[i] = byte(r.IntN(256)); i >= period && r.IntN(30) >= noise {
				s[i] = s[i-period]
			}
		}
	case 2: // records: a counter, a constant, a value
		width := 2 + r.IntN(6)
		for i := range s {
			switch i % width {
			case 0:
				s[i] = byte(base + i/width)
			case 1:
				s[i] = byte(r.IntN(1 + noise))
			default:
				s[i] = byte(base ^ i%width)
			}
		}
	case 3: // a slow wave, quantised
		period, step := 30+200*r.Float64(), 8<<r.IntN(3)
		for i := range s {
			s[i] = byte(int(128+100*math.Sin(float64(i)/period*2*math.Pi)) / step * step)
		}
	}
	return d.found(s)
}

// A line is a pair in the published form.
type line struct {
	Program  string  `json:"program"`
	Sequence []int   `json:"sequence"`
	Bits     float64 `json:"uniform_bits"`
}

// writeJSON appends the line of p to out.
func writeJSON(out *bytes.Buffer, p pair) {
	l := line{
		Program:  p.program.String(),
		Sequence: make([]int, len(p.sequence)),
		Bits:     math.Round(p.program.UniformBits()*1e6) / 1e6,
	}
	for i, c := range p.sequence {
		l.Sequence[i] = int(c)
	}
	text, err := json.Marshal(l)
	if err != nil {
		panic(err) // can't be: it has numbers and text
	}
	out.Write(text)
	out.WriteByte('\n')
}

// maxLine is the most bytes of a line of a .jsonl file; arbitrary.
const maxLine = 64 << 20

// sequencesOf returns the sequences of the .jsonl file called name.
func sequencesOf(name string) (map[string]bool, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	all := map[string]bool{}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, maxLine)
	for number := 1; lines.Scan(); number++ {
		var l line
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			return nil, fmt.Errorf("%s, line %d: %w", name, number, err)
		}
		s := make([]byte, len(l.Sequence))
		for i, v := range l.Sequence {
			s[i] = byte(v)
		}
		all[string(s)] = true
	}
	return all, lines.Err()
}
