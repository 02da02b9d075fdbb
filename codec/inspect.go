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
	Blocks        int
	ProgramBlocks int
	Programs      []BlockInfo // where asked for
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
	size := info.Header.BlockSize()
	earlier := 0 // at least as many lists as a program may refer to
	for at := 0; at < s.Size; at += size {
		length := min(size, s.Size-at)
		p, err := dec.Next(dsl.BlockBudget(length).Elements, min(earlier, dsl.PastLists))
		if err != nil {
			return blockError(at, err)
		}
		info.Blocks++
		switch {
		case p != nil:
			info.ProgramBlocks++
			earlier += len(p.Nodes)
			if list {
				info.Programs = append(info.Programs, BlockInfo{
					Offset: info.Offset + int64(at), Length: length,
					Cost: enc.ProgramCost(p), Text: p.String(),
				})
				enc.Program(p)
			}
		case list:
			enc.Raw()
		}
		if p == nil {
			earlier = 0
		}
	}
	return dec.Close()
}
