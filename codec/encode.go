package codec

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"

	"github.com/ktzip/ktzip/codec/internal/deflate"
	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
)

// An encoder codes segments; it is used by one goroutine at a time.
type encoder struct {
	cfg      *WriterConfig
	deflate  deflate.Compressor
	member   bytes.Buffer // of all blocks
	rest     bytes.Buffer // of the blocks without a program
	raw      []byte       // those blocks joined
	bits     *dsl.Encoder
	plan     *dsl.Program // of the segment
	identity *dsl.Program
	groups   []dsl.Group // of its streams; none under the identity plan
	planner  plan.Machine
	steps    int64 // that sections and programs of the segment may take

	plain       []byte // the section of plainBlocks raw blocks
	plainBlocks int

	costs      []dsl.Cost // marginal cost of each block in the raw part
	found      []*dsl.Program
	candidates []candidate // those programs
	lists      []int       // see needs
	picked     []bool
	machine    dsl.Machine
	verify     decoder
	check      []byte
}

func newEncoder(cfg *WriterConfig) *encoder {
	return &encoder{cfg: cfg, identity: dsl.Identity()}
}

// ErrVerify reports that a segment did not restore to its input: a fault of
// this program or of the machine. Nothing of it was written.
var ErrVerify = errors.New("codec: verification failed")

// segment appends the coded segment of src to dst. Where plain, no plan is looked for.
func (e *encoder) segment(dst, src []byte, plain bool) ([]byte, error) {
	s := container.Segment{Size: len(src), Sum: crc32.ChecksumIEEE(src)}
	if e.bits == nil {
		e.bits = dsl.NewEncoder()
	}
	if err := e.stopped(); err != nil {
		return dst, err
	}
	p, streams, err := e.planned(src, plain)
	if err != nil {
		return dst, err
	}
	if p == nil || e.cfg.Plan == nil {
		e.plan, e.groups, e.steps = e.identity, nil, dsl.SegmentSteps(int64(len(src)))
		if err = e.code(&s, src, s.Sum); err == nil && p != nil {
			s.Programs, s.Raw = bytes.Clone(s.Programs), bytes.Clone(s.Raw) // the plan takes their place
		}
	}
	if p != nil && err == nil {
		t := s
		layout, fits := plan.NewLayout(p, len(src))
		if fits != nil {
			return dst, fmt.Errorf("%w: %w", ErrPlan, fits)
		}
		e.plan, e.steps = p, dsl.SegmentSteps(int64(len(src)))-layout.Steps
		err = e.grouped(&t, streams)
		if affordable := e.steps >= dsl.SectionSteps(len(t.Programs)); !affordable && err == nil {
			if e.cfg.Plan != nil {
				return dst, fmt.Errorf("%w: %w", ErrPlan, errSteps)
			}
		} else if e.cfg.Plan != nil || len(t.Programs)+len(t.Raw) < len(s.Programs)+len(s.Raw) {
			s = t
		}
	}
	if err == nil {
		err = e.stopped()
	}
	if err == nil && !e.cfg.NoVerify {
		err = e.verified(src, &s)
	}
	if err != nil {
		return dst, err
	}
	return s.Append(dst)
}

// planPrograms is the level from which on programs are searched in what a plan leaves:
// that seldom has any, but much that looks like it.
const planPrograms = 7

// code sets the section and the member of s, whose content, of the checksum sum, is
// not empty.
func (e *encoder) code(s *container.Segment, content []byte, sum uint32) error {
	var method deflate.Method = deflate.Level(e.cfg.Level)
	if e.groups != nil {
		method = deflate.Mixed(e.cfg.Level)
	}
	if err := e.gzip(&e.member, content, sum, method); err != nil {
		return err
	}
	if n := e.blocks(content); n != e.plainBlocks || e.groups != nil {
		e.picked = append(e.picked[:0], make([]bool, n)...)
		e.plain, e.plainBlocks = e.section(), n
		if e.groups != nil {
			e.plainBlocks = -1 // of this plan only
		}
	}
	s.Programs, s.Raw = e.plain, e.member.Bytes()
	if e.groups != nil && e.cfg.Level < planPrograms {
		return nil
	}
	found, err := e.search(content)
	if err != nil || !found {
		return err
	}
	programs := e.section()
	e.raw = e.raw[:0]
	for i, ok := range e.picked {
		if !ok {
			e.raw = append(e.raw, e.block(content, i)...)
		}
	}
	e.rest.Reset()
	if len(e.raw) > 0 {
		if err := e.gzip(&e.rest, e.raw, crc32.ChecksumIEEE(e.raw), method); err != nil {
			return err
		}
	}
	if len(programs)+e.rest.Len() < len(s.Programs)+len(s.Raw) {
		s.Programs, s.Raw = programs, e.rest.Bytes()
	}
	return nil
}

func (e *encoder) block(src []byte, i int) []byte {
	at := i * e.cfg.BlockSize
	return src[at:min(at+e.cfg.BlockSize, len(src))]
}

func (e *encoder) blocks(src []byte) int { return (len(src) + e.cfg.BlockSize - 1) / e.cfg.BlockSize }

// section returns the coded plan, flags and the programs picked.
func (e *encoder) section() []byte {
	e.begin()
	for i, picked := range e.picked {
		if picked {
			e.bits.Program(e.found[i])
		} else {
			e.bits.Raw()
		}
	}
	return e.bits.Finish()
}

// begin starts a section.
func (e *encoder) begin() {
	e.bits.Reset()
	e.bits.Plan(e.plan)
	if e.groups != nil {
		e.bits.Groups(e.groups)
	}
}

// verified decodes s and compares the outcome with src.
func (e *encoder) verified(src []byte, s *container.Segment) error {
	out := e.scratch(len(src))
	if err := e.verify.segment(out, &e.cfg.Header, s, 0); err != nil {
		return fmt.Errorf("%w: %v", ErrVerify, err)
	}
	if !bytes.Equal(out, src) {
		return ErrVerify
	}
	return nil
}
