package codec

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/klauspost/compress/flate"

	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
)

// A decoder restores segments; it is used by one goroutine at a time.
type decoder struct {
	dec     *dsl.Decoder
	machine dsl.Machine
	in      bytes.Reader
	inflate io.ReadCloser
	rawSum  uint32 // CRC-32 of the raw bytes so far
	rawLen  int    // their number
}

var (
	errPlan   = fmt.Errorf("%w: no such plan", dsl.ErrCorrupt)
	errMember = errors.New("malformed GZIP member")
	errSum    = errors.New("checksum of the restored bytes")
)

// The 10 bytes before and the 8 after the deflate data of a member (RFC 1952).
const (
	memberHead = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
	memberTail = 8
)

// segment restores s to dst, whose length is s.Size. An error is an *Error at
// offset off.
func (d *decoder) segment(dst []byte, h *container.Header, s *container.Segment, off int64) error {
	err := d.restore(dst, h.BlockSize(), s)
	if err == nil && crc32.ChecksumIEEE(dst) != s.Sum {
		err = errSum
	}
	if err == nil {
		return nil
	}
	kind := container.ErrCorrupt
	switch {
	case errors.Is(err, dsl.ErrLimit):
		kind = container.ErrLimit
	case err == errSum:
		kind = container.ErrChecksum
	}
	return &container.Error{Off: off, Msg: err.Error(), Err: kind}
}

func (d *decoder) restore(dst []byte, size int, s *container.Segment) error {
	if d.dec == nil {
		d.dec = dsl.NewDecoder(s.Programs)
	} else {
		d.dec.Reset(s.Programs)
	}
	plan, err := d.dec.Plan()
	if err != nil {
		return err
	}
	if !plan.IsIdentity() {
		return errPlan
	}
	steps := dsl.SegmentSteps(int64(len(dst)))
	raw := 0 // where the raw blocks that are still to be read begin
	d.rawSum, d.rawLen = 0, 0
	for at := 0; at < len(dst); at += size {
		block := dst[at:min(at+size, len(dst))]
		budget := dsl.BlockBudget(len(block))
		p, err := d.dec.Next(budget.Elements)
		if err != nil {
			return blockError(at, err)
		}
		if p == nil {
			continue
		}
		if raw < at {
			if err := d.readRaw(dst[raw:at], s.Raw); err != nil {
				return err
			}
		}
		raw = at + len(block)
		budget.Steps = min(budget.Steps, steps)
		used, err := d.machine.Bytes(block, p, budget)
		if err != nil {
			return blockError(at, err)
		}
		steps -= used
	}
	if raw < len(dst) {
		if err := d.readRaw(dst[raw:], s.Raw); err != nil {
			return err
		}
	}
	if err := d.dec.Close(); err != nil {
		return err
	}
	if d.rawLen > 0 {
		return d.endRaw(s.Raw)
	}
	if len(s.Raw) > 0 {
		return fmt.Errorf("%w: without raw blocks", errMember)
	}
	return nil
}

func blockError(at int, err error) error { return fmt.Errorf("block at %d: %w", at, err) }

// readRaw fills b with the next raw bytes of a member.
func (d *decoder) readRaw(b, member []byte) error {
	if d.rawLen == 0 {
		if len(member) < len(memberHead)+memberTail || string(member[:4]) != memberHead[:4] {
			return fmt.Errorf("%w: header", errMember)
		}
		d.in.Reset(member[len(memberHead) : len(member)-memberTail])
		if d.inflate == nil {
			d.inflate = flate.NewReader(&d.in)
		} else if err := d.inflate.(flate.Resetter).Reset(&d.in, nil); err != nil {
			return err
		}
	}
	if _, err := io.ReadFull(d.inflate, b); err != nil {
		return fmt.Errorf("%w: %v", errMember, err)
	}
	d.rawSum = crc32.Update(d.rawSum, crc32.IEEETable, b)
	d.rawLen += len(b)
	return nil
}

// endRaw checks that the member ends here, and its own checksum and length.
func (d *decoder) endRaw(member []byte) error {
	var b [1]byte
	n, err := d.inflate.Read(b[:])
	if n != 0 || err != io.EOF || d.in.Len() != 0 {
		return fmt.Errorf("%w: it does not end with the raw blocks", errMember)
	}
	tail := member[len(member)-memberTail:]
	if binary.LittleEndian.Uint32(tail) != d.rawSum || binary.LittleEndian.Uint32(tail[4:]) != uint32(d.rawLen) {
		return errSum
	}
	return nil
}
