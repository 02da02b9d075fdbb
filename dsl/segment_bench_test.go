package dsl

import (
	"fmt"
	"testing"

	"github.com/ktzip/ktzip/dsl/internal/dsltest"
)

// hostileStreams are the streams that take the longest between programs, of those that
// were tried: blocks of a first program, then one that is repeated.
var hostileStreams = []struct {
	name          string
	block         int
	first, repeat string
}{
	{"rests of earlier lists", 64, "sequence_1 = repeat_num(4160, 7)\noutput = sequence_1", "output = earlier_1"},
	{"short rests of earlier lists", 16, "sequence_1 = repeat_num(2048, 7)\noutput = sequence_1", "output = earlier_1"},
	{"rests that are kept", 128, "sequence_1 = repeat_num(4224, 7)\noutput = sequence_1",
		"sequence_1 = rest()\nsequence_2 = repeat_num(128, 7)\nsequence_3 = concatenate(sequence_1, sequence_2)\noutput = sequence_3"},
	{"earlier lists reversed", 128, "sequence_1 = repeat_num(4224, 7)\noutput = sequence_1",
		"sequence_1 = reverse_list(earlier_1)\noutput = sequence_1"},
	{"one long list and short ones", 4096, "sequence_1 = repeat_num(65281, 7)\nsequence_2 = get_subsequence_between_indices(sequence_1, 0, 4096)\noutput = sequence_2",
		"sequence_1 = repeat_num(4096, 7)\noutput = sequence_1"},
	{"copies", 128, "sequence_1 = repeat_num(4224, 7)\noutput = sequence_1",
		"sequence_1 = copy(128, 128)\noutput = sequence_1"},
	{"long copies", 4096, "sequence_1 = repeat_num(4096, 7)\noutput = sequence_1",
		"sequence_1 = copy(65536, 65536)\nsequence_2 = copy(65536, 65536)\nsequence_3 = get_subsequence_between_indices(sequence_1, 0, 8192)\noutput = sequence_3"},
	{"empty lists", 16, "sequence_1 = repeat_num(16, 7)\noutput = sequence_1",
		"sequence_1 = rest()\nsequence_2 = reverse_list(sequence_1)\nsequence_3 = reverse_list(sequence_2)\nsequence_4 = reverse_list(sequence_3)\n" +
			"sequence_5 = repeat_num(16, 7)\nsequence_6 = concatenate(sequence_4, sequence_5)\noutput = sequence_6"},
}

// BenchmarkHostileSegment reads and runs the slowest segments that a decoder accepts:
// blocks of a hostile kind until the steps or the bytes of the segment are used up. Each
// must take less than half a second.
func BenchmarkHostileSegment(b *testing.B) {
	for _, h := range hostile {
		const block = 128
		p := joined(b, hostileProgram(b, h.first, h.repeat, block), block)
		b.Run(h.name, func(b *testing.B) { benchmarkSegment(b, MaxPlanned, block, p, p) })
	}
	for _, h := range hostileStreams {
		for _, size := range []int{MaxPlanned, 64 << 20} {
			b.Run(fmt.Sprintf("%s/%d", h.name, size), func(b *testing.B) {
				benchmarkSegment(b, size, h.block, mustParse(b, h.first, Block), mustParse(b, h.repeat, Block).Canonical())
			})
		}
	}
}

// benchmarkSegment restores a segment of size bytes in blocks of block bytes. The program
// of the first 18 is first, so that there is a stream to copy from; then p.
func benchmarkSegment(b *testing.B, size, block int, first, p *Program) {
	const firsts = 18
	dst := make([]byte, size)
	budget := BlockBudget(block)
	var m Machine
	e := NewEncoder(Edition2)
	e.Plan(Identity())
	left, n := SegmentSteps(int64(size)), 0
	each := int64(0)
	for ; n < size/block; n++ {
		q := p
		if n < firsts {
			q = first
		}
		if n <= firsts { // those that follow take as many steps
			var err error
			if each, err = m.Block(dst, n*block, block, q, budget); err != nil {
				b.Fatal(err)
			}
		}
		if left-SectionSteps(len(e.w.out)) < each {
			break
		}
		left -= each
		e.Program(q)
	}
	section := e.Finish()
	d := NewDecoder(nil, Edition2)
	start := dsltest.CPUTime()
	for b.Loop() {
		d.Reset(section, Edition2)
		if _, err := d.Plan(); err != nil {
			b.Fatal(err)
		}
		m.Forget()
		for at := 0; at < n*block; at += block {
			p, err := d.Next(budget, m.Earlier())
			if err != nil {
				b.Fatal(err)
			}
			if _, err := m.Block(dst, at, block, p, budget); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64((dsltest.CPUTime()-start).Milliseconds())/float64(b.N), "cpu-ms/op")
	b.ReportMetric(float64(n), "blocks")
	b.ReportMetric(float64(len(section)), "bytes")
}
