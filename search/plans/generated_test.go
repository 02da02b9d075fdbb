package plans

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/dsl"
)

var full = flag.Bool("full", false, "measure on 200 generated segments, not on a few")

// A puzzle is a segment of known structure, with the plans that state it: one of them is
// the best for its noise.
type puzzle struct {
	name    string
	data    []byte
	truth   []string
	lengths map[int]bool // of its records, if it has any
	parts   []puzzle     // that it consists of, if it has no plan of its own
}

// best returns what the segment takes by the best true plan, in bytes; of parts, the sum.
func (p *puzzle) best(t *testing.T) int {
	if p.parts != nil {
		sum := 0
		for _, part := range p.parts {
			sum += part.best(t)
		}
		return sum
	}
	best := math.MaxInt
	for _, text := range p.truth {
		program, err := dsl.Parse(text, dsl.Plan)
		if err != nil {
			t.Fatal(err)
		}
		best = min(best, plannedSize(t, p.data, program))
	}
	return best
}

// A planText is the text of a plan under construction.
type planText struct {
	lines   []string
	streams int
}

// add adds a line and returns its name.
func (p *planText) add(format string, args ...any) string {
	name := fmt.Sprintf("sequence_%d", len(p.lines)+1)
	p.lines = append(p.lines, name+" = "+fmt.Sprintf(format, args...))
	return name
}

// payload adds a line for the next stream.
func (p *planText) payload() string {
	p.streams++
	return p.add("payload(%d)", p.streams-1)
}

// afterHeader returns the text of a plan whose body comes after a header of some bytes.
func afterHeader(header int, body func(p *planText) string) string {
	p := &planText{}
	out := ""
	if header == 0 {
		out = body(p)
	} else {
		h := p.add("get_subsequence_between_indices(%s, 0, %d)", p.payload(), header)
		out = p.add("concatenate(%s, %s)", h, body(p))
	}
	return strings.Join(append(p.lines, "output = "+out), "\n")
}

// TestFindsTruePlans draws segments of known structure: the search must come within 5 % of
// the best true plan on 90 % of them.
func TestFindsTruePlans(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine")
	}
	findsTruePlans(t, 200, []func(*rand.Rand) puzzle{channels, picture, table, framedRecords, packedSamples, typedRecords, fitRecords, mixture})
}

// TestFindsLayers is TestFindsTruePlans for what is predicted from far away or from other
// channels.
func TestFindsLayers(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine")
	}
	findsTruePlans(t, 80, []func(*rand.Rand) puzzle{volumes, colours, signals, hours})
}

// findsTruePlans draws a segment of each kind, or many if -full is given, and fails if fewer
// than 90 % of them are coded within 5 % of their true plan; of few, one may miss it.
func findsTruePlans(t *testing.T, many int, draws []func(*rand.Rand) puzzle) {
	n := len(draws)
	if *full {
		n = many
	}
	const level = 6
	found := 0
	for i := range n {
		p := draws[i%len(draws)](rand.New(rand.NewPCG(uint64(i), 2026)))
		best := p.best(t)
		got, _, program := bestPlan(t, level, p.data)
		if got*100 <= best*105 {
			found++
		} else {
			t.Logf("%s: %d bytes, %d by the true plan; found\n%v", p.name, got, best, program)
		}
	}
	t.Logf("within 5 %% of the true plan: %d of %d", found, n)
	if found*10 < n*9 && found < n-1 {
		t.Errorf("within 5 %% of the true plan: %d of %d, want 90 %%", found, n)
	}
}
