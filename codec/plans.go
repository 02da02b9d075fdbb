package codec

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/crc32"

	"github.com/ktzip/ktzip/codec/internal/deflate"
	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
)

// ErrPlan reports that a segment can't be coded by WriterConfig.Plan.
var ErrPlan = errors.New("codec: the plan does not fit the input")

// plans returns the plans that the Planner proposes for src.
func (e *encoder) plans(src []byte) (plans []*dsl.Program, err error) {
	plans = e.cfg.Planner.Plans(e.cfg.Context, src, e.sampled)
	return plans, e.stopped()
}

// stopped returns the cause why the context is done; nil if it is not.
func (e *encoder) stopped() error {
	return context.Cause(e.cfg.Context)
}

// planned returns the plan that src is to be coded by and its streams; nil: none but
// the identity. Where plain, only WriterConfig's is one.
func (e *encoder) planned(src []byte, plain bool) (*dsl.Program, [][]byte, error) {
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
	if plain || e.cfg.Planner == nil || len(src) > dsl.MaxPlanned {
		return nil, nil, nil
	}
	plans, err := e.plans(src)
	if err != nil {
		return nil, nil, err
	}
	if len(plans) == 0 {
		return nil, nil, nil
	}
	least := e.sampled(src)
	least += least / 32 // what a plan leaves is squeezed
	var best *dsl.Program
	var streams [][]byte
	for _, p := range plans {
		parts, fits := e.planner.Split(src, p)
		if fits != nil {
			continue
		}
		e.bits.Reset()
		e.bits.Plan(p)
		cost := e.whole(bytes.Join(parts, nil)) + len(e.bits.Finish())
		if cost < least {
			best, streams, least = p, parts, cost
		}
	}
	return best, streams, e.stopped()
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
			if err := e.gzip(&member, part, crc32.ChecksumIEEE(part), deflate.Mixed(e.cfg.Level)); err != nil {
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
