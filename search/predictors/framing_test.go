package predictors

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ktzip/ktzip/dsl"
)

// logged returns about n bytes of records of three kinds, each with a time, numbers that wander and a
// copy of the number before, where they begin, and their framing: a head of the length of what follows, in
// two bytes, and the kind.
func logged(seed uint64, n int) (b []byte, starts []int, f framing) {
	r := rand.New(rand.NewPCG(seed, 5))
	f = framing{head: 3, element: 2, unit: 1, plus: 3, align: 1, keys: []int{2}}
	time, v := r.Uint32(), [4]uint16{}
	for len(b) < n {
		k := r.IntN(3)
		body := binary.LittleEndian.AppendUint32(nil, time)
		time += 1000 + r.Uint32N(9)
		for i := range 2 + k {
			v[i] += uint16(r.IntN(61) - 30)
			body = binary.LittleEndian.AppendUint16(body, v[i])
		}
		body = append(body, body[len(body)-2:]...)
		starts = append(starts, len(b))
		b = binary.LittleEndian.AppendUint16(b, uint16(len(body)))
		b = append(append(b, byte(k)), body...)
	}
	return b, starts, f
}

// bordersOf returns where records of b begin.
func bordersOf(f *framing, b []byte) (starts []int) {
	f.borders(b, func(start, _ int) bool {
		starts = append(starts, start)
		return true
	})
	return starts
}

// TestBorders follows records by what their heads say: from the beginning, from within, with other heads.
func TestBorders(t *testing.T) {
	b, starts, f := logged(1, 5000)
	if got := bordersOf(&f, b); !slices.Equal(got, starts) {
		t.Fatalf("records begin at %v, want %v", got, starts)
	}
	off, g := f.from(b, 2000)
	k := slices.Index(starts, off)
	if off < 2000 || k < 0 || len(bordersOf(&g, b[off:])) != len(starts)-k {
		t.Errorf("from %d on there are %d records, want %d", off, len(bordersOf(&g, b[off:])), len(starts)-k)
	}
	g, _ = f.widened(2)
	if got := bordersOf(&g, b); !slices.Equal(got, starts) || !slices.Equal(g.keys, []int{2, 3, 4}) {
		t.Errorf("with wider heads, %v, %d records begin, want %d", g, len(got), len(starts))
	}
	f.first = starts[7]
	if g := f.earliest(b); g.first != 0 {
		t.Errorf("the first record of those that lead to that at %d is at %d", f.first, g.first)
	}
	if g, ok := f.shifted(1); !ok || g.first != f.first-1 || g.at != 1 || !slices.Equal(g.keys, []int{0, 3}) || len(bordersOf(&g, b)) < len(starts)-9 {
		t.Errorf("a byte earlier: %+v", g)
	}
	typed := framing{head: 1, unit: 1, align: 1, types: []recordType{{1, 3, 0}, {2, 5, 0}, {1, 4, 2}}}
	list := []byte{1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 1, 0, 0, 0}
	if got := bordersOf(&typed, list); !slices.Equal(got, []int{0, 3, 6, 10, 15}) {
		t.Errorf("records of types begin at %v", got)
	}
	if off, g := typed.from(list, 4); off != 6 || !slices.Equal(bordersOf(&g, list[off:]), []int{0, 4, 9}) {
		t.Errorf("from %d on they begin at %v", off, bordersOf(&g, list[off:]))
	}
}

// TestComponents reads the framings that node writes.
func TestComponents(t *testing.T) {
	for _, f := range []framing{
		{}, {first: 7, length: 30},
		{head: 4, at: 1, element: -2, unit: 4, plus: -3, align: 2, keys: []int{0, 3}},
		{first: 9, head: 1, unit: 1, align: 1, keys: []int{0}, types: []recordType{{64, 20, 0}, {65, 9, 4}}},
	} {
		n := f.node()
		if got := framingOf(&n); fmt.Sprint(got) != fmt.Sprint(f) {
			t.Errorf("%+v became %+v", f, got)
		}
	}
}

// TestFramingsOfPlans finds the records of plans.
func TestFramingsOfPlans(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"kinds(sequence_1, sequence_2, 3, [0, 2, 1, 3, 1, 1, 2, 0, 2, 4, 1, 0])", "[{{0 0 3 0 2 1 3 1 [2] []} 0 900}]"},
		{"kinds(sequence_1, sequence_2, 1, [0, 0, 1, 0, 1, 0, 1, 64, 20, 3])", "[{{0 0 1 0 0 1 0 1 [0] [{64 20 3}]} 0 900}]"},
		{"records(sequence_1, sequence_2, 2, [0, 1, 2])", "[{{0 0 2 0 1 1 2 1 [0 1] []} 0 900}]"},
		{"records(sequence_1, sequence_2, 2, [1, 0, 2, 7, 9])", "[{{0 0 2 1 0 1 0 1 [0 1] [{7 11 0}]} 0 900}]"},
		{"columns(sequence_1, [2, 1, 0, 4, 0, 0])", "[{{0 6 0 0 0 0 0 0 [] []} 0 900}]"},
		{"transpose(sequence_1, 2, 5)", "[{{0 10 0 0 0 0 0 0 [] []} 0 900}]"},
		{"scan_add(sequence_1)", "[]"},
	} {
		text := "sequence_1 = payload(0)\nsequence_2 = payload(1)\nsequence_3 = " + c.text + "\noutput = sequence_3"
		p, err := dsl.Parse(text, dsl.Plan)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(recordParts(p, 900)); got != c.want {
			t.Errorf("%s: %s, want %s", c.text, got, c.want)
		}
	}
}

// TestPeriods finds how long the records of a table are.
func TestPeriods(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	var b []byte
	for i := range 600 {
		b = binary.BigEndian.AppendUint32(b, uint32(i))
		b = append(b, 3, byte(r.Uint32()), 0, byte(r.Uint32()), 77, byte(r.Uint32()), byte(r.Uint32()))
	}
	if got := periods(b); len(got) == 0 || got[0] != 11 {
		t.Errorf("records of 11 bytes have the periods %v", got)
	}
	for n := range 5 {
		periods(make([]byte, n))
	}
}
