package describe

import (
	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
)

func wordsOf(info *codec.SegmentInfo) []string { return plan.About(info.Plan, int(info.Size)) }

func ComponentWords(n *dsl.Node) string { return n.Op.String() }

func sectionsOf(info *codec.SegmentInfo) []plan.Section {
	return plan.Sections(info.Plan, int(info.Size))
}

type FileWords struct{}

func (f *FileWords) Add(info *codec.SegmentInfo)     {}
func (f *FileWords) Lines(compressed int64) []string { return nil }
