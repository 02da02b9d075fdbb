package family

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/ktzip/ktzip/cmd/internal/cli"
	"github.com/ktzip/ktzip/cmd/internal/finder"
	"github.com/ktzip/ktzip/cmd/internal/model"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/input"
	"github.com/ktzip/ktzip/cmd/ktfleet/internal/job"
	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
)

// A coding is how a worker codes.
type coding struct {
	searching codec.WriterConfig // with a search for plans
	bare      codec.WriterConfig // without plans
	fitting   codec.Refitter     // fits candidates to files
}

// errNoSearch reports options without a search for plans.
var errNoSearch = errors.New("--plan leaves no plan to find")

// codings are those of this process, by their options.
var codings job.Shared[*coding]

// coding returns the coding of c.
func (c *Config) coding() (*coding, error) {
	return codings.Get(strings.Join(c.Args, "\x00"), func() (*coding, error) { return newCoding(c.Args) })
}

// newCoding returns the coding of options.
func newCoding(args []string) (*coding, error) {
	options, _, err := cli.ParseCoding(args, model.Check)
	if err != nil {
		return nil, err
	}
	found, _, err := finder.Config(options.Search)
	if err != nil {
		return nil, err
	}
	made := &coding{searching: options.WriterConfig(*found, nil)}
	if made.searching.Planner == nil {
		return nil, errNoSearch
	}
	made.fitting, _ = codec.RefitOnly(made.searching.Planner).(codec.Refitter)
	made.searching.Threads = 1
	made.bare = made.searching
	made.bare.Planner, made.bare.Plans = nil, nil
	return made, nil
}

// by returns the configuration by which files are coded by one plan alone.
func (c *coding) by(p *dsl.Program) codec.WriterConfig {
	cfg := c.bare
	cfg.Plans = []*dsl.Program{p}
	if c.fitting != nil {
		cfg.Planner = c.fitting
	}
	return cfg
}

// A coded is what the segments of a file take, and the plans that were found for them.
type coded struct {
	bytes    int64
	segments int64
	plans    []*dsl.Program // without copies; of a segment that has none, nothing
}

// code codes src as a file by cfg.
func code(ctx context.Context, cfg *codec.WriterConfig, src []byte, cuts []codec.Cut) (c coded, err error) {
	coder, err := codec.NewCoder(cfg)
	if err != nil {
		return c, err
	}
	var lead codec.Finding
	var storage []byte
	for _, cut := range cuts {
		segment := src[cut.Offset : cut.Offset+int64(cut.Size)]
		out, found, err := coder.Code(ctx, storage[:0], segment, cut, lead)
		if err != nil {
			return c, err
		}
		if p := found.Plan(); p != nil {
			c.plans = append(c.plans, p)
		}
		if cut.Leads {
			lead = found
		}
		storage, c.bytes, c.segments = out, c.bytes+int64(len(out)), c.segments+1
	}
	return c, nil
}

// cut returns the segments of the file src by cfg.
func cut(ctx context.Context, cfg *codec.WriterConfig, src []byte) (cuts []codec.Cut, err error) {
	limited := *cfg
	limited.Context = ctx
	cutter, err := codec.NewCutter(bytes.NewReader(src), &limited, codec.Place{})
	if err != nil {
		return nil, err
	}
	for {
		cut, _, err := cutter.Next()
		if err == io.EOF {
			return cuts, nil
		}
		if err != nil {
			return nil, err
		}
		cuts = append(cuts, cut)
	}
}

// fitted returns what tells the coding of src by the plan p from that by others: the segments, and the plan as
// it fits each.
func (c *coding) fitted(p *dsl.Program, src []byte, cuts []codec.Cut) string {
	var machine plan.Machine
	var key strings.Builder
	for _, cut := range cuts {
		q := p
		segment := src[cut.Offset : cut.Offset+int64(cut.Size)]
		if _, err := machine.Split(segment, p); err != nil && c.fitting != nil {
			q = c.fitting.Refit(p, segment)
		}
		fmt.Fprintf(&key, "%+v\n", cut)
		if q != nil {
			key.WriteString(q.String())
		}
	}
	return key.String()
}

// head returns the bytes of f that count.
func head(ctx context.Context, f *input.File) ([]byte, error) {
	return f.Section(ctx, 0, min(f.Size, headBytes))
}

// fileTime is how long work on a file may take: ten times what judging takes with predictors, of which coding
// headBytes by a plan takes 20 s (November 2026).
const fileTime = time.Hour

// work calls do for at most fileTime. A panic becomes an error, of this file alone.
func work(ctx context.Context, do func(ctx context.Context) error) error {
	limited, cancel := context.WithTimeoutCause(ctx, fileTime, fmt.Errorf("it took over %v", fileTime))
	defer cancel()
	return job.Guard(func() error { return do(limited) })
}
