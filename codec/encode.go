package codec

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"

	"github.com/klauspost/compress/flate"

	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
)

// An encoder codes segments; it is used by one goroutine at a time.
type encoder struct {
	cfg     *WriterConfig
	deflate *flate.Writer
	member  bytes.Buffer // of all blocks
	rest    bytes.Buffer // of the blocks without a program
	raw     []byte       // those blocks joined
	bits    *dsl.Encoder
	costs   []dsl.Cost // marginal cost of each block in the raw part
	found   []*dsl.Program
	picked  []bool
	machine dsl.Machine
	verify  decoder
	check   []byte
}

// ErrVerify reports that a segment did not restore to its input: a fault of
// this program or of the machine. Nothing of it was written.
var ErrVerify = errors.New("codec: verification failed")

// The search of a segment stops after searchSteps of the Finder's steps for each
// of its bytes.
const searchSteps = 4096

// segment appends the coded segment of src to dst.
func (e *encoder) segment(dst, src []byte) ([]byte, error) {
	s := container.Segment{Size: len(src), Sum: crc32.ChecksumIEEE(src)}
	if e.bits == nil {
		e.bits = dsl.NewEncoder()
	}
	if err := e.gzip(&e.member, src); err != nil {
		return dst, err
	}
	s.Programs, s.Raw = e.section(src, nil), e.member.Bytes()
	found, err := e.search(src)
	if err != nil {
		return dst, err
	}
	if found {
		programs := e.section(src, e.found)
		e.raw = e.raw[:0]
		for i, ok := range e.picked {
			if !ok {
				e.raw = append(e.raw, e.block(src, i)...)
			}
		}
		e.rest.Reset()
		if len(e.raw) > 0 {
			if err := e.gzip(&e.rest, e.raw); err != nil {
				return dst, err
			}
		}
		if len(programs)+e.rest.Len() < len(s.Programs)+len(s.Raw) {
			s.Programs, s.Raw = programs, e.rest.Bytes()
		}
	}
	if !e.cfg.NoVerify {
		if err := e.verified(src, &s); err != nil {
			return dst, err
		}
	}
	return s.Append(dst)
}

func (e *encoder) block(src []byte, i int) []byte {
	at := i * e.cfg.BlockSize
	return src[at:min(at+e.cfg.BlockSize, len(src))]
}

func (e *encoder) blocks(src []byte) int { return (len(src) + e.cfg.BlockSize - 1) / e.cfg.BlockSize }

// gzip writes the GZIP member of b, which is not empty, to buf: deflate at the
// level, or stored blocks where those are shorter.
func (e *encoder) gzip(buf *bytes.Buffer, b []byte) error {
	buf.Reset()
	buf.WriteString(memberHead)
	if e.deflate == nil {
		w, err := flate.NewWriter(buf, e.cfg.Level)
		if err != nil {
			return err
		}
		e.deflate = w
	} else {
		e.deflate.Reset(buf)
	}
	if _, err := e.deflate.Write(b); err != nil {
		return err
	}
	if err := e.deflate.Close(); err != nil {
		return err
	}
	const most = 1<<16 - 1 // bytes of a stored block
	if stored := len(b) + 5*((len(b)+most-1)/most); buf.Len()-len(memberHead) > stored {
		buf.Truncate(len(memberHead))
		for rest := b; len(rest) > 0; {
			n := min(len(rest), most)
			final := byte(0)
			if n == len(rest) {
				final = 1
			}
			buf.Write([]byte{final, byte(n), byte(n >> 8), ^byte(n), ^byte(n >> 8)})
			buf.Write(rest[:n])
			rest = rest[n:]
		}
	}
	var tail [memberTail]byte
	binary.LittleEndian.PutUint32(tail[:], crc32.ChecksumIEEE(b))
	binary.LittleEndian.PutUint32(tail[4:], uint32(len(b)))
	buf.Write(tail[:])
	return nil
}

