package describe

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestMapKeepsSums joins and coarsens parts at random.
func TestMapKeepsSums(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var m segmentMap
	off, want := int64(0), 0.0
	for range 3000 {
		size := 1 + r.Int64N(1<<r.IntN(16))
		costs := make([]uint16, size)
		for i := range costs {
			costs[i] = uint16(r.IntN(100))
		}
		part := SegmentPart{Offset: off, Size: size, Coded: 1 + size/3}
		m.add(part, costs)
		want += float64(part.Coded) * 128
		if off += size; r.IntN(50) == 0 {
			off += 1000 // something is missing
		}
	}
	got, cells, last := 0.0, 0, int64(0)
	for _, p := range m.parts {
		for _, c := range p.cells {
			got += float64(c)
		}
		if len(p.cells) != cellsOf(p.Size, p.Cell) || p.Offset < last {
			t.Fatalf("%d cells of %d of %d bytes at %d after %d", len(p.cells), p.Cell, p.Size, p.Offset, last)
		}
		cells += len(p.cells)
		last = p.end()
	}
	if math.Abs(got-want) > want/1000 || cells != m.cells || cells > maxCells || len(m.parts) > maxParts || len(m.parts)+m.joined != 3000 {
		t.Errorf("cells cost %.0f, want %.0f; %d cells, %d parts, %d joined", got, want, cells, len(m.parts), m.joined)
	}
}

func TestPreview(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"a text\n", "a text\n"},
		{"\x00\x01", "00 01"},
		{strings.Repeat("ä", 30), strings.Repeat("ä", 24)},
		{"x" + strings.Repeat("ä", 30), "x" + strings.Repeat("ä", 23)},
		{"<script>", "<script>"},
		{"a\xff", "61 ff"},
		{"", ""},
	} {
		if got := preview([]byte(c.in)); got != c.want {
			t.Errorf("%q: %q, want %q", c.in, got, c.want)
		}
	}
}
