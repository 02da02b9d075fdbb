package dsl

import "testing"

// BenchmarkHostileSegment reads and runs the worst segments that a decoder
// takes: blocks of each hostile kind until the steps of the longest segments
// are used up. Each must take less than a second.
func BenchmarkHostileSegment(b *testing.B) {
	const block, size = 128, 8 << 20
	for _, h := range hostile {
		p := joined(b, hostileProgram(b, h.first, h.repeat, block), block)
		var m Machine
		_, each, err := m.Run(p, BlockBudget(block))
		if err != nil {
			b.Fatal(err)
		}
		e := NewEncoder()
		e.Plan(Identity())
		n := 0
		for left := SegmentSteps(size); n < size/block && left-SectionSteps(len(e.w.out)) >= each; left -= each {
			e.Program(p)
			n++
		}
		section := e.Finish()
		b.Run(h.name, func(b *testing.B) {
			d := NewDecoder(nil)
			for b.Loop() {
				d.Reset(section)
				if _, err := d.Plan(); err != nil {
					b.Fatal(err)
				}
				for range n {
					budget := BlockBudget(block)
					p, err := d.Next(budget.Elements)
					if err != nil {
						b.Fatal(err)
					}
					if _, _, err := m.Run(p, budget); err != nil {
						b.Fatal(err)
					}
				}
			}
			b.ReportMetric(float64(n), "blocks")
			b.ReportMetric(float64(len(section)), "bytes")
		})
	}
}
