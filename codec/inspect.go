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
}

// A GroupInfo describes streams that are coded as one.
type GroupInfo struct {
	Streams []int64 // their lengths in bytes
	Raw     int64   // bytes of the group's GZIP member
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
// are listed where programs is true. What is read is checked as far as that
// goes without executing anything. An error of visit ends it.
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
	groups, err := groupsOf(dec, plan, s)
	if err != nil {
		return err
	}
	var coded []dsl.Group
	for _, g := range groups {
		coded = append(coded, dsl.Group{Streams: len(g.streams), Member: g.member})
		group := GroupInfo{Raw: int64(g.member)}
		for _, n := range g.streams {
			group.Streams = append(group.Streams, int64(n))
		}
		info.Groups = append(info.Groups, group)
	}
	enc.Groups(coded)
	for _, g := range groups {
		if err := info.group(dec, enc, g, list); err != nil {
			return err
		}
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
		p, err := dec.Next(dsl.BlockBudget(length).Elements, min(earlier, dsl.PastLists))
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
