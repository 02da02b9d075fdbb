package codec

import (
	"context"

	"github.com/ktzip/ktzip/codec/internal/deflate"
	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
)

// costs implements SegmentInfo.Costs. It meets no error, since the segment was restored.
func (in *inspector) costs() (costs [][]uint16, err error) {
	defer func() {
		if err != nil {
			err = &container.Error{Off: in.task.off, Msg: err.Error(), Err: errPanic}
		}
	}()
	t := in.task
	members, content := t.coded.Raw, t.content
	p, groups, err := in.walk.begin(in.info.Header, &in.task.coded)
	if err != nil {
		return nil, err
	}
	if p.IsIdentity() {
		t.content = buffer(t.content, len(t.out), len(t.out))
		content = t.content
	} else {
		in.drop(planLitter(p))
	}
	in.walk.pricing = true
	for k := range groups {
		g := &groups[k]
		each := make([]uint16, g.size())
		if err := in.groupCosts(g, each, members[:g.member], content[:len(each)]); err != nil {
			return nil, err
		}
		content = content[len(each):]
		in.drop(2 * int64(len(each)))
		members = members[g.member:]
		for _, n := range g.streams {
			costs, each = append(costs, each[:n:n]), each[n:]
		}
	}
	return costs, nil
}

// streams implements SegmentInfo.Streams. It meets no error, since the segment was restored.
func (in *inspector) streams() ([][]byte, error) {
	t := in.task
	if in.changed {
		if t.run(); t.err != nil {
			return nil, t.err
		}
		in.changed = false
	}
	p, groups, err := in.walk.begin(in.info.Header, &t.coded)
	if err != nil {
		return nil, &container.Error{Off: t.off, Msg: err.Error(), Err: errPanic}
	}
	if p.IsIdentity() {
		return [][]byte{t.out}, nil
	}
	in.drop(planLitter(p))
	return streamsOf(groups, t.content), nil
}

// groupCosts sets each element of list to what that byte of g costs. It restores the streams of g to content
// or, if there are programs, the raw blocks.
func (in *inspector) groupCosts(g *group, list []uint16, member, content []byte) error {
	t, h := in.task, in.info.Header
	if g.predictor != nil {
		t.predicting.costs = list
		defer func() { t.predicting.costs = nil }()
		return t.predicting.decode(content, member, g.predictor, 1<<h.PredictorLog)
	}
	raw := list[len(list):] // of the raw blocks; they move from the beginning to the end, as in decoder.group
	if len(member) > 0 {
		data, err := deflateData(h, member)
		if err != nil {
			return err
		}
		n, err := t.inflater.ByteCosts(content, data, list)
		if err != nil {
			return err
		}
		in.changed = in.changed || n < len(content)
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

// list implements SegmentInfo.Programs. It meets no error, since describe met none.
func (in *inspector) list(yield func(BlockInfo) bool) {
	p, groups, err := in.walk.begin(in.info.Header, &in.task.coded)
	if err != nil {
		return
	}
	if !p.IsIdentity() {
		in.drop(planLitter(p))
	}
	in.walk.pricing = true
	for k := range groups {
		g := &groups[k]
		for b, err := range in.walk.blocks(g, in.info.Header.BlockSize()) {
			if err != nil {
				return
			}
			if b.program == nil {
				continue
			}
			info := BlockInfo{Stream: g.first + b.stream, Offset: int64(b.offset), Length: b.length, Cost: b.cost, Text: b.program.String(), Program: b.program}
			if in.info.Plan == nil {
				info.Offset += in.info.Offset
			}
			in.drop(textLitter(info.Text))
			if !yield(info) {
				return
			}
		}
	}
}

// worthSample is how many bytes of a group tell what the components of its predictor are worth: some
// 50 ms each. Arbitrary.
const worthSample = 64 << 10

// maxWorthTime is about how many nanoseconds of the reference processor a file may take to tell that. Arbitrary:
// else many short segments take several times as long as it takes to restore them.
const maxWorthTime = 10_000_000_000

// worth returns for each component of the predictor p by how many thousandths a part of content, which
// it codes, becomes longer without it: 0 for the source; for the end without its
// contexts, or with one set of weights.
func (d *predicting) worth(ctx context.Context, content []byte, p *dsl.Program) []int {
	list := make([]int, len(p.Nodes))
	part := content[:min(len(content), worthSample)]
	whole, _, err := d.encode(ctx, part, p)
	if err != nil || len(whole) == 0 {
		return list
	}
	for i := 1; i < len(list); i++ {
		if less, _, err := d.encode(ctx, part, without(p, i)); err == nil {
			list[i] = (len(less) - len(whole)) * 1000 / len(whole)
		}
	}
	return list
}

// without returns the predictor p without component i; if that is the end, without its contexts, or with
// the weights of the nodes alone.
func without(p *dsl.Program, i int) *dsl.Program {
	q := p.Clone()
	if i == len(q.Nodes)-1 {
		if len(q.Nodes[i].List) == 1 {
			q.Nodes[i].List = []int32{1}
		} else {
			q.Nodes[i].Nums = [3]int32{}
		}
		return q
	}
	q.Nodes = append(q.Nodes[:i], q.Nodes[i+1:]...)
	for k := i; k < len(q.Nodes); k++ {
		q.Nodes[k].Refs[0]--
	}
	q.Out--
	return q
}
