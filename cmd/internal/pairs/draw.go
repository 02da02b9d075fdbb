package pairs

import (
	"bytes"
	"context"
	"math"
	"math/rand/v2"

	"github.com/ktzip/ktzip/dsl/kolmogorov"
	"github.com/ktzip/ktzip/search/programs"
)

// BatchPairs is the number of pairs that are drawn from one seed. Changing it changes the
// pairs of every seed.
const BatchPairs = 512

// A Drawer draws pairs. Use NewDrawer. It is safe for concurrent use.
type Drawer struct {
	opt      Options
	excluded map[string]bool
	finder   *programs.Finder
	files    [][]byte // the contents of Options.Real
}

// NewDrawer returns a Drawer that leaves out the excluded sequences. It reads the files of the
// options.
func NewDrawer(opt *Options, excluded map[string]bool) (*Drawer, error) {
	if err := opt.Check(); err != nil {
		return nil, err
	}
	files, err := readReal(opt.Real)
	if err != nil {
		return nil, err
	}
	return &Drawer{opt: *opt, excluded: excluded, finder: programs.New(&programs.Config{Prior: programs.Uniform}), files: files}, nil
}

// Batch returns the first n pairs, 0 <= n <= BatchPairs, of batch k of the seed in their written
// form. They depend on nothing else. It returns an error soon after ctx is done, and only then.
func (d *Drawer) Batch(ctx context.Context, k uint64, n int) ([]byte, error) {
	seed := d.opt.Seed<<32 ^ k
	b := &batch{
		opt:       &d.opt,
		finder:    d.finder,
		files:     d.files,
		generator: kolmogorov.NewGenerator(seed),
		rand:      rand.New(rand.NewPCG(seed, stream)),
	}
	var out []byte
	for i := 0; i < n; {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		kind := kinds[d.opt.Kinds[i%len(d.opt.Kinds)]]
		p := kind.draw(b)
		if p.Program == nil && !kind.sequences || d.excluded[string(p.Sequence)] {
			continue
		}
		var ok bool
		if out, ok = d.opt.Append(out, p); ok {
			i++
		}
	}
	return out, nil
}

// stream is the second half of a seed, so that a batch draws other numbers than other users of
// a seed (arbitrary).
const stream = 0x6b7467656e

// A kind is a way to draw a pair.
type kind struct {
	draw      func(*batch) Pair
	sequences bool // a pair without a program is kept, since its sequence alone is worth reading
}

// kindReal is the kind that needs files.
const kindReal = "real"

// kinds are those that --kinds names.
var kinds = map[string]kind{
	"pairs":   {draw: (*batch).pair},
	"windows": {draw: (*batch).window},
	"noisy":   {draw: (*batch).noisy},
	kindReal:  {draw: (*batch).real, sequences: true},
}

// A batch is the state of drawing one.
type batch struct {
	opt       *Options
	finder    *programs.Finder
	files     [][]byte
	generator *kolmogorov.Generator
	rand      *rand.Rand
	joined    []byte // sequences, for windows
}

// pair draws a pair of the published distribution.
func (b *batch) pair() Pair {
	p, sequence := b.generator.Next()
	p = p.Canonical() // without lines that the output does not need
	if b.opt.Reduce > 0 {
		if q, _ := b.finder.Best(sequence, b.opt.Reduce); q != nil && q.UniformBits() < p.UniformBits() {
			p = q
		}
	}
	return Pair{Sequence: sequence, Program: p}
}

const windowBytes = 128

// window draws windowBytes bytes from joined sequences.
func (b *batch) window() Pair {
	for len(b.joined) < 2*windowBytes {
		_, sequence := b.generator.Next()
		b.joined = append(b.joined, sequence...)
	}
	b.joined = b.joined[b.rand.IntN(windowBytes):]
	return b.found(bytes.Clone(b.joined[:windowBytes]))
}

// maxShare is the most that a program found may cost, as a share of its sequence. It is
// arbitrary: programs that save less teach a model little.
const maxShare = 0.9

// found returns the sequence with the program that the search finds; without one if none saves
// enough.
func (b *batch) found(sequence []byte) Pair {
	p, _ := b.finder.Best(sequence, b.opt.Steps)
	if p == nil || p.UniformBits() > maxShare*8*float64(len(sequence)) {
		return Pair{Sequence: sequence}
	}
	return Pair{Sequence: sequence, Program: p.Canonical()}
}

// noisy draws a sequence like those of real data, parts of which a program can produce.
// The probabilities are arbitrary.
func (b *batch) noisy() Pair {
	r, s := b.rand, make([]byte, windowBytes)
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
	return b.found(s)
}
