package dsl

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
)

// A Learner counts the bits that sections would code, and makes the initial prior of an
// edition from them: Plan for each section, then Raw or Program for each of its blocks, and
// Table in the end. Use NewLearner.
type Learner struct {
	section
	counts
}

// counts is a coder that counts the bits under each model.
type counts struct{ ones, seen []uint64 }

func (c *counts) bit(i int, b uint32) uint32 {
	c.seen[i]++
	c.ones[i] += uint64(b)
	return b
}

func (c *counts) flat(b uint32) uint32 { return b }

// NewLearner returns a Learner that has seen nothing.
func NewLearner() *Learner {
	l := &Learner{counts: counts{ones: make([]uint64, priorSize), seen: make([]uint64, priorSize)}}
	l.walk.c, l.walk.edition = &l.counts, Edition2
	return l
}

// Plan begins a section with the plan p.
func (l *Learner) Plan(p *Program) {
	l.flags = 0
	l.walk.p, l.walk.role = p, Plan
	l.walk.program()
}

// Raw counts the flag of a raw block.
func (l *Learner) Raw() { l.flag(&l.counts, 0) }

// Program counts the bits of a block's program.
func (l *Learner) Program(p *Program) {
	l.flag(&l.counts, 1)
	l.walk.p, l.walk.role = p, Block
	l.walk.program()
}

// minSeen is how often a model must be seen to enter the table. Arbitrary: below, a count
// says little about the probability.
const minSeen = 3

// Table returns the Go source of an edition's table, of the models seen most often, at
// most entries of them. Each starts as sure as after sure bits, or fewer if it was seen
// less often.
func (l *Learner) Table(entries int, sure uint64) []byte {
	var models []int
	for i, n := range l.seen {
		if n >= minSeen {
			models = append(models, i)
		}
	}
	slices.SortStableFunc(models, func(i, j int) int { return cmp.Compare(l.seen[j], l.seen[i]) })
	models = models[:min(len(models), entries)]
	slices.Sort(models)
	var b bytes.Buffer
	b.WriteString("package dsl\n\nvar edition2 = []entry{")
	for k, i := range models {
		if k%8 == 0 {
			b.WriteString("\n\t")
		} else {
			b.WriteString(" ")
		}
		p := (l.ones[i]<<17 + 1<<16) / (2*l.seen[i] + 2) // (ones + 1/2) / (seen + 1)
		fmt.Fprintf(&b, "{%d, %d, %d},", i, min(max(p, pMin), 65536-pMin), min(l.seen[i], sure))
	}
	b.WriteString("\n}\n")
	return b.Bytes()
}
