package codec

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"

	"github.com/ktzip/ktzip/codec/internal/deflate"
	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
)

// A decoder restores segments. It is used by one goroutine at a time.
type decoder struct {
	section      *dsl.Decoder
	machine      dsl.Machine
	inflater     deflate.Inflater
	planner      plan.Machine
	content      []byte // storage for the streams of a plan
	steps        int64  // that the programs of the segment may still take
	deflateSteps int64  // that its deflate blocks may still take
	litter       int64  // bytes that restoring the segment left behind
	predicting   predicting
}

var (
	errPlan    = fmt.Errorf("%w: a plan other than the identity, in version 1", dsl.ErrCorrupt)
	errVersion = fmt.Errorf("%w: a plan of a later version of the format", dsl.ErrCorrupt)
	errSteps   = fmt.Errorf("%w: steps of a segment", dsl.ErrLimit)
	errMember  = errors.New("malformed member")
	errBlocks  = errors.New("the member is not as long as the raw blocks")
	errSum     = errors.New("checksum of the restored bytes")
	errPanic   = fmt.Errorf("%w (internal error)", container.ErrCorrupt)
)

// memberSteps returns how many steps the deflate blocks of a segment of n bytes may take together
// (container/FORMAT.md, section 8).
func memberSteps(n int) int64 { return 8*min(int64(n), 4<<20) + 1<<17 }

// segment restores s to dst, whose length is s.Size. An error is an *Error at offset off.
//
// A panic is a fault of this program; the file is refused as a corrupt one, with
// errPanic, and d starts anew.
func (d *decoder) segment(dst []byte, h *container.Header, s *container.Segment, off int64) (err error) {
	defer func() {
		if v := recover(); v != nil {
			*d = decoder{}
			err = &container.Error{Off: off, Msg: fmt.Sprint(v), Err: errPanic}
		}
	}()
	sum, err := d.restore(dst, h, s)
	if err == nil && sum != s.Sum {
		err = errSum
	}
	if err == nil {
		return nil
	}
	kind := container.ErrCorrupt
	switch {
	case errors.Is(err, dsl.ErrLimit), errors.Is(err, deflate.ErrSteps):
		kind = container.ErrLimit
	case err == errSum:
		kind = container.ErrChecksum
	}
	return &container.Error{Off: off, Msg: err.Error(), Err: kind}
}

// isPlain reports whether the segment s of a file with header h has no section: nothing but a
// member.
func isPlain(h *container.Header, s *container.Segment) bool {
	return len(s.Programs) == 0 && !h.GZIP()
}

// restore fills dst, and returns its checksum.
func (d *decoder) restore(dst []byte, h *container.Header, s *container.Segment) (sum uint32, err error) {
	d.deflateSteps, d.litter = memberSteps(len(dst)), segmentLitter
	d.steps = dsl.SegmentSteps(int64(len(dst)))
	if isPlain(h, s) {
		n, err := d.member(dst, h, s.Raw)
		if err == nil && n != len(dst) {
			err = errBlocks
		}
		return crc32.ChecksumIEEE(dst), err
	}
	if err := d.bySection(dst, h, s); err != nil {
		return 0, err
	}
	return crc32.ChecksumIEEE(dst), nil
}

// bySection fills dst with a segment that has a section.
func (d *decoder) bySection(dst []byte, h *container.Header, s *container.Segment) error {
	if d.section == nil {
		d.section = dsl.NewDecoder(nil, dsl.Edition2)
	}
	d.section.Reset(s.Programs, dsl.Edition(h.Edition()))
	p, err := d.section.Plan()
	if err != nil {
		return err
	}
	if d.steps -= dsl.SectionSteps(len(s.Programs)); d.steps < 0 {
		return errSteps
	}
	if !p.IsIdentity() {
		if !h.Plans() {
			return errPlan
		}
		d.litter += planLitter(p)
		return d.byPlan(dst, h, p.Clone(), s) // the section is read further
	}
	whole := []dsl.Group{{Streams: 1, Member: len(s.Raw)}}
	if err := readPredictors(d.section, s, whole); err != nil {
		return err
	}
	if err := d.group(dst, h, whole[0].Predictor, s.Raw); err != nil {
		return err
	}
	return d.section.Close()
}

// A group is some streams in a row of a plan.
type group struct {
	streams   []int        // their lengths
	first     int          // number of the first one
	member    int          // length of the group's member
	predictor *dsl.Program // nil if deflate codes the member
}

// size returns the length of the streams together.
func (g *group) size() (n int) {
	for _, k := range g.streams {
		n += k
	}
	return n
}

// groupsOf reads the groups of s, whose plan p was read and has the layout that it returns.
func groupsOf(dec *dsl.Decoder, p *dsl.Program, s *container.Segment) (groups []group, layout *plan.Layout, err error) {
	layout, err = plan.NewLayout(p, s.Size)
	if err != nil {
		return nil, nil, err
	}
	lengths := layout.Streams
	coded, err := dec.Groups(len(lengths), len(s.Raw))
	if err != nil {
		return nil, nil, err
	}
	if err := readPredictors(dec, s, coded); err != nil {
		return nil, nil, err
	}
	first := 0
	for _, g := range coded {
		groups = append(groups, group{lengths[first : first+g.Streams], first, g.Member, g.Predictor})
		first += g.Streams
	}
	return groups, layout, nil
}

