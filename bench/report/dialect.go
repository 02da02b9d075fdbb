package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/ktzip/ktzip/bench/internal/dialect"
	generator "github.com/ktzip/ktzip/dsl/kolmogorov"
	"github.com/ktzip/ktzip/search/programs"
)

// Of the report about the second language. The seed is none that anything was trained with;
// the counts keep it below 20 minutes.
const (
	dialectSeed    = 31_415
	dialectPairs   = 1000 // of each language
	dialectSamples = 100  // of each primitive
	modelPairs     = 200  // of each language, that the transformer gets
	modelSamples   = 20   // of each primitive
)

// A drawnPair is a sequence, and what its program costs in the language that it was drawn from.
type drawnPair struct {
	sequence []byte
	own      float64 // bits
	group    string  // in a table; "" if there is none
	fewer    bool    // one of those that the transformer gets
}

// A language is what sequences are drawn from.
type language struct {
	name string
	draw func() []drawnPair
}

var languages = []language{
	{"the first language", drawFirst},
	{"the dialect's macros", func() []drawnPair { return drawDialect(dialect.Macro) }},
	{"the dialect", func() []drawnPair { return drawDialect(dialect.None) }},
}

// dialects measures what the search, its ranker and the transformer, all made for the first
// language, do on sequences of another one.
func dialects(l *lab) error {
	var drawn [][]drawnPair
	all, brief := columnsOf(false), columnsOf(true)
	whole := groupsTable("sequences of", all)
	for _, language := range languages {
		list := thin(l, language.draw())
		drawn = append(drawn, list)
		bits, err := l.measureWays(list)
		if err != nil {
			return err
		}
		addGroups(whole, all, list, bits, func(*drawnPair) string { return language.name })
		if list[0].group != "" {
			addGroups(whole, all, list, bits, func(p *drawnPair) string { return p.group })
		}
	}
	samples := thin(l, drawSamples())
	bits, err := l.measureWays(samples)
	if err != nil {
		return err
	}
	primitives := groupsTable("primitive: what states it in the first language", brief)
	addGroups(primitives, brief, samples, bits, func(p *drawnPair) string { return p.group })
	rules, err := l.rulesTable(drawn)
	if err != nil {
		return err
	}
	return errors.Join(l.publish(whole, "dialect", kolmogorovPage), l.publish(primitives, "dialect-primitives", kolmogorovPage),
		l.publish(rules, "dialect-rules", kolmogorovPage))
}

// drawFirst draws pairs of the first language.
func drawFirst() (list []drawnPair) {
	g := generator.NewGenerator(dialectSeed)
	for i := range dialectPairs {
		p, sequence := g.Next()
		list = append(list, drawnPair{sequence: sequence, own: p.UniformBits(), fewer: i < modelPairs})
	}
	return list
}

// drawDialect draws pairs of primitives that are at worst of that kind. It groups those of the
// whole dialect by the worst kind in a program.
func drawDialect(worst dialect.Kind) (list []drawnPair) {
	g := dialect.NewGenerator(dialectSeed, worst)
	for i := range dialectPairs {
		p, sequence := g.Next()
		pair := drawnPair{sequence: sequence, own: p.Bits(), fewer: i < modelPairs}
		if worst == dialect.None {
			pair.group = fmt.Sprintf("… worst primitive: %v", p.Kind())
		}
		list = append(list, pair)
	}
	return list
}

// drawSamples draws pairs of one primitive each.
func drawSamples() (list []drawnPair) {
	g := dialect.NewGenerator(dialectSeed, dialect.None)
	for k, primitive := range dialect.Primitives() {
		name := fmt.Sprintf("%s: %v", primitive.Name, primitive.Kind)
		for i := range dialectSamples {
			p, sequence := g.Sample(k)
			list = append(list, drawnPair{sequence: sequence, own: p.Bits(), group: name, fewer: i < modelSamples})
		}
	}
	return list
}

// A way is how programs are searched for.
type way struct {
	args  []string
	fewer bool // only of the sequences that the transformer gets
}

