package describe

import (
	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/dsl"
)

// An Explanation describes a compressed file with its programs, for --explain.
type Explanation struct {
	List
	Plans       []Plan    `json:"plans"` // other than the identity
	Programs    []Program `json:"programs"`
	ProgramBits float64   `json:"program_bits"` // the sum of their costs
	Covered     int64     `json:"covered"`      // bytes of the streams that programs produce

	// What is left out of Plans and Programs, since these would need too much memory.
	OmittedPlans    int `json:"omitted_plans,omitempty"`
	OmittedPrograms int `json:"omitted_programs,omitempty"`

	bytes int // that Plans and Programs take, about
}

// maxExplained bounds the memory of an Explanation, in bytes: a plan or a program may take a thousand times less in
// the file. Arbitrary.
const maxExplained = 64 << 20

// A Plan is the plan of a segment.
type Plan struct {
	Offset int64   `json:"offset"` // of the segment
	Size   int64   `json:"size"`
	Text   string  `json:"text"`
	Groups []Group `json:"groups"`
}

// A Group describes streams that are coded together.
type Group struct {
	Streams   []Stream `json:"streams"`
	Raw       int64    `json:"raw_bytes"`           // of the group's member
	Predictor string   `json:"predictor,omitempty"` // its text; absent if deflate codes the member
	Worth     []int    `json:"worth,omitempty"`     // of each of its components: by how many thousandths the group's first bytes take more without it
}

// A Stream is a stream of a plan.
type Stream struct {
	Bytes int64   `json:"bytes"`
	Bits  float64 `json:"bits"`            // of its programs and its symbols in the member
	Words string  `json:"words,omitempty"` // of what it is what is left; in a Report
}

// A Program is a block's program.
type Program struct {
	Stream int     `json:"stream"`
	Offset int64   `json:"offset"` // in the stream
	Length int     `json:"length"`
	Bits   float64 `json:"bits"` // of the flag and the program
	Text   string  `json:"text"`
}

// Add adds the plan and the programs of a segment.
func (e *Explanation) Add(info *codec.SegmentInfo) {
	if len(info.Groups) > 0 {
		p := Plan{Offset: info.Offset, Size: info.Size, Text: dsl.Identity().String()}
		if info.Plan != nil {
			p.Text = info.Plan.String()
		}
		n := nodeWeight + len(p.Text)
		for _, g := range info.Groups {
			group := groupOf(&g)
			n += groupWeight + len(group.Predictor) + streamWeight*len(group.Streams)
			p.Groups = append(p.Groups, group)
		}
		if e.take(n) {
			e.Plans = append(e.Plans, p)
		} else {
			e.OmittedPlans++
		}
	}
	for p := range info.Programs {
		bits := p.Cost.Bits()
		e.ProgramBits += bits
		e.Covered += int64(p.Length)
		if !e.take(programWeight + len(p.Text)) {
			e.OmittedPrograms++
			continue
		}
		e.Programs = append(e.Programs, Program{Stream: p.Stream, Offset: p.Offset, Length: p.Length, Bits: bits, Text: p.Text})
	}
}

// take reports whether there is room for n bytes, and takes it.
func (e *Explanation) take(n int) bool {
	if e.bytes+n > maxExplained {
		return false
	}
	e.bytes += n
	return true
}

func groupOf(g *codec.GroupInfo) Group {
	group := Group{Raw: g.Raw, Worth: g.Worth}
	if g.Predictor != nil {
		group.Predictor = g.Predictor.String()
	}
	for _, s := range g.Streams {
		group.Streams = append(group.Streams, Stream{Bytes: s.Size, Bits: s.Cost.Bits()})
	}
	return group
}
