package plan

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ktzip/ktzip/dsl/internal/dsltest"
)

// A slowLines is templates whose rows take longest for their price, and what rows they print.
type slowLines struct {
	templates string
	sets      []int
	row       func(r sampler, i int) string
}

// digits returns a random number below n.
func (r sampler) digits(n int) string { return fmt.Sprint(r.IntN(n)) }

// hostileLines are templates with little text, whose slots take long to print.
func hostileLines() []slowLines {
	const sets = 16 // as many as there may be
	chain := ""
	for k := range sets - 1 {
		chain += fmt.Sprintf("%%<%d>%%s\n", k+2)
	}
	hex := func(r sampler, _ int) string {
		row, sum := ":", byte(0)
		for range 64 {
			x := byte(r.Uint32())
			row, sum = row+fmt.Sprintf("%02X", x), sum-x
		}
		return row + fmt.Sprintf("%02X", sum)
	}
	return []slowLines{
		{"\n", []int{1}, func(sampler, int) string { return "" }},
		{"%s\n", []int{1}, func(sampler, int) string { return "" }},
		{"%u1\n", []int{1}, func(r sampler, _ int) string { return r.digits(10) }},
		{"%w2\n", []int{1}, func(r sampler, _ int) string { return r.digits(60000) }},
		{"%01u1" + strings.Repeat("%,01u1", 99) + "\n", []int{1}, func(r sampler, _ int) string { return strings.Repeat("7", 100) }},
		{"%01u1" + strings.Repeat("%@101u1", 99) + "\n", []int{1}, func(r sampler, _ int) string { return strings.Repeat("7", 100) }},
		{"%d8\n", []int{1}, func(r sampler, _ int) string { return fmt.Sprint(int64(r.Uint64())) }},
		{"%~.18u1 %~.9d8\n", []int{1}, func(r sampler, _ int) string { return "0 " + r.digits(10) }},
		{"%[Y-m-d]3\n", []int{1}, func(r sampler, i int) string { return dateText(r.IntN(1 << 20)) }},
		{"%[H:M:S.ff]4\n", []int{1}, func(r sampler, i int) string {
			return fmt.Sprintf("%02d:%02d:%02d.%02d", r.IntN(24), r.IntN(60), r.IntN(60), r.IntN(100))
		}},
		{"%[a, d b Y H:M:S.fff]8\n", []int{1}, func(r sampler, i int) string {
			return dayText(r.IntN(1<<20), "Mon, 02 Jan 2006") + " 12:34:56.789"
		}},
		{":%02X1" + strings.Repeat("%,02X1", 63) + "%:\n", []int{1}, hex},
		{"S1%02X1" + strings.Repeat("%,02X1", 63) + "%M\n", []int{1}, sRecord},
		{strings.Repeat("0", 497) + "%01u1%,01u1%,01u1%,01u1%<2>%<3>%<4>%<5>\n%*\n%:\n%#\n%M\n", []int{1, 1, 1, 1, 1}, func(sampler, int) string {
			return fmt.Sprintf("%0501d30D03EC", 0) // all sums of a row
		}},
		{":%02x1 %02x1\n", []int{1}, func(r sampler, _ int) string { return fmt.Sprintf(":%02x %02x", byte(r.Uint32()), byte(r.Uint32())) }},
		{"%<2>%<2>%<2>\n%s\n", []int{1, 1}, func(sampler, int) string { return "" }},
		{chain + "%s\n", slices.Repeat([]int{1}, sets), func(sampler, int) string { return "" }},
		{strings.Repeat("%01u1%*\n", 256), []int{256}, func(r sampler, _ int) string { return "700" }},
		{strings.Repeat("%x1,\n%X1;\n", 128), []int{256}, func(r sampler, _ int) string { return fmt.Sprintf("%x,", r.IntN(16)) }},
	}
}

// sRecord returns an S-record of random bytes.
func sRecord(r sampler, _ int) string {
	row, sum := "S1", byte(0xFF)
	for range 64 {
		x := byte(r.Uint32())
		row, sum = row+fmt.Sprintf("%02X", x), sum-x
	}
	return row + fmt.Sprintf("%02X", sum)
}

// dateText returns a day as Y-m-d.
func dateText(day int) string { return dayText(day, time.DateOnly) }

// dayText returns a day after 1970-01-01 in a layout of the package time.
func dayText(day int, layout string) string {
	return time.Unix(86400*int64(day), 0).UTC().Format(layout)
}

// BenchmarkHostileLines is BenchmarkHostilePlan for lines.
func BenchmarkHostileLines(b *testing.B) {
	for _, c := range hostileLines() {
		b.Run(strings.ReplaceAll(strings.ReplaceAll(c.templates[:min(len(c.templates), 24)], "\n", "|"), " ", "_"), func(b *testing.B) {
			benchmarkLines(b, c, 1<<20)
		})
	}
	text := strings.Repeat("x", 2000)
	for _, c := range []slowLines{ // a few long rows, and many templates or slots that print nothing
		{strings.Repeat("%s", 2000) + "\n" + text + "\n", []int{2}, nil},
		{text + strings.Repeat("\n", 1024), []int{256, 256, 256, 256}, nil},
		{text + "\n" + strings.Repeat("%u1", 1200) + "\n", []int{2}, nil},
		{text + "\n" + strings.Repeat("%[H]1", 1000) + "\n", []int{2}, nil},
		{text + "\n" + strings.Repeat("%[Y-m-d H:M:S]1", 200) + "\n", []int{2}, nil},
		{text + "\n%u1" + strings.Repeat("%@1u1", 128) + "\n", []int{2}, nil},
		{text + "\n" + strings.Repeat("%<2>", 1000) + "\nx\n", []int{2, 1}, nil},
	} {
		c.row = func(sampler, int) string { return text }
		b.Run("once/"+strings.ReplaceAll(strings.ReplaceAll(strings.Replace(c.templates, text, "", 1)[:16], "\n", "|"), " ", "_"), func(b *testing.B) {
			benchmarkLines(b, c, 5000)
		})
	}
}

