package codec

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"
	"sort"

	"github.com/ktzip/ktzip/codec/internal/deflate"
	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
)

// errOnly reports that a segment can't be coded by WriterConfig.only.
var errOnly = errors.New("codec: the plan does not fit the input")

// A division is a plan and the streams into which it divides a segment.
type division struct {
	plan    *dsl.Program
	streams [][]byte
	joined  []byte
	steps   int64 // of the segment, that are left for the section
}

// divide divides src by the plan p. The error is that of plan.Machine.Split.
func (e *encoder) divide(src []byte, p *dsl.Program) (*division, error) {
	streams, err := e.dividing.Split(src, p)
	if err != nil {
		return nil, err
	}
	return e.divided(len(src), plan.Division{Plan: p, Streams: streams})
}

// divided returns d, of a segment of size bytes, as it is coded. The error says that it can't be.
func (e *encoder) divided(size int, d plan.Division) (*division, error) {
	layout, err := plan.NewLayout(d.Plan, size)
	if err != nil {
		return nil, err
	}
	return &division{d.Plan, d.Streams, bytes.Join(d.Streams, nil), dsl.SegmentSteps(int64(size)) - layout.Steps}, nil
}

// maxMessage is the length of a message, in bytes, up to which the levels up to briefLevel look
// for no programs and spend no more on residuals than on other data: one of 1 KiB shall take 100 us.
const maxMessage, briefLevel = deflate.MaxShort, DefaultLevel

// brief reports whether b is a message on which no time is spent.
func (e *encoder) brief(b []byte) bool { return len(b) <= maxMessage && e.cfg.Level <= briefLevel }

// farShorter: a message that a plan makes shorter than deflate alone seems to by one part in so
// many is not coded by that: a guess is at most a quarter too high (deflate's TestGuess).
const farShorter = 5

// message is segment for a message that may have a plan: it codes it without one last, and not at
// all if the plan does far better.
func (e *encoder) message(dst []byte, w *work) (coded []byte, found Finding, err error) {
	best, found, guess := e.plannedMessage(w)
	if best == nil || int64(best.size())*farShorter > guess*(farShorter-1) {
		plain := e.withoutPlan(w.src)
		if without := shorter(plain, e.withPrograms(plain, w.src, bytesOf(plain)), best); without != best {
			best, found = without, Finding{}
		}
	}
	return e.finish(dst, w.src, best, found)
}

// plannedMessage codes the message w by the plan of the segment before or a new one; nil if there
// is none. It guesses how many bytes the message takes without a plan.
func (e *encoder) plannedMessage(w *work) (best *coding, found Finding, guess int64) {
	known, look := w.lead, outlook{}
	if known.plan != nil {
		look.sampled = int64(e.compressor.Guess(w.src))
		c, well := e.again(w.src, look, &known)
		if well {
			return c, known, look.sampled
		}
		best = c
	}
	proposed, _ := e.bestPlans(w)
	planned, _ := e.byPlans(proposed.whole)
	best = shorter(best, planned)
	if best == nil {
		return nil, Finding{}, 0
	}
	if look.sampled == 0 {
		look.sampled = int64(e.compressor.Guess(w.src))
	}
	return best, Finding{
		plan: best.plan, apart: len(best.groups) > 1,
		size: int64(len(w.src)), coded: int64(best.size()), plain: look.sampled, outlook: look,
	}, look.sampled
}

// minMixed is the least level whose effort compresses the streams of a plan. Beside the search for
// plans the faster ones save some 3 % of the time: with them the streams of audio_16bit.bin take
// 1.3 % more, those of vertex.npy 9 % (November 2026).
const minMixed = 3

// frame returns the frame of a coding by d.
func (e *encoder) frame(d *division, groups ...dsl.Group) frame {
	f := frame{plan: d.plan, groups: groups, effort: deflate.Mixed(max(e.cfg.Level, minMixed)), steps: d.steps}
	if e.brief(d.joined) {
		f.effort = deflate.Level(e.cfg.Level)
	}
	return f
}

