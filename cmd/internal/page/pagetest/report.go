package pagetest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"

	"github.com/ktzip/ktzip/cmd/internal/describe"
)

// Report returns a report that has a part of each kind: a flight log in three segments.
func Report() *describe.Report {
	rng := rand.New(rand.NewPCG(1, 2))
	size := int64(700_000)
	list := describe.NewList("flight_px4.ulg")
	list.Compressed, list.Original, list.Segments, list.Blocks, list.ProgramBlocks = 540_017, 2_100_000, 3, 16_407, 128
	list.ProgramBytes, list.RawBytes, list.Memory, list.RestoreSpeed = 2_811, 537_100, 34_603_008, 2_150_000
	list.Predicted, list.Plan, list.Plans = true, true, []string{"concatenate+kinds+columns", "signal+mix"}
	length := 2 * size
	list.Headers = []describe.Header{
		{FormatVersion: 3, Edition: 2, BlockSize: 128, SegmentSize: 8 << 20, Name: "flight_px4.ulg", ModTime: "2026-11-27T10:00:00Z", Mode: "0644", Size: &length},
		{FormatVersion: 3, Edition: 2, BlockSize: 128, SegmentSize: 8 << 20},
	}
	ratio, share := float64(list.Compressed)/float64(list.Original), float64(list.ProgramBlocks)/float64(list.Blocks)
	list.Ratio, list.ProgramShare = &ratio, &share
	r := &describe.Report{
		List: list, Version: "1.9", From: "-9 --mix",
		Words: []string{
			"A flight log: 31,904 records of 18 kinds, told apart by their first byte, with a head of text.",
			"Most of its bits are in the records of kind 30, which hold six 32-bit floating-point numbers each.",
			"Without its plan the file takes 871,210 bytes; xz -9e makes 742,118 of it.",
		},
		Damage: []describe.Damage{{Offset: 1_400_000, Size: 16_384, Error: "segment 3: checksum mismatch"}, {Offset: -1, Size: -1, Error: "unexpected end of file"}},
		Parts: []describe.CostPart{
			{Words: "kind 30: float32 at byte 13", Samples: []string{"0.125", "0.25"}, Bits: 1_210_000},
			{Detail: 1, Words: "channel 2 of 12", Bits: 700_000}, {Words: "battery", Samples: []string{"16.1"}, Bits: 3500},
		},
		Details:  []describe.Detail{detail(rng), chain()},
		Programs: programs(300),
		Methods: []describe.Method{
			{Name: "ktzip -9 --mix", Bytes: list.Compressed, Compress: 31_000, Restore: 2_150_000},
			{Name: "xz -9e", Bytes: 742_118, Compress: 2_360_000, Restore: 53_600_000},
			{Name: "zstd -19", Bytes: 789_010, Compress: 3_110_000, Restore: 469_000_000},
			{Name: "bzip2 -9", Bytes: 801_022, Compress: 14_000_000},
			{Name: "gzip -9", Bytes: 871_210, Compress: 11_800_000, Restore: 168_000_000},
		},
		Omitted: describe.Omitted{Segments: 2, Details: 1, Programs: 12},
	}
	for i := range 3 {
		r.Segments = append(r.Segments, segment(rng, i, int64(i)*size, size))
	}
	for _, s := range r.Segments {
		r.Costly = append(r.Costly, s.Sections[1:3]...)
	}
	return r
}

// segment returns a segment with sections that cost differently.
func segment(rng *rand.Rand, i int, offset, size int64) describe.SegmentPart {
	const cell = 4375
	s := describe.SegmentPart{
		File: i / 2, Offset: offset, Size: size, Coded: 180_000, Programs: 937, Raw: 178_900, Blocks: [2]int{5469, 40},
		Plan: "concatenate+kinds+columns", Detail: i % 2, Cell: cell, Preview: "ULog\x01\x125\x01 ver_hw PX4_FMU_V5 sys_name",
	}
	if i == 2 {
		s.Plan, s.Detail, s.Preview = "", -1, "00 01 7f ff 3c 9a"
	}
	sizes := []int64{21_875, 245_000, 350_000, 83_125}
	words := []string{"head, as text", "records of 18 kinds", "12 channels of 16-bit samples", "rows of text by 12 templates"}
	off := offset
	for k, n := range sizes {
		base := []float64{1.1, 2.4, 5.2, 0.6}[k]
		bits := 0.0
		for range n / cell {
			rate := max(0, base+rng.NormFloat64()*0.7)
			s.Heat = append(s.Heat, int(rate*16))
			bits += rate * cell
		}
		s.Sections = append(s.Sections, describe.Stretch{Segment: i, Offset: off, Size: n, Bits: bits, Words: words[k], Node: k, Streams: []int{k}})
		off += n
	}
	return s
}

