package codec

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
)

// samples16 are numbers of 16 bits that wander about, in channels.
func samples16(n, channels int) []byte {
	r := rand.New(rand.NewPCG(9, 9))
	x := make([]int, channels)
	var b []byte
	for i := range n {
		k := i % channels
		x[k] += r.IntN(41) - 20
		b = binary.LittleEndian.AppendUint16(b, uint16(x[k]))
	}
	return b
}

func parsePlan(t testing.TB, text string) *dsl.Program {
	t.Helper()
	p, err := dsl.Parse(text, dsl.Plan)
	if err != nil {
		t.Fatal(err)
	}
	return p.Canonical()
}

const (
	channelPlan = "sequence_1 = payload(0)\nsequence_2 = transpose(sequence_1, 1, 2)\nsequence_3 = zigzag(sequence_2, 2)\nsequence_4 = predict(sequence_3, 2, 0, [3, 1])\noutput = sequence_4"
	twoPlan     = "sequence_1 = payload(0)\nsequence_2 = payload(1)\nsequence_3 = interleave(sequence_1, sequence_2)\nsequence_4 = predict(sequence_3, 2, 0, [3, 1])\noutput = sequence_4"
	headPlan    = "sequence_1 = payload(0)\nsequence_2 = get_subsequence_between_indices(sequence_1, 0, 44)\nsequence_3 = payload(1)\nsequence_4 = predict(sequence_3, 2, 0, [3, 1])\nsequence_5 = concatenate(sequence_2, sequence_4)\noutput = sequence_5"
)

var planTexts = []string{channelPlan, twoPlan, headPlan}

