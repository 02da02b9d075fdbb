package mutate

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

const (
	perTarget = 500     // mutants of a target's seeds: most targets take less than a second. Arbitrary.
	maxEdits  = 4       // of a mutant. Arbitrary.
	maxRun    = 64      // bytes that an edit concerns, but for truncations. Arbitrary.
	maxBytes  = 1 << 16 // of an argument, past which none is inserted. Arbitrary.
	shortPart = 8       // with -short there is one mutant in so many: it is for the race detector, 10 times as slow
)

// A F is a fuzz target whose seeds are mutated, too.
type F struct {
	*testing.F
	seeds [][]any
}

// Of returns the fuzz target of f.
func Of(f *testing.F) *F { return &F{F: f} }

// Add adds the arguments of a seed, as testing.F.Add does.
func (f *F) Add(args ...any) {
	f.seeds = append(f.seeds, args)
	f.F.Add(args...)
}

// Fuzz calls testing.F.Fuzz after it has added mutants of the seeds. go test -run FuzzX/seed#123 runs one of them again.
func (f *F) Fuzz(target any) {
	n := perTarget
	if testing.Short() {
		n /= shortPart
	}
	if fuzzing := flag.Lookup("test.fuzz"); fuzzing != nil && fuzzing.Value.String() != "" {
		n = 0
	}
	for _, args := range mutants(f.seeds, n) {
		f.F.Add(args...)
	}
	f.F.Fuzz(target)
}

// mutants returns n mutants of seeds. Each of these has as many mutants, give or take one.
func mutants(seeds [][]any, n int) (list [][]any) {
	m := mutator{rand.New(rand.NewPCG(1, 2))}
	for i := range n {
		args := slices.Clone(seeds[i%len(seeds)])
		for range 1 + m.IntN(maxEdits) {
			k := m.IntN(len(args))
			args[k] = m.edited(args[k], seeds[m.IntN(len(seeds))][k])
		}
		list = append(list, args)
	}
	return list
}

// A mutator draws edits.
type mutator struct{ *rand.Rand }

// edited returns v with an edit, for which it may take a part of other.
func (m mutator) edited(v, other any) any {
	switch v := v.(type) {
	case []byte:
		return m.bytes(v, other.([]byte))
	case string:
		return string(m.bytes([]byte(v), []byte(other.(string))))
	case byte:
		return byte(m.number(int64(v)))
	case uint16:
		return uint16(m.number(int64(v)))
	case int32:
		return int32(m.number(int64(v)))
	case int:
		return int(int32(m.number(int64(v))))
	}
	panic(fmt.Sprintf("mutate: no edits of a %T", v))
}

// number returns a number near v or any.
func (m mutator) number(v int64) int64 {
	switch m.IntN(3) {
	case 0:
		return v + int64(m.IntN(9)) - 4
	case 1:
		return v ^ 1<<m.IntN(32)
	default:
		return int64(m.Uint64()) >> m.IntN(64) // small numbers more often
	}
}

// bytes returns b with an edit, for which it may take a part of other.
func (m mutator) bytes(b, other []byte) []byte {
	from, to := m.part(b)
	insert := func(s []byte) []byte { return slices.Concat(b[:from], s, b[from:]) }
	edits := []func() []byte{
		func() []byte { return b[:from] },
		func() []byte { return slices.Concat(b[:from], b[to:]) },
		func() []byte {
			return slices.Concat(b[:from], slices.Repeat([]byte{byte(m.number(0))}, to-from), b[to:])
		},
		func() []byte { return m.changed(b, from) },
		func() []byte { return m.changed(b, from) },
		func() []byte { return insert(b[from:to]) },
		func() []byte { i, j := m.part(other); return insert(other[i:j]) },
	}
	if len(b) > maxBytes {
		edits = edits[:5]
	}
	return edits[m.IntN(len(edits))]()
}

// changed returns b with another number at off, if there is one.
func (m mutator) changed(b []byte, off int) []byte {
	b = slices.Clone(b)
	if off < len(b) {
		b[off] = byte(m.number(int64(b[off])))
	}
	return b
}

// part draws a part of b: 0 <= from <= to <= len(b).
func (m mutator) part(b []byte) (from, to int) {
	from = m.IntN(len(b) + 1)
	return from, from + m.IntN(min(maxRun, len(b)-from)+1)
}