// search fills e.found with the programs of src's blocks that may pay, and
// reports whether they are worth coding the raw part again. e.member holds the
// member of all of src.
func (e *encoder) search(src []byte) (bool, error) {
	if e.cfg.Finder == nil {
		return false, nil
	}
	n := e.blocks(src)
	e.found = append(e.found[:0], make([]*dsl.Program, n)...)
	promising := e.promising(src)
	if len(promising) == 0 {
		return false, nil
	}
	e.costs = append(e.costs[:0], make([]dsl.Cost, n)...)
	member := e.member.Bytes()
	if err := blockCosts(e.costs, member[len(memberHead):len(member)-memberTail], e.cfg.BlockSize); err != nil {
		return false, err
	}
	steps := searchSteps * int64(len(src))
	budget := dsl.SegmentSteps(int64(len(src)))
	gain := dsl.Cost(0)
	for _, i := range promising {
		if err := e.cfg.Context.Err(); err != nil {
			return false, context.Cause(e.cfg.Context)
		}
		limit := e.costs[i]
		if limit < minProgramCost {
			continue
		}
		block := e.block(src, i)
		p, used := e.cfg.Finder.Find(block, limit, steps)
		steps -= used
		if p == nil {
			continue
		}
		_, run, err := e.machine.Run(p, dsl.BlockBudget(len(block)))
		if err != nil || run > budget {
			continue
		}
		budget -= run
		e.found[i] = p
		gain += max(0, limit-e.bits.ProgramCost(p))
	}
	return gain.Bits()/8 > float64(len(member))/gainShare, nil
}

// Blocks that cost less than minProgramCost in the raw part are left there, and
// programs that promise less than 1/gainShare of the member altogether too:
// coding the raw part again takes as long as coding it once.
const (
	minProgramCost dsl.Cost = 12 << 8
	gainShare               = 200
)

// Blocks are sampled: of each stretch of stretch blocks the first is tested,
// and where it or the one before or after it is promising, so are the others.
const stretch = 8

// promising returns the numbers of the blocks that are worth a search.
func (e *encoder) promising(src []byte) (list []int) {
	n := e.blocks(src)
	sampled := make([]bool, (n+stretch-1)/stretch)
	for k := range sampled {
		sampled[k] = e.cfg.Finder.Promising(e.block(src, k*stretch))
	}
	for k := range sampled {
		if !sampled[k] && (k == 0 || !sampled[k-1]) && (k+1 == len(sampled) || !sampled[k+1]) {
			continue
		}
		for i := k * stretch; i < min((k+1)*stretch, n); i++ {
			if e.cfg.Finder.Promising(e.block(src, i)) {
				list = append(list, i)
			}
		}
	}
	return list
}

// section returns the coded plan, flags and programs of src, and notes in
// e.picked which blocks have one. Of found (nil: none) a program is picked
// where it costs less than the block's bytes in the raw part.
func (e *encoder) section(src []byte, found []*dsl.Program) []byte {
	e.bits.Reset()
	e.bits.Plan(dsl.Identity())
	n := e.blocks(src)
	e.picked = append(e.picked[:0], make([]bool, n)...)
	for i := range n {
		if found != nil && found[i] != nil && e.bits.ProgramCost(found[i]) < e.costs[i]+e.bits.RawCost() {
			e.bits.Program(found[i])
			e.picked[i] = true
		} else {
			e.bits.Raw()
		}
	}
	return e.bits.Finish()
}

// verified decodes s and compares the outcome with src.
func (e *encoder) verified(src []byte, s *container.Segment) error {
	if cap(e.check) < len(src) {
		e.check = make([]byte, len(src))
	}
	out := e.check[:len(src)]
	if err := e.verify.segment(out, &e.cfg.Header, s, 0); err != nil {
		return fmt.Errorf("%w: %v", ErrVerify, err)
	}
	if !bytes.Equal(out, src) {
		return ErrVerify
	}
	return nil
}
