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
}

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
		for _, g := range info.Groups {
			p.Groups = append(p.Groups, groupOf(&g))
		}
		e.Plans = append(e.Plans, p)
	}
	for p := range info.Programs {
		bits := p.Cost.Bits()
		e.ProgramBits += bits
		e.Covered += int64(p.Length)
		e.Programs = append(e.Programs, Program{Stream: p.Stream, Offset: p.Offset, Length: p.Length, Bits: bits, Text: p.Text})
	}
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
