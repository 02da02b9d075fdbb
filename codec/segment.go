package codec

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"

	"github.com/ktzip/ktzip/codec/internal/deflate"
	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
)

// An encoder codes segments. It is used by one goroutine at a time.
//
// It tries several ways to code a segment, each of which returns a coding, and takes the
// shortest. Once the context is done, each way soon returns anything, and the segment ends
// with the cause. The fields are tools and storage: none carries a result from one method to
// another.
type encoder struct {
	cfg        *WriterConfig
	identity   *dsl.Program
	compressor deflate.Compressor
	estimated  bytes.Buffer     // storage for deflate
	estimates  map[streamID]int // of the segment
	bits       *dsl.Encoder
	dividing   plan.Machine
	executing  dsl.Machine
	decoding   decoder
	probe      probe
	restored   []byte         // storage for scratch
	allRaw     []*dsl.Program // storage for raw
	spare      *coding        // storage for the next coding; may be nil
}

func newEncoder(cfg *WriterConfig) *encoder {
	return &encoder{cfg: cfg, identity: dsl.Identity(), estimates: map[streamID]int{}, bits: dsl.NewEncoder(dsl.Edition2)}
}

// ErrVerify reports that a segment did not restore to its input: a fault of
// this program or of the machine. Nothing of it was written.
var ErrVerify = errors.New("codec: verification failed")

// A frame is the part of a coding that is known before anything is coded.
type frame struct {
	plan   *dsl.Program
	groups []dsl.Group     // of the plan's streams; nil under the identity
	effort *deflate.Effort // that compresses the members
	steps  int64           // that the section may take
	memory int64           // bytes that a predictor takes; 0 if no group has one
}

// A coding is one way to code a segment.
type coding struct {
	frame
	section []byte       // plan, groups, flags and programs; none if there is no plan and no program
	members bytes.Buffer // those of the groups, one after the other
}

// size returns how many bytes c takes.
func (c *coding) size() int { return len(c.section) + c.members.Len() }

// bytesOf returns the bytes of c; 0 if it is nil.
func bytesOf(c *coding) int {
	if c == nil {
		return 0
	}
	return c.size()
}

// shorter returns the shortest coding, the first of those that are equal. It skips nil.
func shorter(best *coding, others ...*coding) *coding {
	for _, c := range others {
		if best == nil || c != nil && c.size() < best.size() {
			best = c
		}
	}
	return best
}

// segment appends the coded segment of w to dst: the shortest of the ways to code it. It
// returns what the segments of its run, and of the next, may know of it.
func (e *encoder) segment(dst []byte, w *work) (coded []byte, found Finding, err error) {
	if p := e.cfg.only; p != nil {
		best, err := e.byPlan(w.src, p)
		if err != nil {
			return dst, Finding{}, err
		}
		coded, err = e.seal(dst, w.src, best)
		return coded, Finding{}, err
	}
	clear(e.estimates)
	w.noPlan = w.noPlan || len(w.src) > dsl.FullPlanned || !e.cfg.plans()
	if e.brief(w.src) && !w.noPlan {
		return e.message(dst, w)
	}
	var plain *coding
	if len(w.src) <= exactly && !w.alone || w.noPlan {
		plain = e.withoutPlan(w.src)
	}
	var planned *coding
	look, well, known := outlook{}, false, w.lead
	if !w.noPlan && !w.alone {
		look = e.outlook(w.src, plain)
		planned, well = e.again(w.src, look, &known)
	}
	if well && shorter(planned, plain) == planned {
		return e.finish(dst, w.src, planned, known)
	}
	best, found := e.shortest(w, plain, planned, look)
	return e.finish(dst, w.src, best, found)
}

