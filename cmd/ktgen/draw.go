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

// A pair is a sequence and a program that makes it; nil: none was found.
type pair struct {
	sequence []byte
	program  *dsl.Program
}

// A drawer draws a batch.
type drawer struct {
	opt       *options
	finder    *programs.Finder
	generator *kolmogorov.Generator
	rand      *rand.Rand
	joined    []byte // for windows
}

func newDrawer(opt *options, finder *programs.Finder, batch uint64) *drawer {
	seed := opt.seed<<32 ^ batch
	return &drawer{opt: opt, finder: finder, generator: kolmogorov.NewGenerator(seed), rand: rand.New(rand.NewPCG(seed, 0x6b7467656e))}
}

// batch returns n pairs as they are written; less where ctx ends.
func (d *drawer) batch(ctx context.Context, n int) []byte {
	var out bytes.Buffer
	var text []seqcoder.Token
	for k := 0; k < n && ctx.Err() == nil; {
		p := kinds[d.opt.kinds[k%len(d.opt.kinds)]](d)
		if p.program == nil || d.opt.exclude[string(p.sequence)] {
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

// write writes a pair, whose tokens are text.
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

// pair draws one of the published distribution.
func (d *drawer) pair() pair {
	p, sequence := d.generator.Next()
	p = p.Canonical() // what the output does not need is gone
	if d.opt.reduce > 0 {
		if q, _ := d.finder.Best(sequence, d.opt.reduce); q != nil && q.UniformBits() < p.UniformBits() {
			p = q
		}
	}
	return pair{sequence, p}
}

const windowBytes = 128

// window cuts one from sequences joined, at any place.
func (d *drawer) window() pair {
	for len(d.joined) < 2*windowBytes {
		_, sequence := d.generator.Next()
		d.joined = append(d.joined, sequence...)
	}
	d.joined = d.joined[d.rand.IntN(windowBytes):]
	return d.found(bytes.Clone(d.joined[:windowBytes]))
}

// found is the sequence with the program that the search finds, where that is shorter
// than the sequence.
func (d *drawer) found(sequence []byte) pair {
	p, _ := d.finder.Best(sequence, d.opt.steps)
	if p == nil || p.UniformBits() > 0.9*8*float64(len(sequence)) {
		return pair{sequence: sequence}
	}
	return pair{sequence, p.Canonical()}
}

// noisy draws a sequence as real data has them, which a program may make in parts.
func (d *drawer) noisy() pair {
	r, s := d.rand, make([]byte, windowBytes)
	base, slope, noise := r.IntN(256), r.IntN(9)-4, r.IntN(3)
	switch r.IntN(4) {
	case 0: // a line, a little off at times
		for i := range s {
			s[i] = byte(base + i*slope)
			if r.IntN(20) < noise {
				s[i]++
			}
		}
	case 1: // a period with changes
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

// line is a pair as the published file has it.
type line struct {
	Program  string  `json:"program"`
	Sequence []int   `json:"sequence"`
	Bits     float64 `json:"uniform_bits"`
}

func writeJSON(out *bytes.Buffer, p pair) {
	l := line{p.program.String(), make([]int, len(p.sequence)), math.Round(p.program.UniformBits()*1e6) / 1e6}
	for i, c := range p.sequence {
		l.Sequence[i] = int(c)
	}
	text, err := json.Marshal(l)
	if err != nil {
		panic(err) // numbers and text
	}
	out.Write(text)
	out.WriteByte('\n')
}

// sequencesOf are those of a .jsonl file.
func sequencesOf(name string) (map[string]bool, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	all := map[string]bool{}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var l line
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			return nil, fmt.Errorf("%s: line %d: %w", name, len(all)+1, err)
		}
		s := make([]byte, len(l.Sequence))
		for i, v := range l.Sequence {
			s[i] = byte(v)
		}
		all[string(s)] = true
	}
	return all, lines.Err()
}