// detail returns the detail of a plan that joins four sections.
func detail(rng *rand.Rand) describe.Detail {
	node := func(i int, line, words string, stream int, size int64, args ...int) describe.Node {
		name := fmt.Sprintf("sequence_%d", i+1)
		return describe.Node{Name: name, Line: name + " = " + line, Words: words, Args: args, Stream: stream, Size: size}
	}
	d := describe.Detail{
		Words: []string{"The segment is four sections in a row.", "The second has records of 18 kinds; each field is predicted by itself."},
		Nodes: []describe.Node{
			node(0, "payload(0)", "stream 0", 0, 268_000),
			node(1, "get_subsequence_between_indices(sequence_1, 0, 21875)", "bytes 0 to 21,875", -1, 21_875, 0),
			node(2, "payload(1)", "stream 1", 1, 245_000),
			node(3, "columns(sequence_3, [2, 0, 0, 1, 1, 0])", "records of 3 bytes, column by column", -1, 12_000, 2),
			node(4, "payload(2)", "stream 2", 2, 233_000),
			node(5, "kinds(sequence_4, sequence_5, 3, [0, 2, 1])", "records of 18 kinds, told apart by their first byte", -1, 245_000, 3, 4),
			node(6, "payload(3)", "stream 3", 3, 350_000),
			node(7, "signal(sequence_7, [12, 16, 1])", "12 channels of 16-bit samples, each predicted from the 32 before", -1, 350_000, 6),
			node(8, "integrate(sequence_8, 2)", "running sums of 16-bit numbers", -1, 350_000, 7),
			node(9, "bytes_of(sequence_9)", "numbers as bytes, low byte first", -1, 350_000, 8),
			node(10, "get_subsequence_between_indices(sequence_1, 21875, 268000)", "bytes 21,875 to 268,000", -1, 80_125, 0),
			node(11, "lines(sequence_11, [1, 2, 3])", "rows of text by 12 templates", -1, 83_125, 10),
			node(12, "concatenate(sequence_2, sequence_6, sequence_10, sequence_12)", "four sections in a row", -1, 700_000, 1, 5, 9, 11),
		},
		Out: 12,
		Groups: []describe.GroupPart{
			{Raw: 71_000, First: 0, Streams: []describe.Stream{{Bytes: 268_000, Bits: 160_000, Words: "heads of bytes 20 to 921630"}, {Bytes: 245_000, Bits: 406_000}}},
			{Raw: 107_000, First: 2, Streams: []describe.Stream{{Bytes: 233_000, Bits: 300_000}, {Bytes: 350_000, Bits: 568_000}}, Predictor: []describe.Component{
				{Line: "predictor(numbers(2, 12))", Words: "numbers of 16 bits that 12 channels take turns to give"},
				{Line: "squares(32, 16)", Words: "least squares over 32 samples before, 16 of the channels beside", Worth: 83},
				{Line: "filter(256, 2)", Words: "an adaptive filter of 256 samples", Worth: 31}, {Line: "tree(6)", Words: "a tree of decisions, 6 deep", Worth: 4}}},
		},
	}
	for i := range d.Nodes {
		if n := &d.Nodes[i]; n.Stream < 0 && len(n.Args) > 0 {
			n.Deflated, n.Without = n.Size/2, 180_000+int64(i*i)*401
		}
	}
	var text strings.Builder
	for _, n := range d.Nodes {
		fmt.Fprintf(&text, "%s\n  # %s\n", n.Line, n.Words)
	}
	d.Text = text.String()
	d.Tables, d.Texts = []describe.Table{table(rng)}, []describe.TextTable{rows()}
	d.Signals, d.Images = []describe.Signal{signal(rng)}, []describe.Image{picture(rng, 1), picture(rng, 3)}
	return d
}

// chain returns a detail whose plan is forty steps in a row, and some that the output does not need.
func chain() describe.Detail {
	d := describe.Detail{Words: []string{"A long chain."}, Out: 40}
	d.Nodes = []describe.Node{{Name: "sequence_1", Line: "sequence_1 = payload(0)", Words: "stream 0", Stream: 0, Size: 700_000}}
	for i := 1; i < 43; i++ {
		d.Nodes = append(d.Nodes, describe.Node{
			Name: fmt.Sprintf("sequence_%d", i+1), Line: fmt.Sprintf("sequence_%d = integrate(sequence_%d, %d)", i+1, i, i), Words: fmt.Sprintf("running sums of lag %d", i),
			Args: []int{i - 1}, Stream: -1, Size: 700_000,
		})
	}
	d.Nodes[41].Size, d.Nodes[42].Size = -1, -1
	d.Groups = []describe.GroupPart{{Raw: 178_000, Streams: []describe.Stream{{Bytes: 700_000, Bits: 1_424_000}}}}
	return d
}

