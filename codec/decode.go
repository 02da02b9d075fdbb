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

// A decoder restores segments; it is used by one goroutine at a time.
type decoder struct {
	dec     *dsl.Decoder
	machine dsl.Machine
	inflate deflate.Inflater
	planner plan.Machine
	content []byte // the streams of a plan
	steps   int64  // that the programs of the segment may still take
	blocks  int64  // steps that its deflate blocks may still take
	rawLen  int    // of the member decoded last, in bytes
	rawSum  uint32 // its checksum
	litter  int64  // bytes that decoding the segment left behind
}

var (
	errPlan   = fmt.Errorf("%w: a plan other than the identity, in version 1", dsl.ErrCorrupt)
	errSteps  = fmt.Errorf("%w: steps of a segment", dsl.ErrLimit)
	errMember = errors.New("malformed GZIP member")
	errBlocks = errors.New("the GZIP member is not as long as the raw blocks")
	errSum    = errors.New("checksum of the restored bytes")
	errPanic  = fmt.Errorf("%w (internal error)", container.ErrCorrupt)
)

// The 10 bytes before and the 8 after the deflate data of a member (RFC 1952).
const (
	memberHead = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
	memberTail = 8
)

// memberSteps is how many steps the deflate blocks of a segment of n bytes may take together
// (container/FORMAT.md, section 8).
func memberSteps(n int) int64 { return 8*min(int64(n), 4<<20) + 1<<17 }

