package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/ktzip/ktzip/bench/internal/encoding"
	"github.com/ktzip/ktzip/dsl"
	generator "github.com/ktzip/ktzip/dsl/kolmogorov"
	"github.com/ktzip/ktzip/search/programs"
)

// Of the report about encodings. All but the steps are arbitrary.
const (
	lessonSeed   = 2_503_139 // of the pairs that frequencies are learnt from
	lessonPairs  = 20_000
	searchSteps  = 10 * 200_000 // of a sequence, the mean: kteval's 10 ms
	poolPrograms = 4            // that a search adds to the pool of a sequence
)

// A solved sequence has programs that produce it; all are canonical.
type solved struct {
	size  int // of the sequence, in bytes
	given *dsl.Program
	found *dsl.Program   // by the search under the uniform prior
	pool  []*dsl.Program // these two, and others that searches under both priors found
}

// encodings measures what the parts of programs cost under several encodings, and whether
// these prefer other programs.
func encodings(l *lab) error {
	if _, err := os.Stat(l.pairs()); err != nil {
		return errors.Join(errNoFiles, err)
	}
	list, err := readPairs(l.pairs())
	if err != nil {
		return err
	}
	all := solveAll(thin(l, list))
	coders, err := l.coders()
	if err != nil {
		return err
	}
	return errors.Join(l.publish(priorsTable(all, coders), "encodings", kolmogorovPage),
		l.publish(literalsTable(all, coders), "literals", kolmogorovPage))
}

// A knownPair is a line of a file of pairs.
type knownPair struct {
	Program  string       `json:"program,omitempty"`
	Sequence []int        `json:"sequence"`
	program  *dsl.Program // nil if there is none
	bytes    []byte
}

// readPairs returns the pairs of a file.
func readPairs(path string) (list []knownPair, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	const longest = 1 << 20 // bytes of a line; arbitrary
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, longest)
	for lines.Scan() {
		var p knownPair
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
			return nil, err
		}
		if p.Program != "" {
			if p.program, err = dsl.Parse(p.Program, dsl.Block); err != nil {
				return nil, err
			}
		}
		for _, v := range p.Sequence {
			p.bytes = append(p.bytes, byte(v))
		}
		list = append(list, p)
	}
	return list, lines.Err()
}

// solveAll searches for programs of all sequences as kteval does: they share the steps.
func solveAll(list []knownPair) (all []solved) {
	worth := int64(0)
	for _, p := range list {
		worth += programs.Worth(p.bytes)
	}
	uniform := programs.New(&programs.Config{Prior: programs.Uniform})
	adaptive := programs.New(&programs.Config{Prior: programs.Adaptive})
	for _, p := range list {
		steps := int64(searchSteps * float64(programs.Worth(p.bytes)) * float64(len(list)) / float64(worth))
		found, _ := uniform.Cheapest(p.bytes, steps, poolPrograms)
		others, _ := adaptive.Cheapest(p.bytes, steps, poolPrograms)
		s := solved{size: len(p.bytes), given: p.program.Canonical(), found: found[0].Canonical()}
		s.pool = append(s.pool, s.given)
		for _, q := range append(found, others...) {
			s.pool = append(s.pool, q.Canonical())
		}
		all = append(all, s)
	}
	return all
}

// A coder is an encoding, as a table calls it.
type coder struct {
	name  string
	fresh func() encoding.Coder // in its initial state
}

// coders returns the encodings to compare: the uniform prior first, that of files last.
func (l *lab) coders() ([]coder, error) {
	table, err := os.ReadFile(filepath.Join(l.root, "container", "edition2.tsv"))
	if err != nil {
		return nil, err
	}
	if err := encoding.NewTree().Read(strings.NewReader(string(table))); err != nil {
		return nil, err
	}
	lines := func(order encoding.Order) func() encoding.Coder {
		return func() encoding.Coder { return encoding.NewLines(order) }
	}
	static := func(order encoding.Order) func() encoding.Coder {
		learnt := encoding.NewLines(order)
		for g, n := generator.NewGenerator(lessonSeed), 0; n < lessonPairs; n++ {
			p, _ := g.Next()
			learnt.Learn(p.Canonical())
		}
		learnt.Freeze()
		return func() encoding.Coder { return learnt }
	}
	return []coder{
		{"the benchmark's uniform prior", lines(encoding.None)},
		{"operations by their frequency, static", static(encoding.Alone)},
		{"by frequency after the line before, static", static(encoding.Previous)},
		{"operations by their frequency, learnt from nothing", lines(encoding.Alone)},
		{"by frequency after the line before, learnt from nothing", lines(encoding.Previous)},
		{"bit form of files, learnt from nothing", func() encoding.Coder { return encoding.NewTree() }},
		{"bit form of files", func() encoding.Coder {
			t := new(encoding.Tree)
			t.Read(strings.NewReader(string(table))) // as above, without error
			return t
		}},
	}, nil
}

