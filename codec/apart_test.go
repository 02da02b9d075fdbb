package codec

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/search/plans"
	"github.com/ktzip/ktzip/search/predictors"
)

// sent returns what another process receives if v is sent to it as JSON.
func sent[T any](t testing.TB, v T) (received T) {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &received); err != nil {
		t.Fatalf("%v: %.1000s", err, b)
	}
	return received
}

// cutApart returns the segments of src, not coded yet. If anew is true, each is cut by a process of its own.
func cutApart(t testing.TB, src []byte, cfg *WriterConfig, anew bool) (list []Coded) {
	t.Helper()
	at := Place{}
	for more := true; more; {
		c, err := NewCutter(iotest.HalfReader(bytes.NewReader(src[at.Offset:])), cfg, at)
		if err != nil {
			t.Fatal(err)
		}
		for {
			cut, b, err := c.Next()
			if more = err == nil; err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, Coded{Cut: sent(t, cut), Source: bytes.Clone(b)})
			if at = sent(t, c.Place()); anew {
				break
			}
		}
	}
	return list
}

// codeApart codes the segments of list: those that lead in their order, the others from the last one on at the
// same time, all by coders in turn.
func codeApart(t testing.TB, list []Coded, coders ...*Coder) {
	t.Helper()
	leads := make([]Finding, len(list)) // what each is given
	code := func(k int) {
		s, err := &list[k], error(nil)
		s.Bytes, s.Found, err = coders[k%len(coders)].Code(t.Context(), nil, s.Source, s.Cut, leads[k])
		if err != nil {
			t.Error(err)
		}
	}
	last := Finding{}
	for k := range list {
		if leads[k] = last; list[k].Leads {
			code(k)
			last = sent(t, list[k].Found)
		}
	}
	var wait sync.WaitGroup
	for k := range slices.Backward(list) {
		if !list[k].Leads {
			wait.Go(func() { code(k) })
		}
	}
	wait.Wait()
}

