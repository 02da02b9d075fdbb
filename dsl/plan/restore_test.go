//go:build ktzip_restoreonly

package plan

import (
	"errors"
	"testing"

	"github.com/ktzip/ktzip/dsl"
)

// TestRestoreOnly holds that a machine that cannot split joins, and says that it cannot split.
func TestRestoreOnly(t *testing.T) {
	p, err := dsl.Parse("sequence_1 = payload(0)\nsequence_2 = scan_add(sequence_1)\noutput = sequence_2", dsl.Plan)
	if err != nil {
		t.Fatal(err)
	}
	var m Machine
	got := make([]byte, 4)
	if err := m.Join(got, p, [][]byte{{1, 2, 3, 4}}); err != nil || string(got) != "\x01\x03\x06\x0a" {
		t.Errorf("joins to % x: %v", got, err)
	}
	if _, err := m.Split(got, p); !errors.Is(err, dsl.ErrExecution) {
		t.Errorf("splits: %v", err)
	}
}
