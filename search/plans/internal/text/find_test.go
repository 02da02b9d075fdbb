package text

import (
	"bytes"
	"compress/flate"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
)

// deflated returns how many bytes deflate takes for a stream.
func deflated(stream []byte) int {
	var b bytes.Buffer
	w := deflaters.Get().(*flate.Writer)
	w.Reset(&b)
	w.Write(stream)
	w.Close()
	deflaters.Put(w)
	return b.Len()
}

var deflaters = sync.Pool{New: func() any {
	w, _ := flate.NewWriter(nil, 6)
	return w
}}

// inverts fails if src is not what a plan makes of the lists that templates take it apart to, or if
// these have another price.
func inverts(t *testing.T, src []byte, m Templates, price func([]byte) int) {
	t.Helper()
	n, a, b, err := plan.LinesNode(src, m.Text, m.End, m.Sets)
	if err != nil {
		t.Fatalf("%v\n%s", err, m.Text)
	}
	if cost := price(a) + price(b); cost != m.Cost {
		t.Errorf("templates cost %d, want %d", m.Cost, cost)
	}
	n.Refs = [2]int{1, 3}
	p := &dsl.Program{Nodes: []dsl.Node{
		{Op: dsl.Payload}, {Op: dsl.Between, Nums: [3]int32{0, int32(len(a))}},
		{Op: dsl.Payload, Nums: [3]int32{1}}, {Op: dsl.Between, Refs: [2]int{2}, Nums: [3]int32{0, int32(len(b))}}, n}, Out: 4}
	got := make([]byte, len(src))
	var machine plan.Machine
	if err := machine.Join(got, p, [][]byte{a, b}); err != nil || !bytes.Equal(got, src) {
		t.Fatalf("%v: joined to %.500q, want %.500q, by\n%s", err, got, src, m.Text)
	}
}

// find returns the templates found for rows, a line each, all of which must invert.
func find(t *testing.T, rows []string) string {
	t.Helper()
	src := []byte(strings.Join(rows, "\n") + "\n")
	list := Find(src, deflated, deflated)
	if len(list) == 0 {
		t.Fatalf("no templates for\n%.500s", src)
	}
	if !slices.IsSortedFunc(list, func(a, b Templates) int { return a.Cost - b.Cost }) {
		t.Errorf("templates out of order")
	}
	for _, m := range list {
		inverts(t, src, m, deflated)
	}
	return list[0].Text
}

// rows returns n rows.
func rows(n int, row func(r *rand.Rand, i int) string) (list []string) {
	r := rand.New(rand.NewPCG(uint64(n), 21))
	for i := range n {
		list = append(list, row(r, i))
	}
	return list
}

// TestFindsSlots prints rows with a column of each kind: its slot is found.
func TestFindsSlots(t *testing.T) {
	start := time.Date(2026, 11, 27, 20, 0, 0, 0, time.UTC)
	at := func(i int, layout string) string {
		return start.Add(time.Duration(i) * 61 * time.Second).Format(layout)
	}
	words := []string{"red", "green", "blue", "yellow", "white"}
	for _, c := range []struct {
		kind string
		row  func(r *rand.Rand, i int) string
		want []string // of which one is found
	}{
		{"a counter", func(r *rand.Rand, i int) string { return fmt.Sprint(100_000 + 7*i) }, []string{"%+u", "%/u"}},
		{"a number with a fraction", func(r *rand.Rand, i int) string { return fmt.Sprintf("%.2f", 20+r.NormFloat64()) }, []string{"%.2u", "%.2d", "%u1.%02u1"}},
		{"a padded number", func(r *rand.Rand, i int) string { return fmt.Sprintf("%6d", r.IntN(50_000)) }, []string{"% 6u", "% 7u", "% 8u"}},
		{"a number with zeros", func(r *rand.Rand, i int) string { return fmt.Sprintf("%05d", r.IntN(90_000)) }, []string{"%05u"}},
		{"hexadecimal digits", func(r *rand.Rand, i int) string { return fmt.Sprintf("%08x", r.Uint32()) }, []string{"%08x4", "%02x1%,02x1%,02x1%,02x1"}},
		{"a word", func(r *rand.Rand, i int) string { return words[r.IntN(5)] }, []string{"%w1"}},
		{"a time", func(r *rand.Rand, i int) string { return at(i, "2006-01-02 15:04:05") }, []string{"%+[Y-m-d H:M:S]", "%/[Y-m-d H:M:S]"}},
		{"a time of syslog", func(r *rand.Rand, i int) string { return at(i, "Jan _2 15:04:05") }, []string{"%+[b e H:M:S]", "%/[b e H:M:S]"}},
		{"nanoseconds since 1970", func(r *rand.Rand, i int) string {
			return fmt.Sprint(1_700_000_000_000_000_000 + int64(i)*1_000_000_000 + r.Int64N(1000))
		}, []string{"%+u8", "%/u8", "%+010u5%09"}},
		{"an address", func(r *rand.Rand, i int) string { return fmt.Sprintf("10.0.%d.%d", r.IntN(256), r.IntN(256)) }, []string{"10.0.%u"}},
	} {
		got := find(t, rows(600, func(r *rand.Rand, i int) string { return fmt.Sprintf("%s,x,%d", c.row(r, i), r.IntN(10)) }))
		if !slices.ContainsFunc(c.want, func(want string) bool { return strings.Contains(got, want) }) {
			t.Errorf("%s: templates\n%swant %s", c.kind, got, c.want)
		}
	}
}

