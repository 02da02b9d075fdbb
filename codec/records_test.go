package codec

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/container"
)

// TestRefusedRecords reads predictors that are none of records.
func TestRefusedRecords(t *testing.T) {
	if !hasPredictors {
		t.Skip("built without predictors")
	}
	for _, text := range []string{
		"sequence_1 = signed(2, 1, 0)\nsequence_2 = mixed(sequence_1, 16, 0, [])",
		"sequence_1 = framed(0, 4, [])\nsequence_2 = code(sequence_1, 1, 1, 9)",
		"sequence_1 = framed(0, 4, [])\nsequence_2 = mixed(sequence_1, 16, 0, [])",
		"sequence_1 = framed(0, 4, [])\nsequence_2 = contexts(sequence_1, 1)",
		"sequence_1 = framed(0, 4, [])\nsequence_2 = contexts(sequence_1, -1)\nsequence_3 = mixed(sequence_2, 16, 0, [])",
		"sequence_1 = framed(0, 4, [])\nsequence_2 = contexts(sequence_1, 1)\nsequence_3 = mixed(sequence_2, 15, 0, [])",
		"sequence_1 = framed(0, 4, [])\nsequence_2 = contexts(sequence_1, 1)\nsequence_3 = mixed(sequence_2, 26, 0, [])",
		"sequence_1 = framed(0, 4, [])\nsequence_2 = contexts(sequence_1, 1)\nsequence_3 = mixed(sequence_2, 16, 1, [])",
		"sequence_1 = framed(0, 4, [])\nsequence_2 = contexts(sequence_1, 1)\nsequence_3 = mixed(sequence_2, 16, 0, [1])",
		"sequence_1 = framed(0, 4, [])\nsequence_2 = contexts(sequence_1, 1)\nsequence_3 = contexts(sequence_2, 1)\nsequence_4 = mixed(sequence_3, 16, 0, [])",
		"sequence_1 = framed(0, 4, [])\nsequence_2 = match(sequence_1, 4)\nsequence_3 = contexts(sequence_2, 1)\nsequence_4 = mixed(sequence_3, 16, 0, [])",
		"sequence_1 = framed(0, 4, [])\nsequence_2 = order(sequence_1, 1)\nsequence_3 = mixed(sequence_2, 16, 0, [])",
		"sequence_1 = framed(0, 4, [4])\nsequence_2 = contexts(sequence_1, 1)\nsequence_3 = mixed(sequence_2, 16, 0, [])",
		"sequence_1 = framed(0, 4, [4, 0, 1, 1, 0, 1, 0])\nsequence_2 = contexts(sequence_1, 1)\nsequence_3 = mixed(sequence_2, 16, 0, [])",
		"sequence_1 = framed(0, 0, [4, 0, 1, 1, 0, 1, 2, 0])\nsequence_2 = contexts(sequence_1, 1)\nsequence_3 = mixed(sequence_2, 16, 0, [])",
		"sequence_1 = framed(0, 0, [4, 0, 1, 1, 0, 1, -1, 0])\nsequence_2 = contexts(sequence_1, 1)\nsequence_3 = mixed(sequence_2, 16, 0, [])",
		"sequence_1 = framed(0, 0, [4, 0, 0, 1, 0, 1, 0, 1, 9])\nsequence_2 = contexts(sequence_1, 1)\nsequence_3 = mixed(sequence_2, 16, 0, [])",
	} {
		p := predictorsOf(t, text+"\noutput = sequence_"+fmt.Sprint(1+strings.Count(text, "\n")))[0]
		if err := restoringError(make([]byte, 100), p, 26, nil); !errors.Is(err, container.ErrCorrupt) && !errors.Is(err, container.ErrLimit) {
			t.Errorf("%s\n%v", text, err)
		}
	}
}
