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
// they pay nowhere or the context is done. A stream of which copies seem to leave far more than most
// bytes is not looked through; 0: each may be. It implements codec.RepeatPlanner.
func (f *Finder) Repeats(ctx context.Context, d plan.Division, cost func(stream []byte) int, most int) (found plan.Division, ok bool) {
	out := &draft{}
	lines := make([]int, len(d.Plan.Nodes)) // of each node
	var streams [][]byte
	plain, saved := 0, 0 // bytes, of streams that were looked through
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
		c := f.contract(ctx, stream, cost, most)
		plain += c.plain
		if c.literals == nil {
			lines[i] = out.payload()
			streams = append(streams, stream)
			continue
		}
		lines[i] = out.add(c.node, out.state(out.payload(), len(c.literals)), out.state(out.payload(), len(c.columns)))
		streams = append(streams, c.literals, c.columns)
		saved += c.plain - c.size
	}
	out.Out = lines[d.Plan.Out]
	ok = saved > plain/minCopied && len(streams) <= plan.MaxStreams
	return plan.Division{Plan: out.Program.Canonical(), Streams: streams}, ok
}

// minCopied: copies must save one part in so many of the streams that were looked through. By less
// than that vocal.wav becomes 0.06 % shorter, wiener.npy none, and they take a tenth of the time.
const minCopied = 256

// A contracted is a stream made of copies.
type contracted struct {
	node              dsl.Node // that makes the stream of literals and columns
	literals, columns []byte   // nil if copies do not pay
	plain, size       int      // bytes that the stream takes, and that these take, if it was looked through
}

// contract returns stream made of copies. If they pay, those of the lower effort compete. For most
// see Repeats.
func (f *Finder) contract(ctx context.Context, stream []byte, cost func(stream []byte) int, most int) (c contracted) {
	if len(stream) < minRepeated {
		return c
	}
	for e := &repeatEfforts[f.level]; e != nil; e = e.lower {
		left, promising := e.look(ctx, stream, cost)
		if !promising {
			break
		}
		if c.plain == 0 {
			plain := cost(stream)
			if most > 0 && left*int64(plain)/100*(hopeParts-1) > int64(most)*hopeParts {
				break
			}
			c.plain, c.size = plain, plain-expandBytes
		}
		n, literals, columns := contract(ctx, stream, e.parse)
		if literals == nil {
			break
		}
		if size := cost(literals) + cost(columns); size < c.size {
			c.node, c.literals, c.columns, c.size = n, literals, columns, size
		}
		if c.literals == nil {
			break
		}
	}
	return c
}

// hopeParts: copies seldom leave less by one part in so many than a look at a stream says. Of 60
// files they left less by one part in 7 at most (November 2026).
const hopeParts = 4

// look returns what copies seem to leave of stream, in percent, and reports whether it is to be
// looked through for them.
func (e *repeatEffort) look(ctx context.Context, stream []byte, cost func(stream []byte) int) (left int64, promising bool) {
	if e.excerpt == 0 {
		left, _ = e.lower.look(ctx, stream, cost)
		return left, true
	}
	left = 100
	if s := lz.Look(stream); e.far && s.Far*farParts > s.Strings {
		left = int64(100 - 100*s.Far/s.Strings)
		promising = true
	}
	for _, part := range e.excerpts(stream) {
		_, literals, columns := contract(ctx, part, e.parse)
		if literals == nil {
			continue
		}
		if (len(literals)+len(columns))*fewParts <= len(part) {
			return 0, true
		}
		copied, plain := int64(cost(literals)+cost(columns)), int64(cost(part))
		left = min(left, 100*copied/max(plain, 1))
		if promising = promising || saves(copied, plain, e.parts); promising {
			break
		}
	}
	return left, promising
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
