package describe

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
)

// TestSignalsOfKinds wants the number fields of a log's kinds that change as channels, those of the kind that costs most
// first: not its texts, nor what stays.
func TestSignalsOfKinds(t *testing.T) {
	var src []byte
	count := 0
	for i := range 1000 {
		src = append(src, 1, 16) // kind, length
		src = binary.BigEndian.AppendUint16(src, uint16(i-500))
		src = binary.LittleEndian.AppendUint32(src, math.Float32bits(float32(math.Sin(float64(i)/20))))
		src = append(src, 'A'+byte(i%26), 'B', 'C'+byte(i%20), byte(i*i), 7, 7, 7, 7)
		if count++; i%4 == 0 {
			src, count = append(src, 2, 3, byte(i/4)), count+1
		}
	}
	p := parsePlan(t, "sequence_1 = payload(0)\nsequence_2 = get_subsequence_between_indices(sequence_1, 0, %d)\nsequence_3 = payload(1)\n"+
		"sequence_4 = kinds(sequence_2, sequence_3, 2, [1, 1, 1, 0, 1, 1, 0, 0, "+
		"1, 6, -2, 1, 0, 4, 17, 0, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0, 0, 2, 1, 1, 1, 0])\noutput = sequence_4", 2*count)
	d := tabulate(t, p, src)
	var got strings.Builder
	for _, s := range d.Signals {
		fmt.Fprintf(&got, "%d: %s, %d of %d\n", s.Node, s.Words, s.Shown, s.Total)
		for _, c := range s.Channels {
			fmt.Fprintf(&got, "%s: %d values, %d residuals, %g bits\n", c.Name, len(c.Values), len(c.Rest), c.Bits)
		}
	}
	want := `3: number fields of the records of kind 1, 3 of 6
bytes 2–3, int16be: 400 values, 400 residuals, 2 bits
bytes 4–7, float32: 400 values, 400 residuals, 4 bits
byte 11, uint8: 400 values, 0 residuals, 1 bits
3: number fields of the records of kind 2, 1 of 1
byte 2, uint8: 248 values, 248 residuals, 1 bits
`
	if got.String() != want {
		t.Errorf("got\n%s", got.String())
	}
	s := d.Signals[0]
	for i, x := range s.Channels[0].Values {
		n := int(s.Start) + i
		if x != float64(n-500) || s.Channels[0].Rest[i] != 1 || math.Abs(s.Channels[1].Values[i]-math.Sin(float64(n)/20)) > 0.01 {
			t.Fatalf("record %d: %v and %v", n, x, s.Channels[1].Values[i])
		}
	}
}

// TestSignalsOfColumns wants at most so many channels of packets with many fields, and few numbers of many signals.
func TestSignalsOfColumns(t *testing.T) {
	packets := numbersOf(20*1000, -2, wave(20))
	fields := strings.TrimSuffix(strings.Repeat("-2, 1, 0, ", 20), ", ")
	d := tabulate(t, parsePlan(t, "sequence_1 = payload(0)\nsequence_2 = columns(sequence_1, [%s])\noutput = sequence_2", fields), packets)
	if len(d.Signals) != 1 || d.Signals[0].Shown != maxFieldChannels || d.Signals[0].Total != 20 || d.Signals[0].Words != "number fields of records of 40 bytes" {
		t.Fatalf("%d signals", len(d.Signals))
	}
	// The kinds 0 to 4, each of a length of its own.
	var src []byte
	schemas := ""
	for k := range 5 {
		fields := strings.TrimSuffix(strings.Repeat("-2, 1, 0, ", 10+k), ", ")
		schemas += fmt.Sprintf(", %d, %d, %s", k, 10+k, fields)
	}
	for i := range 5 * 500 {
		src = append(src, byte(i%5), byte(2*(10+i%5)))
		for c := range 10 + i%5 {
			src = append(src, numbersOf(1, -2, func(int) int64 { return wave(16)(i/5*16 + c) })...)
		}
	}
	d = tabulate(t, parsePlan(t, "sequence_1 = payload(0)\nsequence_2 = get_subsequence_between_indices(sequence_1, 0, %d)\nsequence_3 = payload(1)\n"+
		"sequence_4 = kinds(sequence_2, sequence_3, 2, [1, 1, 1, 2, 1, 1, 0, 0%s])\noutput = sequence_4", 2*5*500, schemas), src)
	if len(d.Signals) != maxFieldSignals || d.Signals[0].Words != "number fields of the records of kind 4" {
		t.Fatalf("%d signals, the first of %s", len(d.Signals), d.Signals[0].Words)
	}
	numbers := 0
	for _, s := range d.Signals {
		for _, c := range s.Channels {
			if numbers += len(c.Values) + len(c.Rest); len(c.Values) < minPlotted {
				t.Errorf("%d values", len(c.Values))
			}
		}
	}
	if numbers > maxFieldNumbers {
		t.Errorf("%d numbers", numbers)
	}
}

