package plans

import (
	"cmp"
	"context"
	"slices"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
	"github.com/ktzip/ktzip/search/plans/internal/lz"
)

// What repeats, near or far, becomes copies: of a segment, or of a stream into which a plan
// divides it.

// Repeats returns d with copies of what repeats in its streams, where they pay; ok is false if
// they pay nowhere or the context is done. It implements codec.RepeatPlanner.
func (f *Finder) Repeats(ctx context.Context, d plan.Division, cost func(stream []byte) int) (found plan.Division, ok bool) {
	out := &draft{}
	lines := make([]int, len(d.Plan.Nodes)) // of each node
	var streams [][]byte
	for i, n := range d.Plan.Nodes {
		if n.Op != dsl.Payload {
			for k := range n.Op.Lists() {
				n.Refs[k] = lines[n.Refs[k]]
			}
			out.Nodes = append(out.Nodes, n)
			lines[i] = len(out.Nodes) - 1
			continue
		}
		stream := d.Streams[n.Nums[0]]
		n, literals, columns := f.contract(ctx, stream, cost)
		if literals == nil {
			lines[i] = out.payload()
			streams = append(streams, stream)
			continue
		}
		lines[i] = out.add(n, out.state(out.payload(), len(literals)), out.state(out.payload(), len(columns)))
		streams = append(streams, literals, columns)
		ok = true
	}
	out.Out = lines[d.Plan.Out]
	return plan.Division{Plan: out.Program.Canonical(), Streams: streams}, ok && len(streams) <= plan.MaxStreams
}

// contract returns the literals and the copies of which n makes stream; nil if they do not pay.
// If they do, those of the lower effort compete.
func (f *Finder) contract(ctx context.Context, stream []byte, cost func(stream []byte) int) (n dsl.Node, literals, columns []byte) {
	if len(stream) < minRepeated {
		return n, nil, nil
	}
	least := 0 // bytes; 0 until all of stream was looked through
	for e := &repeatEfforts[f.level]; e != nil && e.promising(ctx, stream, cost); e = e.lower {
		if least == 0 {
			least = cost(stream) - expandBytes
		}
		m, l, c := contract(ctx, stream, e.parse)
		if l == nil {
			break
		}
		if size := cost(l) + cost(c); size < least {
			n, literals, columns, least = m, l, c, size
		}
		if literals == nil {
			break
		}
	}
	return n, literals, columns
}

// promising reports whether stream is to be looked through for repeats.
func (e *repeatEffort) promising(ctx context.Context, stream []byte, cost func(stream []byte) int) bool {
	if e.excerpt == 0 || e.far && repeatsFar(stream) {
		return true
	}
	for _, part := range e.excerpts(stream) {
		_, literals, columns := contract(ctx, part, e.parse)
		if (len(literals)+len(columns))*fewParts <= len(part) ||
			saves(int64(cost(literals)+cost(columns)), int64(cost(part)), e.parts) {
			return true
		}
	}
	return false
}

// excerpts returns the excerpts of stream that decide: one from its middle and, if there is time
// and it is an archive, one from the middle of each of the largest entries.
func (e *repeatEffort) excerpts(stream []byte) [][]byte {
	list := [][]byte{clip(stream[len(stream)/2:], e.excerpt)}
	if !e.far {
		return list
	}
	files := entries(stream)
	slices.SortStableFunc(files, func(a, b entry) int { return cmp.Compare(b.end-b.data, a.end-a.data) })
	for _, f := range clip(files, entryExcerpts) {
		if n := f.end - f.data; n >= e.excerpt && n < len(stream) {
			list = append(list, clip(stream[f.data+n/2:f.end], e.excerpt))
		}
	}
	return list
}

// clip returns the first n elements of list; all if it has no more.
func clip[T any](list []T, n int) []T { return list[:min(n, len(list))] }

// contract returns the literals and the copies of which n makes stream; nil if there are none.
func contract(ctx context.Context, stream []byte, e lz.Effort) (n dsl.Node, literals, columns []byte) {
	copies := lz.Parse(ctx, stream, e)
	if len(copies) == 0 || ctx.Err() != nil {
		return n, nil, nil
	}
	copies, least := affordable(copies, len(stream))
	n, columns = plan.CopyNode(copies, least)
	return n, plan.AppendLiterals(nil, stream, copies), columns
}

