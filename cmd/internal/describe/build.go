package describe

import (
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
)

// Options say how to build a Report. The zero value is ready to use.
type Options struct {
	Name    string              // of the file
	Version string              // Report.Version
	From    string              // Report.From
	Reader  *codec.ReaderConfig // nil stands for the default
	Headers bool                // list them, as for -l --json

	// Deflate returns how many bytes deflate makes of b. If it is nil, no node tells that.
	Deflate func(b []byte) int
	// Without returns how many bytes the segment takes by the plan p and deflate alone. If it is nil, no
	// node tells that.
	Without func(segment []byte, p *dsl.Program) int64
	// Progress is called after each segment with how many of the bytes of the source were read, unless it
	// is nil.
	Progress func(done int64)
}

// Limits of a Report. All are arbitrary; together they keep its JSON below 2.3 MB (TestReportIsBounded).
const (
	maxDamage      = 500
	headerBytes    = 100_000
	maxPreview     = 48  // bytes
	maxName        = 200 // bytes of a plan's name on the map
	maxSections    = 24  // of a segment
	sectionBytes   = 150_000
	detailBytes    = 1_100_000
	maxPrograms    = 1000
	programBytes   = 150_000
	maxProgramText = 4 << 10 // bytes
)

// Build describes the file, or the concatenated ones, in the size bytes of src. If it is damaged, it
// describes what is intact. The error is one of codec.Inspect, if no part is intact or the file is not
// damaged: if it needs more memory than allowed, a later version, or cannot be read.
func Build(src io.ReaderAt, size int64, o *Options) (*Report, error) {
	if o == nil {
		o = new(Options)
	}
	b := newBuilder(o)
	err := codec.Inspect(io.NewSectionReader(src, 0, size), o.Reader, true, b.part)
	if err == nil {
		return b.end(size), nil
	}
	if !isDamage(err) {
		return nil, err
	}
	b = newBuilder(o)
	salvaged, err2 := codec.InspectIntact(src, size, o.Reader, true, b.part)
	if err2 != nil {
		if isDamage(err2) {
			err2 = err // nothing is intact
		}
		return nil, err2
	}
	r := b.end(size)
	r.Damage = damageOf(salvaged, err)
	return r, nil
}

// isDamage reports whether err says that a file is damaged.
func isDamage(err error) bool {
	if errors.Is(err, container.ErrMemory) || errors.Is(err, container.ErrVersion) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false
	}
	for _, kind := range []error{container.ErrFormat, container.ErrCorrupt, container.ErrChecksum, container.ErrLimit, io.ErrUnexpectedEOF} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}

// damageOf returns what is missing. If nothing is, err says what else is wrong.
func damageOf(s *codec.Salvaged, err error) (list []Damage) {
	for k, m := range s.Missing {
		if len(list) == maxDamage-1 && k < len(s.Missing)-1 {
			return append(list, Damage{m.Off, -1, strconv.Itoa(len(s.Missing)-k) + " more stretches"})
		}
		list = append(list, Damage{m.Off, m.Size, s.Reasons[k].Error()})
	}
	if len(list) == 0 {
		list = append(list, Damage{-1, -1, err.Error()})
	}
	return list
}

// A builder makes a Report, part by part.
type builder struct {
	o        *Options
	r        *Report
	segments segmentMap
	details  details
	programs programs
	machine  plan.Machine
	words    fileWords
	sections int // bytes that they take
	headers  int // the same
	done     int64
}

func newBuilder(o *Options) *builder {
	b := &builder{o: o, r: &Report{List: NewList(o.Name), Version: o.Version, From: o.From, Segments: []SegmentPart{}, Details: []Detail{}}}
	b.details = newDetails(o, &b.machine)
	b.segments.drop = b.details.drop
	return b
}

// part adds a part of a file, as codec.Inspect visits it.
func (b *builder) part(info *codec.SegmentInfo) error {
	headers := b.o.Headers && b.headers <= headerBytes
	b.r.List.Add(info, headers)
	if info.Size == 0 {
		if headers {
			b.headers += headerWeight + weight(info.Header.Name)
		}
		return nil
	}
	b.words.Add(info)
	d := b.details.begin(info)
	costs, err := b.costsOf(info, d)
	if err != nil {
		return err
	}
	p := b.segments.add(partOf(info), costs.bytes)
	b.addSections(p, info)
	if d != nil {
		p.detail = b.details.add(d, info, costs)
	}
	b.programs.add(info, p)
	if b.done += info.Coded; b.o.Progress != nil {
		b.o.Progress(b.done)
	}
	return nil
}