// readPredictors reads the predictors of groups, if the segment s may have any.
func readPredictors(dec *dsl.Decoder, s *container.Segment, groups []dsl.Group) error {
	if !s.Predicted {
		return nil
	}
	return dec.Predictors(groups)
}

// byPlan fills dst by the plan p: it restores the streams first, a group at a time.
func (d *decoder) byPlan(dst []byte, h *container.Header, p *dsl.Program, s *container.Segment) error {
	groups, layout, err := groupsOf(d.section, p, s)
	if err != nil {
		return err
	}
	if layout.Version > 2 && !anyPlans(h) {
		return errVersion
	}
	if d.steps -= layout.Steps; d.steps < 0 {
		return errSteps
	}
	total := 0
	for _, g := range groups {
		total += g.size()
	}
	d.content = buffer(d.content, total, plan.MaxStreamBytes(min(h.SegmentSize(), dsl.MaxPlanned)))
	free, members := d.content, s.Raw // not filled, and not restored yet
	var streams [][]byte
	for _, g := range groups {
		n := g.size()
		if err := d.group(free[:n:n], h, g.predictor, members[:g.member]); err != nil {
			return err
		}
		members = members[g.member:]
		for _, length := range g.streams {
			streams = append(streams, free[:length:length])
			free = free[length:]
		}
	}
	if err := d.section.Close(); err != nil {
		return err
	}
	return d.planner.Join(dst, p, streams)
}

// group fills dst with a group of streams, by the predictor p unless that is nil. The raw blocks are restored to the beginning of dst,
// move to its end, and from there to their places as the blocks are walked: there they are
// never before the block that is being filled.
func (d *decoder) group(dst []byte, h *container.Header, p *dsl.Program, member []byte) error {
	if p != nil {
		return d.predicting.decode(dst, member, p, 1<<h.PredictorLog)
	}
	size, err := d.member(dst, h, member)
	if err != nil {
		return err
	}
	raw := dst[len(dst)-size:]
	if size < len(dst) { // there are programs
		copy(raw, dst[:size])
	}
	blockSize := h.BlockSize()
	blocks := (len(dst) + blockSize - 1) / blockSize
	d.machine.Forget()
	for off := 0; off < len(dst); {
		if n := d.section.Raw(blocks - off/blockSize); n > 0 {
			n = min(n*blockSize, len(dst)-off)
			if len(raw) < n {
				return errBlocks
			}
			if len(raw) < len(dst)-off {
				copy(dst[off:off+n], raw)
			}
			raw = raw[n:]
			off += n
			d.machine.Forget()
			continue
		}
		n := min(blockSize, len(dst)-off)
		if len(raw) > len(dst)-off-n {
			return errBlocks
		}
		if err := d.program(dst, off, n); err != nil {
			return fmt.Errorf("block at %d: %w", off, err)
		}
		off += n
	}
	return nil
}

// program reads a program and fills dst[off:off+n] by it.
func (d *decoder) program(dst []byte, off, n int) error {
	budget := dsl.BlockBudget(n)
	budget.Steps = min(budget.Steps, d.steps)
	p, err := d.section.Next(budget, d.machine.Earlier())
	if err != nil {
		return err
	}
	used, err := d.machine.Block(dst, off, n, p, budget)
	d.steps -= used
	return err
}

// The bytes before and after the deflate data of a GZIP member (RFC 1952) without optional
// fields, which members of versions 1 and 2 are.
const (
	gzipHead  = 10
	gzipTail  = 8
	gzipMagic = "\x1f\x8b\x08\x00"
)

// deflateData returns the deflate data of a member, of a file with header h.
func deflateData(h *container.Header, member []byte) ([]byte, error) {
	if !h.GZIP() {
		return member, nil
	}
	if len(member) < gzipHead+gzipTail || string(member[:len(gzipMagic)]) != gzipMagic {
		return nil, fmt.Errorf("%w: GZIP header", errMember)
	}
	return member[gzipHead : len(member)-gzipTail], nil
}

// member restores a member to the beginning of dst, and returns how many bytes it has; what
// follows them in dst may be changed. A member without bytes has no content; no other one may
// be empty.
func (d *decoder) member(dst []byte, h *container.Header, member []byte) (n int, err error) {
	if len(member) == 0 {
		return 0, nil
	}
	data, err := deflateData(h, member)
	if err != nil {
		return 0, err
	}
	n, d.deflateSteps, err = d.inflater.InflateUpTo(dst, data, d.deflateSteps)
	if err != nil {
		return 0, fmt.Errorf("%w: %w", errMember, err)
	}
	if n == 0 {
		return 0, errBlocks
	}
	if h.GZIP() {
		tail := member[len(member)-gzipTail:]
		if binary.LittleEndian.Uint32(tail[4:]) != uint32(n) {
			return 0, errBlocks
		}
		if binary.LittleEndian.Uint32(tail) != crc32.ChecksumIEEE(dst[:n]) {
			return 0, errSum
		}
	}
	return n, nil
}
