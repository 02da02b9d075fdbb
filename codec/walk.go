package codec

import (
	"fmt"
	"iter"

	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
)

// A walker reads the section of a segment that was restored before: its plan and groups, then
// its blocks, group by group.
type walker struct {
	plain   bool // the segment has no section
	section *dsl.Decoder
	pricer  *dsl.Encoder
	pricing bool // blocks are priced: set between begin and blocks
}

func newWalker() walker {
	return walker{section: dsl.NewDecoder(nil, dsl.Edition2), pricer: dsl.NewEncoder(dsl.Edition2)}
}

// A block is what a walk meets.
type block struct {
	stream  int          // of the group: where the block begins
	offset  int          // in that stream, in bytes
	length  int          // bytes
	program *dsl.Program // nil if the block is raw; valid until the next block
	cost    dsl.Cost     // of flag and program; 0 unless the walk prices
}

// begin reads the plan of s, of a file with header h, the caller's unless it is the identity,
// and its groups: one of one stream under the identity.
func (w *walker) begin(h *container.Header, s *container.Segment) (p *dsl.Program, groups []group, err error) {
	whole := []group{{streams: []int{s.Size}, member: len(s.Raw)}}
	w.pricing = false
	if w.plain = isPlain(h, s); w.plain {
		return dsl.Identity(), whole, nil
	}
	w.section.Reset(s.Programs, dsl.Edition(h.Edition()))
	w.pricer.Reset(dsl.Edition(h.Edition()))
	if p, err = w.section.Plan(); err != nil {
		return nil, nil, err
	}
	w.pricer.Plan(p)
	p = p.Clone() // the section is read further
	if p.IsIdentity() {
		coded := dslGroups(whole)
		if err := readPredictors(w.section, s, coded); err != nil {
			return nil, nil, err
		}
		whole[0].predictor = coded[0].Predictor
		w.predictors(s, whole)
		return p, whole, nil
	}
	if groups, _, err = groupsOf(w.section, p, s); err != nil {
		return nil, nil, err
	}
	w.pricer.Groups(dslGroups(groups))
	w.predictors(s, groups)
	return p, groups, nil
}

// predictors prices the predictors of groups, if the segment s may have any.
func (w *walker) predictors(s *container.Segment, groups []group) {
	if s.Predicted {
		w.pricer.Predictors(dslGroups(groups))
	}
}

// dslGroups returns groups as an Encoder takes them.
func dslGroups(groups []group) (list []dsl.Group) {
	for _, g := range groups {
		list = append(list, dsl.Group{Streams: len(g.streams), Member: g.member, Predictor: g.predictor})
	}
	return list
}

// blocks reads the blocks of g, none if it has a predictor, of size bytes each, the last one maybe shorter. A block is
// valid until the next one. It ends after an error.
func (w *walker) blocks(g *group, size int) iter.Seq2[*block, error] {
	return func(yield func(*block, error) bool) {
		if g.predictor != nil {
			return
		}
		earlier := 0 // at least as many lists as a program may refer to
		b, start, total := block{}, 0, g.size()
		for off := 0; off < total; off += size {
			for off >= start+g.streams[b.stream] {
				start += g.streams[b.stream]
				b.stream++
			}
			b.offset, b.length = off-start, min(size, total-off)
			p, err := w.program(b.length, earlier)
			if err != nil {
				yield(nil, fmt.Errorf("block at %d: %w", off, err))
				return
			}
			b.program, b.cost = p, 0
			if p == nil {
				earlier = 0
			} else {
				earlier += len(p.Nodes)
			}
			if w.pricing {
				b.cost = w.pricer.Price(p)
			}
			if !yield(&b, nil) {
				return
			}
		}
	}
}

// program reads the program of a block of n bytes, which may refer to this many earlier lists;
// nil if the block is raw.
func (w *walker) program(n, earlier int) (*dsl.Program, error) {
	if w.plain {
		return nil, nil
	}
	return w.section.Next(dsl.BlockBudget(n), min(earlier, dsl.PastLists))
}

// close returns an error if bytes of the section are left.
func (w *walker) close() error {
	if w.plain {
		return nil
	}
	return w.section.Close()
}