// Numbers of ways.
const (
	way3 = iota
	way3Without
	way10
	way10Without
	wayModel
	numWays
)

var ways = [numWays]way{
	way3:         {args: []string{"--budget", "3ms"}},
	way3Without:  {args: []string{"--budget", "3ms", "--without", "ranker"}},
	way10:        {args: []string{"--budget", "10ms"}},
	way10Without: {args: []string{"--budget", "10ms", "--without", "ranker"}},
	wayModel:     {args: []string{"--search", "seqcoder", "--budget", "100ms"}, fewer: true},
}

// measureWays returns for each way the bits of each sequence: of its program and a flag, or raw.
// Sequences that a way does not get have 0.
func (l *lab) measureWays(list []drawnPair) (bits [numWays][]float64, err error) {
	for k, w := range ways {
		if bits[k], err = l.keptBits(list, w); err != nil {
			return bits, err
		}
	}
	return bits, nil
}

// keptBits searches for programs of the sequences and returns what each takes.
func (l *lab) keptBits(list []drawnPair, w way) ([]float64, error) {
	dir, err := l.dir()
	if err != nil {
		return nil, err
	}
	var lines bytes.Buffer
	var which []int
	for i, p := range list {
		if w.fewer && !p.fewer {
			continue
		}
		sequence := make([]int, len(p.sequence))
		for k, v := range p.sequence {
			sequence[k] = int(v)
		}
		if err := json.NewEncoder(&lines).Encode(knownPair{Sequence: sequence}); err != nil {
			return nil, err
		}
		which = append(which, i)
	}
	in, out := filepath.Join(dir, "drawn.jsonl"), filepath.Join(dir, "found.jsonl")
	if err := os.WriteFile(in, lines.Bytes(), 0o644); err != nil {
		return nil, err
	}
	if _, err := l.evaluate(append([]string{in, "--no-coded", "--programs", out}, w.args...)...); err != nil {
		return nil, err
	}
	found, err := readPairs(out)
	if err != nil {
		return nil, err
	}
	bits := make([]float64, len(list))
	for k, p := range found {
		raw := 8 * float64(len(p.bytes))
		bits[which[k]] = raw + 1
		if p.program != nil {
			bits[which[k]] = min(raw, p.program.UniformBits()) + 1
		}
	}
	return bits, nil
}

// A groupSum sums up what the sequences of a group take.
type groupSum struct {
	count       int
	size, own   float64 // bits
	short       int     // sequences that the search of 10 ms shortens
	sequences   [][]byte
	bits        [numWays]float64
	fewerCount  int     // sequences that the transformer gets
	fewerSize   float64 // of them, bits
	fewerSearch float64 // that the search of 10 ms takes for them
}

// A groupColumn is a column of a table of groups.
type groupColumn struct {
	head    string
	inBrief bool // also in the table of primitives, whose groups are all of one size
	cell    func(*groupSum) string
}

var groupColumns = []groupColumn{
	{"sequences", false, func(s *groupSum) string { return fmt.Sprint(s.count) }},
	{"elements", true, func(s *groupSum) string { return fmt.Sprintf("%.0f", s.size/8/float64(s.count)) }},
	{"own programs", true, func(s *groupSum) string { return rateOf(s.own, s.size) }},
	{"gzip", true, func(s *groupSum) string { return rateOf(gzipBits(s.sequences), s.size) }},
	{"3 ms", false, func(s *groupSum) string { return s.rate(way3) }},
	{"without the ranker", false, func(s *groupSum) string { return s.rate(way3Without) }},
	{"it saves", false, func(s *groupSum) string { return s.saved(way3, way3Without) }},
	{"10 ms", true, func(s *groupSum) string { return s.rate(way10) }},
	{"without the ranker", true, func(s *groupSum) string { return s.rate(way10Without) }},
	{"it saves", true, func(s *groupSum) string { return s.saved(way10, way10Without) }},
	{"shortened", true, func(s *groupSum) string { return fmt.Sprintf("%.0f %%", 100*float64(s.short)/float64(s.count)) }},
	{"for the transformer: sequences", false, func(s *groupSum) string { return fmt.Sprint(s.fewerCount) }},
	{"transformer alone, 100 ms", true, func(s *groupSum) string { return rateOf(s.bits[wayModel], s.fewerSize) }},
	{"the search on these, 10 ms", true, func(s *groupSum) string { return rateOf(s.fewerSearch, s.fewerSize) }},
}

