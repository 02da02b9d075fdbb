package plans

import (
	"archive/tar"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ktzip/ktzip/dsl/plan"
)

// segmentEnds returns where the segments of src end if a Writer takes only the borders.
func segmentEnds(f *Finder, src []byte) (ends []int) {
	off := 0
	for {
		n := f.Border(src[off:], 0, false)
		if n == 0 {
			return append(ends, len(src))
		}
		off += n
		ends = append(ends, off)
	}
}

// TestSegmentsEndWhereEntriesDiffer archives data of many kinds: each that has a plan is a segment
// of its own, texts one after the other are one.
func TestSegmentsEndWhereEntriesDiffer(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine")
	}
	r := rand.New(rand.NewPCG(5, 6))
	list := []stored{{"a text", prose(100_000)}, {"another", prose(30_000)}}
	for i, draw := range []func(*rand.Rand) puzzle{channels, picture, table, packedSamples} {
		list = append(list, stored{fmt.Sprint("data ", i), draw(r).data}, stored{fmt.Sprint("text ", i), prose(1000 + r.IntN(50_000))})
	}
	src := tarOf(list, tar.FormatUSTAR)
	ends := segmentEnds(New(6), src)
	for _, e := range entries(src) {
		size := e.end - e.data
		text := isText(src[e.data:e.end])
		if first := e.start == 0 || slices.Contains(ends, e.start); first == text && e.start > 0 && size >= minAmong {
			t.Errorf("entry at %d, %d bytes, text: %v, starts a segment: %v", e.start, size, text, first)
		}
	}
	if most := 2 * len(list); len(ends) > most || len(ends) < 5 {
		t.Errorf("segments end at %d", ends)
	}
}

// TestJoinedFilesPart finds borders that no head tells of, to some bytes.
func TestJoinedFilesPart(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine")
	}
	r := rand.New(rand.NewPCG(7, 8))
	const most = 64 // bytes beside the border
	for range 4 {
		first, second := prose(50_000+r.IntN(100_000)), walks(r, 40_000+r.IntN(50_000), 2, 1+r.IntN(4), 20+r.IntN(100))
		if r.IntN(2) == 0 {
			first, second = second, first
		}
		ends := segmentEnds(New(6), slices.Concat(first, second))
		if len(ends) != 2 || abs(ends[0]-len(first)) > most {
			t.Errorf("segments end at %d, want %d and %d", ends, len(first), len(first)+len(second))
		}
	}
}

// TestOneNatureHasNoBorder holds that data of one kind is not cut.
func TestOneNatureHasNoBorder(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine")
	}
	r := rand.New(rand.NewPCG(9, 10))
	for range 4 {
		for k, draw := range []func(*rand.Rand) puzzle{channels, picture, table, packedSamples, typedRecords} {
			if p := draw(r); len(segmentEnds(New(6), p.data)) > 2 { // one after its header is fine
				t.Errorf("kind %d, %s: segments end at %d", k, p.name, segmentEnds(New(6), p.data))
			}
		}
	}
	if ends := segmentEnds(New(6), prose(1<<20)); len(ends) > 1 {
		t.Errorf("text: segments end at %d", ends)
	}
}

// TestEntriesHavePlansAfterTheirHeads holds that a head changes the plan of its data only by a
// stream of its own.
func TestEntriesHavePlansAfterTheirHeads(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine")
	}
	r := rand.New(rand.NewPCG(11, 12))
	data := walks(r, 4000, 2, 3, 40)
	for name, join := range archivers {
		src := join([]stored{{"a", data}})
		lead := leadOf(src)
		if name == "ar" { // it starts with the head of all
			src = src[len("!<arch>\n"):]
			lead = leadOf(src)
		}
		src = src[:lead+len(data)]
		alone, behind := New(1).Plans(t.Context(), data, nil), New(1).Plans(t.Context(), src, nil)
		if lead == 0 || len(alone) == 0 || len(alone) != len(behind) {
			t.Errorf("%s: %d plans after a lead of %d bytes, %d without", name, len(behind), lead, len(alone))
			continue
		}
		for i, p := range alone {
			var m plan.Machine
			want, err := m.Split(data, p)
			if err != nil {
				t.Fatal(err)
			}
			sizes := []int{lead}
			for _, s := range want {
				sizes = append(sizes, len(s))
			}
			got, err := m.Split(src, behind[i])
			if err != nil {
				t.Fatal(err)
			}
			for k, s := range got {
				if len(got) != len(sizes) || len(s) != sizes[k] {
					t.Errorf("%s: stream %d of %d has %d bytes, want those of %d", name, k, len(got), len(s), sizes)
				}
			}
		}
	}
}