// TestFindsMessages prints messages whose rows look alike: each has a template of its own.
func TestFindsMessages(t *testing.T) {
	got := find(t, rows(2000, func(r *rand.Rand, i int) string {
		if r.IntN(2) == 0 {
			return fmt.Sprintf("opened file %d of user %d", 10_000+i, r.IntN(5))
		}
		return fmt.Sprintf("closed port %d by rule %d", r.IntN(60_000), 300+r.IntN(3))
	}))
	for _, want := range []string{"opened file ", " of user ", "closed port ", " by rule "} {
		if !strings.Contains(got, want) {
			t.Errorf("templates\n%swant one with %q", got, want)
		}
	}
}

// TestFindsHead prints messages after a time: it is a template of a set of its own.
func TestFindsHead(t *testing.T) {
	got := find(t, rows(500, func(r *rand.Rand, i int) string {
		at := time.Unix(1_700_000_000+int64(i), 0).UTC().Format("2006-01-02T15:04:05Z ")
		switch r.IntN(3) {
		case 0:
			return at + fmt.Sprintf("connect from %d", r.IntN(1000))
		case 1:
			return at + "disconnect"
		}
		return at + fmt.Sprintf("load: %d, %d", r.IntN(100), r.IntN(100))
	}))
	if strings.Count(got, "[Y-m-dTH:M:S]") != 1 || strings.Count(got, "%<2>") < 3 {
		t.Errorf("templates\n%swant one with a time, and three with it", got)
	}
}

// TestFindsRelations prints rows of which a slot tells about another.
func TestFindsRelations(t *testing.T) {
	names := []string{"alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa"}
	values := []int{100, 2000, 3500, 470, 5900, 6420, 1730, 8110, 1260, 9990}
	for _, c := range []struct {
		kind string
		want []string // of which one is found
		row  func(r *rand.Rand, i int) string
	}{
		{"an end after a start", []string{"%=1u"}, func(r *rand.Rand, i int) string {
			x := r.IntN(10_000_000)
			return fmt.Sprintf("%d,%d", x, x+r.IntN(100))
		}},
		{"a value that goes on for each name", []string{"%@1", "delta;%+.2u"}, func(r *rand.Rand, i int) string {
			k := r.IntN(len(names))
			values[k] += r.IntN(9) - 4
			return fmt.Sprintf("%s;%.2f", names[k], 100+float64(values[k])/100)
		}},
	} {
		got := find(t, rows(1500, c.row))
		if !slices.ContainsFunc(c.want, func(want string) bool { return strings.Contains(got, want) }) {
			t.Errorf("%s: templates\n%swant one with one of %q", c.kind, got, c.want)
		}
	}
}

// TestFindsChecksums prints rows whose checksums are computed.
func TestFindsChecksums(t *testing.T) {
	nmea := func(r *rand.Rand, i int) string {
		s, x := fmt.Sprintf("GPHDT,%.2f,T", 360*r.Float64()), byte(0)
		for _, c := range []byte(s) {
			x ^= c
		}
		return fmt.Sprintf("$%s*%02X", s, x)
	}
	if got := find(t, rows(300, nmea)); !strings.Contains(got, "*%*") {
		t.Errorf("NMEA: templates\n%swant one with *%%*", got)
	}
	intel := func(r *rand.Rand, i int) string {
		b := []byte{16, byte(i >> 4), byte(i << 4), 0}
		for range 16 {
			b = append(b, byte(r.IntN(256)))
		}
		sum := byte(0)
		for _, c := range b {
			sum -= c
		}
		return fmt.Sprintf(":%X%02X", b, sum)
	}
	if got := find(t, rows(300, intel)); !strings.Contains(got, "%:") || !strings.Contains(got, "%+04X2") {
		t.Errorf("Intel HEX: templates\n%swant one with %%+04X2 and %%:", got)
	}
}
