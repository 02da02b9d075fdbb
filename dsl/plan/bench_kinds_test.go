package plan

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/internal/dsltest"
)

// repeated returns the numbers of list, n times.
func repeated(n int, list ...int32) (all []int32) {
	for range n {
		all = append(all, list...)
	}
	return all
}

// slowColumns are fields that take longest for their price.
var slowColumns = [][]int32{
	{1, FieldDelta, 0}, repeated(60, 1, FieldDelta, 0), repeated(1000, 1, FieldDelta, 0), repeated(1000, 1, FieldXor+FieldFloat, 0),
	{1, FieldDelta, 0, 1, FieldStep, 1, 1, FieldAlike, 2, 1, FieldStep, 1}, append(repeated(1, 1, FieldDelta, 0), repeated(1000, 1, FieldStep, 1)...),
	append(repeated(1, 1, FieldDelta, 0), repeated(60, 1, FieldAlike, 1)...), append(repeated(1, -2, FieldDelta+FieldFloat, 0), repeated(60, -2, FieldStep+FieldFloat, 1)...),
	repeated(60, -3, FieldLine+FieldFloat, 0), repeated(60, 4, FieldDelta, 0), repeated(512, 8, FieldDelta, 0), repeated(60, -7, FieldLine+FieldFloat, 0),
	{1, FieldText, 0}, repeated(60, 1, FieldText, 0), repeated(1000, 1, FieldText, 0), repeated(60, 2, FieldText, 0),
	{1, FieldBytes, 0}, repeated(60, 1, FieldBytes, 0), {60, FieldBytes, 0}, {4096, FieldBytes, 0}, {65536, FieldBytes, 0}, {1 << 20, FieldBytes, 0}, {1 << 20, FieldText, 0},
}

// numbered returns count schemas without fields.
func numbered(count int) (list []int32) {
	for k := range count {
		list = append(list, int32(k), 0)
	}
	return list
}

// listText returns list as a plan's text has it.
func listText(list []int32) string { return strings.ReplaceAll(fmt.Sprint(list), " ", ", ") }

// shortName returns what tells fields apart.
func shortName(list []int32) string {
	return fmt.Sprintf("%d×%v", len(list)/fieldNumbers, list[max(0, len(list)-2*fieldNumbers):])
}

// BenchmarkHostileColumns is BenchmarkHostilePlan for columns: one of them, and the most.
func BenchmarkHostileColumns(b *testing.B) {
	for _, list := range slowColumns {
		benchmarkPlan(b, shortName(list), chain(oneStream, 1, of(dsl.Node{Op: dsl.Columns, List: list})))
	}
}

// BenchmarkHostileKinds executes plans of records of kinds.
func BenchmarkHostileKinds(b *testing.B) {
	for _, list := range append([][]int32{nil}, slowColumns...) {
		for _, c := range []struct{ least, most, kinds int }{{4, 4, 1}, {4, 8, 1}, {8, 8, 4}, {8, 8, MaxKinds}, {4, 64, 1}, {4, 64, MaxKinds}, {12, 70, 64}, {64, 64, MaxKinds}, {600, 1200, MaxKinds}, {1000, 1000, 1}} {
			benchmarkKinds(b, list, c.least, c.most, c.kinds)
		}
	}
}

func benchmarkKinds(b *testing.B, list []int32, least, most, kinds int) {
	b.Run(fmt.Sprintf("%s/%d-%d/%d", shortName(append(list, 0, 0, 0)), least, most, kinds), func(b *testing.B) {
		r := newSampler(1)
		heads, size := []byte{}, dsl.FullPlanned
		for size > 0 {
			length := min(least+r.IntN(most-least+1), size)
			if size-length < least {
				length = size
			}
			heads = binary.LittleEndian.AppendUint16(heads, uint16(length))
			heads = binary.LittleEndian.AppendUint16(heads, uint16(r.IntN(kinds)))
			size -= length
		}
		n := dsl.Node{Op: dsl.Kinds, Refs: [2]int{1, 2}, Nums: [3]int32{4}, List: []int32{0, 2, 1, 0, 1, 2, 2, 3, 0, otherKinds, int32(len(list) / fieldNumbers)}}
		n.List = append(n.List, list...)
		p := &dsl.Program{Nodes: []dsl.Node{{Op: dsl.Payload}, {Op: dsl.Between, Nums: [3]int32{0, int32(len(heads))}}, {Op: dsl.Payload, Nums: [3]int32{1}}, n}, Out: 3}
		l, err := NewLayout(p, dsl.FullPlanned)
		if err != nil {
			b.Skip(err)
		}
		bodies := make([]byte, l.Streams[1])
		for i := range bodies {
			bodies[i] = byte(r.Uint32())
		}
		var m Machine
		dst := make([]byte, dsl.FullPlanned)
		start := dsltest.CPUTime()
		for b.Loop() {
			if err := m.Join(dst, p, [][]byte{heads, bodies}); err != nil {
				b.Fatal(err)
			}
		}
		took := float64(dsltest.CPUTime()-start) / float64(b.N)
		b.ReportMetric(took/1e6, "cpu-ms/op")
		b.ReportMetric(took/float64(l.Steps), "ns/step")
		b.ReportMetric(took/dsl.FullPlanned, "ns/byte")
	})
}

// BenchmarkTypedRecords takes records of 28 bytes, numbers of 4 and 2 bytes, apart and puts them
// together again: of one kind, and of 8 that each have as many.
func BenchmarkTypedRecords(b *testing.B) {
	list := []int32{4, FieldDelta, 0, 4, FieldDelta, 0, 4, FieldLine, 0, 4, FieldAlike, 3, 2, FieldDelta, 0, 2, FieldStep, 1, 2, FieldDelta, 0, 2, FieldText, 0}
	kinds := dsl.Node{Op: dsl.Kinds, Refs: [2]int{1, 2}, Nums: [3]int32{4}, List: append([]int32{0, 2, 1, 0, 1, 1, 2, 0, otherKinds, 8}, list...)}
	src := make([]byte, 28<<16)
	r := newSampler(1)
	for i := range src {
		src[i] = byte(r.IntN(20))
	}
	for i := 0; i < len(src); i += 28 {
		binary.LittleEndian.PutUint16(src[i:], 28)
		src[i+2] = byte(r.IntN(8))
	}
	for name, p := range map[string]*dsl.Program{
		"columns": chain(oneStream, 1, of(dsl.Node{Op: dsl.Columns, List: append([]int32{4, FieldDelta, 0}, list...)})),
		"kinds":   {Nodes: []dsl.Node{{Op: dsl.Payload}, {Op: dsl.Between, Nums: [3]int32{0, 4 << 16}}, {Op: dsl.Payload, Nums: [3]int32{1}}, kinds}, Out: 3},
	} {
		var m Machine
		streams, err := m.Split(src, p)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name+"/join", func(b *testing.B) {
			b.SetBytes(int64(len(src)))
			for b.Loop() {
				if err := m.Join(src, p, streams); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(name+"/split", func(b *testing.B) {
			b.SetBytes(int64(len(src)))
			for b.Loop() {
				if _, err := m.Split(src, p); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
