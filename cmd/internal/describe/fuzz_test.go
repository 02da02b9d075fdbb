package describe

import (
	"bytes"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
	"github.com/ktzip/ktzip/internal/mutate"
)

// FuzzPlan wants a Report, and figures that add up, of a segment that any plan makes of any streams, or that a
// predictor codes.
func FuzzPlan(plain *testing.F) {
	f := mutate.Of(plain)
	seen := map[string]bool{}
	for _, name := range []string{"every-plan", "predictors"} {
		file := goldenFile(plain, name)
		err := codec.Inspect(bytes.NewReader(file), nil, false, func(s *codec.SegmentInfo) error {
			p, predictor := "", ""
			if s.Plan != nil {
				p = s.Plan.String()
			}
			for _, g := range s.Groups {
				if g.Predictor != nil {
					predictor = g.Predictor.String()
				}
			}
			if !seen[p+predictor] {
				seen[p+predictor] = true
				f.Add(p, predictor, uint16(s.Size), byte(2))
			}
			return nil
		})
		if err != nil {
			plain.Fatal(err)
		}
	}
	f.Fuzz(func(t *testing.T, planText, predictorText string, size uint16, form byte) {
		p, err := dsl.Parse(planText, dsl.Plan)
		if err != nil {
			p = dsl.Identity()
		}
		predictor, _ := dsl.Parse(predictorText, dsl.Predictor)
		info := segmentBy(p, predictor, int(size)+1, form)
		if info == nil {
			return
		}
		b := newBuilder(&Options{})
		if err := b.part(&codec.SegmentInfo{Header: info.Header}); err != nil {
			t.Fatal(err)
		}
		if err := b.part(info); err != nil {
			t.Fatal(err)
		}
		r := b.end(info.Coded)
		checkReport(t, planText, r)
		checkSums(t, r)
		var text bytes.Buffer
		words := Text{}
		words.Add(info)
		if words.Print(&text, 0); text.Len() == 0 {
			t.Error("no words")
		}
	})
}

// segmentBy describes a segment of size bytes that p makes of streams whose bytes form chooses; nil if it cannot make
// so many, or if predictor is not valid.
func segmentBy(p, predictor *dsl.Program, size int, form byte) *codec.SegmentInfo {
	l, err := plan.NewLayout(p, size)
	if err != nil || predictor != nil && len(predictor.Nodes) == 0 {
		return nil
	}
	r := rand.New(rand.NewPCG(uint64(form), 1))
	var streams [][]byte
	var costs [][]uint16
	group := codec.GroupInfo{Predictor: predictor}
	for _, n := range l.Streams {
		s, c := make([]byte, n), make([]uint16, n)
		for i := range s {
			s[i], c[i] = byte(r.IntN(1+int(form))), uint16(r.IntN(200))
		}
		streams, costs = append(streams, s), append(costs, c)
		group.Streams = append(group.Streams, codec.StreamInfo{Size: int64(n)})
	}
	info := &codec.SegmentInfo{
		Header: &container.Header{BlockLog: 7, SegmentLog: 20}, Size: int64(size), Coded: int64(size), Plan: p,
		Restored: make([]byte, size), Groups: []codec.GroupInfo{group},
		Costs:    func() ([][]uint16, error) { return costs, nil },
		Streams:  func() ([][]byte, error) { return streams, nil },
		Programs: slices.Values([]codec.BlockInfo(nil)),
	}
	if p.IsIdentity() {
		info.Plan = nil
	}
	if new(plan.Machine).Join(info.Restored, p, streams) != nil {
		return nil
	}
	return info
}

// checkSums wants figures of parts that add up to those of the whole.
func checkSums(t *testing.T, r *Report) {
	t.Helper()
	same := func(what string, got, want float64) {
		if math.Abs(got-want) > 1+want/1000 {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
	for i := range r.Details {
		for _, table := range r.Details[i].Tables {
			kinds, records, size := 0.0, 0, 0.0
			for _, k := range table.Kinds {
				kinds, records, size = kinds+k.Bits, records+k.Records, size+k.Bytes*float64(k.Records)
				fields := 0.0
				for _, f := range k.Fields {
					fields += f.Bits
				}
				if len(k.Fields) > 0 {
					same("bits of fields", fields, k.Bits)
				}
			}
			same("bits of kinds", kinds, table.bits)
			same("records of kinds", float64(records), float64(table.Records))
			same("bytes of kinds", size, float64(table.Size))
		}
		for _, table := range r.Details[i].Texts {
			slots := 0.0
			for _, x := range table.Templates {
				for _, s := range x.Slots {
					if x.Set == 1 { // slots of other sets are parts of these
						slots += s.Bits
					}
				}
			}
			if slots > table.bits*1.001+1 {
				t.Errorf("slots of %v bits in rows of %v", slots, table.bits)
			}
		}
	}
}
