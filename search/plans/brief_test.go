package plans

import (
	"math/rand/v2"
	"testing"

	"github.com/ktzip/ktzip/dsl"
)

// TestMessagesAreBrief looks at messages: records have one plan, of their length, and random
// bytes and prose have none. The highest levels search.
func TestMessagesAreBrief(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	var records []byte // of 12 bytes
	for i := range 40 {
		records = append(records, 0xfd, 9, byte(i), 0)
		records = appendNumber(records, 4, int64(1_000_000+20*i))
		records = appendNumber(records, 2, int64(300+r.IntN(20)))
		records = appendNumber(records, 2, int64(-7*i))
	}
	asked := 0
	cost := func(stream []byte) int { asked++; return deflated(stream) }
	for name, c := range map[string]struct {
		src  []byte
		want int // distance in bytes; 0 for no plan
	}{
		"records": {records, 12},
		"noise":   {randomBytes(r, 1000), 0},
		"prose":   {prose(1000), 0},
		"zeros":   {make([]byte, 1000), 0},
	} {
		plans := New(6).Plans(t.Context(), c.src, cost)
		if len(plans) > 1 || (len(plans) == 1) != (c.want > 0) {
			t.Errorf("%s: %d plans", name, len(plans))
			continue
		}
		if c.want == 0 {
			continue
		}
		last := plans[0].Nodes[plans[0].Out]
		if last.Op != dsl.Predict || last.List[0] != int32(c.want) {
			t.Errorf("%s: %s", name, plans[0])
		}
		if n, plain := plannedSize(t, c.src, plans[0]), deflated(c.src); n > plain*3/4 {
			t.Errorf("%s: %d bytes, without the plan %d", name, n, plain)
		}
	}
	if asked > 0 {
		t.Errorf("%d streams were priced", asked)
	}
	if New(7).Plans(t.Context(), records, cost); asked == 0 {
		t.Error("level 7 does not search")
	}
}

// TestTextMessagesAreBrief looks at messages that are parts of texts of all kinds. The plans print
// them, and many are shorter by their plans.
func TestTextMessagesAreBrief(t *testing.T) {
	asked := func(stream []byte) int { t.Error("a stream was priced"); return len(stream) }
	found, n := 0, 0
	for _, k := range textKinds {
		data := k.text(textsPerKind + 2).data
		for _, size := range []int{minPlanned, 1 << 10, maxMessage} {
			src := data[:min(len(data), size)]
			plain := deflated(src)
			best := plain
			for _, p := range New(6).Plans(t.Context(), src, asked) {
				best = min(best, plannedSize(t, src, p))
			}
			if n++; best < plain {
				found++
			}
		}
	}
	t.Logf("%d of %d messages are shorter", found, n)
	if found*3 < n {
		t.Errorf("%d of %d messages are shorter, want a third", found, n)
	}
}