// shortest returns the shortest of all codings of w, and what was found. plain is the one without a
// plan, planned the one by a plan that was known, each nil if it was not made. Those come first that
// are often so short that others need not be made.
func (e *encoder) shortest(w *work, plain, planned *coding, look outlook) (best *coding, found Finding) {
	proposed, guess := e.bestPlans(w)
	searched, d := e.byPlans(proposed.whole)
	planned = shorter(planned, searched)
	if plain == nil && (planned == nil || !e.undercuts(planned.size(), w.src, guess)) {
		plain = e.withoutPlan(w.src)
	}
	if plain != nil {
		guess = plain.size()
	}
	best = shorter(plain, planned)
	if best == planned && planned != nil {
		found = Finding{
			plan: best.plan, apart: len(best.groups) > 1,
			size: int64(len(w.src)), coded: int64(best.size()), plain: int64(guess), outlook: look,
		}
	}
	if d != nil {
		if copied := e.withRepeats(w.src, d.plan, d.streams, best.size()); shorter(best, copied) == copied {
			found.repeats = found.plan == d.plan && copied.size()*followCopies <= best.size()*(followCopies-1)
			best = copied
		}
	}
	for _, other := range proposed.copied {
		if other != d {
			best = shorter(best, e.withRepeats(w.src, other.plan, other.streams, best.size()))
		}
	}
	if copied := e.withRepeats(w.src, e.identity, [][]byte{w.src}, best.size()); shorter(best, copied) == copied {
		best, found = copied, Finding{}
	}
	if made := e.withPrograms(plain, w.src, best.size()); shorter(best, made) == made {
		best, found = made, Finding{}
	}
	return best, found
}

// undercuts reports whether size bytes are fewer than src can take without a plan, by deflate alone or
// with programs, if by an estimate it takes guess bytes.
func (e *encoder) undercuts(size int, src []byte, guess int) bool {
	least := guess - guess/headParts - max(len(src)-guess, 0)/deflateParts
	if size >= max(least, guess/2) {
		return false
	}
	return e.cfg.Finder == nil || !e.programsPay(len(e.sample(src)), dsl.Cost(guess-size)*byteCost)
}

// Deflate saves more than an estimate says by one part in deflateParts at most: of 60 files it was one
// part in 16 (November 2026). Nor does it take less than half of the estimate: the least was 0.64.
// The heads of an estimate's blocks take less than one part in headParts of it; arbitrary.
const deflateParts, headParts = 8, 64

// identityFrame returns the frame of a segment without a plan.
func (e *encoder) identityFrame(src []byte) frame {
	return frame{
		plan:   e.identity,
		effort: deflate.Level(e.cfg.Level),
		steps:  dsl.SegmentSteps(int64(len(src))),
	}
}

// followCopies: a leader's copies must save one part in so many for its followers to look for
// copies, too, which takes three times as long as all else that they do. Arbitrary.
const followCopies = 16

// withoutPlan codes src by deflate alone.
func (e *encoder) withoutPlan(src []byte) *coding { return e.plainly(e.identityFrame(src), src) }

// plainly codes src by deflate alone; nil if that is impossible. Without a plan it needs no
// section.
func (e *encoder) plainly(f frame, src []byte) *coding {
	var section []byte
	if f.groups != nil {
		section = e.section(&f, e.raw(e.blocks(src)))
	}
	return e.code(f, section, src)
}

// raw returns the programs of n raw blocks. They must not be changed.
func (e *encoder) raw(n int) []*dsl.Program {
	if len(e.allRaw) < n {
		e.allRaw = make([]*dsl.Program, n)
	}
	return e.allRaw[:n]
}

// code codes a group of streams by a section and raw, the content of its raw blocks. It returns
// nil if the section takes more steps than there are.
func (e *encoder) code(f frame, section, raw []byte) *coding {
	c := e.newCoding(f, section)
	if c != nil {
		c.members.Grow(len(raw)/2 + 1024) // most data fits; what does not grows once
		e.appendMember(&c.members, raw, f.effort)
	}
	return c
}

