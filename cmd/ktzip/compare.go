package main

import (
	"context"

	"github.com/ktzip/ktzip/cmd/internal/cli"
	"github.com/ktzip/ktzip/cmd/internal/compare"
	"github.com/ktzip/ktzip/cmd/internal/describe"
)

// measure measures the candidates and the other compressors.
func measure(ctx context.Context, data []byte, list []cli.Candidate, progress func(done, total int, name string)) ([]describe.Method, error) {
	var methods []compare.Method
	for _, c := range list {
		if c.File != nil {
			methods = append(methods, compare.KtzipFile(c.Name, c.File))
		} else {
			methods = append(methods, compare.Ktzip(c.Name, c.Config))
		}
	}
	return compare.Measure(ctx, data, append(methods, compare.Others()...), progress)
}
