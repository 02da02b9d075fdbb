package programs

import (
	"bytes"
	"compress/flate"
	"testing"

	"github.com/ktzip/ktzip/dsl"
)

// TestPromising: Promising dismisses nearly all blocks of text, speech and DNA, and
// keeps 94 % of the generated blocks whose programs are smaller than GZIP.
func TestPromising(t *testing.T) {
	e := New(nil)
	for _, c := range []struct {
		name string
		most float64
	}{{"text.bin", 0.02}, {"dna.bin", 0.02}, {"audio_16bit.bin", 0.02}, {"audio_mfcc.bin", 0.02}, {"audio_8bit.bin", 0.05}} {
		yes := 0
		all := blocks(readData(t, c.name), 128)
		for _, b := range all {
			if e.Promising(b) {
				yes++
			}
		}
		share := float64(yes) / float64(len(all))
		t.Logf("%s: %.4f", c.name, share)
		if share > c.most {
			t.Errorf("%s: %.4f of the blocks are promising, want at most %.2f", c.name, share, c.most)
		}
	}
	pays, yes := 0, 0
	var deflated bytes.Buffer
	w, _ := flate.NewWriter(nil, 9)
	if testing.Short() || raceEnabled {
		return
	}
	for _, b := range blocks(readData(t, "synthetic.bin"), 128)[:sample(250, 2000)] {
		if p, _ := findOne(e, b, 70*8*256, 1<<40); p != nil {
			deflated.Reset()
			w.Reset(&deflated)
			w.Write(b)
			w.Close()
			if p.InitialCost() > dsl.Cost(deflated.Len()*8*256) {
				continue
			}
			pays++
			if e.Promising(b) {
				yes++
			}
		}
	}
	t.Logf("synthetic: %d of %d that pay", yes, pays)
	if yes < pays*94/100 { // 95.0 % of the first 250, 97.0 % of 1,500
		t.Errorf("%d of %d blocks that pay are promising", yes, pays)
	}
}
