package predictors_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/search/predictors"
)

// A fixed Mixer proposes one predictor.
type fixed struct{ p *dsl.Program }

func (fixed) Plans(context.Context, []byte, *dsl.Program) []dsl.Proposal {
	return []dsl.Proposal{{Plan: dsl.Identity()}}
}

func (m fixed) Predictors(context.Context, []byte, []*dsl.Program, int, func([]byte, *dsl.Program) (int, int)) ([]*dsl.Program, []int) {
	return []*dsl.Program{m.p}, []int{0}
}

// size returns how many bytes src takes by what a Mixer proposes.
func size(t *testing.T, src []byte, m codec.Mixer) int {
	t.Helper()
	var file bytes.Buffer
	w, err := codec.NewWriter(&file, &codec.WriterConfig{Level: 1, Mixer: m, Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	w.Write(src)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Len()
}

// TestFindsPredictors codes generated signals by what is found and by predictors that are right for
// them: least squares over enough of the channel, of the others and of the rows above, by all contexts.
func TestFindsPredictors(t *testing.T) {
	const drawn, worse = 8, 5 // signals; percent that one may take more
	good := 0
	for seed := range uint64(drawn) {
		s := predictors.Draw(seed, 20_000)
		found := size(t, s.Bytes, predictors.New(6))
		right := found
		for _, text := range s.Right {
			p, err := dsl.Parse(text, dsl.Predictor)
			if err != nil {
				t.Fatal(err)
			}
			right = min(right, size(t, s.Bytes, fixed{p}))
		}
		if found*100 <= right*(100+worse) {
			good++
		}
		t.Logf("seed %d, %s: %d bytes, right %d", seed, s.Name, found, right)
	}
	if good < drawn*9/10 {
		t.Errorf("%d signals of %d take at most %d %% more than by the right predictor", good, drawn, worse)
	}
}

// TestNoPredictors finds none that pays for noise and text, and ends when the context is done.
func TestNoPredictors(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	asked := 0
	predictors.New(9).Predictors(ctx, predictors.Draw(1, 10_000).Bytes, nil, 1000, func([]byte, *dsl.Program) (int, int) {
		asked++
		return 100, 1
	})
	if asked > 0 {
		t.Errorf("%d predictors are tried once the context is done", asked)
	}
}