// affordable returns those of copies that a plan for size bytes has room and steps for, the
// longest ones, in the same array; and how many bytes they have at least.
func affordable(copies []plan.Copy, size int) (kept []plan.Copy, least int) {
	for least = lz.MinCopy; ; least++ {
		copies = longer(copies, uint32(least))
		_, columns := plan.CopyNode(copies, least)
		if len(columns) <= plan.MaxScratch(size) && int64(len(copies))*copySteps <= dsl.SegmentSteps(int64(size)) {
			return copies, least
		}
	}
}

// copySteps is more than a copy takes in a plan, in steps.
const copySteps = 72

// longer returns those of copies that have at least least bytes, in the same array.
func longer(copies []plan.Copy, least uint32) []plan.Copy {
	kept := copies[:0]
	run := uint32(0)
	for _, c := range copies {
		if c.Length < least {
			run += c.Run + c.Length
			continue
		}
		c.Run += run
		kept, run = append(kept, c), 0
	}
	return kept
}

const (
	// expandBytes is about what an expand takes in a plan, in bytes.
	expandBytes = 16

	// minRepeated is the length in bytes of the shortest stream that is looked through. Shorter
	// ones are messages, which have no time for it.
	minRepeated = 8 << 10

	// farParts is one part in how many of a stream must be far back for it to be looked through
	// without a look at an excerpt. Go's sources have one part in 3 to 10, prose less than one
	// in 100.
	farParts = 32

	// entryExcerpts is how many entries of an archive are looked at. Arbitrary.
	entryExcerpts = 3

	// fewParts is one part in how many of an excerpt literals and copies take, before they are
	// coded, if it is of one byte or a short period. Arbitrary.
	fewParts = 256
)

// A repeatEffort says how thoroughly repeats are looked for.
type repeatEffort struct {
	parse   lz.Effort
	excerpt int   // bytes that decide if all of a stream is looked through; 0 if it always is
	parts   int64 // one part in so many of the excerpt must be saved
	far     bool  // a stream that repeats far back is looked through whatever its excerpts save; those of archives have more

	// lower is the effort that competes where this one's copies pay; nil if there is none. More
	// matches are not always better: prices are guesses, and short copies take the literals
	// from deflate, which may code them shorter. Of merge.dbf a depth of 96 leaves 0.9 % more
	// than one of 16. It takes what the lower level does, and only where that would look, too.
	lower *repeatEffort
}

// repeatEfforts has the efforts of the levels. Up to level 3 only what is nearly nothing but
// repeats is looked through. Depths are arbitrary but for their order: from 32 to 96 Go's sources
// become 0.5 % shorter.
var repeatEfforts = func() *[maxLevel + 1]repeatEffort {
	fast := lz.Effort{Depth: 4, Nice: 32}
	middle := lz.Effort{Depth: 8, Nice: 64}
	t := &[maxLevel + 1]repeatEffort{
		1: {parse: fast, excerpt: 4 << 10, parts: 2},
		2: {parse: fast, excerpt: 4 << 10, parts: 2},
		3: {parse: fast, excerpt: 8 << 10, parts: 2},
		4: {parse: middle, excerpt: 32 << 10, parts: 8, far: true},
		5: {parse: middle, excerpt: 32 << 10, parts: 8, far: true},
		6: {parse: lz.Effort{Depth: 16, Nice: 128}, excerpt: 32 << 10, parts: 8, far: true},
		7: {parse: lz.Effort{Depth: 32, Nice: 256, Twice: true}},
		8: {parse: lz.Effort{Depth: 48, Nice: 256, Twice: true}},
		9: {parse: lz.Effort{Depth: 96, Nice: 256, Twice: true}},
	}
	for level := defaultLevel + 1; level <= maxLevel; level++ {
		t[level].lower = &t[defaultLevel]
	}
	t[defaultLevel].lower = &t[minLevel]
	return t
}()

// Lengthens reports whether a segment that begins with src should be longer, since one part in
// parts of the second half of src is in the first half, too. It implements codec.RepeatPlanner.
func (f *Finder) Lengthens(src []byte, parts int) bool {
	if f.level < firstLengthened {
		return false
	}
	s := lz.Look(src)
	return s.First*parts > s.Strings
}

// firstLengthened is the first level that makes segments longer for what repeats. The others
// have no time for more than a look at them.
const firstLengthened = 4

// repeatsFar reports whether much of stream came before, farther back than deflate sees.
func repeatsFar(stream []byte) bool {
	s := lz.Look(stream)
	return s.Far*farParts > s.Strings
}