func benchmarkLines(b *testing.B, c slowLines, size int) {
	r := newSampler(1)
	var src bytes.Buffer
	for i := 0; src.Len() < size; i++ {
		src.WriteString(c.row(r, i) + "\n")
	}
	n, s, t, err := LinesNode(src.Bytes(), c.templates, '\n', c.sets)
	if err != nil {
		b.Fatal(err)
	}
	p, streams := linesPlan(n, s, t)
	l, err := NewLayout(p, src.Len())
	if err != nil {
		b.Skip(err)
	}
	var m Machine
	dst := make([]byte, src.Len())
	b.SetBytes(int64(src.Len()))
	start := dsltest.CPUTime()
	for b.Loop() {
		if err := m.Join(dst, p, streams); err != nil {
			b.Fatal(err)
		}
	}
	took := float64(dsltest.CPUTime()-start) / float64(b.N)
	b.ReportMetric(took/float64(l.Steps), "ns/step")
	b.ReportMetric(took/float64(src.Len()), "ns/byte")
	b.ReportMetric(float64(l.Steps)/float64(src.Len()), "steps/byte")
}

// tables are rows as people log them.
var tables = []slowLines{
	{"%+[Y-m-d H:M:S]5,%.6u4,%+d4,%w1\n", []int{1}, func(r sampler, i int) string {
		return fmt.Sprintf("%s %02d:%02d:%02d,%d.%06d,%d,%s", dateText(16000+i/86400), i/3600%24, i/60%60, i%60, r.IntN(100), r.IntN(1e6), 1000+i+r.IntN(9), []string{"on", "off", "idle"}[r.IntN(3)])
	}},
	{"{\"t\":%+.3u8,\"id\":\"%08x4\",\"v\":%~.8d4,\"s\":\"%s\"}\n", []int{1}, func(r sampler, i int) string {
		return fmt.Sprintf("{\"t\":%d.%03d,\"id\":\"%08x\",\"v\":%d.%d,\"s\":\"n%d\"}", 1700000000+i, r.IntN(1000), r.Uint32(), r.IntN(2), 1+r.IntN(9), r.IntN(50))
	}},
	{"%+ 12.6u4 1  %-8w1        Rx   d 8 %02X1" + strings.Repeat(" %,02X1", 7) + "\n", []int{1}, func(r sampler, i int) string {
		return fmt.Sprintf("%12.6f 1  %-8d        Rx   d 8 % X", float64(i)/1000, 17+r.IntN(9), binary.LittleEndian.AppendUint64(nil, r.Uint64()))
	}},
	{"%<2> session opened for user %w1 by (uid=%u2)\n%<2> session closed for user %w1\n%<2> check pass; user unknown\n%+[b e H:M:S]4 %w1 %w1[%u2]:\n", []int{3, 1}, func(r sampler, i int) string {
		const year2000 = 10957 // days
		return fmt.Sprintf("%s %02d:%02d:%02d combo sshd(pam_unix)[%d]: ", dayText(year2000+i/86400%300, "Jan _2"), i/3600%24, i/60%60, i%60, r.IntN(30000)) +
			[]string{"session opened for user root by (uid=0)", "session closed for user news", "check pass; user unknown"}[r.IntN(3)]
	}},
}

// manyTemplates are those of a log of many shapes.
func manyTemplates() slowLines {
	names := []string{"accepted", "closed", "received", "started", "stopped"}
	text := ""
	for k := range 50 {
		text += fmt.Sprintf("%%<2> %s by job%d of %%w1 after %%u2 ms\n", names[k%5], k/5)
	}
	return slowLines{text + "%+[Y-m-d H:M:S.fff]6 %u2 %w1:\n", []int{50, 1}, func(r sampler, i int) string {
		return fmt.Sprintf("%s %02d:%02d:%02d.%03d %d %s: %s by job%d of %s after %d ms", dateText(18000), i/3600%24, i/60%60, i%60, r.IntN(1000), r.IntN(9000),
			[]string{"nova.api", "nova.compute"}[r.IntN(2)], names[r.IntN(5)], r.IntN(10), []string{"root", "admin"}[r.IntN(2)], r.IntN(2000))
	}}
}

// BenchmarkLines prints tables, and takes them apart.
func BenchmarkLines(b *testing.B) {
	for k, c := range append(tables, manyTemplates()) {
		b.Run(fmt.Sprintf("join/%d", k), func(b *testing.B) { benchmarkLines(b, c, 1<<20) })
		b.Run(fmt.Sprintf("split/%d", k), func(b *testing.B) {
			r := newSampler(1)
			var src bytes.Buffer
			for i := 0; src.Len() < 1<<20; i++ {
				src.WriteString(c.row(r, i) + "\n")
			}
			b.SetBytes(int64(src.Len()))
			start := dsltest.CPUTime()
			for b.Loop() {
				if _, _, _, err := LinesNode(src.Bytes(), c.templates, '\n', c.sets); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(dsltest.CPUTime()-start)/float64(b.N)/float64(src.Len()), "ns/byte")
		})
	}
}