// segmentCosts are what the bytes of a segment cost, in 1/16 bit. They are valid as long as the segment is.
type segmentCosts struct {
	content [][]byte   // the streams of the plan
	streams [][]uint16 // what their bytes cost
	bytes   []uint16   // of the segment
}

// costsOf returns what the bytes of a segment cost. On the way d, unless it is nil, gets tables that see the lists of the
// plan.
func (b *builder) costsOf(info *codec.SegmentInfo, d *detailed) (c segmentCosts, err error) {
	if c.streams, err = info.Costs(); err != nil {
		return c, err
	}
	if c.content, err = info.Streams(); err != nil {
		return c, err
	}
	p := info.Plan
	if p == nil {
		p = dsl.Identity()
	}
	var visit func(*plan.Made) error
	if d != nil {
		d.tables = newTabled(&d.Detail, newViews(info, c.content))
		visit = d.tables.see
	}
	c.bytes, err = b.machine.Spread(len(info.Restored), p, c.content, c.streams, visit)
	return c, err
}

// partOf returns what the map says of a segment, but for its cells and its detail.
func partOf(info *codec.SegmentInfo) SegmentPart {
	p := SegmentPart{
		File: info.File, Offset: info.Offset, Size: info.Size,
		Coded: info.Coded, Programs: info.ProgramBytes, Raw: info.RawBytes,
		Blocks: [2]int{info.Blocks, info.ProgramBlocks}, Preview: preview(info.Restored),
	}
	if info.Plan != nil {
		p.Plan = clip(PlanName(info.Plan), maxName)
	}
	return p
}

// preview returns the first bytes of b: as text if they are printable, else as hexadecimal digits.
func preview(b []byte) string {
	b = b[:min(len(b), maxPreview)]
	text := b
	for k := 1; k < utf8.UTFMax && len(b) == maxPreview && !utf8.Valid(text); k++ { // the last character may be cut
		text = b[:len(b)-k]
	}
	if utf8.Valid(text) && !strings.ContainsFunc(string(text), func(r rune) bool { return !strconv.IsPrint(r) && r != '\n' && r != '\t' && r != '\r' }) {
		return string(text)
	}
	const digits = "0123456789abcdef"
	hex := make([]byte, 0, 3*len(b))
	for i, c := range b {
		if i > 0 {
			hex = append(hex, ' ')
		}
		hex = append(hex, digits[c>>4], digits[c&15])
	}
	return string(hex)
}

// clip returns text, cut at a character's end to at most n bytes and an ellipsis.
func clip(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n] + "…"
}

// addSections adds the sections of the segment to its part p, if a plan or a predictor tells any.
func (b *builder) addSections(p *mapPart, info *codec.SegmentInfo) {
	if len(info.Groups) == 0 || b.sections > sectionBytes {
		return
	}
	for k, s := range sectionsOf(info) {
		if k == maxSections || b.sections > sectionBytes {
			return
		}
		words := clip(s.Words, maxLine)
		p.sections = append(p.sections, Stretch{Offset: p.Offset + int64(s.Offset), Size: int64(s.Size), Words: words, Node: s.Node, Streams: s.Streams})
		b.sections += stretchWeight + weight(words) + numberWeight*len(s.Streams)
	}
}

// end completes the Report of a file of size bytes.
func (b *builder) end(size int64) *Report {
	r, m := b.r, &b.segments
	r.List.End(size)
	r.Costly = m.costly()
	r.Omitted = Omitted{Segments: m.joined}
	for i, p := range m.parts {
		p.heat()
		p.Detail = -1
		if d := p.detail; d != nil && d.listed {
			p.Detail = len(r.Details)
			r.Details = append(r.Details, d.Detail)
		}
		for k := range p.sections {
			s := &p.sections[k]
			s.Segment, s.Bits = i, p.bits(s.Offset-p.Offset, s.Size)
		}
		p.Sections = p.sections
		r.Segments = append(r.Segments, p.SegmentPart)
	}
	r.Omitted.Details = b.details.added - len(r.Details)
	b.programs.end(r, m.parts)
	r.Parts = costParts(r.Details)
	b.words.parts = r.costWords(size)
	r.Words = append([]string{}, b.words.Lines(size)...)
	return r
}

// bits returns what n bytes of p from off on cost.
func (p *mapPart) bits(off, n int64) (bits float64) {
	for cell := int64(p.Cell); n > 0; {
		k := off / cell
		here := min(n, (k+1)*cell-off, p.Size-off)
		if here <= 0 {
			break
		}
		bits += float64(p.cells[k]) / bitUnits * float64(here) / float64(p.bytesOf(int(k)))
		off += here
		n -= here
	}
	return bits
}
