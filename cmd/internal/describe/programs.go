package describe

import (
	"strings"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/dsl"
)

// programs lists the programs of blocks, as many as there is room for.
type programs struct {
	list    []ProgramBlock
	parts   []*mapPart // of each
	bytes   int        // that they take
	omitted int
	makers  []maker // of the lists that the next program of a row may use, the last one last
	stream  int     // where the row continues
	offset  int64
}

// A maker is a program of a row, whose lists later ones use.
type maker struct {
	number int // in the list; -1 if it is left out
	lists  int
}

// add adds the programs of a segment whose part of the map is p.
func (ps *programs) add(info *codec.SegmentInfo, p *mapPart) {
	starts := startsOf(info)
	ps.makers, ps.stream = ps.makers[:0], -1
	for b := range info.Programs {
		ps.join(&b, starts)
		m := maker{-1, strings.Count(b.Text, "\n")}
		weight := programWeight + weight(clip(b.Text, maxProgramText))
		if len(ps.list) < maxPrograms && ps.bytes+weight <= programBytes {
			m.number = len(ps.list)
			ps.list = append(ps.list, ProgramBlock{
				Program: Program{Stream: b.Stream, Offset: b.Offset, Length: b.Length, Bits: b.Cost.Bits(), Text: clip(b.Text, maxProgramText)},
				Refers:  ps.refers(b.Program),
			})
			ps.parts = append(ps.parts, p)
			ps.bytes += weight
		} else {
			ps.omitted++
		}
		ps.makers = append(ps.makers, m)
		if len(ps.makers) > dsl.PastLists { // each makes a list at least
			ps.makers = append(ps.makers[:0], ps.makers[1:]...)
		}
	}
}

// startsOf returns where each stream begins among those of its group.
func startsOf(info *codec.SegmentInfo) (starts []streamStart) {
	for k, g := range info.Groups {
		off := int64(0)
		for _, s := range g.Streams {
			starts = append(starts, streamStart{k, off})
			off += s.Size
		}
	}
	return starts
}

// A streamStart is where a stream begins: at a byte of a group.
type streamStart struct {
	group int
	off   int64
}

// join forgets the makers if b does not follow the last block with a program at once.
func (ps *programs) join(b *codec.BlockInfo, starts []streamStart) {
	group, off := 0, b.Offset
	if b.Stream < len(starts) {
		group, off = starts[b.Stream].group, off+starts[b.Stream].off
	}
	if group != ps.stream || off != ps.offset {
		ps.makers = ps.makers[:0]
	}
	ps.stream, ps.offset = group, off+int64(b.Length)
}

// refers returns the numbers of the programs whose lists, or whose rest, the next program p uses.
func (ps *programs) refers(p *dsl.Program) (numbers []int) {
	used := make([]bool, len(ps.makers))
	use := func(back int) { // the list that was made so many lists ago, the last one is 1
		for k := len(ps.makers) - 1; k >= 0; k-- {
			if back -= ps.makers[k].lists; back <= 0 {
				used[k] = true
				return
			}
		}
	}
	for _, n := range p.Nodes {
		if n.Op == dsl.Rest {
			use(1)
		}
		for _, ref := range n.Refs[:n.Op.Lists()] {
			if ref < 0 {
				use(-ref)
			}
		}
	}
	if p.Out < 0 {
		use(-p.Out)
	}
	for k, m := range ps.makers {
		if used[k] && m.number >= 0 {
			numbers = append(numbers, m.number)
		}
	}
	return numbers
}

// end puts the programs into r, whose parts are those of m.
func (ps *programs) end(r *Report, parts []*mapPart) {
	numbers := map[*mapPart]int{}
	for i, p := range parts {
		numbers[p] = i
	}
	for k := range ps.list {
		ps.list[k].Segment = numbers[ps.parts[k].owner()]
	}
	r.Programs, r.Omitted.Programs = ps.list, ps.omitted
}
