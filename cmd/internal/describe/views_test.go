package describe

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
)

// parseLines returns the plan of lines without their names: each line is sequence_1, sequence_2, ….
func parseLines(t *testing.T, role dsl.Role, lines ...string) *dsl.Program {
	t.Helper()
	var b strings.Builder
	for i, line := range lines {
		for k := i; k > 0; k-- {
			line = strings.ReplaceAll(line, fmt.Sprintf("$%d", k), fmt.Sprintf("sequence_%d", k))
		}
		fmt.Fprintf(&b, "sequence_%d = %s\n", i+1, line)
	}
	fmt.Fprintf(&b, "output = sequence_%d\n", len(lines))
	p, err := dsl.Parse(b.String(), role)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// viewsOf returns the views of data with a plan, or of a stream with a predictor.
func viewsOf(p *dsl.Program, data []byte, groups ...codec.GroupInfo) *views {
	info := &codec.SegmentInfo{Plan: p, Restored: data, Groups: groups}
	if p == nil {
		return newViews(info, [][]byte{data})
	}
	streams, err := new(plan.Machine).Split(data, p)
	if err != nil {
		streams = nil
	}
	return newViews(info, streams)
}

// predictedGroup returns a group of one stream with a predictor.
func predictedGroup(p *dsl.Program, size int) codec.GroupInfo {
	return codec.GroupInfo{Predictor: p, Streams: []codec.StreamInfo{{Size: int64(size)}}}
}

// numbersOf returns count numbers of w bytes, big endian if w is negative.
func numbersOf(count, w int, value func(i int) int64) (b []byte) {
	for i := range count {
		var x [8]byte
		n := max(w, -w)
		if w < 0 {
			binary.BigEndian.PutUint64(x[:], uint64(value(i)))
			b = append(b, x[8-n:]...)
		} else {
			binary.LittleEndian.PutUint64(x[:], uint64(value(i)))
			b = append(b, x[:n]...)
		}
	}
	return b
}

// wave returns a wave of its own for each of so many channels.
func wave(channels int) func(i int) int64 {
	return func(i int) int64 {
		c, k := i%channels, i/channels
		return int64(1000 * math.Sin(float64(k)/(9+float64(c))))
	}
}

// TestSignals wants the numbers of each kind of plan back, and what is left of them.
func TestSignals(t *testing.T) {
	packed := func(i int) int64 { return wave(1)(2*i)&4095 | wave(1)(2*i+1)&4095<<12 }
	bits := func(i int) int64 { return int64(math.Float32bits(float32(wave(1)(i)) / 8)) }
	for _, c := range []struct {
		name     string
		data     []byte
		channels int
		kind     string
		scale    float64 // of values
		lines    []string
	}{
		{"12 channels", numbersOf(24000, 2, wave(12)), 12, "int16", 1,
			[]string{"payload(0)", "zigzag($1, 2)", "predict($2, 2, 0, [12, 1])"}},
		{"12 channels, big endian", numbersOf(24000, -2, wave(12)), 12, "int16be", 1,
			[]string{"payload(0)", "transpose($1, 1, 2)", "zigzag($2, -2)", "predict($3, -2, 0, [12, 1])"}},
		{"apart", numbersOf(8000, 2, wave(2)), 2, "int16", 1,
			[]string{"payload(0)", "zigzag($1, 2)", "predict($2, 2, 0, [1, 1])", "get_subsequence_between_indices($3, 0, 8000)",
				"payload(1)", "zigzag($5, 2)", "predict($6, 2, 0, [1, 1])", "concatenate($4, $7)", "transpose($8, 2, 2)"}},
		{"a filter", numbersOf(8000, 4, wave(1)), 1, "int32", 1,
			[]string{"payload(0)", "zigzag($1, 4)", "lms($2, 4, 1, 12, [1, 2, 3])", "predict($3, 4, 0, [1, 1])"}},
		{"floats", numbersOf(8000, 4, bits), 1, "float32", 1. / 8,
			[]string{"payload(0)", "zigzag($1, 4)", "predict($2, 4, 0, [1, 1])", "floats($3, 4)"}},
		{"floats, as they are", numbersOf(8000, -4, bits), 1, "float32be", 1. / 8,
			[]string{"payload(0)", "zigzag($1, -4)", "predict($2, -4, 0, [1, 1])"}},
		{"scaled", numbersOf(8000, 4, bits), 1, "float32", 1. / 8,
			[]string{"payload(0)", "zigzag($1, 4)", "predict($2, 4, 0, [1, 1])", "scaled($3, 4, 1, 8)"}},
		{"24 bits", numbersOf(8000, 3, wave(2)), 2, "int24", 1,
			[]string{"payload(0)", "zigzag($1, 4)", "predict($2, 4, 0, [2, 1])", "pack($3, -24, 0)"}},
		{"12 bits", numbersOf(4000, 3, packed), 1, "int12", 1,
			[]string{"payload(0)", "zigzag($1, 2)", "predict($2, 2, 0, [1, 1])", "pack($3, -12, 0)"}},
	} {
		v := viewsOf(parseLines(t, dsl.Plan, c.lines...), c.data)
		signals := signalsOf(v)
		if len(signals) != 1 || len(imagesOf(v)) != 0 {
			t.Errorf("%s: %d signals and %d images, want 1 and 0", c.name, len(signals), len(imagesOf(v)))
			continue
		}
		s := signals[0]
		if s.Total != c.channels || s.Shown != c.channels || len(s.Channels) != c.channels || s.Type != c.kind {
			t.Errorf("%s: %d of %d channels of %s, want %d of %s", c.name, s.Shown, s.Total, s.Type, c.channels, c.kind)
			continue
		}
		for k, channel := range s.Channels {
			if len(channel.Values) < minPlotted || len(channel.Rest) != len(channel.Values) {
				t.Fatalf("%s: %d values and %d residuals", c.name, len(channel.Values), len(channel.Rest))
			}
			for i, got := range channel.Values {
				n := (int(s.Start)+i)*c.channels + k
				want := float64(wave(c.channels)(n)) * c.scale
				if math.Abs(got-want) > 3*c.scale {
					t.Fatalf("%s: channel %d, sample %d: got %v, want %v", c.name, k, i, got, want)
				}
				if i == 0 || c.name == "a filter" {
					continue
				}
				left := want - float64(wave(c.channels)(n-c.channels))*c.scale
				if math.Abs(channel.Rest[i]-left) > 3*c.scale {
					t.Fatalf("%s: channel %d, sample %d: residual %v, want %v", c.name, k, i, channel.Rest[i], left)
				}
			}
		}
	}
}

// TestSources wants the numbers that a predictor says that a stream has.
func TestSources(t *testing.T) {
	half := func(i int) int64 { return int64(0x4200 + i%64) } // 3 + a bit
	for _, c := range []struct {
		source string
		data   []byte
		kind   string
		total  int
		want   float64 // of a sample, at least in size
	}{
		{"signed(-2, 3, 0)", numbersOf(9000, -2, wave(3)), "int16be", 3, 900},
		{"unsigned(1, 1, 0)", numbersOf(9000, 1, func(i int) int64 { return wave(1)(i)/10 + 128 }), "uint8", 1, 200},
		{"floating(2, 1, 0)", numbersOf(9000, 2, half), "float16", 1, 3},
		{"ibm(-4, 1, 0)", numbersOf(9000, -4, func(i int) int64 { return 0x42640000 + int64(i%50)<<8 }), "ibm32be", 1, 100},
		{"packed12(2, 2, 0)", numbersOf(3000, 3, func(i int) int64 { return wave(1)(i)&4095 | 5<<16 }), "int12", 2, 900},
	} {
		p := parseLines(t, dsl.Predictor, c.source, "code($1, 0, 0, 29)")
		signals := signalsOf(viewsOf(nil, c.data, predictedGroup(p, len(c.data))))
		if len(signals) != 1 {
			t.Errorf("%s: %d signals", c.source, len(signals))
			continue
		}
		s := signals[0]
		most := 0.0
		for _, x := range s.Channels[0].Values {
			most = max(most, math.Abs(x))
		}
		if s.Type != c.kind || s.Total != c.total || most < c.want || most > 1.5*c.want || s.Channels[0].Rest != nil {
			t.Errorf("%s: %d channels of %s, up to %v; want %d of %s, up to some %v", c.source, s.Total, s.Type, most, c.total, c.kind, c.want)
		}
	}
}

// TestImages wants the pixels of each kind of image.
func TestImages(t *testing.T) {
	const w, h = 60, 50
	gray := func(i int) int64 { return int64(3*(i%w) + 2*(i/w%h)) }
	for _, c := range []struct {
		name          string
		data          []byte
		width, height int
		channels      int
		lines         []string
	}{
		{"gray of 16 bits", numbersOf(w*h, -2, gray), w, h, 1,
			[]string{"payload(0)", "zigzag($1, -2)", "predict($2, -2, 0, [1, 1, 60, 1, 61, -1])"}},
		{"least squares", numbersOf(w*h, 2, gray), w, h, 1,
			[]string{"payload(0)", "zigzag($1, 2)", "predict($2, 2, 2, [1, 1, 2, 1, 59, 1, 60, 1, 61, -1, 119, 1, 120, 0, 121, 0])"}},
		{"a filter", numbersOf(w*h, 2, gray), w, h, 1,
			[]string{"payload(0)", "zigzag($1, 2)", "lms($2, 2, 1, 8, [1, 2, 3, 59, 60, 61])", "predict($3, 2, 0, [1, 1])"}},
		{"RGB", numbersOf(3*w*h, 1, func(i int) int64 { return gray(i/3) % 256 }), w, h, 3,
			[]string{"payload(0)", "zigzag($1, 1)", "paeth($2, 1, 3, 180)"}},
		{"planes", numbersOf(3*w*h, 1, func(i int) int64 { return gray(i/3) % 256 }), w, h, 3,
			[]string{"payload(0)", "zigzag($1, 1)", "median($2, 1, 1, 60)", "transpose($3, 1, 3)", "mix($4, 1, 12, [0, 1, 1, 4096, 1, 1, 4096])"}},
		{"a volume", numbersOf(20*w*h, 2, gray), w, 20 * h, 1,
			[]string{"payload(0)", "zigzag($1, 2)", "median($2, 2, 1, 60)", "predict($3, 2, 0, [3000, 1])"}},
	} {
		v := viewsOf(parseLines(t, dsl.Plan, c.lines...), c.data)
		images := imagesOf(v)
		if len(images) != 1 || len(signalsOf(v)) != 0 {
			t.Errorf("%s: %d images and %d signals, want 1 and 0", c.name, len(images), len(signalsOf(v)))
			continue
		}
		m := images[0]
		if m.Width != c.width || m.Height != c.height || m.Channels != c.channels || m.Columns != c.width {
			t.Errorf("%s: %d × %d pixels of %d, %d columns; want %d × %d of %d", c.name, m.Width, m.Height, m.Channels, m.Columns, c.width, c.height, c.channels)
			continue
		}
		if size := m.Columns * m.Rows * m.Channels; len(m.Pixels) != size || len(m.Rest) != size {
			t.Errorf("%s: %d pixels and %d residuals, want %d", c.name, len(m.Pixels), len(m.Rest), size)
		}
		row := m.Pixels[:m.Columns*m.Channels]
		for x := m.Channels; x < len(row)/2; x++ {
			if row[x] < row[x-m.Channels] {
				t.Errorf("%s: pixel %d is darker than the one before", c.name, x)
			}
		}
		if tall := c.height > maxTall*c.width; tall != strings.Contains(m.Words, "shown are rows") || tall && m.Rows != c.width {
			t.Errorf("%s: %d rows, %q", c.name, m.Rows, m.Words)
		}
	}
}

// TestImagesOfSources wants the image whose rows a predictor states, although something stands before it.
func TestImagesOfSources(t *testing.T) {
	const w, h, before = 64, 64, 20
	data := numbersOf(w*h+before, 1, func(i int) int64 { return max(0, 3*(int64(i)-before)%w*1) })
	p := parseLines(t, dsl.Predictor, "unsigned(1, 1, 64)", "code($1, 0, 0, 29)")
	images := imagesOf(viewsOf(nil, data, predictedGroup(p, len(data))))
	if len(images) != 1 || images[0].Width != w || images[0].Height != h || images[0].Rest != nil {
		t.Fatalf("got %+v", images)
	}
	if row := images[0].Pixels[:w]; row[0] > row[w/4] || row[w-1] < row[w/2] {
		t.Errorf("a row from dark to bright has %v", row)
	}
}

// TestViewsAreSmall holds the JSON of the largest signals and images to a bound.
func TestViewsAreSmall(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	noise := func(int) int64 { return int64(r.Uint64()) }
	var lines []string
	var data []byte
	last := 0
	for k, line := range []string{"predict(%s, 4, 0, [20, 1])", "predict(%s, 8, 0, [16, 1])", "predict(%s, 2, 0, [64, 1])", "predict(%s, 4, 0, [3, 1])",
		"paeth(%s, 1, 3, 900)", "paeth(%s, 1, 3, 600)", "median(%s, 2, 1, 300)"} {
		data = append(data, numbersOf(300_000, 1, noise)...)
		lines = append(lines, fmt.Sprintf("payload(%d)", k))
		lines = append(lines, fmt.Sprintf(line, fmt.Sprintf("$%d", len(lines))))
		lines = append(lines, fmt.Sprintf("get_subsequence_between_indices($%d, 0, 300000)", len(lines)))
		if k > 0 {
			lines = append(lines, fmt.Sprintf("concatenate($%d, $%d)", last, len(lines)))
		}
		last = len(lines)
	}
	v := viewsOf(parseLines(t, dsl.Plan, lines...), data)
	signals, images := signalsOf(v), imagesOf(v)
	if len(signals) != maxSignals || len(images) != maxImages {
		t.Errorf("%d signals and %d images", len(signals), len(images))
	}
	text, err := json.Marshal([]any{signals, images})
	const most = 160_000 // bytes
	if err != nil || len(text) > most {
		t.Errorf("%d bytes of JSON, want at most %d: %v", len(text), most, err)
	}
}

// TestViewsOfAnyPlan wants something that prints of every plan.
func TestViewsOfAnyPlan(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	ops := []dsl.Op{dsl.Predict, dsl.Mix, dsl.LMS, dsl.Paeth, dsl.Median, dsl.ScanXor, dsl.Zigzag, dsl.Floats, dsl.Scaled, dsl.Converted, dsl.Multiples,
		dsl.Transpose, dsl.Concatenate, dsl.Between, dsl.Pack, dsl.Columns, dsl.AddItem, dsl.Fields, dsl.Interleave}
	widths := []int32{1, 2, 4, 8, -2, -4, -8, 3, 0}
	shown := 0
	for range 4000 {
		size := r.IntN(4000)
		data := numbersOf(size, 1, func(i int) int64 { return int64(i*i>>(i%3)) + int64(r.IntN(5)) })
		p := dsl.Identity()
		for k := range 1 + r.IntN(6) {
			n := dsl.Node{Op: ops[r.IntN(len(ops))], Refs: [2]int{r.IntN(k + 1), k}}
			for j := range n.Nums {
				n.Nums[j] = int32(r.IntN(200)) - 4
			}
			if n.Nums[0] = widths[r.IntN(len(widths))]; n.Op == dsl.Pack {
				n.Nums = [3]int32{-12, int32(r.IntN(3))}
			}
			if n.Op == dsl.Between {
				n.Nums = [3]int32{0, int32(size / (1 + r.IntN(3)))}
			}
			for range r.IntN(4) {
				n.List = append(n.List, widths[r.IntN(len(widths))], int32(r.IntN(300)))
				if n.Op == dsl.Columns {
					n.List = append(n.List, 0)
				}
			}
			if n.Op == dsl.LMS {
				n.Nums[2] = 8
			}
			p.Nodes = append(p.Nodes, n)
		}
		p.Out = len(p.Nodes) - 1
		source := dsl.Node{Op: []dsl.Op{dsl.Signed, dsl.Floating, dsl.IBM, dsl.Packed12, dsl.Code}[r.IntN(5)]}
		for j := range source.Nums {
			source.Nums[j] = int32(r.IntN(30)) - 3
		}
		group := codec.GroupInfo{Predictor: &dsl.Program{Nodes: []dsl.Node{source}}, Streams: []codec.StreamInfo{{Size: int64(r.IntN(9))}, {Size: int64(size)}}}
		v := viewsOf(p, data, group)
		signals, images := signalsOf(v), imagesOf(v)
		if shown += len(signals) + len(images); len(signals) > maxSignals || len(images) > maxImages {
			t.Fatalf("%d signals, %d images", len(signals), len(images))
		}
		if _, err := json.Marshal([]any{signals, images}); err != nil {
			t.Fatalf("%v\n%s", err, p)
		}
	}
	if shown < 200 {
		t.Errorf("random plans show %d signals and images, want more", shown)
	}
}

// TestRowsOfColors wants the length of the rows of an image whose plan only says that pixels have three bytes.
func TestRowsOfColors(t *testing.T) {
	const w, h = 97, 80
	r := rand.New(rand.NewPCG(5, 6))
	data := numbersOf(3*w*h, 1, func(i int) int64 {
		x, y := float64(i/3%w), float64(i/3/w)
		return int64(120 + 60*math.Sin(x/7+y/11) + 40*math.Cos(x/3-y/9) + 4*r.Float64())
	})
	v := viewsOf(parseLines(t, dsl.Plan, "payload(0)", "zigzag($1, 1)", "predict($2, 1, 0, [3, 1])"), data)
	if images := imagesOf(v); len(images) != 1 || images[0].Width != w || images[0].Channels != 3 {
		t.Errorf("got %d images, want one of %d pixels in a row: %+v", len(images), w, images)
	}
	noise := numbersOf(3*w*h, 1, func(int) int64 { return int64(r.Uint64()) })
	v = viewsOf(parseLines(t, dsl.Plan, "payload(0)", "zigzag($1, 1)", "predict($2, 1, 0, [3, 1])"), noise)
	if len(imagesOf(v)) != 0 || len(signalsOf(v)) != 1 {
		t.Error("noise is an image")
	}
}

// TestRounded holds that values have few digits, which are those that package strconv finds.
func TestRounded(t *testing.T) {
	for _, c := range []struct{ values, want []float64 }{
		{[]float64{math.Pi, math.E}, []float64{3.1416, 2.7183}},
		{[]float64{-123456.7, 0.4, 123456.7}, []float64{-123500, 0, 123500}},
		{[]float64{1.0000004, 1.0000004}, []float64{1, 1}},
		{[]float64{1234567, 1234567}, []float64{1234570, 1234570}},
		{[]float64{-0.0001, 2}, []float64{0, 2}},
		{[]float64{0, 0}, []float64{0, 0}},
		{[]float64{1e300, 1e300}, []float64{1e300, 1e300}},
		{[]float64{math.Inf(1), 1}, []float64{math.Inf(1), 1}},
	} {
		if got := rounded(c.values); !slices.Equal(got, c.want) || math.Signbit(got[0]) != (c.want[0] < 0) {
			t.Errorf("%v: got %v, want %v", c.values, got, c.want)
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 10_000 {
		digit := math.Floor(r.Float64()*20 - 18)
		x := r.NormFloat64() * math.Pow10(int(digit)+r.IntN(6))
		want, err := strconv.ParseFloat(strconv.FormatFloat(x, 'f', int(max(0, -digit)), 64), 64)
		if got := roundedTo(x, min(digit, 0)); err != nil || got != want {
			t.Fatalf("%v to 10^%v: got %v, want %v (%v)", x, digit, got, want, err)
		}
	}
}
