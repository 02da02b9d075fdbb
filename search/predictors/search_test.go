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

func (m fixed) Predictors(_ context.Context, _ int, plans [][]*dsl.Stream) map[*dsl.Stream][]dsl.Predicted {
	return map[*dsl.Stream][]dsl.Predicted{plans[0][0]: {{Predictor: m.p}}}
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
	const worse = 5 // percent that a signal may take more
	drawn, good := 8, 0
	if testing.Short() {
		drawn = 1
	}
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
	stream := dsl.Stream{
		Bytes: predictors.Draw(1, 10_000).Bytes, Size: 10_000, Slowest: 1000,
		Time: func(int, *dsl.Program) int { return 1 },
		Code: func([]byte, *dsl.Program) (int, int) { asked++; return 100, 1 },
	}
	predictors.New(9).Predictors(ctx, 10_000, [][]*dsl.Stream{{&stream}})
	if asked > 0 {
		t.Errorf("%d predictors are tried once the context is done", asked)
	}
}

// A framing proposes a frame for the whole segment.
type framing struct {
	*predictors.Mixer
	frame *dsl.Program
}

func (m framing) Plans(context.Context, []byte, *dsl.Program) []dsl.Proposal {
	return []dsl.Proposal{{Plan: dsl.Identity(), Predictors: [][]*dsl.Program{{m.frame}}}}
}

// TestFindsRecords codes generated records by what is found, from a frame that begins at the third
// byte of each, and by predictors that are right for them.
func TestFindsRecords(t *testing.T) {
	if raceEnabled {
		t.Skip("much work, whose goroutines other tests have, too")
	}
	src, source := predictors.Logged(7, 12_000)
	parse := func(text string) *dsl.Program {
		p, err := dsl.Parse(text, dsl.Predictor)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	right := 0
	for _, masks := range []string{"contexts(sequence_1, 1035)\nsequence_3 = experts(sequence_2, 3)", "contexts(sequence_1, 82959)\nsequence_3 = experts(sequence_2, 31)"} {
		n := size(t, src, fixed{parse(source + "\nsequence_2 = " + masks + "\nsequence_4 = match(sequence_3, 4)\nsequence_5 = mixed(sequence_4, 20, 0, [])\noutput = sequence_5")})
		if right == 0 || n < right {
			right = n
		}
	}
	frames := []string{
		"sequence_1 = framed(2, 0, [1, 0, 0, 1, 0, 1, 0, 0, 13, 0, 1, 15, 0, 2, 17, 0])\nsequence_2 = mixed(sequence_1, 20, 0, [])\noutput = sequence_2",
		source + "\nsequence_2 = mixed(sequence_1, 20, 0, [])\noutput = sequence_2",
	}
	if testing.Short() {
		frames = frames[:1]
	}
	for _, frame := range frames {
		found := size(t, src, framing{predictors.New(9), parse(frame)})
		t.Logf("%d bytes, right %d", found, right)
		if found*100 > right*103 {
			t.Errorf("%d bytes, want at most 3 %% more than %d", found, right)
		}
	}
}
