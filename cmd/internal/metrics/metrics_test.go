package metrics

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/kolmogorov"
	"github.com/ktzip/ktzip/internal/mutate"
)

// drawn returns n outcomes as they may be: some without a program, with a longer one, with
// several to choose from.
func drawn(seed uint64, n int) (list []*Outcome) {
	g, r := kolmogorov.NewGenerator(seed), rand.New(rand.NewPCG(seed, 0))
	for range n {
		p, sequence := g.Next() // with lines that the output does not need
		o := &Outcome{Sequence: sequence, Given: p, Found: p.Canonical(), Coded: []*dsl.Program{p, dsl.Literal(sequence)}, Time: time.Duration(1 + r.IntN(1e9))}
		switch r.IntN(5) {
		case 0:
			o.Found, o.Coded = nil, []*dsl.Program{}
		case 1:
			o.Found, o.Coded = dsl.Literal(sequence), o.Coded[1:]
		}
		list = append(list, o)
	}
	return list
}

// tallied returns the metrics of outcomes.
func tallied(outcomes []*Outcome) *Metrics {
	t := New("name")
	for _, o := range outcomes {
		t.Add(o)
	}
	return t.End()
}

// lines returns the lines of outcomes.
func lines(outcomes []*Outcome) (text []byte) {
	for _, o := range outcomes {
		text = o.AppendLine(text)
	}
	return text
}

// TestLinesKeepTheMetrics holds that outcomes have the same metrics after they were lines of
// several files.
func TestLinesKeepTheMetrics(t *testing.T) {
	for seed := range uint64(6) {
		outcomes := drawn(seed, 300)
		for _, o := range outcomes { // what may be asked for, and given
			if seed&1 != 0 {
				o.Coded = nil
			}
			if seed&2 != 0 {
				o.Given = nil
			}
			if seed&4 != 0 {
				o.Time = 0
			}
		}
		want := tallied(outcomes)
		again := New("name")
		for shard := range slices.Chunk(outcomes, 70) {
			for o, err := range Outcomes(bytes.NewReader(lines(shard)), "x") {
				if err != nil {
					t.Fatal(err)
				}
				again.Add(o)
			}
		}
		if got := again.End(); !reflect.DeepEqual(got, want) {
			t.Errorf("%d: %+v\nbefore: %+v", seed, got, want)
		}
		if (want.CodedRate == nil) != (seed&1 != 0) || (want.GeneratorRate == nil) != (seed&2 != 0) || (want.MeanMS == nil) != (seed&4 != 0) {
			t.Errorf("%d: %+v", seed, want)
		}
	}
}

// TestMetricsAreThoseOfAll computes metrics from all sequences at once.
func TestMetricsAreThoseOfAll(t *testing.T) {
	outcomes := drawn(9, 1000)
	m := tallied(outcomes)
	var rest, correct []string
	size, kept, correctBits, atMost := 0.0, 0.0, 0.0, 0.0
	var times []float64
	for _, o := range outcomes {
		text := latin1(o.Sequence)
		raw, bits := 8*float64(len(o.Sequence)), math.Inf(1)
		size += raw
		if o.Found != nil {
			bits = o.Found.UniformBits()
			correct, correctBits = append(correct, text), correctBits+bits
		}
		if bits <= o.Given.UniformBits()+1e-9 {
			atMost++
		}
		if bits < raw {
			kept += bits
		} else {
			rest = append(rest, text)
		}
		times = append(times, o.Time.Seconds()*1000)
	}
	slices.Sort(times)
	for name, c := range map[string][2]float64{
		"CompressionRate": {m.CompressionRate, (kept + zipped(rest) + 1000) / size},
		"Precision":       {m.Precision, correctBits / zipped(correct)},
		"Accuracy":        {m.Accuracy, float64(len(correct)) / 1000},
		"ShareAtMost":     {*m.ShareAtMost, atMost / 1000},
		"MedianMS":        {*m.MedianMS, times[500]},
		"P99MS":           {*m.P99MS, times[990]},
	} {
		if c[0] != c[1] {
			t.Errorf("%s is %v, want %v", name, c[0], c[1])
		}
	}
	sequences, withProgram := 0, 0.0
	for _, l := range m.AccuracyByLength {
		sequences += l.Sequences
		withProgram += l.Accuracy * float64(l.Sequences)
	}
	if sequences != 1000 || math.Abs(withProgram-float64(len(correct))) > 1e-6 {
		t.Errorf("%d sequences by length, %v with a program", sequences, withProgram)
	}
	if s := m.AccuracyByOperation[dsl.RepeatNum.String()]; s.Sequences == 0 || s.Accuracy == 0 || s.Rate == 0 {
		t.Errorf("%+v with a repetition", s)
	}
}

