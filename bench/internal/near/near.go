package near

import (
	"bytes"
	"fmt"
	"math/bits"
	"slices"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/search/programs"
)

// MaxBlock is the most bytes of a block: a cover's time grows with the third power of it.
const MaxBlock = 256

// SearchSteps is the budget of the search for each proposed output, in steps: a millisecond,
// as in the first row of the KoLMogorov Test's table. Three times as many find programs that
// are 3 % shorter there.
const SearchSteps = 200_000

// A Match is a program and its output, which was executed.
type Match struct {
	Program *dsl.Program
	Output  []byte
	Errors  int     // elements that differ from the block
	Bits    float64 // of the program, under the uniform prior
}

// Total returns the bits of the program and of its errors.
func (m Match) Total() float64 { return m.Bits + ErrorBits(len(m.Output), m.Errors) }

// valueBits is the price of the value at an error, in bits.
const valueBits = 8

// ErrorBits returns what k errors in n elements cost, in bits: how many there are, one of
// the numbers 0 to n; and for each its place, one of n, and its value.
func ErrorBits(n, k int) float64 {
	return dsl.Log2(float64(n+1)) + float64(k)*(dsl.Log2(float64(n))+valueBits)
}

// A Finder finds near programs. Make one with New. It is not safe for concurrent use.
type Finder struct {
	programs *programs.Finder
	machine  dsl.Machine
	cover    cover
}

// New returns a Finder.
func New() *Finder {
	return &Finder{programs: programs.New(&programs.Config{Prior: programs.Uniform})}
}

// weights are how many times its price an error costs in the covers: a higher one proposes
// outputs with fewer errors, which a bound on errors may ask for.
var weights = [...]int{1, 3}

// Errors returns the matches found for a block, the one without errors first. Each has more
// errors and a lower total than the one before. Errors panics if the block is empty or
// longer than MaxBlock.
func (f *Finder) Errors(block []byte) ([]Match, error) {
	check(block)
	price := bits.Len(uint(len(block)-1)) + valueBits
	proposed := outputs{block}
	for _, w := range weights {
		proposed.add(f.covers(block, loss{miss: w * price})...)
	}
	for _, mended := range mends(block) {
		proposed.add(mended)
		proposed.add(f.covers(mended, loss{miss: price})...)
	}
	var found []Match
	for _, output := range proposed {
		m, err := f.match(block, output)
		if err != nil {
			return nil, err
		}
		found = append(found, m)
	}
	return front(found), nil
}

// AtMost returns the match with the least total of those with at most so many errors.
func AtMost(found []Match, errors int) (m Match) {
	for _, f := range found {
		if f.Errors <= errors {
			m = f // they become cheaper
		}
	}
	return m
}

// Within returns the cheapest program found each of whose elements is at most d away from
// that of the block. Within panics if the block is empty or longer than MaxBlock.
func (f *Finder) Within(block []byte, d int) (cheapest Match, err error) {
	check(block)
	proposed := outputs{block}
	proposed.add(f.covers(block, loss{miss: never, within: d})...)
	for i, output := range proposed {
		m, err := f.match(block, output)
		if err != nil {
			return m, err
		}
		for k, v := range m.Output {
			if distance(v, block[k]) > d {
				return m, fmt.Errorf("near: element %d is %d, want within %d of %d", k, v, d, block[k])
			}
		}
		if i == 0 || m.Bits < cheapest.Bits {
			cheapest = m
		}
	}
	return cheapest, nil
}

func check(block []byte) {
	if len(block) == 0 || len(block) > MaxBlock {
		panic(fmt.Sprintf("near: a block of %d bytes, want 1 to %d", len(block), MaxBlock))
	}
}

// match searches the program of an output, executes it, and counts what differs from the
// block.
func (f *Finder) match(block, output []byte) (m Match, err error) {
	m.Program, _ = f.programs.Best(output, SearchSteps)
	m.Output = make([]byte, len(block))
	if _, err := f.machine.Bytes(m.Output, m.Program, dsl.BlockBudget(len(block))); err != nil {
		return m, fmt.Errorf("near: the program found: %w", err)
	}
	m.Bits = m.Program.UniformBits()
	for i, v := range m.Output {
		if v != block[i] {
			m.Errors++
		}
	}
	return m, nil
}

// front returns the matches that no other one beats in errors and total, by errors.
func front(found []Match) (list []Match) {
	slices.SortStableFunc(found, func(a, b Match) int {
		switch {
		case a.Errors != b.Errors:
			return a.Errors - b.Errors
		case a.Bits < b.Bits:
			return -1
		case a.Bits > b.Bits:
			return 1
		}
		return 0
	})
	for _, m := range found {
		if len(list) == 0 || m.Errors > list[len(list)-1].Errors && m.Total() < list[len(list)-1].Total() {
			list = append(list, m)
		}
	}
	return list
}

// outputs are proposed outputs, each of them once.
type outputs [][]byte

func (o *outputs) add(list ...[]byte) {
	for _, output := range list {
		if !slices.ContainsFunc(*o, func(other []byte) bool { return bytes.Equal(other, output) }) {
			*o = append(*o, output)
		}
	}
}

func distance(a, b byte) int { return int(max(a, b) - min(a, b)) }
