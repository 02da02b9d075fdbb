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
	File          int               // number of its file among concatenated ones, from 0
	Header        *container.Header // of that file
	Offset        int64             // of its first byte in what the files restore to
	Size          int64             // bytes that it restores to
	Coded         int64             // bytes in the file
	ProgramBytes  int64             // of these, plan, flags and programs
	RawBytes      int64             // of these, members
	Plan          *dsl.Program      // nil if it is the identity
	Groups        []GroupInfo       // of the plan's streams; none if Plan is nil and there is no predictor
	Time          int64             // about what restoring it takes, in nanoseconds of the reference processor
	Blocks        int
	ProgramBlocks int

	// Restored are the bytes that it restores to. They are valid until visit returns, and must not be changed.
	Restored []byte

	// Costs returns what each byte of each stream of the plan costs, in 1/16 bit, at most 2^16 - 1; without a
	// plan, of the segment. It is about the bits of a symbol or a decision, or a share of a program or a
	// match; what describes codes, plan and predictors is not charged. The numbers take two bytes for each
	// byte of the streams. It decodes the segment's members anew each time. Use it only before visit returns.
	Costs func() ([][]uint16, error)

	// Streams restores the streams of the plan anew; those of its identity are the segment. They are valid
	// until Costs or Streams are called again or visit returns, and must not be changed. Use it only before visit
	// returns.
	Streams func() ([][]byte, error)

	// Programs are the blocks that programs stand for, in order; none unless they were
	// asked for. It reads them anew each time. Use it only before visit returns.
	Programs iter.Seq[BlockInfo]
}

func noPrograms(func(BlockInfo) bool) {}

// A GroupInfo describes streams that are coded as one.
type GroupInfo struct {
	Streams   []StreamInfo
	Raw       int64        // bytes of the group's member
	Predictor *dsl.Program // by which the member is coded; nil if it is coded by deflate

	// Worth is for each component of the predictor by how many thousandths the first bytes of the group
	// take more without it, or without its contexts; nil unless programs were asked for, and of groups after
	// those of which it took some 10 s to tell.
	Worth []int
}

// A StreamInfo describes a stream of a plan.
type StreamInfo struct {
	Size int64 // bytes
	// Cost is the price of the stream's programs and of its share of the member: of the
	// codewords for its bytes, without the headers that describe the codes. It is 0 unless
	// programs were asked for.
	Cost dsl.Cost
}

// A BlockInfo describes a block that a program stands for.
type BlockInfo struct {
	Stream int      // number of the stream of the plan
	Offset int64    // of the block's first byte in its stream; without a plan, in what the files restore to
	Length int      // bytes
	Cost   dsl.Cost // of flag and program
	Text   string   // of the program

	Program *dsl.Program // valid until the next block
}

// Inspect calls visit for each part of the files in src: for each header, with nothing but
// File and Header, then for each of its segments. If programs, it lists programs and prices
// streams. An error of visit ends it.
//
// Inspect restores each segment before it describes it. It accepts the files that a Reader
// accepts, refuses others with the same errors, and needs the memory of a Reader with one
// thread.
func Inspect(src io.Reader, cfg *ReaderConfig, programs bool, visit func(*SegmentInfo) error) error {
	c, err := cfg.withDefaults()
	if err != nil {
		return err
	}
	in := newInspector(src, c, programs)
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
	src        *container.Reader
	tasks      Reader // which lends the task that restores
	task       *task  // that restored the segment; of no use after a header
	programs   bool
	walk       walker
	predicting predicting // that tells what components are worth
	worthTime  int64      // nanoseconds of the reference processor that this took so far, about
	changed    bool       // the task's storage for streams holds others than those restored
	info       SegmentInfo
}

func newInspector(src io.Reader, cfg ReaderConfig, programs bool) *inspector {
	cfg.Threads = 1
	return &inspector{
		src:      container.NewReader(&contextSource{ctx: cfg.Context, src: src}),
		tasks:    Reader{cfg: cfg},
		programs: programs,
		walk:     newWalker(),
		info:     SegmentInfo{File: -1},
	}
}

// next makes in.info describe the next part.
func (in *inspector) next() error {
	start, offset := in.src.Offset(), in.info.Offset+in.info.Size
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
		in.info = SegmentInfo{File: in.info.File + 1, Header: h, Offset: offset, Programs: noPrograms}
		return in.tasks.setHeader(h, start)
	}
	t := in.task
	t.header, t.off = in.info.Header, start
	t.run()
	in.drop(t.litter)
	if t.err != nil {
		return t.err
	}
	return in.restored(offset, in.src.Offset()-start)
}