// byPlan codes src by the plan p alone, for tests. The error is errOnly, or the cause if the
// context is done.
func (e *encoder) byPlan(src []byte, p *dsl.Program) (*coding, error) {
	d, err := e.divide(src, p)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errOnly, err)
	}
	if len(d.joined) == 0 {
		return nil, errors.New("codec: a plan without streams")
	}
	best := shorter(e.together(d), e.apart(d))
	if err := e.cause(); err != nil {
		return nil, err
	}
	if best == nil {
		return nil, fmt.Errorf("%w: %w", errOnly, errSteps)
	}
	return best, nil
}

// planPrograms is the level from which on programs are searched in the streams of a plan:
// these seldom have any, but much that looks like one.
const planPrograms = 7

// together codes the streams of d as one group.
func (e *encoder) together(d *division) *coding {
	best := e.plainly(e.frame(d, dsl.Group{Streams: len(d.streams)}), d.joined)
	if e.cfg.Level < planPrograms {
		return best
	}
	return shorter(best, e.withPrograms(best, d.joined, bytesOf(best)))
}

// apart codes each stream of d as a group of its own, without programs; nil if there is only
// one.
func (e *encoder) apart(d *division) *coding {
	if len(d.streams) == 1 {
		return nil
	}
	f := e.frame(d)
	var members bytes.Buffer
	blocks := 0
	for _, stream := range d.streams {
		before := members.Len()
		e.appendMember(&members, stream, f.effort)
		f.groups = append(f.groups, dsl.Group{Streams: 1, Member: members.Len() - before})
		blocks += e.blocks(stream)
	}
	c := e.newCoding(f, e.section(&f, e.raw(blocks)))
	if c != nil {
		c.members = members
	}
	return c
}

// A proposal is what codes a segment by plans: the divisions that are coded whole, the first of which
// seems to be the best, and those that may be the shortest once what repeats in them is copied.
type proposal struct{ whole, copied []*division }

// bestPlans returns the divisions of w by those of the caller's and the Planner's plans that seem to
// code it shortest; none if none seems to be shorter than GZIP alone. plain is about what w takes
// without a plan, in bytes; 0 if no plan is compared with that.
func (e *encoder) bestPlans(w *work) (p proposal, plain int) {
	if w.noPlan {
		return p, 0
	}
	plans := e.cfg.Plans
	if e.cfg.Planner != nil {
		plans = append(slices.Clip(plans), e.cfg.Planner.Plans(e.cfg.Context, w.src, e.estimate)...)
	}
	if len(plans) == 0 || e.cause() != nil {
		return p, 0
	}
	if len(plans) == 1 && e.brief(w.src) {
		d, err := e.fit(w.src, plans[0])
		if err != nil || len(d.joined) == 0 {
			return p, 0
		}
		return proposal{whole: []*division{d}}, 0
	}
	plain = e.estimate(w.src)
	list := e.candidates(w.src, plans, plain)
	if repeats(w.src, list) {
		for _, c := range list {
			p.copied = append(p.copied, c.division)
		}
	}
	p.whole = e.closest(slices.Clone(e.closeness().of(list)))
	return p, plain
}

// byPlans codes a segment by each of divisions, and returns the shortest coding and the division
// that it is by; nil if there are none.
func (e *encoder) byPlans(divisions []*division) (best *coding, by *division) {
	for _, d := range divisions {
		c := shorter(best, e.together(d), e.apart(d))
		if c != nil && c != best {
			best, by = c, d
		}
	}
	return best, by
}

// An estimated is a division and about what it takes, in bytes.
type estimated struct {
	*division
	size int
}

// candidates returns the division of src that seems to be shortest, by those of plans that seem
// to be shorter than GZIP alone, which takes about plain bytes, and the next ones that seem to be
// hardly longer or, if src repeats, may have more copies.
func (e *encoder) candidates(src []byte, plans []*dsl.Program, plain int) (list []estimated) {
	least := plain + plain/mixedShare
	for _, p := range plans {
		d, err := e.fit(src, p)
		if err != nil || p.IsIdentity() || len(d.joined) == 0 {
			continue
		}
		if size := e.estimate(d.joined) + len(e.section(&frame{plan: d.plan}, nil)); size < least {
			k := sort.Search(len(list), func(i int) bool { return size < list[i].size })
			list = slices.Insert(list, k, estimated{d, size})
			kept := e.closeness()
			if repeats(src, list) {
				kept = copiedCloseness
			}
			n := len(kept.of(list))
			clear(list[n:])
			list = list[:n]
		}
	}
	return list
}