// assembleApart joins the segments of list and returns the file that they make.
func assembleApart(t testing.TB, list []Coded, cfg *WriterConfig, coder *Coder) []byte {
	t.Helper()
	var out bytes.Buffer
	a, err := NewAssembler(&out, cfg)
	if err != nil {
		t.Fatal(err)
	}
	for len(list) > 0 {
		n := 1
		for n < len(list) && list[n].Joint == list[0].Joint {
			n++
		}
		joint := list[:n:n]
		list = list[n:]
		if n > 1 && !cfg.Joins() {
			t.Fatal("segments that are not joined have a joint in common")
		}
		if cfg.Joins() {
			if joint, err = coder.Join(t.Context(), sent(t, joint)); err != nil {
				t.Fatal(err)
			}
		}
		for _, s := range joint {
			s.Found, s.Source = sent(t, s.Found), nil
			if err := a.Add(&s); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// wantApart wants the file of a Writer from processes that share nothing.
func wantApart(t *testing.T, src []byte, cfg WriterConfig) {
	t.Helper()
	want := compress(t, src, 0, &cfg)
	list := cutApart(t, src, &cfg, false)
	if anew := cutApart(t, src, &cfg, true); !slices.EqualFunc(list, anew, func(a, b Coded) bool { return a.Cut == b.Cut }) {
		t.Error("a Cutter that continues cuts otherwise")
	}
	cfg.Threads = 1
	var coders []*Coder
	for range 2 {
		c, err := NewCoder(&cfg)
		if err != nil {
			t.Fatal(err)
		}
		coders = append(coders, c)
	}
	codeApart(t, list, coders...)
	if got := assembleApart(t, list, &cfg, coders[0]); !bytes.Equal(got, want) {
		t.Errorf("%d segments, %d bytes; the Writer's are %d", len(list), len(got), len(want))
	}
}

// rows returns n bytes of rows of a vehicle's telemetry.
func rows(n int) []byte {
	r := rand.New(rand.NewPCG(5, 6))
	b := make([]byte, 0, n+100)
	speed := 300
	for k := 0; len(b) < n; k++ {
		speed += r.IntN(21) - 10
		b = fmt.Appendf(b, "%d,%d.%d,%d,%s\n", 1764201600+k, speed/10, speed%10, r.IntN(4000), []string{"ok", "low", "ok"}[r.IntN(3)])
	}
	return b[:n]
}

// TestApart writes files in processes that share nothing: they are those of a Writer.
func TestApart(t *testing.T) {
	head := container.Header{Name: "x", Size: 3 << 19, HasSize: true}
	size := atLength(4<<20, 20<<20)
	inputs := map[string][]byte{
		"nothing": {}, "a byte": {7}, "text": bytes.Repeat([]byte("one line of a log, 17 ms\n"), 9000), "rows": rows(3 << 19),
		"sections": logsAndSamples(size), "noise": noise(300_000), "samples": walk16(4, 150_000, 30), "a segment": rows(1 << 16),
		"two segments": walk16(3, 1<<16, 20), "few samples": swinging(60_001), "like samples": walk16(1, 700_000, 20),
	}
	quick := []string{"nothing", "a byte", "text", "noise", "a segment", "two segments", "few samples"}
	long := append([]string{"rows", "samples"}, quick...)
	for _, c := range []struct {
		name   string
		cfg    WriterConfig
		inputs []string
	}{
		{"level 1", WriterConfig{Level: 1, Planner: plans.New(1), NoVerify: true}, append([]string{"sections", "like samples"}, long...)},
		{"level 6", WriterConfig{Level: 6, Planner: plans.New(6), Finder: finder}, long},
		{"short segments", WriterConfig{Planner: plans.New(6), SegmentSize: 64 << 10}, append([]string{"like samples"}, quick...)},
		{"rsyncable", WriterConfig{Level: 1, Planner: plans.New(1), Rsyncable: true, NoVerify: true}, append([]string{"sections"}, long...)},
		{"no planner", WriterConfig{}, long},
		{"given plans", WriterConfig{Level: 1, Plans: []*dsl.Program{parsePlan(t, channelPlan)}, SegmentSize: 32 << 10}, long},
		{"header", WriterConfig{Level: 1, Planner: plans.New(1), Header: head}, []string{"rows"}},
		{"mixer", WriterConfig{Level: 1, Planner: plans.New(1), Mixer: predictors.New(1)}, []string{"nothing", "a byte", "a segment", "few samples"}},
		{"mixer, segments", WriterConfig{Level: 1, Mixer: predictors.New(1), SegmentSize: 32 << 10}, []string{"a segment", "few samples"}},
	} {
		if c.cfg.Mixer != nil && !hasPredictors || raceEnabled && c.name != "given plans" {
			continue
		}
		for _, name := range c.inputs {
			if testing.Short() && len(inputs[name]) > 1<<17 {
				continue
			}
			t.Run(c.name+"/"+name, func(t *testing.T) { wantApart(t, inputs[name], c.cfg) })
		}
	}
}

// A shortMixer proposes predictors for short streams alone.
type shortMixer struct{ joiner }

func (m shortMixer) Predictors(ctx context.Context, size int, plans [][]*dsl.Stream) map[*dsl.Stream][]dsl.Predicted {
	all := m.joiner.Predictors(ctx, size, plans)
	for s := range all {
		if len(s.Bytes) > 64<<10 {
			delete(all, s)
		}
	}
	return all
}

// TestApartJoined writes files of segments that are joined, in joints.
func TestApartJoined(t *testing.T) {
	if !hasPredictors || raceEnabled {
		t.Skip("built without predictors, or for the race detector, which it tells nothing")
	}
	mixer := shortMixer{joiner{fixedMixer{predictors: predictorsOf(t, mixtureTexts[0])}}}
	long := bytes.Repeat([]byte("abcdefgh"), 7<<17) // 7 MiB
	parts := [][]byte{words(1, 20_000), words(1, 10_000), long, words(1, 9_000), words(1, 5_000), long, words(1, 4_000), words(1, 4_000)}
	src := bytes.Join(parts, []byte{0})
	cfg := WriterConfig{Level: 1, Planner: marker{}, Mixer: mixer}
	list := cutApart(t, src, &cfg, false)
	if n := len(list); n != len(parts) || list[n-1].Joint != 1 || !cfg.Joins() {
		t.Errorf("%d segments in %d joints", n, list[n-1].Joint+1)
	}
	wantApart(t, src, cfg)
	if cfg.SegmentSize = 1 << 20; cfg.Joins() {
		t.Error("segments of a size are joined")
	}
	coder, err := NewCoder(&WriterConfig{Planner: marker{}, Mixer: mixer})
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(parts []Coded){
		"two joints":     func(p []Coded) { p[1].Joint++ },
		"another order":  func(p []Coded) { p[0], p[1] = p[1], p[0] },
		"without bytes":  func(p []Coded) { p[1].Source = nil },
		"another length": func(p []Coded) { p[1].Size++ },
	} {
		changed := slices.Clone(list[:2])
		change(changed)
		if _, err := coder.Join(t.Context(), changed); err == nil {
			t.Errorf("%s: joined", name)
		}
	}
}

// TestFallback codes segments of a file by a Coder without searches: the file restores, and those that
// follow such a leader take the plan that it was given.
func TestFallback(t *testing.T) {
	src := walk16(1, 20<<14, 20)
	cfg := WriterConfig{Planner: plans.New(6), SegmentSize: 32 << 10}
	list := cutApart(t, src, &cfg, false)
	searching, err := NewCoder(&cfg)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := NewCoder(&WriterConfig{SegmentSize: 32 << 10})
	if err != nil {
		t.Fatal(err)
	}
	last := Finding{}
	for k := range list {
		s, coder := &list[k], searching
		if k%runSegments == 0 && k > 0 || k == 3 {
			coder = plain
		}
		s.Bytes, s.Found, err = coder.Code(t.Context(), nil, s.Source, s.Cut, last)
		if err != nil {
			t.Fatal(err)
		}
		if s.Leads {
			last = s.Found
		}
		if s.Found.plan == nil {
			t.Errorf("segment %d has no plan to hand on", k)
		}
	}
	file := assembleApart(t, list, &cfg, searching)
	if !bytes.Equal(restore(t, file), src) {
		t.Error("restores to something else")
	}
}

// TestCoderStops ends the coding of one segment: the next one is coded as if nothing had been.
func TestCoderStops(t *testing.T) {
	p := make(waiting, 1)
	coder, err := NewCoder(&WriterConfig{Threads: 1, Planner: p})
	if err != nil {
		t.Fatal(err)
	}
	src := motley(100_000)
	cut := Cut{Size: len(src), Leads: true}
	ctx, cancel := context.WithCancelCause(t.Context())
	cause := fmt.Errorf("cause")
	go func() { <-p; cancel(cause) }()
	if _, _, err := coder.Code(ctx, nil, src, cut, Finding{}); err != cause {
		t.Errorf("stopped: %v", err)
	}
	if _, _, err := coder.Code(ctx, nil, src, cut, Finding{}); err != cause {
		t.Errorf("stopped before: %v", err)
	}
	cut.NoPlan = true
	if _, _, err := coder.Code(t.Context(), nil, src, cut, Finding{}); err != nil {
		t.Errorf("after one that was stopped: %v", err)
	}
	for _, size := range []int{0, 1, MaxSegmentSize + 1} {
		b := make([]byte, size)
		if _, _, err := coder.Code(t.Context(), nil, b, Cut{Size: max(size, 2)}, Finding{}); err == nil {
			t.Errorf("%d bytes are coded", size)
		}
	}
	broken, err := NewCoder(&WriterConfig{Threads: 1, Planner: panicking{}})
	if err != nil {
		t.Fatal(err)
	}
	cut.NoPlan = false
	for range 3 {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			broken.Code(t.Context(), nil, src, cut, Finding{})
		}()
	}
}

// A panicking Planner panics.
type panicking struct{ marker }

func (panicking) Plans(context.Context, []byte, func([]byte) int) []*dsl.Program { panic("no plans") }

// TestAssemblerOrder refuses segments that are not the next ones, and places that no Cutter has.
func TestAssemblerOrder(t *testing.T) {
	for _, c := range []Coded{
		{Cut: Cut{Offset: 1, Size: 1}, Bytes: []byte{1}}, {Cut: Cut{Offset: -1, Size: 1}, Bytes: []byte{1}},
		{Bytes: []byte{1}}, {Cut: Cut{Size: 1}},
	} {
		var out bytes.Buffer
		a, err := NewAssembler(&out, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := a.Add(&c); err == nil || a.Close() != err || out.Len() > 0 {
			t.Errorf("%+v: %v, %d bytes", c, err, out.Len())
		}
	}
	for _, at := range []Place{{Offset: -1}, {Run: -1}, {Run: 9}, {Joint: -1}, {JointSize: -1}, {JointSize: 1}} {
		if _, err := NewCutter(nil, nil, at); err == nil {
			t.Errorf("%+v: a Cutter", at)
		}
	}
}
