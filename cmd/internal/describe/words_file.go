package describe

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/dsl/plan"
)

// fileWords collects what is in a file, for lines that a person reads first. The zero fileWords is that of an empty
// file. Its memory is bounded, whatever the file: there are few kinds of data.
type fileWords struct {
	size, coded, segments int64
	blocks, programs      int64 // all, and those with a program
	kinds                 []kindShare
	segment               costly // the segment, of those that are not short, that costs most per byte
	parts                 string // the parts that cost most, if they are known
}

// A kindShare is what a kind of data has of a file.
type kindShare struct {
	kind  string
	words string // of the largest section
	most  int64  // bytes of that
	same  bool   // all sections have these words
	count int64  // sections
	size  int64  // bytes
	coded float64
}

// costly is a segment.
type costly struct {
	offset, size int64
	coded        float64 // bytes
}

// Add adds a part of a file, as codec.Inspect visits it if programs are asked for. It does not need what info.Restored has.
func (f *fileWords) Add(info *codec.SegmentInfo) {
	if info.Size == 0 {
		return
	}
	f.size += info.Size
	f.coded += info.Coded
	f.segments++
	f.blocks += int64(info.Blocks)
	f.programs += int64(info.ProgramBlocks)
	f.addSections(info)
	c := costly{offset: info.Offset, size: info.Size, coded: float64(info.Coded)}
	if f.segment.size == 0 || c.perByte() > f.segment.perByte() {
		f.segment = c
	}
}

// perByte returns bytes for each byte, somewhat less for short parts: these cost much of their own.
func (c *costly) perByte() float64 {
	const short = 4096 // bytes; arbitrary
	return c.coded / float64(c.size+short)
}

// addSections adds the sections of a segment to their kinds. Together they cost as much as the segment.
func (f *fileWords) addSections(info *codec.SegmentInfo) {
	costs, total := streamCosts(info)
	scale := 0.0
	if total > 0 {
		scale = float64(info.Coded) / total
	}
	for _, s := range sectionsOf(info) {
		coded := 0.0
		for _, k := range s.Streams {
			if k < len(costs) {
				coded += costs[k] * scale
			}
		}
		if len(costs) == 0 {
			coded = float64(info.Coded)
		}
		f.share(s.Kind).add(&s, coded)
	}
}

// sectionsOf returns the sections of a segment. One without a plan is what its predictor says.
func sectionsOf(info *codec.SegmentInfo) []plan.Section {
	list := plan.Sections(info.Plan, int(info.Size))
	if info.Plan != nil {
		return list
	}
	s := &list[0]
	s.Streams = []int{0}
	s.Words = "bytes in which no structure was found"
	if info.ProgramBlocks > 0 {
		s.Words = "bytes in blocks, of which programs make some"
	}
	if len(info.Groups) > 0 && info.Groups[0].Predictor != nil {
		n := &info.Groups[0].Predictor.Nodes[0]
		s.Words = ComponentWords(n)
		s.Kind = cmp.Or(componentOf(n.Op).kind, s.Kind)
	}
	return list
}

// streamCosts returns what each stream costs, in bytes, and all together.
func streamCosts(info *codec.SegmentInfo) (costs []float64, total float64) {
	for _, g := range info.Groups {
		for _, s := range g.Streams {
			costs = append(costs, s.Cost.Bits()/8)
			total += s.Cost.Bits() / 8
		}
	}
	return costs, total
}

// share returns that of a kind.
func (f *fileWords) share(kind string) *kindShare {
	for k := range f.kinds {
		if f.kinds[k].kind == kind {
			return &f.kinds[k]
		}
	}
	f.kinds = append(f.kinds, kindShare{kind: kind, same: true})
	return &f.kinds[len(f.kinds)-1]
}

// add adds a section that takes so many bytes.
func (k *kindShare) add(s *plan.Section, coded float64) {
	k.same = k.same && (k.count == 0 || k.words == s.Words)
	if int64(s.Size) > k.most {
		k.words, k.most = s.Words, int64(s.Size)
	}
	k.count++
	k.size += int64(s.Size)
	k.coded += coded
}

// maxKindLines is how many kinds of data lines name. Arbitrary.
const maxKindLines = 5

// Lines returns what was added, in lines. compressed are the bytes of the file; 0 if they are not known.
func (f *fileWords) Lines(compressed int64) []string {
	if f.size == 0 {
		return []string{"an empty file"}
	}
	compressed = cmp.Or(compressed, f.coded)
	first := fmt.Sprintf("%s, compressed to %d: %s of the size", plural(f.size, "byte"), compressed, RatioText(compressed, f.size))
	if f.segments > 1 {
		first += fmt.Sprintf(", in %d segments", f.segments)
	}
	lines := append([]string{first}, f.kindLines()...)
	if f.programs > 0 {
		lines = append(lines, fmt.Sprintf("programs make %d of %s", f.programs, plural(f.blocks, "block")))
	}
	switch {
	case f.parts != "":
		lines = append(lines, "what costs most: "+f.parts)
	case f.segments > 1:
		s := &f.segment
		lines = append(lines, fmt.Sprintf("the segment at offset %d costs most for its %s: %s a byte; all of the file %s",
			s.offset, plural(s.size, "byte"), bitsText(s.coded, s.size), bitsText(float64(f.coded), f.size)))
	}
	return lines
}

// kindLines returns a line for each kind of data that is worth it, those that cost most first.
func (f *fileWords) kindLines() (lines []string) {
	const least = 0.001 // of the bytes, or of the compressed size
	var kinds []*kindShare
	for i := range f.kinds {
		k := &f.kinds[i]
		if float64(k.size) < least*float64(f.size) && k.coded < least*float64(f.coded) {
			continue
		}
		at := len(kinds)
		for at > 0 && kinds[at-1].coded < k.coded {
			at--
		}
		kinds = slices.Insert(kinds, at, k)
	}
	shown := kinds[:min(len(kinds), maxKindLines)]
	for _, k := range shown {
		text := k.words
		if !k.same {
			text = k.kind + "; the largest part: " + k.words
		}
		switch {
		case len(kinds) == 1 && k.size < f.size:
			text += ", all but " + plural(f.size-k.size, "byte")
		case len(kinds) > 1:
			text = shareText(float64(k.size), float64(f.size)) + " of the bytes, " + shareText(k.coded, float64(f.coded)) + " of the compressed size: " + text
		}
		lines = append(lines, text)
	}
	if more := len(kinds) - len(shown); more > 0 {
		lines = append(lines, "… and "+plural(int64(more), "kind")+" more")
	}
	return lines
}

// bitsText says how many bits a byte takes.
func bitsText(coded float64, size int64) string {
	return fmt.Sprintf("%.2f bits", 8*coded/float64(max(size, 1)))
}

// shareText returns a / b as a percentage.
func shareText(a, b float64) string {
	switch share := 100 * a / max(b, 1); {
	case share < 0.1:
		return "less than 0.1 %"
	case share < 9.95 || share > 99 && share < 99.95:
		return fmt.Sprintf("%.1f %%", share)
	case share > 99.95 && a < b:
		return "99.9 %"
	default:
		return fmt.Sprintf("%.0f %%", share)
	}
}
