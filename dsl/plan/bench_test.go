package plan

import (
	"fmt"
	"sort"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/internal/dsltest"
)

// numbersFrom returns the text of n numbers: first, first+step, ….
func numbersFrom(n, first, step int) string {
	var b strings.Builder
	for k := range n {
		fmt.Fprintf(&b, ", %d", first+k*step)
	}
	return b.String()[2:]
}

// slowPlans are the operations of plans on a list S, with the parameters that take longest
// for their price.
var slowPlans = []string{
	"get_subsequence_between_indices(S, 0, 2097152)", "reverse_list(S)", "scan_add(S)", "add_item_list(S, 3)",
	"zigzag(S, 4)", "zigzag(S, -4)", "floats(S, -2)", "scan_xor(S, 4, 1)", "scan_xor(S, -8, 1)",
	"paeth(S, 1, 3, 4000)", "paeth(S, -4, 1, 2)", "median(S, 2, 3, 4000)", "median(S, -2, 1, 2)",
	"predict(S, 1, 3, [])", "predict(S, 4, 0, [1, 1])", "predict(S, 2, 3, [1, -5, 2, 7])",
	"predict(S, 1, 3, [" + numbersFrom(64, 1, 1) + "])", "predict(S, 4, 3, [8, 5, 8, 7])", "predict(S, 4, 3, [16383, 5, 16384, 7])", "predict(S, 4, 3, [8, 5, 16, 7])", "predict(S, 4, 3, [1, 5, 3, 4, 1, 7])", "predict(S, 4, 3, [" + numbersFrom(64, 1, 90001) + "])",
	"lms(S, 1, 1, 8, [1])", "lms(S, 1, 1, 8, [" + numbersFrom(32, 16300, 1) + "])", "lms(S, 1, 1, 8, [1, 501])",
	"lms(S, 1, 1, 8, [" + numbersFrom(16, 1, 500) + "])", "lms(S, 4, 7, 8, [" + numbersFrom(32, 2, 2) + "])", "lms(S, -2, 128, 8, [" + numbersFrom(32, 1, 500) + "])",
	"lms(S, 1, 4096, 8, [16384])", "lms(S, 1, 2048, 8, [1, 16384])", "lms(S, 4, 1, 8, [1, 2, 3, 5, 6, 7, 9, 10, 11, 13, 14, 15, 17, 18, 19])",
	"mix(S, 1, 3, [0])", "mix(S, 1, 3, [1, 1, 5])", "mix(S, 2, 3, [0, 2, 1, 5, 3, 7, 1, 2, 9])", "mix(S, -2, 3, [1, 90001, 3, 1, 1, 4])", "mix(S, 4, 3, [32, " + numbersFrom(64, 1, 90001) + "])", "mix(S, 1, 3, [1, 1, 3, 32, " + numbersFrom(64, 1, 1) + "])",
	"transpose(S, 1, 4096)", "transpose(S, 1, 65536)", "transpose(S, 2, 1)", "transpose(S, 8, 1000000)", "transpose(S, 4000000, 1)",
	"fields(S, [1, 1, 1])", "fields(S, [64, 64])", "fields(S, [" + numbersFrom(1024, 1, 0) + "])", "fields(S, [2000000])",
	"pack(S, 9, 1)", "pack(S, 12, 0)", "pack(S, 24, 1)",
}

// slowRecords returns the text of a plan of size bytes in records of each bytes, with heads
// of h bytes of many kinds.
func slowRecords(size, h, each int) string {
	n := size / each
	return fmt.Sprintf("sequence_1 = payload(0)\nsequence_2 = get_subsequence_between_indices(sequence_1, 0, %d)\nsequence_3 = payload(1)\n"+
		"sequence_4 = records(sequence_2, sequence_3, %d, [0, 0, %d])\noutput = sequence_4", n*h, h, each)
}

// BenchmarkHostilePlan executes the longest plans that a segment may have. It is what the
// prices of executionSteps were measured with: none should take more than about a nanosecond a
// step, or the longest segment of half a second.
func BenchmarkHostilePlan(b *testing.B) {
	for _, call := range slowPlans {
		chain := func(n int) *dsl.Program { // of n of them
			var text strings.Builder
			text.WriteString("sequence_1 = payload(0)\n")
			for k := range n {
				fmt.Fprintf(&text, "sequence_%d = %s\n", k+2, strings.ReplaceAll(call, "S", fmt.Sprintf("sequence_%d", k+1)))
			}
			fmt.Fprintf(&text, "output = sequence_%d", n+1)
			return mustParse(b, text.String())
		}
		most := sort.Search(dsl.MaxNodes-1, func(n int) bool {
			_, err := NewLayout(chain(n+1), dsl.FullPlanned)
			return err != nil
		})
		benchmarkPlan(b, call, chain(most))
	}
	for _, c := range [][2]int{{1, 1}, {2, 2}, {2, 4}, {4, 8}, {8, 8}, {8, 64}, {4, 1024}} {
		benchmarkPlan(b, fmt.Sprintf("records of %d bytes, heads of %d", c[1], c[0]), mustParse(b, slowRecords(dsl.FullPlanned, c[0], c[1])))
	}
}

