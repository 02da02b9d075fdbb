package codec

import (
	"github.com/ktzip/ktzip/codec/internal/deflate"
	"github.com/ktzip/ktzip/container"
)

// costs implements SegmentInfo.Costs. It meets no error, since the segment was restored, but that of the
// context.
func (in *inspector) costs() (costs [][]uint16, err error) {
	defer func() {
		if err != nil {
			err = &container.Error{Off: in.task.off, Msg: err.Error(), Err: errPanic}
		}
	}()
	members := in.task.coded.Raw
	p, groups, err := in.walk.begin(in.info.Header, &in.task.coded)
	if err != nil {
		return nil, err
	}
	if !p.IsIdentity() {
		in.drop(planLitter(p))
	}
	in.walk.pricing = true
	for k := range groups {
		g := &groups[k]
		each := make([]uint16, g.size())
		if err := in.groupCosts(g, each, members[:g.member]); err != nil {
			return nil, err
		}
		in.drop(2 * int64(len(each)))
		members = members[g.member:]
		for _, n := range g.streams {
			costs, each = append(costs, each[:n:n]), each[n:]
		}
	}
	return costs, nil
}

// groupCosts sets each element of list to what that byte of g costs. The segment was restored and priced:
// the task's storage for streams is free.
func (in *inspector) groupCosts(g *group, list []uint16, member []byte) error {
	t, h := in.task, in.info.Header
	t.content = buffer(t.content, len(list), len(list))
	if g.predictor != nil {
		t.predicting.costs = list
		defer func() { t.predicting.costs = nil }()
		return t.predicting.decode(t.content, member, g.predictor, 1<<h.PredictorLog)
	}
	raw := list[len(list):] // of the raw blocks; they move from the beginning to the end, as in decoder.group
	if len(member) > 0 {
		data, err := deflateData(h, member)
		if err != nil {
			return err
		}
		n, err := t.inflater.ByteCosts(t.content, data, list)
		if err != nil {
			return err
		}
		raw = list[len(list)-n:]
		copy(raw, list[:n])
	}
	off := 0
	for b, err := range in.walk.blocks(g, h.BlockSize()) {
		if err != nil {
			return err
		}
		block := list[off:][:b.length]
		if off += b.length; b.program == nil {
			raw = raw[copy(block, raw[:b.length]):]
			continue
		}
		deflate.Share(block, int64(16*8*b.cost/byteCost))
	}
	return nil
}
