package programs

import (
	"testing"

	"github.com/ktzip/ktzip/dsl/kolmogorov"
)

// TestGenerated: the programs of generated sequences cost at most 3 % more than the
// generator's own.
func TestGenerated(t *testing.T) {
	skipSlow(t)
	g, e := kolmogorov.NewGenerator(600), New(&Config{Prior: Uniform})
	ours, theirs := 0.0, 0.0
	for range sample(25, 200) {
		p, seq := g.Next()
		if len(seq) > 200 {
			continue
		}
		found, _ := e.Best(seq, 3_000_000)
		ours += found.UniformBits()
		theirs += p.Canonical().UniformBits()
	}
	t.Logf("%.0f bits, %.4f x the generator's", ours, ours/theirs)
	if ours > 1.03*theirs {
		t.Errorf("%.0f bits, %.4f x the generator's", ours, ours/theirs)
	}
}