// restored makes in.info describe the segment of coded bytes that in.task restored, of the file of which
// in.info has number and header. Its first byte is at offset in what the files restore to.
func (in *inspector) restored(offset, coded int64) error {
	t := in.task
	s := &t.coded
	in.info = SegmentInfo{
		File: in.info.File, Header: in.info.Header, Offset: offset, Size: int64(s.Size),
		Coded: coded, ProgramBytes: int64(len(s.Programs)), RawBytes: int64(len(s.Raw)),
		Restored: t.out, Costs: in.costs, Streams: in.streams, Programs: noPrograms,
	}
	if err := in.describe(); err != nil {
		return &container.Error{Off: t.off, Msg: err.Error(), Err: errPanic} // what was restored has a description
	}
	if in.programs {
		in.info.Programs = in.list
	}
	return nil
}

// drop notes that n bytes are no longer used.
func (in *inspector) drop(n int64) { in.tasks.litter.add(n, in.tasks.memory) }

// describe sets what in.info says of the plan, the groups and the blocks.
func (in *inspector) describe() error {
	members, content := in.task.coded.Raw, in.task.content
	in.changed = false
	p, groups, err := in.walk.begin(in.info.Header, &in.task.coded)
	if err != nil {
		return err
	}
	if !p.IsIdentity() {
		in.drop(planLitter(p))
		if p, err = in.withTemplates(p, groups); err != nil {
			return err
		}
		in.info.Plan, in.walk.pricing = p, in.programs
	}
	worth := in.worth(p, groups)
	for k := range groups {
		g := &groups[k]
		info := GroupInfo{Streams: make([]StreamInfo, len(g.streams)), Raw: int64(g.member), Predictor: g.predictor, Worth: worth[k]}
		in.info.Time += timeOf(g)
		for i, n := range g.streams {
			info.Streams[i].Size = int64(n)
		}
		n := min(g.size(), len(content)) // nothing without a plan
		if err := in.group(g, info.Streams, members[:g.member], content[:n]); err != nil {
			return err
		}
		content = content[n:]
		if members = members[g.member:]; in.info.Plan != nil || g.predictor != nil {
			in.info.Groups = append(in.info.Groups, info)
		}
	}
	return in.walk.close()
}

// worth returns what the components of the predictors of groups are worth, if programs were asked for.
// It comes before the groups are priced: that may take the place of what was restored.
func (in *inspector) worth(p *dsl.Program, groups []group) [][]int {
	list := make([][]int, len(groups))
	content := in.task.content
	if p.IsIdentity() {
		content = in.task.out
	}
	for k := range groups {
		g, n := &groups[k], min(groups[k].size(), len(content))
		if g.predictor != nil && in.programs && in.worthTime < maxWorthTime {
			cost, _ := costOf(g.predictor, min(n, worthSample)) // the group was restored
			in.worthTime += cost.time * int64(len(g.predictor.Nodes))
			list[k] = in.predicting.worth(in.tasks.cfg.Context, content[:n], g.predictor)
		}
		content = content[n:]
	}
	return list
}

// timeOf returns about how many nanoseconds restoring g takes.
func timeOf(g *group) int64 {
	time := deflateTime * int64(g.size())
	if g.predictor == nil {
		return time
	}
	cost, _ := costOf(g.predictor, g.size()) // the group was restored
	return cost.time
}

// withTemplates returns the plan p with the templates that the streams of its groups, which are
// restored, have.
func (in *inspector) withTemplates(p *dsl.Program, groups []group) (*dsl.Program, error) {
	return in.task.planner.WithTemplates(p, int(in.info.Size), streamsOf(groups, in.task.content))
}

// streamsOf returns the streams of groups, which content has one after the other.
func streamsOf(groups []group, content []byte) (streams [][]byte) {
	for _, g := range groups {
		for _, n := range g.streams {
			streams, content = append(streams, content[:n:n]), content[n:]
		}
	}
	return streams
}

