package plan

import (
	"strings"
	"testing"

	"github.com/ktzip/ktzip/dsl"
)

// explained is a plan of records within records, with its comments.
const explained = `sequence_1 = payload(0)
sequence_2 = get_subsequence_between_indices(sequence_1, 0, 60)
sequence_3 = payload(1)
sequence_4 = columns(sequence_3, [1, 1, 0, -4, 17, 0, 3, 2, 0, 8, 0, 0])
  # records of 16 bytes
  #      0  int8      delta
  #      1  float32be delta
  #      5  int24     line
  #      8  bytes×8
sequence_5 = kinds(sequence_2, sequence_4, 6, [1, -2, 4, -3, 8, 2, 0, 5, 0, -1, 1, 5, 7, 0, 258, 4, 2, 3, 0, 2, 4, 1, -4, 6, 2, 2, 5, 2])
  # records with heads of 6 bytes: length at 1, int16be × 4 -3, padded to multiples of 8, kind at 0, 5
  # other kinds: 1 fields
  #      6  text×5
  # kind 258 (0102): 4 fields
  #      6  int16     xor
  #      8  int16     beside field 0
  #     10  int32be   alike in field 0
  #     14  int16     step with field 1
sequence_6 = lines(sequence_5, sequence_5, 10, 3, [2, 1], "%<2>\x3b%u1\n%s\n%%\n")
  # 3 rows that each end with "\n", by templates
  # set 1: 2
  #   "%<2>\x3b%u1"
  #   "%s"
  # set 2: 1
  #   "%%"
sequence_7 = branches(sequence_6, -7, 16)
  # machine code: Xtensa, big-endian
output = sequence_7`

// TestExplain explains plans, and parses what that gives.
func TestExplain(t *testing.T) {
	p := mustParse(t, explained)
	if got := Explain(p); got != explained {
		t.Errorf("explained as\n%s", got)
	}
	for _, c := range []struct{ list, want string }{
		{"[0, 0, 1, 0, 1, 0, 2, 7, 9, 0, 7, 12, 50, 1, 1, -2, 1, 0]", "  # records with heads of 6 bytes: type at 0\n" +
			"  # kind 0: type 7 from record 0 on, 9 bytes, 0 fields\n  # kind 1: type 7 from record 50 on, 12 bytes, 1 fields\n  #      6  int16be   delta\n"},
		{"[4, 16, 1, 9, 1, 0, 0]", "  # records with heads of 6 bytes: length at 4, varint of what follows it +9\n"},
		{"[4, 16, 1, 9, 1, 0, 0, -1, 2, 4, 81, 0, -8, 37, 1]", ""}, // fields of different widths
		{"[4, 16, 1, 9, 1, 0, 0, -1, 2, -4, 81, 0, 4, 37, 1]", "  # records with heads of 6 bytes: length at 4, varint of what follows it +9\n" +
			"  # other kinds: 2 fields\n  #      6  float32be/1000 delta\n  #     10  float32/1 step with field 0\n"},
		{"[4, 16, 1, 9, 1, 0]", ""}, // invalid
	} {
		text := "sequence_1 = payload(0)\nsequence_2 = payload(1)\nsequence_3 = kinds(sequence_1, sequence_2, 6, " + c.list + ")\n"
		if got := Explain(mustParse(t, text+"output = sequence_3")); got != text+c.want+"output = sequence_3" {
			t.Errorf("explained as\n%s", got)
		}
	}
	r := newSampler(41)
	for range 200 {
		p, _ := r.kinds()
		text := Explain(p)
		if got, err := dsl.Parse(text, dsl.Plan); err != nil || !same(got, p) {
			t.Fatalf("%s\nparsed as\n%v, %v", text, got, err)
		}
		if strings.Contains(text, ";") {
			t.Fatalf("%s\nhas a ; which parts lines in the flag --plan", text)
		}
	}
}
