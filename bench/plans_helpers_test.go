package bench

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/dsl"
)

// What plans_generated_test.go needs, and goes with it.

func writerConfig(level, threads int) *codec.WriterConfig { return Config(level, threads) }

func compress(tb testing.TB, cfg *codec.WriterConfig, data []byte) []byte {
	tb.Helper()
	file, err := Compress(cfg, data)
	must(tb, err)
	return file
}

// operations names those of the plan of the first segment, as they are executed.
func operations(t *testing.T, coded []byte) string {
	names := "none"
	must(t, codec.Inspect(bytes.NewReader(coded), nil, false, func(s *codec.SegmentInfo) error {
		p, err := dsl.Parse(s.Plan, dsl.Plan)
		if s.Size == 0 || s.Offset > 0 || err != nil || p.IsIdentity() {
			return nil
		}
		var list []string
		for _, n := range p.Nodes {
			if n.Op != dsl.Payload && n.Op != dsl.Between {
				list = append(list, n.Op.String())
			}
		}
		names = strings.Join(slices.Compact(list), ", ")
		return nil
	}))
	return names
}
