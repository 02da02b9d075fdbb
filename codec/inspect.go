package codec

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
)

// A SegmentInfo describes a segment.
type SegmentInfo struct {
	File          int               // which of several concatenated files, from 0
	Header        *container.Header // that file's
	Offset        int64             // of its first byte in what the files restore to
	Size          int64             // bytes that it restores to
	Coded         int64             // bytes in the file
	ProgramBytes  int64             // of them, plan, flags and programs
	RawBytes      int64             // of them, the GZIP member
	Plan          *dsl.Program      // nil if that is the identity
	Groups        []GroupInfo       // of the plan's streams; none under the identity
	Blocks        int
	ProgramBlocks int

	// Programs are the blocks that programs stand for, in order, where they are
	// asked for; else there are none. It reads them anew each time, and may be called
	// until visit returns.
	Programs iter.Seq[BlockInfo]
}

func noPrograms(func(BlockInfo) bool) {}

// A GroupInfo describes streams that are coded as one.
type GroupInfo struct {
	Streams []StreamInfo
	Raw     int64 // bytes of the group's GZIP member
}

// A StreamInfo describes a stream of a plan.
type StreamInfo struct {
	Size int64 // bytes
	// Cost is that of its programs and of its share of the GZIP member: of the codes
	// that stand for its bytes, without the descriptions of these codes. 0 where
	// programs are not listed.
	Cost dsl.Cost
}

// A BlockInfo describes a block that a program stands for.
type BlockInfo struct {
	Stream int      // of the plan
	Offset int64    // of the block's first byte in its stream; under the identity plan, in what the files restore to
	Length int      // bytes
	Cost   dsl.Cost // of flag and program
	Text   string   // of the program
}

// Inspect calls visit for each part of the files in src: for each header with
// an empty info but File and Header, then for each of its segments. Programs
// are listed, and streams are priced, where programs is true. An error of visit
// ends it.
//
// Each segment is restored before it is described: Inspect takes the files that a
// Reader takes, refuses the others with the same errors, and needs the memory of a
// Reader with one thread.
func Inspect(src io.Reader, cfg *ReaderConfig, programs bool, visit func(*SegmentInfo) error) error {
	c, err := cfg.withDefaults()
	if err != nil {
		return err
	}
	c.Threads = 1
	in := inspector{
		src: container.NewReader(&contextSource{ctx: c.Context, src: src}), tasks: Reader{cfg: c}, programs: programs,
		dec: dsl.NewDecoder(nil), enc: dsl.NewEncoder(), info: SegmentInfo{File: -1},
	}
	for {
		if err := context.Cause(c.Context); err != nil {
			return err
		}
		if err := causeOf(c.Context, in.next()); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		if err := visit(&in.info); err != nil {
			return err
		}
	}
}

// An inspector describes the parts of files one after the other.
type inspector struct {
	src      *container.Reader
	tasks    Reader // of which it takes the one that restores
	task     *task  // that restored the segment; nil after a header
	programs bool
	pricing  bool // the walk says what blocks cost
	dec      *dsl.Decoder
	enc      *dsl.Encoder // for prices
	info     SegmentInfo
}

// next makes in.info describe the next part.
func (in *inspector) next() error {
	off, at := in.src.Offset(), in.info.Offset+in.info.Size
	var s *container.Segment
	if in.tasks.header != nil {
		in.task = in.tasks.take()
		in.tasks.free = append(in.tasks.free, in.task) // it is used before the next call
		s = &in.task.coded
	}
	h, err := in.src.Next(s)
	if err != nil {
		return err
	}
	if h != nil {
		in.info = SegmentInfo{File: in.info.File + 1, Header: h, Offset: at, Programs: noPrograms}
		return in.tasks.setHeader(h, off)
	}
	in.info = SegmentInfo{
		File: in.info.File, Header: in.info.Header, Offset: at, Size: int64(s.Size),
		Coded: in.src.Offset() - off, ProgramBytes: int64(len(s.Programs)), RawBytes: int64(len(s.Raw)),
		Programs: noPrograms,
	}
	t := in.task
	t.header, t.off = in.info.Header, off
	t.run()
	in.tasks.litter.add(t.litter, in.tasks.memory)
	if t.err != nil {
		return t.err
	}
	if err := in.describe(); err != nil {
		return &container.Error{Off: off, Msg: err.Error(), Err: errPanic} // what was restored has a description
	}
	if in.programs {
		in.info.Programs = in.list
	}
	return nil
}

