package codec

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"

	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
)

// ErrPlan reports that a segment can't be coded by WriterConfig.Plan.
var ErrPlan = errors.New("codec: the plan does not fit the input")

// planned returns the plan that src is to be coded by and its streams; nil: none but
// the identity.
func (e *encoder) planned(src []byte) (*dsl.Program, [][]byte, error) {
	if p := e.cfg.Plan; p != nil {
		if p.IsIdentity() {
			return nil, nil, nil
		}
		streams, err := e.planner.Split(src, p)
		if err != nil {
			return nil, nil, fmt.Errorf("%w: %w", ErrPlan, err)
		}
		return p, streams, nil
	}
	if e.cfg.Planner == nil || len(src) > dsl.MaxPlanned {
		return nil, nil, nil
	}
	var failed error
	size := func(stream []byte) int {
		if len(stream) == 0 {
			return 0
		}
		const sum = 0 // nobody reads it
		if err := e.gzip(&e.rest, stream, sum); err != nil {
			failed = err
		}
		return e.rest.Len()
	}
	plans := e.cfg.Planner.Plans(src, size)
	if len(plans) == 0 || failed != nil {
		return nil, nil, failed
	}
	least := size(src)
	var best *dsl.Program
	var streams [][]byte
	for _, p := range plans {
		parts, err := e.planner.Split(src, p)
		if err != nil {
			continue // it does not fit after all
		}
		e.bits.Reset()
		e.bits.Plan(p)
		cost := size(bytes.Join(parts, nil)) + len(e.bits.Finish())
		if failed == nil && cost < least {
			best, streams, least = p, parts, cost
		}
	}
	return best, streams, failed
}

// grouped codes the streams of a plan, as one group or each alone.
func (e *encoder) grouped(s *container.Segment, streams [][]byte) error {
	content := bytes.Join(streams, nil)
	e.groups = []dsl.Group{{Streams: len(streams)}}
	if len(content) == 0 {
		return errors.New("codec: a plan without streams")
	}
	err := e.code(s, content, crc32.ChecksumIEEE(content))
	if err != nil || len(streams) == 1 {
		return err
	}
	// Each alone, without programs.
	var all, member bytes.Buffer
	groups := make([]dsl.Group, 0, len(streams))
	blocks := 0
	for _, part := range streams {
		if member.Reset(); len(part) > 0 {
			if err := e.gzip(&member, part, crc32.ChecksumIEEE(part)); err != nil {
				return err
			}
		}
		all.Write(member.Bytes())
		groups = append(groups, dsl.Group{Streams: 1, Member: member.Len()})
		blocks += e.blocks(part)
	}
	if all.Len() < len(s.Programs)+len(s.Raw) {
		e.groups, e.picked = groups, append(e.picked[:0], make([]bool, blocks)...)
		if section := e.section(); len(section)+all.Len() < len(s.Programs)+len(s.Raw) {
			s.Programs, s.Raw = section, all.Bytes()
		}
	}
	return nil
}
