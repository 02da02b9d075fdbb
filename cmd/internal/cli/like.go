package cli

import (
	"context"
	"fmt"
	"os"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/dsl"
)

// maxLike bounds how many plans of a file are tried, since each takes time in each segment
// that is searched. A file of one kind has a few. Arbitrary.
const maxLike = 16

// plansOf returns the distinct plans of the compressed file at path, in their order, at most
// maxLike; none if path is empty.
func plansOf(ctx context.Context, path string) (plans []*dsl.Program, err error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	seen := make(map[string]bool)
	err = codec.Inspect(f, &codec.ReaderConfig{Context: ctx}, false, func(s *codec.SegmentInfo) error {
		if s.Plan == nil || len(plans) == maxLike {
			return nil
		}
		if text := s.Plan.String(); !seen[text] {
			seen[text] = true
			plans = append(plans, s.Plan)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("--like %s: %w", printable(path), err)
	}
	return plans, nil
}
