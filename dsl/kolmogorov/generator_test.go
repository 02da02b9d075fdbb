package kolmogorov

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"testing"

	"github.com/ktzip/ktzip/dsl"
)

var update = flag.Bool("update", false, "write ../testdata/pairs.jsonl")

const (
	published = "../../../shared/kt/pairs.jsonl" // the benchmark's own pairs
	sample    = "../testdata/pairs.jsonl"        // ours, for the tests of dsl
)

// statistics of a set of pairs.
type statistics struct {
	pairs  int
	length float64 // mean
	rate   float64 // bits of the programs, with a flag each, per bit of the sequences
	lines  float64 // mean
	// perPair and squares are the means, over programs, of the number of lines of each
	// operation and of its square.
	perPair, squares map[string]float64
}

// measure returns the statistics of n pairs.
func measure(n int, next func() (*dsl.Program, []byte)) statistics {
	s := statistics{pairs: n, perPair: map[string]float64{}, squares: map[string]float64{}}
	bits, length := 0.0, 0.0
	for range n {
		p, seq := next()
		bits += p.UniformBits() + 1
		length += float64(len(seq))
		s.lines += float64(len(p.Nodes)) / float64(n)
		count := map[string]float64{}
		for _, node := range p.Nodes {
			count[node.Op.String()]++
		}
		for name, c := range count {
			s.perPair[name] += c / float64(n)
			s.squares[name] += c * c / float64(n)
		}
	}
	s.length, s.rate = length/float64(n), bits/(8*length)
	return s
}

func (s *statistics) variance(name string) float64 {
	return (s.squares[name] - s.perPair[name]*s.perPair[name]) / float64(s.pairs)
}

// TestDistribution executes drawn programs, and compares the mean length and the rate with
// the published ones.
func TestDistribution(t *testing.T) {
	var m dsl.Machine
	g := NewGenerator(1)
	s := measure(5000, func() (*dsl.Program, []byte) {
		p, seq := g.Next()
		got := make([]byte, len(seq))
		if _, err := m.Bytes(got, p, dsl.Budget{Steps: 1 << 24, Elements: 1 << 24}); err != nil || !bytes.Equal(got, seq) {
			t.Fatalf("%v\n%s\ngot  %d\nwant %d", err, p, got, seq)
		}
		return p, seq
	})
	t.Logf("mean length %.1f, rate %.4f, %.2f lines", s.length, s.rate, s.lines)
	if math.Abs(s.length-76) > 7.6 {
		t.Errorf("mean length %.1f, want 76", s.length)
	}
	if math.Abs(s.rate-0.329) > 0.015 {
		t.Errorf("rate %.4f, want 0.329", s.rate)
	}
}

// TestPublished compares the share of each operation with that in the published pairs. They
// may differ by 4 standard deviations.
func TestPublished(t *testing.T) {
	f, err := os.Open(published)
	if err != nil {
		t.Skipf("no published pairs to compare with: %v", err)
	}
	defer f.Close()
	type pair struct {
		p   *dsl.Program
		seq []byte
	}
	var pairs []pair
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var line struct {
			Program  string
			Sequence []int
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		p, err := dsl.Parse(line.Program, dsl.Block)
		if err != nil {
			t.Fatal(err)
		}
		pairs = append(pairs, pair{p, make([]byte, len(line.Sequence))})
	}
	i := -1
	want := measure(len(pairs), func() (*dsl.Program, []byte) { i++; return pairs[i].p, pairs[i].seq })
	got := measure(20000, NewGenerator(2).Next)
	t.Logf("%-40s %9.4f %9.4f", "mean length", got.length, want.length)
	t.Logf("%-40s %9.4f %9.4f", "rate", got.rate, want.rate)
	t.Logf("%-40s %9.4f %9.4f", "lines", got.lines, want.lines)
	if math.Abs(got.length/want.length-1) > 0.06 || math.Abs(got.rate/want.rate-1) > 0.04 {
		t.Error("mean length or rate differ")
	}
	for op := dsl.SetList; op < dsl.Payload; op++ {
		name := op.String()
		sigma := (got.perPair[name] - want.perPair[name]) / math.Sqrt(got.variance(name)+want.variance(name))
		t.Logf("%-40s %9.4f %9.4f a program, %+.1f sigma", name, got.perPair[name], want.perPair[name], sigma)
		if math.Abs(sigma) > 4 {
			t.Errorf("%s: %.4f a program, published %.4f", name, got.perPair[name], want.perPair[name])
		}
	}
}

// TestDeterministic draws the same pairs from the same seed, others from another.
func TestDeterministic(t *testing.T) {
	a, b, c := NewGenerator(7), NewGenerator(7), NewGenerator(8)
	differ := false
	for range 100 {
		p, s := a.Next()
		q, u := b.Next()
		if p.String() != q.String() || !bytes.Equal(s, u) {
			t.Fatal("the same seed, different pairs")
		}
		_, s = c.Next()
		differ = differ || !bytes.Equal(s, u)
	}
	if !differ {
		t.Error("different seeds, the same pairs")
	}
}

// TestAppend compares Append with the sequences of Next.
func TestAppend(t *testing.T) {
	var want []byte
	for g := NewGenerator(3); len(want) < 10000; {
		_, s := g.Next()
		want = append(want, s...)
	}
	for _, n := range []int{0, 1, 127, 10000} {
		if got := NewGenerator(3).Append([]byte("x"), n); !bytes.Equal(got, append([]byte("x"), want[:n]...)) {
			t.Errorf("%d bytes: got %d", n, len(got))
		}
	}
}

// TestSample checks, or with -update writes, the pairs that dsl is tested on.
func TestSample(t *testing.T) {
	var b bytes.Buffer
	g := NewGenerator(2503_13992)
	for range 200 {
		p, seq := g.Next()
		list := make([]int, len(seq))
		for i, v := range seq {
			list[i] = int(v)
		}
		line, err := json.Marshal(struct {
			Program  string      `json:"program"`
			Sequence []int       `json:"sequence"`
			Bits     json.Number `json:"uniform_bits"`
		}{p.String(), list, json.Number(fmt.Sprintf("%.6f", p.UniformBits()))})
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(line, '\n'))
	}
	if *update {
		if err := os.WriteFile(sample, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(sample)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b.Bytes(), want) {
		t.Errorf("%s is not what the generator draws; run with -update if that is meant", sample)
	}
}

func BenchmarkNext(b *testing.B) {
	g, n := NewGenerator(1), 0
	for b.Loop() {
		_, seq := g.Next()
		n += len(seq)
	}
	b.SetBytes(int64(n / b.N))
}