// A chosen sums up what an encoding takes for programs: those given, those found, and the
// cheapest of each pool.
type chosen struct {
	count     int
	size      float64       // bits of the sequences
	given     encoding.Bits // of the given programs, without flags
	foundBits float64       // of those found, with flags; raw where that is less
	usualBits float64       // of the cheapest under the uniform prior, likewise
	poolBits  float64       // of the cheapest, likewise
	others    int           // sequences of which these two differ
}

// equalBits is more than rounding makes of equal sums of logarithms.
const equalBits = 1e-6

// choosePrograms prices all programs under c. The given, the found and the cheapest of each
// pool are files of their own, from which c learns as they come.
func choosePrograms(all []solved, c coder) (sum chosen) {
	given, found, pool := c.fresh(), c.fresh(), c.fresh()
	uniform := encoding.NewLines(encoding.None)
	for _, s := range all {
		raw := 8 * float64(s.size)
		sum.size += raw
		bits := given.Price(s.given)
		given.Learn(s.given)
		sum.given = sum.given.Plus(bits)
		sum.foundBits += min(found.Price(s.found).Sum(), raw) + 1
		found.Learn(s.found)
		cheapest, cost := cheapestOf(s.pool, pool)
		_, low := cheapestOf(s.pool, uniform)
		usual := math.Inf(1) // of the cheapest under the uniform prior
		for _, p := range s.pool {
			if uniform.Price(p).Sum() < low+equalBits {
				usual = min(usual, pool.Price(p).Sum())
			}
		}
		if usual > cost+equalBits {
			sum.others++
		}
		sum.count++
		sum.usualBits += min(usual, raw) + 1
		sum.poolBits += min(cost, raw) + 1
		pool.Learn(cheapest)
	}
	return sum
}

// cheapestOf returns the program of list that c prices lowest by now, the first of those.
func cheapestOf(list []*dsl.Program, c encoding.Coder) (cheapest *dsl.Program, cost float64) {
	cost = math.Inf(1)
	for _, p := range list {
		if bits := c.Price(p).Sum(); bits < cost {
			cheapest, cost = p, bits
		}
	}
	return cheapest, cost
}

// priorsTable compares the encodings.
func priorsTable(all []solved, coders []coder) *table {
	t := newTable("encoding", "operations", "references", "other numbers", "values", "lengths of literals", "elements of literals", "bits", "rate",
		"found under the uniform prior", "cheapest under it", "cheapest", "another is cheapest")
	for _, c := range coders {
		s := choosePrograms(all, c)
		row, given := []any{c.name}, s.given.Sum()
		for _, bits := range s.given {
			row = append(row, fmt.Sprintf("%.1f (%.0f %%)", bits/float64(s.count), 100*bits/given))
		}
		row = append(row, fmt.Sprintf("%.1f", given/float64(s.count)))
		for _, bits := range []float64{given, s.foundBits, s.usualBits, s.poolBits} {
			row = append(row, fmt.Sprintf("%.4f", bits/s.size))
		}
		t.add(append(row, percent(s.others, s.count))...)
	}
	size, written := 0, writtenBytes(all)
	for _, s := range all {
		size += s.size
	}
	t.note = fmt.Sprintf("Written as one section of a file, the given programs take %d bytes, a rate of %.4f.", written, float64(written)/float64(size))
	return t
}

// writtenBytes returns what the given programs take in a file, one after the other.
func writtenBytes(all []solved) int {
	e := dsl.NewEncoder(dsl.Edition2)
	e.Plan(dsl.Identity())
	for _, s := range all {
		e.Program(s.given)
	}
	return len(e.Finish())
}

// percent returns n of all in percent.
func percent(n, all int) string { return fmt.Sprintf("%.1f %%", 100*float64(n)/float64(all)) }
