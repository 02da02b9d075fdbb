package codec

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"io"
	"slices"

	"github.com/klauspost/compress/flate"

	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
)

// A takenSegment is a segment taken apart.
type takenSegment struct {
	size    int
	sum     uint32
	plan    *dsl.Program
	groups  []dsl.Group
	blocks  [][]*dsl.Program // of each group; nil: raw
	members [][]byte         // of each group: deflate data
	section []byte           // not nil: instead of what plan, groups and blocks say
	plain   bool             // of version 3: without a section, whatever plan, groups and blocks say
	tails   bool             // of versions 1 and 2: with wrong trailers of members
}

// A takenFile is a file taken apart.
type takenFile struct {
	header   container.Header
	segments []*takenSegment
	index    func(x *container.Index) // changes it
	padded   int                      // not 0: the offset in the index of a number that gets a byte too many
	swapped  bool                     // an index where a short end should be, or the other way round
}

// clone is a copy of f of which everything but programs and members can be changed.
func (f *takenFile) clone() *takenFile {
	g := *f
	g.segments = make([]*takenSegment, len(f.segments))
	for i, t := range f.segments {
		u := *t
		u.groups, u.members, u.blocks = slices.Clone(t.groups), slices.Clone(t.members), slices.Clone(t.blocks)
		for k := range u.blocks {
			u.blocks[k] = slices.Clone(u.blocks[k])
		}
		g.segments[i] = &u
	}
	return &g
}

// onlyPlan is a small file with the plan of the first segment of b, which may be one
// that is refused; nil if there is no plan.
func onlyPlan(b []byte) *takenFile {
	r, s := container.NewReader(bytes.NewReader(b)), container.Segment{}
	h, err := r.Next(nil)
	if err != nil {
		return nil
	}
	if _, err := r.Next(&s); err != nil || s.Size == 0 {
		return nil
	}
	plan, err := dsl.NewDecoder(s.Programs, dsl.Edition(h.Edition())).Plan()
	if err != nil {
		return nil
	}
	t := &takenSegment{size: 300, plan: plan.Clone(), groups: []dsl.Group{{Streams: 1}}, blocks: [][]*dsl.Program{{nil}}, members: [][]byte{stored([]byte("a member"))}}
	t.refit(new(choices), h.BlockSize())
	return &takenFile{header: *h, segments: []*takenSegment{t}}
}

// bytes is how many bytes f restores to.
func (f *takenFile) bytes() (n int) {
	for _, t := range f.segments {
		n += t.size
	}
	return n
}

// takeApart returns the parts of the files in b, as far as they are valid.
func takeApart(b []byte) (files []*takenFile) {
	cfg, _ := (*ReaderConfig)(nil).withDefaults()
	cfg.MemoryLimit = 64 << 20
	in := newInspector(bytes.NewReader(b), cfg, false)
	total := 0
	for {
		if in.next() != nil {
			return files
		}
		if in.info.Size == 0 {
			files = append(files, &takenFile{header: *in.info.Header})
			continue
		}
		if total += int(in.info.Size); total > 1<<15 || len(files) > 8 {
			return files
		}
		h := in.info.Header
		t := &takenSegment{size: int(in.info.Size), sum: in.task.coded.Sum, plain: isPlain(h, &in.task.coded)}
		member := bytes.Clone(in.task.coded.Raw)
		p, groups, err := in.walk.begin(h, &in.task.coded)
		if err != nil {
			panic(err) // it was restored
		}
		t.plan, t.groups = p.Clone(), dslGroups(groups)
		for _, g := range groups {
			data := member[:g.member:g.member]
			if g.member > 0 {
				if data, err = deflateData(h, data); err != nil {
					panic(err)
				}
			}
			t.members = append(t.members, data)
			member = member[g.member:]
			var blocks []*dsl.Program
			for b, err := range in.walk.blocks(&g, in.info.Header.BlockSize()) {
				if err != nil {
					panic(err)
				}
				if b.program != nil {
					blocks = append(blocks, b.program.Clone())
				} else {
					blocks = append(blocks, nil)
				}
			}
			t.blocks = append(t.blocks, blocks)
		}
		f := files[len(files)-1]
		f.segments = append(f.segments, t)
	}
}

// predicted reports whether a group of t has a predictor.
func (t *takenSegment) predicted() bool { return (&frame{groups: t.groups}).predicted() }

// coded returns the section and the members of t in a file with header h; ok is false if the
// programs can't be written.
func (t *takenSegment) coded(h *container.Header) (section, raw []byte, ok bool) {
	members := t.members
	if h.GZIP() {
		members = nil
		for _, data := range t.members {
			members = append(members, t.gzipped(data))
		}
	}
	raw = bytes.Join(members, nil)
	if t.section != nil {
		return t.section, raw, true
	}
	if t.plain && !h.GZIP() {
		return nil, raw, true
	}
	if checkProgram(t.plan, dsl.Plan) != nil {
		return nil, nil, false
	}
	defer func() {
		if recover() != nil { // what has no bit form
			ok = false
		}
	}()
	enc := dsl.NewEncoder(dsl.Edition2)
	plan := t.plan.Canonical()
	enc.Plan(plan)
	if !plan.IsIdentity() {
		for k := range t.groups {
			t.groups[k].Member = len(members[k])
		}
		enc.Groups(t.groups)
	}
	if t.predicted() {
		enc.Predictors(t.groups)
	}
	for _, blocks := range t.blocks {
		for _, p := range blocks {
			if p == nil {
				enc.Raw()
			} else {
				enc.Program(p.Canonical())
			}
		}
	}
	return enc.Finish(), raw, true
}