// repeats reports whether src is nearly nothing but repeats by the best of list: what copies leave of
// other divisions may be less, and takes little time to find.
func repeats(src []byte, list []estimated) bool {
	return len(list) > 0 && list[0].size*repeatedParts < len(src)
}

// repeatedParts: src repeats if a plan leaves less than one part in so many.
const repeatedParts = 16

// A closeness says how many divisions of a sorted list are close to the first one, at most, and that
// they may be longer by one part in share.
type closeness struct{ most, share int }

// of returns those of list that are close.
func (c closeness) of(list []estimated) []estimated {
	n := 0
	for n < min(len(list), c.most) && (list[n].size-list[0].size)*c.share <= list[0].size {
		n++
	}
	return list[:n]
}

// closeness returns that of divisions which are compared by closer estimates.
func (e *encoder) closeness() closeness {
	if e.cfg.Level >= planPrograms {
		return closeness{maxCloseHigh, nearShareHigh}
	}
	return closeness{maxClose, nearShare}
}

// copiedCloseness is that of divisions in which what repeats is copied. Of eeg.edf copies leave 1,793
// bytes by a plan that seems to be 16 % longer, and 2,166 by the one that seems to be best, at level 9.
var copiedCloseness = closeness{most: 8, share: 3}

// maxClose is how many divisions are compared by closer estimates below level planPrograms, and
// maxCloseHigh from there on: each takes some 5 % of the time.
const maxClose, maxCloseHigh = 2, 5

// Estimates are wrong by one part in nearShare, or nearShareHigh from level planPrograms on, whose
// parse is farther from that of estimates. Of fenix.fit one plan of two seems to be 1.6 % longer
// than the other and is 2.3 % shorter at level 6; of 76 files no other one of more than 0.2 % is
// (November 2026). Of audio_mfcc.bin one that seems to be over 2 % longer is shorter at level 9.
const nearShare, nearShareHigh = 50, 16

// closest returns the division of list that is shortest by a closer estimate, and from level
// planPrograms on the next one if that is hardly longer; none if list is empty.
func (e *encoder) closest(list []estimated) (best []*division) {
	if len(list) > 1 {
		for k, c := range list {
			effort := deflate.Mixed(min(max(e.cfg.Level, minMixed), closeLevel))
			list[k].size = len(e.deflate(c.joined, effort)) + len(e.section(&frame{plan: c.plan}, nil))
		}
		slices.SortStableFunc(list, func(a, b estimated) int { return cmp.Compare(a.size, b.size) })
	}
	for k, c := range list {
		if k == 0 || k == 1 && e.cfg.Level >= planPrograms && (c.size-list[0].size)*wholeShare <= list[0].size {
			best = append(best, c.division)
		}
	}
	return best
}

// wholeShare: closer estimates are wrong by one part in so many. Of eeg.fdt the plan that seems to
// be the second best is 0.02 % shorter at level 9 (November 2026).
const wholeShare = 100

// closeLevel is the level whose effort makes closer estimates. Those of higher levels rank plans
// alike.
const closeLevel = 4

// The streams of a plan are compressed by a better method than the one that estimates; it is
// expected to save 1/mixedShare. Arbitrary.
const mixedShare = 32

// A streamID tells a stream from others: its length and two checksums.
type streamID struct {
	size             int
	ieee, castagnoli uint32
}

// castagnoli is the table of the second checksum.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// idOf returns the ID of a stream.
func idOf(stream []byte) streamID {
	return streamID{len(stream), crc32.ChecksumIEEE(stream), crc32.Checksum(stream, castagnoli)}
}

// estimate returns about how many bytes a stream takes; anything if the context is done. It
// is the cost that a Planner is given: fast, and good enough to compare plans. The estimates of a
// segment are remembered: the Planner and the encoder ask for that of all of a stream several times.
func (e *encoder) estimate(stream []byte) int {
	id := idOf(stream)
	size, known := e.estimates[id]
	if !known {
		size = len(e.deflate(stream, deflate.Estimate()))
		e.estimates[id] = size
	}
	return size
}

// estimateAll returns about how many bytes streams take, each as a group.
func (e *encoder) estimateAll(streams [][]byte) (size int) {
	for _, s := range streams {
		size += e.estimate(s)
	}
	return size
}
