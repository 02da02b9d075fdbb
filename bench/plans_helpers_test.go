package bench

import (
	"slices"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/codec"
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
	segments, err := Segments(coded)
	must(t, err)
	if segments[0].Plan == nil {
		return "none"
	}
	var list []string
	for _, n := range segments[0].Plan.Nodes {
		list = append(list, n.Op.String())
	}
	return strings.Join(slices.Compact(list), ", ")
}