// segment restores s to dst, whose length is s.Size. An error is an *Error at
// offset off.
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
	err = d.restore(dst, h, s)
	if err == nil && d.sum(dst) != s.Sum {
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

// sum is the checksum of dst, which was just restored: without programs, that
// of the member.
func (d *decoder) sum(dst []byte) uint32 {
	if d.rawLen == len(dst) {
		return d.rawSum
	}
	return crc32.ChecksumIEEE(dst)
}

// restore fills dst.
func (d *decoder) restore(dst []byte, h *container.Header, s *container.Segment) error {
	if d.dec == nil {
		d.dec = dsl.NewDecoder(nil)
	}
	d.rawLen, d.blocks, d.litter = 0, memberSteps(len(dst)), segmentLitter
	d.dec.Reset(s.Programs)
	plan, err := d.dec.Plan()
	if err != nil {
		return err
	}
	if d.steps = dsl.SegmentSteps(int64(len(dst))) - dsl.SectionSteps(len(s.Programs)); d.steps < 0 {
		return errSteps
	}
	if !plan.IsIdentity() {
		if !h.Plans() {
			return errPlan
		}
		d.litter += planLitter(plan)
		return d.planned(dst, h, plan.Clone(), s) // the decoder goes on
	}
	if err := d.group(dst, h.BlockSize(), s.Raw); err != nil {
		return err
	}
	return d.dec.Close()
}

// A group is some streams in a row of a plan.
type group struct {
	streams []int // their lengths
	first   int   // number of the first one
	member  int   // length of the group's member
}

// size is the length of the streams together.
func (g *group) size() (n int) {
	for _, k := range g.streams {
		n += k
	}
	return n
}

// groupsOf reads the groups of s, whose plan was read and takes steps steps.
func groupsOf(dec *dsl.Decoder, p *dsl.Program, s *container.Segment) (groups []group, steps int64, err error) {
	layout, err := plan.NewLayout(p, s.Size)
	if err != nil {
		return nil, 0, err
	}
	lengths := layout.Streams
	coded, err := dec.Groups(len(lengths), len(s.Raw))
	if err != nil {
		return nil, 0, err
	}
	first := 0
	for _, g := range coded {
		groups = append(groups, group{lengths[first : first+g.Streams], first, g.Member})
		first += g.Streams
	}
	return groups, layout.Steps, nil
}

// planned fills dst by a plan: its streams first, a group at a time.
func (d *decoder) planned(dst []byte, h *container.Header, plan *dsl.Program, s *container.Segment) error {
	groups, taken, err := groupsOf(d.dec, plan, s)
	if err != nil {
		return err
	}
	if d.steps -= taken; d.steps < 0 {
		return errSteps
	}
	total := 0
	for _, g := range groups {
		total += g.size()
	}
	d.content = buffer(d.content, total, 2*min(h.SegmentSize(), dsl.MaxPlanned)+4096)
	rest, raw := d.content, s.Raw
	var streams [][]byte
	for _, g := range groups {
		n := g.size()
		if err := d.group(rest[:n:n], h.BlockSize(), raw[:g.member]); err != nil {
			return err
		}
		for _, length := range g.streams {
			streams = append(streams, rest[:length:length])
			rest = rest[length:]
		}
		raw = raw[g.member:]
	}
	if err := d.dec.Close(); err != nil {
		return err
	}
	d.rawLen = 0 // the checksum of a member is not that of dst
	return d.planner.Join(dst, plan, streams)
}

// group fills dst with a group of streams. The raw blocks are decoded to its end and
// move to their places as the blocks are walked: where they stand, they are never
// before the block that is being filled.
func (d *decoder) group(dst []byte, size int, member []byte) error {
	raw, err := d.member(dst, member)
	if err != nil {
		return err
	}
	blocks := (len(dst) + size - 1) / size
	d.machine.Forget()
	for at := 0; at < len(dst); {
		if n := d.dec.Raw(blocks - at/size); n > 0 {
			n = min(n*size, len(dst)-at)
			if len(raw) < n {
				return errBlocks
			}
			if len(raw) < len(dst)-at {
				copy(dst[at:at+n], raw)
			}
			raw = raw[n:]
			at += n
			d.machine.Forget()
			continue
		}
		n := min(size, len(dst)-at)
		budget := dsl.BlockBudget(n)
		budget.Steps = min(budget.Steps, d.steps)
		p, err := d.dec.Next(budget, d.machine.Earlier())
		if err != nil {
			return blockError(at, err)
		}
		if len(raw) > len(dst)-at-n {
			return errBlocks
		}
		used, err := d.machine.Block(dst, at, n, p, budget)
		if d.steps -= used; err != nil {
			return blockError(at, err)
		}
		at += n
	}
	return nil
}

func blockError(at int, err error) error { return fmt.Errorf("block at %d: %w", at, err) }

// member decodes a GZIP member to the end of dst and returns that part. A
// member without bytes has no content.
func (d *decoder) member(dst, member []byte) ([]byte, error) {
	d.rawLen = 0
	data, n, sum, err := parts(member, len(dst))
	if err != nil || n == 0 {
		return nil, err
	}
	raw := dst[len(dst)-n:]
	if d.blocks, err = d.inflate.Inflate(raw, data, d.blocks); err != nil {
		return nil, fmt.Errorf("%w: %w", errMember, err)
	}
	d.rawLen, d.rawSum = len(raw), crc32.ChecksumIEEE(raw)
	if d.rawSum != sum {
		return nil, errSum
	}
	return raw, nil
}

// parts are the deflate data of a GZIP member of at most limit bytes, how many it has
// and their checksum. A member without bytes has none.
func parts(member []byte, limit int) (data []byte, n int, sum uint32, err error) {
	if len(member) == 0 {
		return nil, 0, 0, nil
	}
	if len(member) < len(memberHead)+memberTail || string(member[:4]) != memberHead[:4] {
		return nil, 0, 0, fmt.Errorf("%w: header", errMember)
	}
	data, tail := member[len(memberHead):len(member)-memberTail], member[len(member)-memberTail:]
	size := binary.LittleEndian.Uint32(tail[4:])
	if size == 0 || uint64(size) > uint64(limit) {
		return nil, 0, 0, errBlocks
	}
	return data, int(size), binary.LittleEndian.Uint32(tail), nil
}
