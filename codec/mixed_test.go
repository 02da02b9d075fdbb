package codec

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
)

// A fixedMixer proposes the same predictors for every stream, and one plan.
type fixedMixer struct {
	plan       *dsl.Program // nil: none
	predictors []*dsl.Program
}

func (m fixedMixer) Plans(_ context.Context, _ []byte, found *dsl.Program) []dsl.Proposal {
	if m.plan == nil {
		return []dsl.Proposal{{Plan: found}, {Plan: dsl.Identity()}}
	}
	return []dsl.Proposal{{Plan: m.plan}}
}

func (m fixedMixer) Predictors(_ context.Context, _ int, plans [][]*dsl.Stream) map[*dsl.Stream][]dsl.Predicted {
	all := map[*dsl.Stream][]dsl.Predicted{}
	for _, s := range slices.Concat(plans...) {
		if len(s.Bytes) >= 512 && all[s] == nil {
			for _, p := range m.predictors {
				all[s] = append(all[s], dsl.Predicted{Predictor: p})
			}
		}
	}
	return all
}

// predictorTexts are predictors of samples of 16 bits in three channels, the slowest first.
var predictorTexts = []string{
	"sequence_1 = signed(2, 3, 0)\nsequence_2 = ols(sequence_1, 6, 4, [4, 2, 0])\nsequence_3 = nlms(sequence_2, 16, 10)\nsequence_4 = code(sequence_3, 63, 3, 80)\noutput = sequence_4",
	"sequence_1 = signed(2, 3, 0)\nsequence_2 = nlms(sequence_1, 8, 9)\nsequence_3 = code(sequence_2, 0, 0, 80)\noutput = sequence_3",
}

func predictorsOf(t testing.TB, texts ...string) (list []*dsl.Program) {
	t.Helper()
	for _, text := range texts {
		p, err := dsl.Parse(text, dsl.Predictor)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
	}
	return list
}

// swinging returns n bytes of three channels of samples that swing, with some noise.
func swinging(n int) []byte {
	r := rand.New(rand.NewPCG(9, 1))
	var at, speed [3]int
	b := make([]byte, 0, n+6)
	for len(b) < n {
		for k := range at {
			speed[k] += r.IntN(41) - 20 - at[k]/64
			at[k] += speed[k] / 2
			b = append(b, byte(at[k]), byte(at[k]>>8))
		}
	}
	return b[:n]
}

// TestPredictors codes samples by predictors: they come back, in fewer bytes than without; what
// predictors can't make shorter takes no byte more.
func TestPredictors(t *testing.T) {
	if !hasPredictors {
		t.Skip("built without predictors")
	}
	mixer := fixedMixer{predictors: predictorsOf(t, predictorTexts...)}
	for name, src := range map[string][]byte{
		"nothing": {}, "a byte": {7}, "a message": swinging(600), "samples": swinging(60_001),
		"zeros": make([]byte, 5000), "noise": mixed(5000, 4)[:1000], "text": bytes.Repeat([]byte("some text\n"), 300),
	} {
		for _, cfg := range []WriterConfig{{}, {Level: 1}, {Level: 9, Finder: finder}, {SegmentSize: 20_000, Threads: 3}} {
			without := compress(t, src, 0, &cfg)
			cfg.Mixer = mixer
			with := compress(t, src, 0, &cfg)
			if !bytes.Equal(restore(t, with), src) {
				t.Fatalf("%s, level %d: comes back wrong", name, cfg.Level)
			}
			most := len(without)
			if name == "samples" {
				most -= most / 10
			}
			if len(with) > most {
				t.Errorf("%s, level %d: %d bytes, without predictors %d", name, cfg.Level, len(with), len(without))
			}
		}
	}
}

// TestPredictedParts codes each stream of a plan by what is best for it.
func TestPredictedParts(t *testing.T) {
	if !hasPredictors {
		t.Skip("built without predictors")
	}
	head := bytes.Repeat([]byte("a head in text; "), 50)
	plan := parsePlan(t, fmt.Sprintf("sequence_1 = payload(0)\nsequence_2 = get_subsequence_between_indices(sequence_1, 0, %d)\nsequence_3 = payload(1)\nsequence_4 = concatenate(sequence_2, sequence_3)\noutput = sequence_4", len(head)))
	src := append(head, swinging(30_000)...)
	file := compress(t, src, 0, &WriterConfig{Mixer: fixedMixer{plan, predictorsOf(t, predictorTexts...)}})
	if !bytes.Equal(restore(t, file), src) {
		t.Fatal("comes back wrong")
	}
	var groups []GroupInfo
	err := Inspect(bytes.NewReader(file), nil, true, func(info *SegmentInfo) error {
		groups = append(groups, info.Groups...)
		return nil
	})
	if err != nil || len(groups) != 2 || groups[0].Predictor != nil || groups[1].Predictor == nil {
		t.Fatalf("%+v, %v", groups, err)
	}
	if w := groups[1].Worth; len(w) != len(groups[1].Predictor.Nodes) || w[0] != 0 || w[1] < 10 {
		t.Errorf("the components are worth %v thousandths", w)
	}
	cfg, err := (*ReaderConfig)(nil).withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	in := newInspector(bytes.NewReader(file), cfg, true)
	in.worthTime = maxWorthTime
	for err == nil && len(in.info.Groups) == 0 {
		err = in.next()
	}
	if err != nil || in.info.Groups[1].Worth != nil || in.info.Groups[1].Raw != groups[1].Raw {
		t.Errorf("after all the time is spent: %+v, %v", in.info.Groups, err)
	}
}

