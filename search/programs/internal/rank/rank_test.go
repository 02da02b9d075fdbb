package rank

import (
	"encoding/binary"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"testing"
)

// drawnTable returns a table of weights within their bounds.
func drawnTable(r *rand.Rand) (t []byte) {
	for range Rows * Hidden {
		t = append(t, byte(r.IntN(2*MaxFirst+1)-MaxFirst))
	}
	for range 2 * Hidden {
		t = binary.LittleEndian.AppendUint16(t, uint16(r.IntN(2*MaxOut+1)-MaxOut))
	}
	for range 2 {
		t = binary.LittleEndian.AppendUint16(t, uint16(r.IntN(1<<16)))
	}
	return t
}

// parsed returns the network of a table.
func parsed(t *testing.T, table []byte) *Net {
	t.Helper()
	n, err := Parse(table)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestWrongTablesAreRefused holds that a table of another size, or with a weight out of
// bounds, is an error.
func TestWrongTablesAreRefused(t *testing.T) {
	good := drawnTable(rand.New(rand.NewPCG(9, 9)))
	changed := func(i int, b ...byte) []byte {
		table := slices.Clone(good)
		copy(table[i:], b)
		return table
	}
	least := make([]byte, 2)
	binary.LittleEndian.PutUint16(least, 0x10000-MaxOut)
	for name, c := range map[string]struct {
		table []byte
		good  bool
	}{
		"good":                  {good, true},
		"none":                  {nil, false},
		"a byte less":           {good[1:], false},
		"a byte more":           {append(slices.Clone(good), 0), false},
		"a first weight of 128": {changed(77, 0x80), false},
		"an out weight of 4096": {changed(Rows*Hidden+2, 0, 0x10), false},
		"of -32768":             {changed(Rows*Hidden+2, 0, 0x80), false},
		"of -4095":              {changed(Rows*Hidden+2, least...), true},
		"a start of -32768":     {changed(Size-2, 0, 0x80), true},
	} {
		if n, err := Parse(c.table); (err == nil) != c.good || (n != nil) != c.good {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// drawnState returns a state with some structure: a line of steps, repeats and noise,
// and estimates that change little from one cut to the next.
func drawnState(r *rand.Rand) *State {
	s := &State{Cost: r.Int32N(200_000), Depth: r.IntN(20)}
	for n := 4 + r.IntN(200); len(s.Line) < n; {
		i := len(s.Line)
		switch back := 1 << r.IntN(3); {
		case i >= 2*back && r.IntN(4) > 0:
			s.Line = append(s.Line, 2*s.Line[i-back]-s.Line[i-2*back])
		case i >= back && r.IntN(3) > 0:
			s.Line = append(s.Line, s.Line[i-back]+int32(r.IntN(13)-6))
		default:
			s.Line = append(s.Line, r.Int32N(256))
		}
	}
	cost := s.Cost
	for m := 2; m <= len(s.Line)/2; m++ {
		for x := range 2 {
			if cost += r.Int32N(4001) - 2000; r.IntN(5) > 0 || m == 2 && x == 0 {
				s.Kids = append(s.Kids, Kid{Cut: Cut{Pairs: m, Second: x == 1}, Cost: cost})
			}
		}
	}
	slices.SortStableFunc(s.Kids, func(a, b Kid) int { return int(a.Cost - b.Cost) })
	return s
}

// slowCode returns how many of the thresholds x reaches.
func slowCode(x int32, thresholds ...int32) (c int) {
	for _, t := range thresholds {
		if x >= t {
			c++
		}
	}
	return c
}

// slowFlags returns the flags of element i, by the definition.
func slowFlags(v []int32, i int) (f int) {
	back := func(d int) int32 { return v[i] - v[i-d] }
	near := func(d int) bool { return i >= d && -alike <= back(d) && back(d) <= alike }
	straight := func(d int) bool { return i >= 2*d && v[i]-2*v[i-d]+v[i-2*d] == 0 }
	same := func(d int) bool { return i >= d && back(d) == 0 }
	for bit, is := range []bool{same(1), near(1), straight(1), same(2), near(2), straight(2), same(4), straight(4)} {
		if is {
			f |= 1 << bit
		}
	}
	return f
}

// slowRows returns the rows of the cuts after so many pairs, by the definition.
func slowRows(s *State, pairs int) (rows []int) {
	size := len(s.Line)/2 + 1
	rounded := func(x int32) int32 { return (x + 128) >> 8 }
	find := func(m, x int) (cost int32, index int) {
		for i, k := range s.Kids {
			if k.Pairs == m && k.Second == (x == 1) {
				return k.Cost, i
			}
		}
		return 0, -1
	}
	group := 0
	add := func(code int) {
		rows = append(rows, group*codes+code)
		group++
	}
	for m := pairs - Reach; m <= pairs+Reach; m++ {
		for i := 2 * m; i <= 2*m+1; i++ {
			f := 0
			if m >= 0 && i < len(s.Line) {
				f = slowFlags(s.Line, i)
			}
			add(f & 15)
			add(f >> 4)
		}
		for x := range 2 {
			cost, k := find(m, x)
			before, k1 := find(m-1, x)
			switch {
			case m < 0 || m >= size:
				add(outside)
				add(outside)
				continue
			case k < 0:
				add(missing)
			default:
				add(slowCode(rounded(cost-s.Kids[0].Cost), 1, 2, 4, 6, 8, 10, 12, 15, 18, 22, 28, 36, 50))
			}
			if k < 0 || k1 < 0 {
				add(missing)
			} else {
				add(slowCode(rounded(cost-before), -16, -9, -7, -4, -2, 0, 1, 3, 5, 8, 10, 17))
			}
		}
	}
	for x := range 2 {
		_, k := find(pairs, x)
		if k < 0 || k >= MaxKids {
			k = 1000
		}
		add(slowCode(int32(k), 1, 2, 3, 4, 5, 6, 8, 10, 13, 16, 20, 25, 32))
	}
	add(codes * pairs / size)
	add(slowCode(int32(len(s.Line)-2*pairs), 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 26, 34, 50, 80))
	add(slowCode(rounded(s.Kids[0].Cost-s.Cost), -64, -40, -28, -20, -14, -9, -4, 0, 4, 9, 14, 20, 28, 40, 60))
	add(slowCode(int32(len(s.Line)), 16, 20, 25, 32, 40, 50, 64, 80, 100, 128, 160, 200, 256, 320))
	add(min(s.Depth, codes-1))
	return rows
}

// slowScore returns the score of kid i by the table.
func slowScore(t []byte, s *State, i int) int64 {
	if i >= MaxKids {
		return -behind - int64(Prior(i))
	}
	at16 := func(k int) int64 { return int64(int16(binary.LittleEndian.Uint16(t[Rows*Hidden+2*k:]))) }
	x := s.Kids[i].strand()
	sum := at16(2*Hidden + x)
	for h := range Hidden {
		unit := int64(0)
		for _, row := range slowRows(s, s.Kids[i].Pairs) {
			unit += int64(int8(t[row*Hidden+h]))
		}
		sum += max(0, unit) * at16(x*Hidden+h)
	}
	return sum>>toScore - int64(Prior(i))
}

// TestRankIsWhatTheTableSays compares scores with those computed the slow way.
func TestRankIsWhatTheTableSays(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var ranker Ranker
	for range 100 {
		table, s := drawnTable(r), drawnState(r)
		scores, steps := ranker.Rank(parsed(t, table), s)
		if len(scores) != len(s.Kids) || steps <= 0 {
			t.Fatalf("%d scores of %d kids in %d steps", len(scores), len(s.Kids), steps)
		}
		for range 10 {
			i := r.IntN(len(scores))
			if want := slowScore(table, s, i); int64(scores[i]) != want {
				t.Fatalf("%v: score %d, want %d", s.Kids[i], scores[i], want)
			}
		}
	}
}

// TestRowsAreInOrder holds that AppendRows gives the rows of the definition.
func TestRowsAreInOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var w View
	for range 100 {
		s := drawnState(r)
		w.Set(s)
		pairs := s.Kids[r.IntN(len(s.Kids))].Pairs
		var got []int
		for _, row := range w.AppendRows(nil, pairs) {
			got = append(got, int(row))
		}
		if want := slowRows(s, pairs); !slices.Equal(got, want) || len(got) != Summands {
			t.Fatalf("rows %v, want %v", got, want)
		}
	}
}

// TestRankIsTheSameEverywhere holds the scores of drawn states to those of linux/amd64.
func TestRankIsTheSameEverywhere(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	n, sum := parsed(t, drawnTable(r)), fnv.New64a()
	var ranker Ranker
	for range 200 {
		scores, steps := ranker.Rank(n, drawnState(r))
		for _, x := range append(scores, int32(steps)) {
			sum.Write(binary.LittleEndian.AppendUint32(nil, uint32(x)))
		}
	}
	const want = 0xdc4b274c1c607c42
	if got := sum.Sum64(); got != want {
		t.Errorf("hash %#x, want %#x", got, uint64(want))
	}
}

// TestRankAllocatesNothing holds that a ranker is cheap to use again.
func TestRankAllocatesNothing(t *testing.T) {
	s := drawnState(rand.New(rand.NewPCG(7, 8)))
	var ranker Ranker
	if n := testing.AllocsPerRun(100, func() { ranker.Rank(Default(), s) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkRank(b *testing.B) {
	r := rand.New(rand.NewPCG(9, 10))
	var states []*State
	for range 100 {
		states = append(states, drawnState(r))
	}
	var ranker Ranker
	steps := int64(0)
	for i := 0; b.Loop(); i++ {
		_, s := ranker.Rank(Default(), states[i%len(states)])
		steps += s
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(steps), "ns/step")
}
