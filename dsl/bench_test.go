package dsl

import (
	"fmt"
	"strings"
	"testing"
)

// hostile are the programs that take the longest for their steps, of those that were
// tried: a first line, and one that is repeated until the budget is used.
var hostile = []struct{ name, first, repeat string }{
	{"empty nodes", "repeat_num(0, 0)", "repeat_num(0, 0)"},
	{"empty lists reversed", "repeat_num(0, 0)", "reverse_list(sequence_1)"},
	{"empty lists interleaved", "repeat_num(0, 0)", "interleave(sequence_1, sequence_1)"},
	{"empty lists sorted", "repeat_num(0, 0)", "max_n(sequence_1, 0)"},
	{"one element", "repeat_num(1, 7)", "modulo_two_lists(sequence_1, sequence_1)"},
	{"short sorts", "set_list([5, 3, 8, 1, 9, 2, 7])", "max_n(sequence_1, 7)"},
	{"repetitions of one element", "repeat_num(1, 7)", "repeat_list(200, sequence_1)"},
	{"sorts", "random", "max_n(sequence_1, 0)"},
	{"interleave", "repeat_num(200, 7)", "interleave(sequence_1, sequence_1)"},
	{"modulo", "random", "modulo_two_lists(sequence_1, sequence_1)"},
	{"modulo by a number", "random", "modulo_item_list(sequence_1, 7)"},
	{"filter", "random", "filter(is_odd, sequence_1)"},
	{"running sums", "repeat_num(200, 7)", "scan_add(sequence_1)"},
	{"range", "range_func_up(0, 9)", "range_func_interval(0, 200, 2)"},
	{"numbers", "repeat_num(200, 7)", "repeat_num(200, 7)"},
	{"substitute", "random", "substitute(sequence_1, 3, 4)"},
	{"concatenate", "repeat_num(1, 7)", "concatenate(sequence_1, sequence_1)"},
	{"literals", "repeat_num(0, 7)", "set_list(random)"},
	{"literals of zeros", "repeat_num(0, 7)", "set_list([" + strings.Repeat("0, ", 199) + "0])"},
	{"extreme numbers", "repeat_num(1, 7)", "range_func_interval(-2147483648, 2147483000, 1073741825)"},
	{"large numbers", "repeat_num(1, 7)", "substitute(sequence_1, 65536, 65536)"},
}

// programBudget returns the budget of a program of a block of n bytes.
func programBudget(n int) Budget {
	b := BlockBudget(n)
	b.Steps -= blockSteps
	return b
}

// hostileProgram returns the longest program of first and repeat within the budget of a
// block of n bytes.
func hostileProgram(tb testing.TB, first, repeat string, n int) *Program {
	noise := Node{Op: SetList}
	for i := range 200 {
		noise.List = append(noise.List, int32(uint32(i)*2654435761>>24))
	}
	node := func(text string) Node {
		if text == "random" || text == "set_list(random)" {
			return noise
		}
		p := mustParse(tb, "sequence_1 = repeat_num(0, 0)\nsequence_2 = "+text+"\noutput = sequence_1", Block)
		return p.Nodes[1]
	}
	p := &Program{Nodes: []Node{node(first)}}
	var m Machine
	if _, _, err := m.Run(p, programBudget(n)); err != nil {
		tb.Fatal(err)
	}
	again := node(repeat)
	for len(p.Nodes) < MaxNodes {
		p.Nodes = append(p.Nodes, again)
		if _, _, err := m.Run(p, programBudget(n)); err != nil {
			p.Nodes = p.Nodes[:len(p.Nodes)-1]
			break
		}
	}
	return p
}

// BenchmarkHostile measures the longest time of a step: of executing a program, and of
// reading and executing it. A hostile segment takes as many steps as SegmentSteps allows.
func BenchmarkHostile(b *testing.B) {
	const block = 128
	for _, h := range hostile {
		p := hostileProgram(b, h.first, h.repeat, block)
		b.Run(fmt.Sprintf("run/%s", h.name), func(b *testing.B) {
			var m Machine
			total := int64(0)
			for b.Loop() {
				_, steps, err := m.Run(p, BlockBudget(block))
				if err != nil {
					b.Fatal(err)
				}
				total += steps
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(total), "ns/step")
		})
		b.Run(fmt.Sprintf("read/%s", h.name), func(b *testing.B) {
			// Programs whose nodes are all needed, so that they have a bit form.
			q := joined(b, p, block)
			const blocks = 256
			e := NewEncoder(Edition2)
			e.Plan(Identity())
			for range blocks {
				e.Program(q)
			}
			section := e.Finish()
			d, total := NewDecoder(nil, Edition2), int64(0)
			var m Machine
			for b.Loop() {
				d.Reset(section, Edition2)
				if _, err := d.Plan(); err != nil {
					b.Fatal(err)
				}
				for range blocks {
					budget := BlockBudget(block)
					p, err := d.Next(budget, 0)
					if err != nil || p == nil {
						b.Fatal(p, err)
					}
					_, steps, err := m.Run(p, budget)
					if err != nil {
						b.Fatal(err)
					}
					total += steps
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(total), "ns/step")
			b.ReportMetric(float64(len(section))/blocks, "bytes/block")
		})
	}
}

// joined returns a program of a block of n bytes that needs as many nodes of p as the
// budget allows: it adds empty slices of their lists to the output.
func joined(tb testing.TB, p *Program, n int) *Program {
	var m Machine
	build := func(count int) *Program {
		q := &Program{Nodes: append([]Node(nil), p.Nodes[:count]...)}
		last := 0
		for i := 1; i < count; i++ {
			// The shorter of two lists is that of nothing.
			q.Nodes = append(q.Nodes, Node{Op: AddTwo, Refs: [2]int{i, last}})
			last = len(q.Nodes) - 1
			if i == 1 {
				q.Nodes = append(q.Nodes, Node{Op: Between, Refs: [2]int{last}})
				last++
			}
		}
		q.Nodes = append(q.Nodes, Node{Op: RepeatNum, Nums: [3]int32{int32(n), 7}}, Node{Op: Concatenate, Refs: [2]int{len(q.Nodes), last}})
		q.Out = len(q.Nodes) - 1
		return q.Canonical()
	}
	for count := len(p.Nodes); count > 1; count-- {
		q := build(count)
		if len(q.Nodes) > MaxNodes {
			continue
		}
		if _, _, err := m.Run(q, programBudget(n)); err == nil {
			return q
		}
	}
	tb.Fatal("nothing fits")
	return nil
}

// BenchmarkSort measures a step of sorts whose branches no processor predicts.
func BenchmarkSort(b *testing.B) {
	for _, n := range []int{4, 12, 50, 200, 1500} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			r := newSampler(1)
			programs := make([]*Program, 512)
			for i := range programs {
				p := call(MaxN, make(ints, n), nil, 1)
				for k := range p.Nodes[0].List {
					p.Nodes[0].List[k] = int32(r.Uint32())
				}
				for len(p.Nodes) < 8 {
					p.Nodes = append(p.Nodes, p.Nodes[1])
				}
				programs[i] = p
			}
			var m Machine
			total, k := int64(0), 0
			for b.Loop() {
				_, steps, err := m.Run(programs[k%len(programs)], roomy)
				if err != nil {
					b.Fatal(err)
				}
				total += steps
				k++
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(total), "ns/step")
		})
	}
}