// BenchmarkHostileExpand executes plans of as many copies as the streams and the steps of a
// segment allow, of noise from anywhere before.
func BenchmarkHostileExpand(b *testing.B) {
	for _, c := range []struct{ size, least, reach, most int }{
		{dsl.FullPlanned, 3, 1 << 16, 400_000}, {dsl.FullPlanned, 3, dsl.FullPlanned, 350_000}, {dsl.FullPlanned, 12, dsl.FullPlanned, 150_000},
		{dsl.MaxPlanned, 20, dsl.MaxPlanned, 1_000_000}, {dsl.MaxPlanned, 64, dsl.MaxPlanned, 400_000},
	} {
		r := newSampler(3)
		src := make([]byte, c.size) // of bytes that are not looked at
		copies := []Copy{{4096, 1, 1}}
		for pos := 4097; pos < c.size-c.least && len(copies) < c.most; pos += c.least {
			copies = append(copies, Copy{0, uint32(c.least), uint32(1 + r.IntN(min(pos, c.reach)))})
		}
		p, streams := copyPlan(src, copies, 1)
		b.Run(fmt.Sprintf("%d/%d/%d", c.size, c.least, c.reach), func(b *testing.B) {
			l, err := NewLayout(p, c.size)
			if err != nil {
				b.Fatal(err)
			}
			var m Machine
			b.SetBytes(int64(c.size))
			start := dsltest.CPUTime()
			for b.Loop() {
				if err := m.Join(src, p, streams); err != nil {
					b.Fatal(err)
				}
			}
			took := float64(dsltest.CPUTime()-start) / float64(b.N)
			b.ReportMetric(took/1e6, "cpu-ms/op")
			b.ReportMetric(took/float64(l.Steps), "ns/step")
			b.ReportMetric(float64(len(copies)), "copies")
		})
	}
}

// benchmarkPlan executes p for streams of noise, whose branches no processor predicts.
func benchmarkPlan(b *testing.B, name string, p *dsl.Program) {
	b.Run(strings.ReplaceAll(name[:min(len(name), 40)], " ", ""), func(b *testing.B) {
		l, err := NewLayout(p, dsl.FullPlanned)
		if err != nil {
			b.Fatal(err)
		}
		r := newSampler(1)
		var streams [][]byte
		for _, n := range l.Streams {
			s := make([]byte, n)
			for i := range s {
				s[i] = byte(r.Uint32())
				if n%8 == 0 && len(l.Streams) > 1 && i%8 > 1 {
					s[i] = 0 // heads of few kinds
				}
			}
			streams = append(streams, s)
		}
		var m Machine
		dst := make([]byte, dsl.FullPlanned)
		b.SetBytes(dsl.FullPlanned)
		start := dsltest.CPUTime()
		for b.Loop() {
			if err := m.Join(dst, p, streams); err != nil {
				b.Fatal(err)
			}
		}
		took := float64(dsltest.CPUTime()-start) / float64(b.N)
		b.ReportMetric(took/1e6, "cpu-ms/op")
		b.ReportMetric(took/float64(l.Steps), "ns/step")
		b.ReportMetric(float64(len(p.Nodes)-1), "operations")
	})
}