// newCoding returns a coding without members; nil if the section takes more steps than there
// are.
func (e *encoder) newCoding(f frame, section []byte) *coding {
	if f.steps < dsl.SectionSteps(len(section)) {
		return nil
	}
	c := e.spare
	if c == nil {
		c = new(coding)
	}
	e.spare = nil
	c.frame, c.section = f, section
	c.members.Reset()
	return c
}

// section codes the plan, the groups and the blocks' programs; nil stands for a raw block.
func (e *encoder) section(f *frame, programs []*dsl.Program) []byte {
	e.begin(f)
	for _, p := range programs {
		if p != nil {
			e.bits.Program(p)
		} else {
			e.bits.Raw()
		}
	}
	return e.bits.Finish()
}

// begin begins a section.
func (e *encoder) begin(f *frame) {
	e.bits.Reset(dsl.Edition2)
	e.bits.Plan(f.plan)
	if f.groups != nil {
		e.bits.Groups(f.groups)
	}
	if f.predicted() {
		e.bits.Predictors(f.groups)
	}
}

// predicted reports whether a group of f has a predictor.
func (f *frame) predicted() bool {
	return slices.ContainsFunc(f.groups, func(g dsl.Group) bool { return g.Predictor != nil })
}

// finish seals the shorter one of best, the shortest coding of src without predictors, and one with
// them, and adds to found what these take.
func (e *encoder) finish(dst, src []byte, best *coding, found Finding) ([]byte, Finding, error) {
	best = shorter(best, e.byPredictors(src, best.plan))
	found.memory, found.whole = best.memory, best.whole()
	coded, err := e.seal(dst, src, best)
	return coded, found, err
}

// seal appends the segment that best codes, which must restore to src. The error is the cause
// if the context is done.
func (e *encoder) seal(dst, src []byte, best *coding) ([]byte, error) {
	if err := e.cause(); err != nil {
		return dst, err
	}
	s := container.Segment{Size: len(src), Sum: crc32.ChecksumIEEE(src), Programs: best.section, Raw: best.members.Bytes(), Predicted: best.predicted()}
	if !e.cfg.NoVerify {
		out := e.scratch(s.Size)
		if err := e.decoding.segment(out, &e.cfg.Header, &s, 0); err != nil {
			return dst, fmt.Errorf("%w: %v", ErrVerify, err)
		}
		if !bytes.Equal(out, src) {
			return dst, ErrVerify
		}
	}
	e.spare = best
	return s.Append(dst, &e.cfg.Header)
}

// appendMember appends the member of b, compressed with the effort, to dst; nothing if b is
// empty. Once the context is done, the member is of no use.
func (e *encoder) appendMember(dst *bytes.Buffer, b []byte, effort *deflate.Effort) {
	if len(b) > 0 {
		e.compressor.Compress(e.cfg.Context, dst, b, effort) // the error is the context's
	}
}

// deflate returns the deflate data of b, compressed with the effort, valid until the next
// call; anything if the context is done.
func (e *encoder) deflate(b []byte, effort *deflate.Effort) []byte {
	e.estimated.Reset()
	e.compressor.Compress(e.cfg.Context, &e.estimated, b, effort)
	return e.estimated.Bytes()
}

// cause returns why the context is done; nil if it is not.
func (e *encoder) cause() error { return context.Cause(e.cfg.Context) }

// scratch returns n bytes to restore to, valid until the next call.
func (e *encoder) scratch(n int) []byte {
	if cap(e.restored) < n {
		e.restored = make([]byte, n)
	}
	return e.restored[:n]
}

// blocks returns how many blocks src has.
func (e *encoder) blocks(src []byte) int { return (len(src) + e.cfg.BlockSize - 1) / e.cfg.BlockSize }

// block returns block i of src; the last one may be shorter than the others.
func (e *encoder) block(src []byte, i int) []byte {
	off := i * e.cfg.BlockSize
	return src[off:min(off+e.cfg.BlockSize, len(src))]
}