// describe sets what in.info says of the plan, the groups and the blocks.
func (in *inspector) describe() error {
	member, raw := in.task.coded.Raw, []int(nil)
	return in.walk(func(p *dsl.Program, groups []group) {
		if in.pricing = in.programs && p != nil; p == nil {
			return
		}
		in.info.Plan = p
		for _, g := range groups {
			info := GroupInfo{Raw: int64(g.member)}
			for _, n := range g.streams {
				info.Streams = append(info.Streams, StreamInfo{Size: int64(n)})
			}
			in.info.Groups = append(in.info.Groups, info)
		}
	}, func(k int, g *group, b *block) error {
		if b == nil { // the end of the group
			if !in.programs || in.info.Groups == nil {
				return nil
			}
			err := in.price(in.info.Groups[k].Streams, raw, member[:g.member])
			member, raw = member[g.member:], raw[:0]
			return err
		}
		in.info.Blocks++
		if b.program != nil {
			in.info.ProgramBlocks++
			if in.info.Groups != nil {
				in.info.Groups[k].Streams[b.stream].Cost += b.cost
			}
			return nil
		}
		// The raw bytes of each stream, as far as it has any.
		for stream, at, n := b.stream, b.offset, b.length; n > 0 && in.programs; stream, at = stream+1, 0 {
			for stream >= len(raw) {
				raw = append(raw, 0)
			}
			part := min(n, g.streams[stream]-at)
			raw[stream] += part
			n -= part
		}
		return nil
	})
}

// price adds to the costs of the streams of a group what their raw bytes take in its
// member. There are none after those of the last of raw.
func (in *inspector) price(streams []StreamInfo, raw []int, member []byte) error {
	d := in.task
	m, err := parseMember(member, len(d.content))
	if err != nil || m.size == 0 {
		return err
	}
	ends := make([]int, len(raw))
	sum := 0
	for k, m := range raw {
		sum += m
		ends[k] = sum
	}
	if sum != m.size {
		return errBlocks
	}
	costs, err := d.inflater.Costs(d.content[:sum], m.data, ends) // the segment is restored; the content is free
	if err != nil {
		return err
	}
	for k, cost := range costs {
		streams[k].Cost += dsl.Cost(cost)
	}
	return nil
}

// list is SegmentInfo.Programs.
func (in *inspector) list(yield func(BlockInfo) bool) {
	in.walk(func(*dsl.Program, []group) { in.pricing = true }, func(_ int, g *group, b *block) error {
		if b == nil || b.program == nil {
			return nil
		}
		info := BlockInfo{Stream: g.first + b.stream, Offset: int64(b.offset), Length: b.length, Cost: b.cost, Text: b.program.String()}
		if in.info.Groups == nil {
			info.Offset += in.info.Offset
		}
		in.tasks.litter.add(textLitter(info.Text), in.tasks.memory)
		if !yield(info) {
			return errStop
		}
		return nil
	})
}

// errStop ends a walk early.
var errStop = errors.New("stop")

// A block is what a walk meets.
type block struct {
	stream, offset int // of the group; in the stream
	length         int
	program        *dsl.Program // nil: raw; valid until the next block
	cost           dsl.Cost     // of flag and program, where the walk prices
}

// walk reads the section of the segment, which was restored, and calls begin with
// its plan, nil for the identity, and its groups, then visit with each block, and with nil at the end of a group.
func (in *inspector) walk(begin func(*dsl.Program, []group), visit func(k int, g *group, b *block) error) error {
	s := &in.task.coded
	in.dec.Reset(s.Programs)
	in.enc.Reset()
	p, err := in.dec.Plan()
	if err != nil {
		return err
	}
	in.enc.Plan(p)
	groups := []group{{[]int{s.Size}, 0, len(s.Raw)}}
	if p.IsIdentity() {
		p = nil
	} else {
		in.tasks.litter.add(planLitter(p), in.tasks.memory)
		p = p.Clone()
		if groups, _, err = groupsOf(in.dec, p, s); err != nil {
			return err
		}
		in.enc.Groups(coded(groups))
	}
	begin(p, groups)
	for k := range groups {
		if err := in.group(&groups[k], func(b *block) error { return visit(k, &groups[k], b) }); err != nil {
			return err
		}
	}
	return in.dec.Close()
}

// coded are groups as an Encoder takes them.
func coded(groups []group) (list []dsl.Group) {
	for _, g := range groups {
		list = append(list, dsl.Group{Streams: len(g.streams), Member: g.member})
	}
	return list
}

// group walks a group.
func (in *inspector) group(g *group, visit func(b *block) error) error {
	size, total := in.info.Header.BlockSize(), g.size()
	earlier := 0 // at least as many lists as a program may refer to
	b, starts := block{}, 0
	for at := 0; at < total; at += size {
		for at >= starts+g.streams[b.stream] {
			starts += g.streams[b.stream]
			b.stream++
		}
		b.offset, b.length = at-starts, min(size, total-at)
		p, err := in.dec.Next(dsl.BlockBudget(b.length), min(earlier, dsl.PastLists))
		if err != nil {
			return fmt.Errorf("block at %d: %w", at, err)
		}
		b.program, b.cost = p, 0
		if p == nil {
			earlier = 0
		} else {
			earlier += len(p.Nodes)
		}
		if in.pricing {
			b.cost = in.enc.Price(p)
		}
		if err := visit(&b); err != nil {
			return err
		}
	}
	return visit(nil)
}