func table(rng *rand.Rand) describe.Table {
	t := describe.Table{Node: 5, Words: "Records of 18 kinds, told apart by their first byte", Records: 31_904, Size: 245_000}
	types := []string{"int64", "int32", "float32", "int16be", "bytes×2", "int8"}
	widths := []int{8, 4, 4, 2, 2, 1}
	for k := range 18 {
		kind := describe.Kind{Name: fmt.Sprintf("kind %d", 11+k), Records: 31_904 / (k + 2), Example: "1e 00 44 1a 00" + strings.Repeat(" 41", 12)}
		off := 0
		for f := range 3 + k%9 {
			n := rng.IntN(len(types))
			bits := rng.Float64() * float64(8*widths[n]) * float64(kind.Records) * 0.6
			kind.Fields = append(kind.Fields, describe.Field{
				Offset: off, Width: widths[n], Type: types[n], Predictor: []string{"", "the field of the record before", "a line through the two before", "alike in field 4"}[f%4],
				Bits: bits, Samples: []string{"-1733", "-1729", "-1722", "18"},
			})
			off += widths[n]
			kind.Bits += bits
		}
		if k == 17 { // some of its fields are left out
			kind.Fields = append(kind.Fields, describe.Field{Offset: -1, Width: 9, Type: "other fields", Samples: []string{""}})
			off += 9
		}
		kind.Bytes = float64(off)
		t.Kinds = append(t.Kinds, kind)
	}
	return t
}

func signal(rng *rand.Rand) describe.Signal {
	s := describe.Signal{Node: 7, Words: "12 channels of 16-bit samples", Type: "int16", Start: 40_000, Shown: 3, Total: 12}
	for c := range 3 {
		ch := describe.Channel{Bits: 4.2 + float64(c)}
		for i := range 400 {
			x := float64(i)
			beat := math.Exp(-math.Pow(math.Mod(x, 97)-40, 2)/12) * 900
			ch.Values = append(ch.Values, math.Round(beat+120*math.Sin(x/31+float64(c))+rng.NormFloat64()*6))
			ch.Rest = append(ch.Rest, math.Round(rng.NormFloat64()*9))
		}
		s.Channels = append(s.Channels, ch)
	}
	return s
}

func picture(rng *rand.Rand, channels int) describe.Image {
	m := describe.Image{Node: 7, Words: "12-bit image, rows from the top", Width: 480, Height: 360, Columns: 160, Rows: 120, Channels: channels}
	for y := range m.Rows {
		for x := range m.Columns {
			for c := range channels {
				r := math.Hypot(float64(x-80), float64(y-60))
				v := 128 + 100*math.Cos(r/float64(9+4*c)) + rng.NormFloat64()*4
				m.Pixels = append(m.Pixels, byte(max(0, min(255, v))))
				m.Rest = append(m.Rest, byte(max(0, min(255, 128+rng.NormFloat64()*9))))
			}
		}
	}
	return m
}

func rows() describe.TextTable {
	return describe.TextTable{Node: 11, Words: "Rows of text", Rows: 1204, Total: 12, Templates: []describe.Template{
		{Set: 1, Text: "INFO  [%w2] mode %u1 at %+u4 us, battery %d2.%z1 V\\n", Rows: 1100, Slots: []describe.Slot{
			{Text: "%w2", Words: "one of 14 words", Bits: 2900, Samples: []string{"commander", "ekf2", "logger"}},
			{Text: "%u1", Words: "a number of 1 byte", Bits: 80, Samples: []string{"2", "2", "3"}},
			{Text: "%+u4", Words: "a number of 4 bytes, less the one before", Bits: 9800, Samples: []string{"1003992", "1004011"}},
			{Text: "%d2", Words: "a number of 2 bytes", Bits: 900, Samples: []string{"15", "15"}}, {Text: "%z1", Words: "a digit", Samples: []string{"7"}}}},
		{Set: 2, Text: "WARN  %s\\n", Rows: 104, Slots: []describe.Slot{{Text: "%s", Words: "text", Bits: 5000, Samples: []string{"no GPS fix", "mag 1 lost"}}}},
	}}
}

func programs(n int) (list []describe.ProgramBlock) {
	for i := range n {
		p := describe.ProgramBlock{Segment: i % 3, Program: describe.Program{Stream: i % 4, Offset: int64(i) * 128, Length: 128, Bits: 91.5 + float64(i%40), Text: "sequence_1 = range(0, 64, 2)\nsequence_2 = range(7, 71, 1)\nsequence_3 = interleave(sequence_1, sequence_2)\n"}}
		if i > 2 && i%5 == 0 {
			p.Refers = []int{i - 1, i / 2}
		}
		list = append(list, p)
	}
	return list
}