// TestPlan writes files by given plans and restores them.
func TestPlan(t *testing.T) {
	src := samples16(100_000, 3)
	plain := len(compress(t, src, 0, nil))
	for _, text := range planTexts {
		p := parsePlan(t, text)
		file := compress(t, src, 0, &WriterConfig{only: p})
		if len(file) > plain*9/10 {
			t.Errorf("%s\n%d bytes, without it %d", text, len(file), plain)
		}
		if got := restore(t, file); !bytes.Equal(got, src) {
			t.Fatalf("%s\nrestores to something else", text)
		}
		err := Inspect(bytes.NewReader(file), nil, true, func(s *SegmentInfo) error {
			if s.Size > 0 && (s.Plan == nil || s.Plan.String() != p.String()) {
				t.Errorf("the plan is said to be\n%s", s.Plan)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		a, err := NewArchive(bytes.NewReader(file), int64(len(file)), nil)
		if err != nil {
			t.Fatal(err)
		}
		part := make([]byte, 1000)
		if _, err := a.ReadAt(part, 5555); err != nil || !bytes.Equal(part, src[5555:6555]) {
			t.Error("random access gives something else: ", err)
		}
	}
	// Segments of every length, the shortest ones too.
	p := parsePlan(t, channelPlan)
	for n := range 300 {
		file := compress(t, src[:n], 0, &WriterConfig{only: p, SegmentSize: 128})
		if got := restore(t, file); !bytes.Equal(got, src[:n]) {
			t.Fatalf("%d bytes restore to something else", n)
		}
	}
	// A plan that fits nothing.
	w, err := NewWriter(new(bytes.Buffer), &WriterConfig{only: parsePlan(t, headPlan)})
	if err != nil {
		t.Fatal(err)
	}
	w.Write(src[:43])
	if err := w.Close(); !errors.Is(err, errOnly) || !errors.Is(err, dsl.ErrExecution) {
		t.Errorf("43 bytes with a head of 44: %v", err)
	}
}

// TestPlanVersion refuses a plan in version 1.
func TestPlanVersion(t *testing.T) {
	src := samples16(1000, 3)
	taken := takeApart(compress(t, src, 0, &WriterConfig{only: parsePlan(t, channelPlan)}))
	for version, ok := range map[uint8]bool{1: false, 2: true, 3: true} {
		taken[0].header.Version = version
		file, _ := seal(taken)
		if got, err := decode(file, nil); ok && !bytes.Equal(got, src) || !ok && !errors.Is(err, container.ErrCorrupt) {
			t.Errorf("version %d: %v", version, err)
		}
	}
}

// TestPlanOfLaterVersion refuses, in version 2, a plan with an operation of version 3.
func TestPlanOfLaterVersion(t *testing.T) {
	src := bytes.Repeat([]byte("twelve bytes"), 3)
	p := parsePlan(t, "sequence_1 = payload(0)\nsequence_2 = get_subsequence_between_indices(sequence_1, 0, 12)\nsequence_3 = payload(1)\n"+
		"sequence_4 = get_subsequence_between_indices(sequence_3, 0, 3)\nsequence_5 = expand(sequence_2, sequence_4, 12, [1, 1, 1])\noutput = sequence_5")
	files := takeApart(compress(t, src, 0, &WriterConfig{only: p}))
	for version, ok := range map[uint8]bool{2: false, 3: true} {
		files[0].header.Version = version
		file, sealed := seal(files)
		if !sealed {
			t.Fatal("not sealed")
		}
		if got, err := decode(file, nil); ok && !bytes.Equal(got, src) || !ok && !errors.Is(err, container.ErrCorrupt) {
			t.Errorf("version %d: %v", version, err)
		}
		theirs, taken, ran := pythonRestores(t, file)
		if ran && (taken != ok || ok && !bytes.Equal(theirs, src)) {
			t.Errorf("version %d: unktz.py restores it: %t", version, taken)
		}
	}
}

// TestPlanHostile truncates and flips small files with plans.
func TestPlanHostile(t *testing.T) {
	src := samples16(600, 3)
	for _, text := range planTexts {
		file := compress(t, src, 0, &WriterConfig{only: parsePlan(t, text)})
		for i := range file {
			if got, err := decode(file[:i], nil); err == nil || !bytes.HasPrefix(src, got) {
				t.Fatalf("%d of %d bytes: %v", i, len(file), err)
			}
			for _, mask := range []byte{1, 0x10, 0x80, 0xff} {
				bad := bytes.Clone(file)
				bad[i] ^= mask
				got, err := decode(bad, nil)
				if err == nil && !bytes.Equal(got, src) {
					t.Fatalf("byte %d flipped: wrong bytes", i)
				}
				if err != nil {
					wantError(t, "flipped", err)
				}
			}
		}
		// With right checksums.
		for i := range 200 {
			changed := rebuilt(t, file, func(s *container.Segment) {
				s.Programs[i%len(s.Programs)] ^= byte(1 << (i % 8))
			})
			if _, err := decode(changed, nil); err != nil {
				wantError(t, "changed", err)
			}
		}
	}
}

// offered is a Planner that proposes what it is given.
type offered []*dsl.Program

func (o offered) Plans(context.Context, []byte, func([]byte) int) []*dsl.Program { return o }
func (o offered) Promising([]byte) bool                                          { return len(o) > 0 }

// TestPlanner chooses among plans.
func TestPlanner(t *testing.T) {
	src := samples16(100_000, 3)
	good, bad, wrong := parsePlan(t, channelPlan), parsePlan(t, "sequence_1 = payload(0)\nsequence_2 = scan_xor(sequence_1, 8, 5)\noutput = sequence_2"), parsePlan(t, headPlan)
	best := len(compress(t, src, 0, &WriterConfig{only: good}))
	for _, list := range []offered{{bad, good}, {good, bad}, {good, wrong}} {
		if n := len(compress(t, src, 0, &WriterConfig{Planner: list})); n != best {
			t.Errorf("%d bytes, with the best plan %d", n, best)
		}
	}
	plain := compress(t, src, 0, nil)
	for _, list := range []offered{nil, {bad}} {
		if !bytes.Equal(compress(t, src, 0, &WriterConfig{Planner: list}), plain) {
			t.Error("plans that don't pay change the file")
		}
	}
	// The caller's plans, without a Planner.
	for _, list := range [][]*dsl.Program{{bad, good}, {wrong, good}} {
		if n := len(compress(t, src, 0, &WriterConfig{Plans: list})); n != best {
			t.Errorf("%d bytes, with the best plan %d", n, best)
		}
	}
	for _, list := range [][]*dsl.Program{nil, {bad}, {dsl.Identity()}} {
		if !bytes.Equal(compress(t, src, 0, &WriterConfig{Plans: list}), plain) {
			t.Error("the caller's plans that don't pay change the file")
		}
	}
}

// TestClosePlansAreComparedAgain takes the plan that is shorter of two that seem to be about as
// short, and keeps no third one, nor one that seems to be longer.
func TestClosePlansAreComparedAgain(t *testing.T) {
	src := samples16(50_000, 3)
	cfg, err := (&WriterConfig{Level: 6}).withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	e := newEncoder(&cfg)
	good, same := parsePlan(t, channelPlan), parsePlan(t, twoPlan)
	longer := parsePlan(t, "sequence_1 = payload(0)\nsequence_2 = predict(sequence_1, 2, 0, [3, 1])\noutput = sequence_2")
	if list := e.candidates(src, []*dsl.Program{longer, good, longer}, e.estimate(src)); len(list) != 1 || list[0].plan != good {
		t.Errorf("%d estimates, want that of the shortest plan", len(list))
	}
	if list := e.candidates(src, []*dsl.Program{good, good, good}, e.estimate(src)); len(list) != maxClose {
		t.Errorf("%d estimates of three equal plans, want %d", len(list), maxClose)
	}
	var list []estimated
	for k, p := range []*dsl.Program{longer, good, same} {
		d, err := e.divide(src, p)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, estimated{d, k}) // the longest seems to be the shortest
	}
	best := list[0].division
	for _, c := range list {
		if e.together(c.division).size() < e.together(best).size() {
			best = c.division
		}
	}
	if got := e.closest(slices.Clone(list)); len(got) != 1 || got[0] != best || got[0].plan == longer {
		t.Errorf("%d plans, the first is\n%s\nwant\n%s", len(got), got[0].plan, best.plan)
	}
	if _, by := e.byPlans([]*division{list[0].division, best}); by != best {
		t.Errorf("coded by\n%s\nwant\n%s", by.plan, best.plan)
	}
	e.cfg.Level = 9
	if got := e.closest([]estimated{{best, 0}, {best, 0}, {best, 0}}); len(got) != 2 {
		t.Errorf("%d plans of three equal ones at level 9, want 2", len(got))
	}
	if e.closest(nil) != nil {
		t.Error("a plan out of none")
	}
}