// latin1 returns a sequence as the test compresses it.
func latin1(sequence []byte) string {
	var b strings.Builder
	for _, c := range sequence {
		b.WriteRune(rune(c))
	}
	return b.String()
}

// zipped returns the bits that gzip takes for texts, written at once.
func zipped(texts []string) float64 {
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression)
	io.WriteString(w, strings.Join(texts, "\n"))
	w.Close()
	return 8 * float64(out.Len())
}

// TestCodedSize: of several programs, the one is written that is the cheapest after those
// before it, and a sequence without one is raw.
func TestCodedSize(t *testing.T) {
	values := []byte{7, 7, 7, 7, 7, 7, 7, 7, 7, 7}
	short := &dsl.Program{Nodes: []dsl.Node{{Op: dsl.RepeatNum, Nums: [3]int32{10, 7}}}}
	long := dsl.Literal(values)
	const rows = 8
	coded := func(choice ...*dsl.Program) int {
		var c codedSize
		for range rows {
			c.add(len(values), choice)
		}
		return c.bytes()
	}
	one, other := coded(short), coded(long)
	if one >= other {
		t.Fatalf("%d bytes with a repetition, %d with a literal", one, other)
	}
	for _, got := range []int{coded(short, long), coded(long, short)} {
		if got != one {
			t.Errorf("%d bytes with a choice, want %d", got, one)
		}
	}
	if raw := coded(); raw < rows*len(values) {
		t.Errorf("%d raw bytes, want at least %d", raw, rows*len(values))
	}
}

// TestLineIsOfPrograms holds that an outcome's line is that of a sequence and its program.
func TestLineIsOfPrograms(t *testing.T) {
	p := dsl.Literal([]byte{5, 255})
	got := string((&Outcome{Sequence: []byte{5, 255}, Found: p}).AppendLine(nil))
	if want := `{"sequence":[5,255],"program":"sequence_1 = set_list([5, 255])\noutput = sequence_1"}` + "\n"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	got = string((&Outcome{Sequence: []byte{5}, Coded: []*dsl.Program{}, Time: 7}).AppendLine(nil))
	if want := `{"sequence":[5],"coded":[],"ns":7}` + "\n"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestWrongLinesAreErrors reads lines that are wrong.
func TestWrongLinesAreErrors(t *testing.T) {
	for text, want := range map[string]string{
		`{"sequence":[256]}`:              "x, line 1: 256 is not a byte",
		`{"program":"output"}`:            "x, line 1: the sequence is missing or empty",
		`{"sequence":[1],"program":"a"}`:  "x, line 1: ",
		`{"sequence":[1],"given":"a"}`:    "x, line 1: ",
		`{"sequence":[1],"coded":[""]}`:   "x, line 1: ",
		`{"sequence":[1],"coded":"a"}`:    "x, line 1: json",
		`{"sequence":[1],"ns":-1}`:        "x, line 1: -1 ns",
		`{"sequence":[1],"ns":1e30}`:      "x, line 1: json",
		`{"sequence":[1]}` + "\n" + `{"s`: "x, line 2: unexpected end",
	} {
		var failed error
		for _, err := range Outcomes(strings.NewReader(text), "x") {
			failed = err
		}
		if failed == nil || !strings.HasPrefix(failed.Error(), want) {
			t.Errorf("%s: %v, want %s", text, failed, want)
		}
	}
}

// FuzzOutcomes: lines of any content are an error, or have metrics and a JSON form.
func FuzzOutcomes(plain *testing.F) {
	f := mutate.Of(plain)
	f.Add(lines(drawn(1, 3)))
	f.Add([]byte(`{"sequence":[1,2],"program":"sequence_1 = reverse_list(earlier_1)\noutput = sequence_1","coded":["output = earlier_2"]}`))
	f.Add([]byte(`{"sequence":[1,2],"given":"sequence_1 = repeat_num(2000000000, 7)\noutput = sequence_1","coded":[],"ns":5}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		tally := New("x")
		for o, err := range Outcomes(bytes.NewReader(text), "x") {
			if err != nil {
				return
			}
			tally.Add(o)
		}
		m := tally.End()
		if _, err := json.Marshal(m); err != nil || m.Print(io.Discard) != nil {
			t.Errorf("%v: %+v", err, m)
		}
	})
}
