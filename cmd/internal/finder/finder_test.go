package finder

import (
	"fmt"
	"testing"

	"github.com/ktzip/ktzip"
	"github.com/ktzip/ktzip/cmd/internal/cli"
	"github.com/ktzip/ktzip/cmd/internal/model"
)

// TestSearchFollowsOptions holds which Finder the options get, and that the rest is that of package ktzip.
func TestSearchFollowsOptions(t *testing.T) {
	for _, c := range []struct{ how, device, finder string }{ // of which type; "" for an error
		{cli.SearchEnumerate, model.Auto, "*programs.Finder"},
		{cli.SearchBoth, model.None, "*programs.Finder"},
		{cli.SearchBoth, model.CPU, "*seqcoder.Searcher"},
		{cli.SearchSeqCoder, model.CPU, "*seqcoder.Searcher"},
		{cli.SearchSeqCoder, model.None, ""},
	} {
		cfg, notes, err := Config(cli.SearchOptions{Level: 9, How: c.how, Device: c.device})
		if err != nil || c.finder == "" {
			if err == nil || c.finder != "" {
				t.Errorf("%s on %s: %v", c.how, c.device, err)
			}
			continue
		}
		if got := fmt.Sprintf("%T", cfg.Finder); got != c.finder {
			t.Errorf("%s on %s: got a %s, want a %s", c.how, c.device, got, c.finder)
		}
		if coder := c.finder == "*seqcoder.Searcher"; coder != (notes.Verbose != "") {
			t.Errorf("%s on %s: %+v", c.how, c.device, notes)
		}
		if want := ktzip.WriterConfig(9); cfg.Level != want.Level || cfg.Mixer == nil || cfg.Planner == nil {
			t.Errorf("%s on %s: %+v", c.how, c.device, cfg)
		}
	}
}