// group counts the blocks of g, whose streams are content, and, if the walk prices, prices these.
func (in *inspector) group(g *group, streams []StreamInfo, member, content []byte) error {
	raw := make([]int, len(streams)) // bytes of each stream in raw blocks
	for b, err := range in.walk.blocks(g, in.info.Header.BlockSize()) {
		if err != nil {
			return err
		}
		in.info.Blocks++
		if b.program != nil {
			in.info.ProgramBlocks++
			streams[b.stream].Cost += b.cost
			continue
		}
		// The block may reach into the streams that follow.
		for stream, off, n := b.stream, b.offset, b.length; n > 0; stream, off = stream+1, 0 {
			k := min(n, g.streams[stream]-off)
			raw[stream] += k
			n -= k
		}
	}
	if !in.walk.pricing && g.predictor == nil {
		return nil
	}
	if g.predictor != nil {
		for k, n := range g.streams {
			streams[k].Cost = byteCost * dsl.Cost(int64(g.member)*int64(n)/int64(g.size()))
		}
		return nil
	}
	return in.price(streams, raw, member, content)
}

// price adds to the costs of the streams of a group, which are content, what their raw bytes cost in its
// member. These take the place of the content: they are the same, unless there are programs.
func (in *inspector) price(streams []StreamInfo, raw []int, coded, content []byte) error {
	ends, sum := make([]int, len(raw)), 0
	for k, n := range raw {
		sum += n
		ends[k] = sum
	}
	if sum == 0 {
		return nil
	}
	data, err := deflateData(in.info.Header, coded)
	if err != nil {
		return err
	}
	in.changed = in.changed || sum < len(content)
	costs, err := in.task.inflater.Costs(content[:sum], data, ends)
	if err != nil {
		return err
	}
	for k, cost := range costs {
		streams[k].Cost += dsl.Cost(cost)
	}
	return nil
}

// InspectIntact is Inspect of a file, or of several concatenated ones, that may be damaged: it visits the
// intact headers and segments that Salvage would restore, and returns what is missing, with the reasons.
// Offsets are those of Range. If the header of a segment is lost, its Header is a guess that restores it.
// The error is one of Salvage, or of visit.
func InspectIntact(src io.ReaderAt, size int64, cfg *ReaderConfig, programs bool, visit func(*SegmentInfo) error) (*Salvaged, error) {
	s, err := newSalvager(src, cfg)
	if err != nil {
		return s.result, err
	}
	s.omit, s.look = true, &intactLook{in: newInspector(nil, s.cfg, programs), visit: visit}
	return s.result, causeOf(s.cfg.Context, s.files(size))
}

// An intactLook describes what a salvager finds.
type intactLook struct {
	in     *inspector
	visit  func(*SegmentInfo) error
	reason error // why what is noted as missing next is missing
}

// begin describes the header of f, unless it is lost. The segments of f begin at off in what the files
// restore to.
func (l *intactLook) begin(f *damagedFile, off int64) error {
	l.in.info = SegmentInfo{File: l.in.info.File + 1, Header: f.header, Offset: off, Programs: noPrograms}
	if f.header == nil {
		return nil
	}
	return l.visit(&l.in.info)
}

// segment describes the segment of coded bytes that t restored, whose first byte is at off in what the
// files restore to.
func (l *intactLook) segment(t *task, off, coded int64) error {
	in := l.in
	header := in.info.Header
	in.task, in.info.Header, in.tasks.memory = t, t.header, Memory(t.header)
	if header != nil && header.BlockLog == t.header.BlockLog && header.Version == t.header.Version && header.PredictorLog == t.header.PredictorLog {
		in.info.Header = header // t.header is one for shorter segments
	}
	err := in.restored(off, coded)
	if err == nil {
		err = l.visit(&in.info)
	}
	in.info.Header = header
	return err
}

// reason returns why the part p of f is missing. err is errDamaged, with what a decoder says unless the
// part is Damaged.
func (s *salvager) reason(f *damagedFile, p *container.Part, err error) error {
	if known, ok := errors.AsType[*container.Error](err); ok {
		return known
	}
	switch {
	case p.Coded == 0:
		return fmt.Errorf("the end of the file: %w", io.ErrUnexpectedEOF)
	case f.header == nil:
		return &container.Error{Off: p.Off, Msg: "the header is lost", Err: container.ErrCorrupt}
	}
	if _, err := s.cfg.threads(f.header, p.Off); err != nil {
		return err
	}
	err = s.task.coded.Read(s.src, f.header, p.Off, p.Coded)
	if cut := p.Off+p.Coded >= s.size; err != nil && (cut || !errors.Is(err, io.ErrUnexpectedEOF)) {
		return err
	}
	return &container.Error{Off: p.Off, Msg: "a segment is lost", Err: container.ErrCorrupt}
}