// seal puts the files together again, with checksums that are right for what the
// segments restore to if they do. ok is false if that has no coded form.
func seal(files []*takenFile) (out []byte, ok bool) {
	for _, f := range files {
		start := len(out)
		var err error
		if out, err = f.header.Append(out); err != nil {
			return nil, false
		}
		x := container.Index{Header: int64(len(out) - start)}
		for _, t := range f.segments {
			s := container.Segment{Size: t.size, Sum: t.sum, Predicted: t.predicted() && !t.plain}
			if s.Programs, s.Raw, ok = t.coded(&f.header); !ok || s.Size < 1 || s.Size > 1<<16 {
				return nil, false
			}
			content := make([]byte, s.Size)
			if sum, err := new(decoder).restore(content, &f.header, &s); err == nil {
				s.Sum = sum
			}
			at := len(out)
			if out, err = s.Append(out, &f.header); err != nil {
				return nil, false
			}
			x.Entries = append(x.Entries, container.Entry{Coded: int64(len(out) - at), Size: int64(s.Size)})
		}
		if f.index != nil {
			f.index(&x)
		}
		end := f.header
		if f.swapped {
			end.Version = map[bool]uint8{true: container.Version, false: 2}[end.GZIP()]
		}
		out = appendIndex(out, x.Append(nil, &end), f.padded)
	}
	return out, true
}

// appendIndex appends an index in which the number that ends at offset padded, if one
// does, has an empty byte after it.
func appendIndex(out, index []byte, padded int) []byte {
	body := len(index) - 2
	for index[body] >= 0x80 { // the length, from its last byte on
		body--
	}
	body -= 4 // the checksum
	if padded <= 0 || padded >= body || index[padded] >= 0x80 {
		return append(out, index...)
	}
	b := slices.Concat(index[:padded], []byte{index[padded] | 0x80, 0}, index[padded+1:body])
	b = binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
	length := binary.AppendUvarint(nil, uint64(len(b)))
	slices.Reverse(length)
	return slices.Concat(out, b, length, index[len(index)-1:])
}

// memberOf returns deflate data of content, by any of flate's ways; none if it is empty.
func memberOf(content []byte, way int) []byte {
	if len(content) == 0 {
		return nil
	}
	if way == 0 {
		return stored(content)
	}
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, []int{flate.HuffmanOnly, 1, 6}[way%3])
	if err != nil {
		panic(err)
	}
	w.Write(content)
	w.Close()
	return b.Bytes()
}

// refit gives t groups, blocks and members of the lengths that its plan wants.
func (t *takenSegment) refit(c *choices, block int) {
	if checkProgram(t.plan, dsl.Plan) != nil {
		return
	}
	lengths := []int{t.size}
	if !t.plan.IsIdentity() {
		l, err := plan.NewLayout(t.plan.Canonical(), t.size)
		if err != nil || len(l.Streams) == 0 {
			return
		}
		lengths = l.Streams
	}
	var programs []*dsl.Program
	for _, blocks := range t.blocks {
		programs = append(programs, blocks...)
	}
	old := bytes.Join(t.members, nil)
	t.groups, t.blocks, t.members = nil, nil, nil
	for at := 0; at < len(lengths); {
		n := 1 + c.take(len(lengths)-at)
		total := 0
		for _, k := range lengths[at : at+n] {
			total += k
		}
		at += n
		var blocks []*dsl.Program
		var content []byte
		for b := 0; b < total; b += block {
			var p *dsl.Program
			if len(programs) > 0 && c.take(3) == 1 {
				p = programs[c.take(len(programs))]
			}
			blocks = append(blocks, p)
			for k := 0; k < min(block, total-b) && p == nil; k++ {
				v := byte(0)
				if len(old) > 0 {
					v = old[(b+k)%len(old)]
				}
				content = append(content, v)
			}
		}
		t.groups, t.blocks = append(t.groups, dsl.Group{Streams: n}), append(t.blocks, blocks)
		t.members = append(t.members, memberOf(content, c.take(4)))
	}
}

// gzipped is the GZIP member of deflate data, with a trailer for what that gives, unless t
// wants a wrong one.
func (t *takenSegment) gzipped(data []byte) []byte {
	if len(data) == 0 {
		return nil
	}
	out, _ := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(data)), 1<<17)) // what there is before an error
	m := gzipped(out, data)
	if t.tails {
		m[len(m)-1-len(out)%8] ^= 1
	}
	return m
}
