package dsl

import (
	"bufio"
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"
)

// A pair is a line of a file of program-sequence pairs.
type pair struct {
	Program     string  `json:"program"`
	Sequence    []int32 `json:"sequence"`
	UniformBits float64 `json:"uniform_bits"`
}

func readPairs(t testing.TB, name string) (pairs []pair) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Skipf("no pairs to test on: %v", err)
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		var p pair
		if err := json.Unmarshal(s.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		pairs = append(pairs, p)
	}
	return pairs
}

// pairFiles are the benchmark's own pairs and a sample of our generator's.
var pairFiles = []string{"../../shared/kt/pairs.jsonl", "testdata/pairs.jsonl"}

// TestPairs checks text, execution, price and bits on program-sequence pairs.
func TestPairs(t *testing.T) {
	for _, name := range pairFiles {
		t.Run(name, func(t *testing.T) {
			var m Machine
			enc, bits := NewEncoder(Edition2), 0.0
			enc.Plan(Identity())
			var canon []*Program
			for i, want := range readPairs(t, name) {
				p, err := Parse(want.Program, Block)
				if err != nil {
					t.Fatalf("pair %d: %v", i, err)
				}
				if got := p.String(); got != want.Program {
					t.Fatalf("pair %d printed as\n%s\nwant\n%s", i, got, want.Program)
				}
				if got := p.UniformBits(); math.Abs(got-want.UniformBits) > 1e-6 {
					t.Errorf("pair %d costs %f bits, want %f", i, got, want.UniformBits)
				}
				budget := Budget{Steps: 1 << 20, Elements: 1 << 20}
				for _, q := range []*Program{p, p.Canonical()} {
					if got, _, err := m.Run(q, budget); err != nil || !slices.Equal(got, want.Sequence) {
						t.Fatalf("pair %d: %v\ngot  %v\nwant %v", i, err, got, want.Sequence)
					}
				}
				canon = append(canon, p.Canonical())
				bits += enc.ProgramCost(p.Canonical()).Bits()
				enc.Program(p.Canonical())
			}
			out := enc.Finish()
			if d := math.Abs(float64(8*len(out)) - bits); d > 32+bits/1000 {
				t.Errorf("costs %f bits, wrote %d", bits, 8*len(out))
			}
			t.Logf("%d programs in %d bytes", len(canon), len(out))
			dec := NewDecoder(out, Edition2)
			if p, err := dec.Plan(); err != nil || !p.IsIdentity() {
				t.Fatal(p, err)
			}
			for i, want := range canon {
				p, err := dec.Next(literals(1<<20), 0)
				if err != nil || p == nil || p.String() != want.String() {
					t.Fatalf("program %d: %v\ngot  %v\nwant %v", i, err, p, want)
				}
			}
			if err := dec.Close(); err != nil {
				t.Fatal(err)
			}
		})
	}
}