// TestChannelsCost wants what a sample of each channel of a signal costs.
func TestChannelsCost(t *testing.T) {
	for _, c := range []struct {
		width int
		bits  float64
		lines []string
	}{
		{2, 2, []string{"payload(0)", "zigzag($1, 2)", "predict($2, 2, 0, [3, 1])"}},
		{3, 4, []string{"payload(0)", "pack($1, -24, 0)"}},
	} {
		data := numbersOf(3*2000, c.width, wave(3))
		d := tabulate(t, parseLines(t, dsl.Plan, c.lines...), data)
		if len(d.Signals) != 1 {
			t.Errorf("%s: %d signals", c.lines, len(d.Signals))
			continue
		}
		for _, channel := range d.Signals[0].Channels {
			if channel.Bits != c.bits {
				t.Errorf("%s: a sample costs %v bits, want %v", c.lines, channel.Bits, c.bits)
			}
		}
	}
	packed := numbersOf(3000, 3, func(i int) int64 { return wave(1)(i)&4095 | 5<<16 })
	p := parseLines(t, dsl.Predictor, "packed12(2, 2, 0)", "code($1, 0, 0, 29)")
	info := &codec.SegmentInfo{Size: int64(len(packed)), Restored: packed, Groups: []codec.GroupInfo{predictedGroup(p, len(packed))}}
	costs := segmentCosts{[][]byte{packed}, [][]uint16{slices.Repeat([]uint16{16}, len(packed))}, nil}
	v := newViews(info, costs.content)
	spread(t, v, costs)
	if s := signalsOf(v); len(s) != 1 || s[0].Channels[0].Bits != 1.5 {
		t.Errorf("%d signals of packed samples", len(s))
	}
}

// TestBitmaps wants the picture of a file of Windows upright, in its colors.
func TestBitmaps(t *testing.T) {
	const w, h = 60, 50
	for _, height := range []int32{h, -h} {
		head := make([]byte, 54)
		copy(head, "BM")
		binary.LittleEndian.PutUint32(head[bitmapWidth:], w)
		binary.LittleEndian.PutUint32(head[bitmapHeight:], uint32(height))
		head[bitmapDepth] = 24
		pixels := numbersOf(3*w*h, 1, func(i int) int64 { return int64(i / (3 * w) * 4 * (1 - i%3/2)) }) // brighter from the first row on, without the third color
		segment := append(head, pixels...)
		p := parseLines(t, dsl.Plan, "payload(0)", "get_subsequence_between_indices($1, 0, 54)", "payload(1)", "zigzag($3, 1)", "paeth($4, 1, 3, 180)", "concatenate($2, $5)")
		images := imagesOf(viewsOf(p, segment))
		if len(images) != 1 {
			t.Fatalf("%d images", len(images))
		}
		m := images[0]
		first, last := m.Pixels[:3], m.Pixels[len(m.Pixels)-3:]
		if height < 0 {
			first, last = last, first
		}
		if first[0] != 0 || first[2] < 150 || last[0] != 0 || last[2] > 10 {
			t.Errorf("height %d: pixels %v and %v", height, first, last)
		}
	}
}

// TestSignalsOfAnyRecords wants signals that print, within the limits, of records of random plans.
func TestSignalsOfAnyRecords(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 7))
	widths := []int32{1, 2, 3, 4, 8, -2, -4, -8, 5, 12}
	shown := 0
	for range 1500 {
		size := r.IntN(6000)
		src := numbersOf(size, 1, func(i int) int64 { return int64(i*i>>(i%3)) + int64(r.IntN(5)) })
		for i := 1; i < size; i += 2 + int(src[i]) { // records that state how long they are
			src[i-1], src[i] = byte(r.IntN(3)), byte(min(r.IntN(40), size-i-1))
			if size-i-1-int(src[i]) == 1 {
				src[i]++
			}
		}
		heads := 0
		for i := 1; i < size; i += 2 + int(src[i]) {
			heads += 2
		}
		list := "1, 1, 1, 2, 1, 1, 0, 0"
		for k := range r.IntN(4) {
			count := r.IntN(7)
			list += fmt.Sprintf(", %d, %d", k, count)
			for range count {
				list += fmt.Sprintf(", %d, %d, 0", widths[r.IntN(len(widths))], r.IntN(4)+16*r.IntN(2)*r.IntN(12))
			}
		}
		p, err := dsl.Parse(fmt.Sprintf("sequence_1 = payload(0)\nsequence_2 = get_subsequence_between_indices(sequence_1, 0, %d)\nsequence_3 = payload(1)\n"+
			"sequence_4 = kinds(sequence_2, sequence_3, 2, [%s])\noutput = sequence_4", heads, list), dsl.Plan)
		if err != nil {
			t.Fatal(err)
		}
		v := viewsOf(p, src)
		streams, err := new(plan.Machine).Split(src, p)
		if err != nil {
			continue
		}
		costs := segmentCosts{content: streams}
		for _, s := range streams {
			costs.streams = append(costs.streams, slices.Repeat([]uint16{uint16(r.IntN(99))}, len(s)))
		}
		signals := fitFields(spread(t, v, costs).signals)
		if shown += len(signals); len(signals) > maxFieldSignals {
			t.Fatalf("%d signals", len(signals))
		}
		for _, s := range signals {
			if len(s.Channels) > maxFieldChannels || len(s.Channels) != s.Shown || s.Shown > s.Total || len(s.Channels[0].Values) > maxPlotted {
				t.Fatalf("%d channels of %d", len(s.Channels), s.Total)
			}
		}
		if _, err := json.Marshal(signals); err != nil {
			t.Fatalf("%v\n%s", err, p)
		}
	}
	if shown < 50 {
		t.Errorf("random plans show %d signals, want more", shown)
	}
}

// spread shows the lists of a plan to tables.
func spread(t *testing.T, v *views, costs segmentCosts) *tabled {
	t.Helper()
	tables := newTabled(&Detail{}, v)
	size := v.layout.Size(v.plan.Out)
	if _, err := new(plan.Machine).Spread(size, v.plan, costs.content, costs.streams, tables.see); err != nil {
		t.Fatal(err)
	}
	return tables
}
