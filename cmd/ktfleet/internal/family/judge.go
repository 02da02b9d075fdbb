package family

import (
	"context"

	"github.com/ktzip/ktzip/cmd/internal/cli"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/input"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/job"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/slots"
	"github.com/ktzip/ktzip/dsl"
)

// judge tells what files take by each candidate.
type judge struct {
	Config
	coding *coding
	bundle *slots.Bundle[Case]
}

// StartBundle begins a bundle.
func (j *judge) StartBundle(context.Context, func(*Candidates) bool, func(Case)) (err error) {
	j.bundle = new(slots.Bundle[Case])
	j.coding, err = j.Config.coding()
	return err
}

// ProcessElement judges the candidates by a file.
func (j *judge) ProcessElement(ctx context.Context, f input.File, candidates func(*Candidates) bool, emit func(Case)) error {
	var c Candidates
	candidates(&c)
	plans, err := cli.ParsePlans(c.Plans)
	if err != nil {
		return err
	}
	j.bundle.Start(j.Workers, func() Case { return j.judge(ctx, &f, plans) })
	emitCases(ctx, j.bundle.Done(), emit)
	return nil
}

// FinishBundle waits for all files of the bundle.
func (j *judge) FinishBundle(ctx context.Context, _ func(*Candidates) bool, emit func(Case)) {
	emitCases(ctx, j.bundle.Wait(), emit)
}

// emitCases emits judged files, and counts them.
func emitCases(ctx context.Context, ready []Case, emit func(Case)) {
	for _, c := range ready {
		(&job.Result{In: c.Size, Error: c.Error}).Count().Add(ctx)
		emit(c)
	}
}

// judge judges plans by f.
func (j *judge) judge(ctx context.Context, f *input.File, plans []*dsl.Program) Case {
	c := Case{Path: f.Path}
	err := work(ctx, func(ctx context.Context) (err error) {
		src, err := head(ctx, f)
		if err != nil {
			return err
		}
		c.Size = int64(len(src))
		cuts, err := cut(ctx, &j.coding.bare, src)
		if err != nil {
			return err
		}
		plain, err := code(ctx, &j.coding.bare, src, cuts)
		if err != nil {
			return err
		}
		c.Plain = plain.bytes
		c.Costs, err = j.coding.costs(ctx, src, plans)
		return err
	})
	if err != nil {
		return Case{Path: f.Path, Error: err.Error()}
	}
	return c
}

// costs returns the bytes that src takes by each of plans alone. Plans that differ in what is fitted to a file
// are often the same for src, and cost as much.
func (c *coding) costs(ctx context.Context, src []byte, plans []*dsl.Program) (costs []int64, err error) {
	known := map[string]int64{}
	for _, p := range plans {
		cfg := c.by(p)
		cuts, err := cut(ctx, &cfg, src)
		if err != nil {
			return nil, err
		}
		key := c.fitted(p, src, cuts)
		if _, ok := known[key]; !ok {
			by, err := code(ctx, &cfg, src, cuts)
			if err != nil {
				return nil, err
			}
			known[key] = by.bytes
		}
		costs = append(costs, known[key])
	}
	return costs, nil
}