// TestSameStreams codes a plan of which two streams are the same.
func TestSameStreams(t *testing.T) {
	if !hasPredictors {
		t.Skip("built without predictors")
	}
	end, middle := swinging(6000), mixed(2000, 5)[:2000]
	plan := parsePlan(t, fmt.Sprintf("sequence_1 = payload(0)\nsequence_2 = get_subsequence_between_indices(sequence_1, 0, %d)\nsequence_3 = payload(1)\nsequence_4 = get_subsequence_between_indices(sequence_3, 0, %d)\nsequence_5 = concatenate(sequence_2, sequence_4)\nsequence_6 = payload(2)\nsequence_7 = concatenate(sequence_5, sequence_6)\noutput = sequence_7", len(end), len(middle)))
	src := slices.Concat(end, middle, end)
	file := compress(t, src, 0, &WriterConfig{Threads: 4, Mixer: fixedMixer{plan, predictorsOf(t, predictorTexts...)}})
	if !bytes.Equal(restore(t, file), src) {
		t.Error("comes back wrong")
	}
}

// TestRestoreSpeed holds that predictors fit the time and the memory that there are.
func TestRestoreSpeed(t *testing.T) {
	if !hasPredictors {
		t.Skip("built without predictors")
	}
	src := swinging(50_000)
	list := predictorsOf(t, predictorTexts...)
	var times []int64
	var memory []int64
	for _, p := range list {
		_, stated, err := new(predicting).encode(t.Context(), src, p)
		if err != nil {
			t.Fatal(err)
		}
		cost, err := costOf(stated, len(src))
		if err != nil {
			t.Fatal(err)
		}
		times, memory = append(times, cost.time), append(memory, cost.memory)
	}
	used := func(cfg WriterConfig) int {
		cfg.Mixer = fixedMixer{predictors: list}
		used := -1
		err := Inspect(bytes.NewReader(compress(t, src, 0, &cfg)), nil, false, func(info *SegmentInfo) error {
			if info.Size == 0 && info.Header.PredictorLog > 0 && cfg.PredictorMemory > 0 && 1<<info.Header.PredictorLog > cfg.PredictorMemory {
				t.Errorf("the header states 2^%d bytes of %d", info.Header.PredictorLog, cfg.PredictorMemory)
			}
			for _, g := range info.Groups {
				used = slices.IndexFunc(list, func(p *dsl.Program) bool {
					return g.Predictor != nil && p.String() == withDecisions(g.Predictor, 80).String()
				})
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return used
	}
	rate := func(ns int64) int { return int(int64(len(src)) * 1_000_000_000 / ns) }
	for _, c := range []struct {
		cfg  WriterConfig
		want int
	}{
		{WriterConfig{}, 0},
		{WriterConfig{RestoreSpeed: rate(times[0] + 1000)}, 0},
		{WriterConfig{RestoreSpeed: rate(times[1] + 1000)}, 1},
		{WriterConfig{RestoreSpeed: rate(times[1] / 2)}, -1},
		{WriterConfig{PredictorMemory: 1 << predictorLog(memory[0])}, 0},
		{WriterConfig{PredictorMemory: 1 << predictorLog(memory[1])}, 1},
		{WriterConfig{PredictorMemory: MinPredictorMemory}, -1},
	} {
		if got := used(c.cfg); got != c.want {
			t.Errorf("speed %d, memory %d: predictor %d, want %d", c.cfg.RestoreSpeed, c.cfg.PredictorMemory, got, c.want)
		}
	}
}

// TestAffordable spends time where it saves most.
func TestAffordable(t *testing.T) {
	w := func(size int, time int64) way { return way{member: make([]byte, size), time: time} }
	all := [][]way{
		{w(50, 500), w(60, 100), w(100, 10)},
		{w(10, 1000), w(40, 10)},
	}
	for _, c := range []struct {
		time int64
		want []int // sizes
	}{{0, []int{100, 40}}, {110, []int{60, 40}}, {510, []int{50, 40}}, {1110, []int{60, 10}}, {1500, []int{50, 10}}} {
		var got []int
		for _, w := range affordable(all, c.time) {
			got = append(got, len(w.member))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("in %d ns: %v, want %v", c.time, got, c.want)
		}
	}
}

// restoringError returns the error of restoring src from its member by a predictor, in a file whose header
// states 2^log bytes for predictors.
func restoringError(src []byte, predictor *dsl.Program, log uint8, member []byte) error {
	e := dsl.NewEncoder(dsl.Edition2)
	e.Plan(dsl.Identity())
	e.Predictors([]dsl.Group{{Streams: 1, Predictor: predictor}})
	h := &container.Header{BlockLog: 7, SegmentLog: 12, PredictorLog: log}
	s := &container.Segment{Size: len(src), Programs: e.Finish(), Raw: member, Predicted: true}
	out := make([]byte, len(src))
	err := new(decoder).segment(out, h, s, 0)
	if err == nil || errors.Is(err, container.ErrChecksum) && bytes.Equal(out, src) {
		return nil
	}
	return err
}

// TestRefusedPredictors reads predictors that are none, need more memory than the header states, or are
// in a file whose header knows of none.
func TestRefusedPredictors(t *testing.T) {
	if !hasPredictors {
		t.Skip("built without predictors")
	}
	src := swinging(3000)
	good := predictorsOf(t, predictorTexts[1])[0]
	var p predicting
	member, _, err := p.encode(t.Context(), src, good)
	if err != nil {
		t.Fatal(err)
	}
	restoring := func(predictor *dsl.Program, log uint8, member []byte) error {
		return restoringError(src, predictor, log, member)
	}
	if err := restoring(good, 26, member); err != nil {
		t.Fatal(err)
	}
	change := func(f func(p *dsl.Program)) *dsl.Program {
		p := good.Clone()
		f(p)
		return p
	}
	for name, err := range map[string]error{
		"too little memory":   restoring(good, 16, member),
		"no code":             restoring(change(func(p *dsl.Program) { p.Nodes, p.Out = p.Nodes[:2], 1 }), 26, member),
		"a source alone":      restoring(change(func(p *dsl.Program) { p.Nodes, p.Out = p.Nodes[:1], 0 }), 26, member),
		"no channels":         restoring(change(func(p *dsl.Program) { p.Nodes[0].Nums[1] = 0 }), 26, member),
		"channels below 0":    restoring(change(func(p *dsl.Program) { p.Nodes[0].Nums[1] = -1 << 31 }), 26, member),
		"samples of 0 bytes":  restoring(change(func(p *dsl.Program) { p.Nodes[0].Nums[0] = 0 }), 26, member),
		"samples of 9 bytes":  restoring(change(func(p *dsl.Program) { p.Nodes[0].Nums[0] = -9 }), 26, member),
		"a row of 2^31 - 1":   restoring(change(func(p *dsl.Program) { p.Nodes[0].Nums[2] = 1<<31 - 1 }), 26, member),
		"a million taps":      restoring(change(func(p *dsl.Program) { p.Nodes[1].Nums[0] = 1_000_000 }), 26, member),
		"no taps":             restoring(change(func(p *dsl.Program) { p.Nodes[1].Nums[0] = 0 }), 26, member),
		"a shift of 99":       restoring(change(func(p *dsl.Program) { p.Nodes[1].Nums[1] = 99 }), 26, member),
		"contexts unknown":    restoring(change(func(p *dsl.Program) { p.Nodes[2].Nums[0] = 1 << 20 }), 26, member),
		"values unknown":      restoring(change(func(p *dsl.Program) { p.Nodes[2].Nums[1] = -1 }), 26, member),
		"no decisions":        restoring(change(func(p *dsl.Program) { p.Nodes[2].Nums[2] = 0 }), 26, member),
		"too few decisions":   restoring(change(func(p *dsl.Program) { p.Nodes[2].Nums[2] = 1 }), 26, member),
		"too many decisions":  restoring(change(func(p *dsl.Program) { p.Nodes[2].Nums[2] = 81 }), 26, member),
		"no member":           restoring(good, 26, nil),
		"half a member":       restoring(good, 26, member[:len(member)/2]),
		"a byte too many":     restoring(good, 26, append(slices.Clone(member), 0, 0, 0, 0, 0)),
		"a member of deflate": restoring(good, 26, stored(src[:100])),
	} {
		if err == nil || !errors.Is(err, container.ErrCorrupt) && !errors.Is(err, container.ErrLimit) && !errors.Is(err, container.ErrChecksum) {
			t.Errorf("%s: %v", name, err)
		}
	}
	s := &container.Segment{Size: 3, Programs: []byte{1}, Raw: []byte{1}, Predicted: true}
	if _, err := s.Append(nil, &container.Header{BlockLog: 7, SegmentLog: 12}); !errors.Is(err, container.ErrLimit) {
		t.Errorf("a header without predictors: %v", err)
	}
}

// TestProfile refuses a file that needs a profile, and says which.
func TestProfile(t *testing.T) {
	h := container.Header{BlockLog: 7, SegmentLog: 12, Profile: string(bytes.Repeat([]byte{0xab}, container.ProfileSize))}
	b, err := h.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewReader(bytes.NewReader(b), nil); !errors.Is(err, container.ErrPredictors) || !bytes.Contains([]byte(err.Error()), []byte("abababab")) {
		t.Errorf("%v", err)
	}
}