// BenchmarkHostileShort executes plans of many short lists: most of their time is what
// every execution takes.
func BenchmarkHostileShort(b *testing.B) {
	for _, leaf := range []string{
		"payload(0)", "reverse_list(payload)", "paeth(payload, 8, 1, 2)", "predict(payload, 1, 8, [" + numbersFrom(64, 1, 1) + "])",
		"lms(payload, 1, 1, 8, [" + numbersFrom(32, 1, 1) + "])", "lms(payload, 1, 4096, 8, [1])", "lms(payload, 1, 4096, 8, [4096])",
		"transpose(payload, 1, 2)", "fields(payload, [" + numbersFrom(100, 1, 0) + "])", "pack(payload, 12, 0)",
		"columns(payload, [1, 1, 0])", "columns(payload, " + listText(repeated(30, 1, FieldDelta, 0)) + ")", "columns(payload, " + listText(repeated(30, 1, FieldText, 0)) + ")",
		"kinds(payload, payload, 2, " + listText(append([]int32{0, 1, 1, 2, 1, 1, 1, 0, otherKinds, 30}, repeated(30, 1, FieldXor, 0)...)) + ")",
		"kinds(payload, payload, 2, " + listText(append([]int32{0, 1, 1, 2, 1, 1, 1, 0}, numbered(45)...)) + ")",
	} {
		for _, z := range []int{1, 16} {
			text := "sequence_1 = payload(0)\n"
			if strings.HasPrefix(leaf, "kinds") { // of z/2 heads without bodies
				text += fmt.Sprintf("sequence_2 = get_subsequence_between_indices(sequence_1, 0, %d)\nsequence_3 = payload(1)\nsequence_4 = %s\n",
					z/2*2, strings.Replace(strings.Replace(leaf, "payload", "sequence_2", 1), "payload", "sequence_3", 1))
			} else if leaf != "payload(0)" {
				text += "sequence_2 = " + strings.ReplaceAll(leaf, "payload", "sequence_1") + "\n"
			}
			size := z
			if strings.HasPrefix(leaf, "kinds") {
				size = z / 2 * 2
			}
			var p *dsl.Program
			var l *Layout
			for k := strings.Count(text, "\n"); ; k++ { // twice as many at a time, as many as there are steps for
				q := mustParse(b, text+fmt.Sprintf("output = sequence_%d", k))
				layout, err := NewLayout(q, size)
				if err != nil || size > 1<<16 {
					break
				}
				p, l = q, layout
				text += fmt.Sprintf("sequence_%d = interleave(sequence_%d, sequence_%d)\n", k+1, k, k)
				size *= 2
			}
			if p == nil {
				b.Fatal(leaf)
			}
			size /= 2
			b.Run(fmt.Sprintf("%s/%d", strings.ReplaceAll(leaf[:min(len(leaf), 24)], " ", ""), z), func(b *testing.B) {
				var streams [][]byte
				for _, n := range l.Streams {
					streams = append(streams, make([]byte, n))
				}
				var m Machine
				dst := make([]byte, size)
				start := dsltest.CPUTime()
				for b.Loop() {
					if err := m.Join(dst, p, streams); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(dsltest.CPUTime()-start)/float64(b.N)/float64(l.Steps), "ns/step")
				b.ReportMetric(float64(l.Steps), "steps")
			})
		}
	}
}

// BenchmarkFound executes operations such as searches find, over 2 MiB.
func BenchmarkFound(b *testing.B) {
	for _, call := range []string{
		"lms(S, 2, 1, 8, [1])", "lms(S, 2, 1, 8, [1, 2, 3, 4, 5, 6, 7, 8])", "lms(S, 2, 1, 8, [" + numbersFrom(16, 1, 1) + "])", "lms(S, 2, 1, 8, [" + numbersFrom(32, 1, 1) + "])",
		"lms(S, 2, 2, 8, [" + numbersFrom(16, 2, 2) + "])", "lms(S, 2, 3, 8, [" + numbersFrom(16, 1, 1) + "])", "lms(S, 1, 1, 8, [1, 2, 3, 510, 511, 512, 513, 514, 1023, 1024, 1025])",
		"predict(S, 2, 0, [1, 2, 2, -1])", "predict(S, 2, 0, [1, 1, 512, 1, 513, -1])", "predict(S, 2, 8, [1, 2, 2, -1, 3, 7, 4, 9])", "predict(S, 2, 8, [" + numbersFrom(32, 1, 1) + "])", "predict(S, 2, 8, [" + numbersFrom(64, 1, 1) + "])",
		"mix(S, 2, 12, [0, 1, 1, 4096, 1, 1, 4008])", "mix(S, 2, 8, [4, 1, 5, 2, 6, 3, 9, 4, 1, 4, 2, 5, 4, 6, 3, 9, 7, 1])",
		"median(S, 1, 1, 300)", "paeth(S, 1, 3, 900)", "median(S, 2, 1, 64)",
		"transpose(S, 1, 2)", "transpose(S, 1, 4)", "transpose(S, 2, 12)", "transpose(S, 1, 1000)", "transpose(S, 1, 65536)", "mix(S, 2, 12, [1, 3, 4, 1, 1, 4])", "predict(S, 2, 12, [1, 4000])", "predict(S, 1, 12, [1, 4000])", "predict(S, 1, 12, [1, 4000, 2, 30])", "lms(S, 1, 1, 8, [1, 2, 3, 4, 5, 6, 7, 8])", "predict(S, 4, 0, [1, 2, 2, -1])", "mix(S, 2, 12, [0, 2, 1, 4, 2, 4])", "mix(S, 2, 12, [2, 1, 4, 2, 4, 2, 1, 4, 3, 9])", "zigzag(S, 1)", "zigzag(S, 2)", "predict(S, 1, 0, [1, 1])", "mix(S, 1, 12, [0, 1, 1, 4096, 1, 1, 4008])", "predict(S, -2, 0, [1, 1])",
	} {
		benchmarkPlan(b, call, mustParse(b, "sequence_1 = payload(0)\nsequence_2 = "+strings.ReplaceAll(call, "S", "sequence_1")+"\noutput = sequence_2"))
	}
}