// columnsOf returns the columns of a table, in brief or not.
func columnsOf(inBrief bool) []groupColumn {
	return slices.DeleteFunc(slices.Clone(groupColumns), func(c groupColumn) bool { return inBrief && !c.inBrief })
}

// groupsTable returns a table of groups, without rows.
func groupsTable(first string, columns []groupColumn) *table {
	head := []string{first}
	for _, c := range columns {
		head = append(head, c.head)
	}
	return newTable(head...)
}

// addGroups adds a row for each group.
func addGroups(t *table, columns []groupColumn, list []drawnPair, bits [numWays][]float64, group func(*drawnPair) string) {
	sums := map[string]*groupSum{}
	var names []string
	for i := range list {
		p := &list[i]
		name := group(p)
		if sums[name] == nil {
			sums[name] = new(groupSum)
			names = append(names, name)
		}
		sums[name].add(p, i, bits)
	}
	for _, name := range names {
		row := []any{name}
		for _, c := range columns {
			row = append(row, c.cell(sums[name]))
		}
		t.add(row...)
	}
}

// add adds sequence i.
func (s *groupSum) add(p *drawnPair, i int, bits [numWays][]float64) {
	raw := 8 * float64(len(p.sequence))
	s.count++
	s.size += raw
	s.own += p.own
	s.sequences = append(s.sequences, p.sequence)
	for w := range bits {
		s.bits[w] += bits[w][i]
	}
	if bits[way10][i] < raw {
		s.short++
	}
	if p.fewer {
		s.fewerCount++
		s.fewerSize += raw
		s.fewerSearch += bits[way10][i]
	}
}

// rateOf returns bits of size, "" if there are none.
func rateOf(bits, size float64) string {
	if size == 0 {
		return ""
	}
	return fmt.Sprintf("%.4f", bits/size)
}

// rate returns the rate of a way.
func (s *groupSum) rate(way int) string { return rateOf(s.bits[way], s.size) }

// saved returns what a way saves of another one's bits.
func (s *groupSum) saved(with, without int) string {
	return fmt.Sprintf("%.1f %%", 100*(s.bits[without]-s.bits[with])/s.bits[without])
}

// gzipBits returns what gzip takes for sequences as the test compresses them: Latin-1 text in
// UTF-8, joined by newlines.
func gzipBits(sequences [][]byte) float64 {
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression) // the level is valid
	for i, s := range sequences {
		if i > 0 {
			w.Write([]byte{'\n'})
		}
		for _, b := range s {
			w.Write([]byte(string(rune(b)))) // a buffer does not fail
		}
	}
	w.Close()
	return 8 * float64(out.Len())
}

// rulesTable measures how many more bits the programs take without each rule, by language.
func (l *lab) rulesTable(drawn [][]drawnPair) (*table, error) {
	head := []string{"3 ms, without"}
	for _, language := range languages {
		head = append(head, language.name)
	}
	t := newTable(head...)
	base := make([]float64, len(drawn))
	for _, rule := range append([]string{""}, programs.Rules()...) {
		w := ways[way3]
		if rule != "" {
			w.args = append([]string{"--without", rule}, w.args...)
		}
		row := []any{rule}
		for k, list := range drawn {
			kept, err := l.keptBits(list, w)
			if err != nil {
				return nil, err
			}
			bits := 0.0
			for _, b := range kept {
				bits += b
			}
			if rule == "" {
				base[k] = bits
			}
			row = append(row, fmt.Sprintf("%.1f %%", 100*(bits/base[k]-1)))
		}
		if rule != "" {
			t.add(row...)
		}
	}
	return t, nil
}
