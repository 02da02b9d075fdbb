package codec

import (
	"io"

	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
)

// A SegmentInfo describes a segment without restoring it.
type SegmentInfo struct {
	File          int               // which of several concatenated files, from 0
	Header        *container.Header // that file's
	Offset        int64             // of its first byte in what the files restore to
	Size          int64             // bytes that it restores to
	Coded         int64             // bytes in the file
	ProgramBytes  int64             // of them, plan, flags and programs
	RawBytes      int64             // of them, the GZIP member
	Plan          string            // text
	Groups        []GroupInfo       // of the plan's streams; none under the identity
	Blocks        int
	ProgramBlocks int
	Programs      []BlockInfo // where asked for

	steps int64 // left for reading programs
}

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
// are listed, and streams are priced, where programs is true. What is read is checked
// as far as that goes without executing anything. An error of visit ends it.
func Inspect(src io.Reader, cfg *ReaderConfig, programs bool, visit func(*SegmentInfo) error) error {
	c := cfg.withDefaults()
	r := container.NewReader(src)
	var s container.Segment
	info := SegmentInfo{File: -1}
	dec, enc := dsl.NewDecoder(nil), dsl.NewEncoder()
	for at := int64(0); ; at += info.Size {
		if err := c.Context.Err(); err != nil {
			return err
		}
		off := r.Offset()
		h, err := r.Next(&s)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if h != nil {
			if _, err := c.threads(h, off); err != nil {
				return err
			}
			info = SegmentInfo{File: info.File + 1, Header: h, Offset: at}
		} else {
			info = SegmentInfo{
				File: info.File, Header: info.Header, Offset: at, Size: int64(s.Size),
				Coded: r.Offset() - off, ProgramBytes: int64(len(s.Programs)), RawBytes: int64(len(s.Raw)),
			}
			if err := info.blocks(dec, enc, &s, programs); err != nil {
				return &container.Error{Off: off, Msg: err.Error(), Err: container.ErrCorrupt}
			}
		}
		if err := visit(&info); err != nil {
			return err
		}
	}
}

var identityText = dsl.Identity().String()

// blocks reads the programs of s.
func (info *SegmentInfo) blocks(dec *dsl.Decoder, enc *dsl.Encoder, s *container.Segment, list bool) error {
	dec.Reset(s.Programs)
	enc.Reset()
	plan, err := dec.Plan()
	if err != nil {
		return err
	}
	info.Plan = plan.String()
	if info.steps = dsl.SegmentSteps(int64(s.Size)) - dsl.SectionSteps(len(s.Programs)); info.steps < 0 {
		return errSteps
	}
	enc.Plan(plan)
	if plan.IsIdentity() {
		err = info.group(dec, enc, group{[]int{s.Size}, 0, len(s.Raw)}, list)
	} else {
		err = info.planned(dec, enc, plan.Clone(), s, list)
	}
	if err != nil {
		return err
	}
	return dec.Close()
}

// planned reads the groups of a plan.
func (info *SegmentInfo) planned(dec *dsl.Decoder, enc *dsl.Encoder, plan *dsl.Program, s *container.Segment, list bool) error {
	groups, taken, err := groupsOf(dec, plan, s)
	if err != nil {
		return err
	}
	if info.steps -= taken; info.steps < 0 {
		return errSteps
	}
	var coded []dsl.Group
	for _, g := range groups {
		coded = append(coded, dsl.Group{Streams: len(g.streams), Member: g.member})
		group := GroupInfo{Raw: int64(g.member)}
		for _, n := range g.streams {
			group.Streams = append(group.Streams, StreamInfo{Size: int64(n)})
		}
		info.Groups = append(info.Groups, group)
	}
	enc.Groups(coded)
	raw := s.Raw
	for k, g := range groups {
		before := len(info.Programs)
		if err := info.group(dec, enc, g, list); err != nil {
			return err
		}
		if list {
			if err := info.Groups[k].price(g, raw[:g.member], info.Header.BlockSize(), info.Programs[before:]); err != nil {
				return err
			}
		}
		raw = raw[g.member:]
	}
	return nil
}

// price sets the costs of the streams of g, which has the programs given; the other
// bytes are those of its member, in their order.
func (info *GroupInfo) price(g group, member []byte, block int, programs []BlockInfo) error {
	data, n, _, err := parts(member, g.size())
	if err != nil {
		return err
	}
	costs := make([]dsl.Cost, n)
	if n > 0 {
		if err := new(inflater).inflate(make([]byte, n), data, costs, 0); err != nil {
			return err
		}
	}
	at, stream, starts := 0, 0, 0
	for at < g.size() {
		for at >= starts+g.streams[stream] {
			starts += g.streams[stream]
			stream++
		}
		if len(programs) > 0 && programs[0].Stream == g.first+stream && int(programs[0].Offset) == at-starts {
			info.Streams[stream].Cost += programs[0].Cost
			at += programs[0].Length
			programs = programs[1:]
			continue
		}
		if len(costs) == 0 {
			return errBlocks
		}
		info.Streams[stream].Cost += costs[0]
		costs = costs[1:]
		at++
	}
	return nil
}

// group reads the programs of a group of streams.
func (info *SegmentInfo) group(dec *dsl.Decoder, enc *dsl.Encoder, g group, list bool) error {
	size := info.Header.BlockSize()
	earlier := 0 // at least as many lists as a program may refer to
	stream, starts, total := 0, 0, g.size()
	for at := 0; at < total; at += size {
		length := min(size, total-at)
		for at >= starts+g.streams[stream] {
			starts += g.streams[stream]
			stream++
		}
		budget := dsl.BlockBudget(length)
		budget.Steps = min(budget.Steps, info.steps)
		p, err := dec.Next(budget, min(earlier, dsl.PastLists))
		if err != nil {
			return blockError(at, err)
		}
		info.Blocks++
		if p == nil {
			earlier = 0
			if list {
				enc.Raw()
			}
			continue
		}
		info.steps -= p.ReadSteps()
		info.ProgramBlocks++
		earlier += len(p.Nodes)
		if list {
			b := BlockInfo{Stream: g.first + stream, Offset: int64(at - starts), Length: length, Cost: enc.ProgramCost(p), Text: p.String()}
			if info.Plan == identityText {
				b.Offset += info.Offset
			}
			info.Programs = append(info.Programs, b)
			enc.Program(p)
		}
	}
	return nil
}
