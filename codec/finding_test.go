package codec

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/internal/mutate"
)

// TestHostileFindings refuses findings that no Coder makes; what it takes does no harm.
func TestHostileFindings(t *testing.T) {
	const plan = "sequence_1 = payload(0)\noutput = sequence_1" // 43 bytes
	for _, c := range []struct {
		text string
		ok   bool
	}{
		{"00 0 0 0 0 0 0 0\n", true}, {"10 1000 10 20 20 0 0 43\n" + plan, true},
		{"", false}, {"00 0 0 0 0 0 0 0", false}, {"00 0 0 0 0 0 0\n", false}, {"00 0 0 0 0 0 0 0 0\n", false},
		{"0 0 0 0 0 0 0 0\n", false}, {"02 0 0 0 0 0 0 0\n", false}, {"00  0 0 0 0 0 0\n", false},
		{"00 -1 0 0 0 0 0 0\n", false}, {"00 1e3 0 0 0 0 0 0\n", false}, {"00 0 0 0 0 1073741825 0 0\n", false},
		{"00 0 0 0 0 0 -1 0\n", false}, {"00 0 0 0 0 0 134217729 0\n", false}, {"00 1 0 0 0 0 0 1\nx", false},
		{"00 0 0 0 0 0 0 43\n" + plan, false}, // of no segment
		{"00 1 0 0 0 0 0 44\n" + plan, false}, {"00 1 0 0 0 0 0 -1\n" + plan, false}, {"00 1 0 0 0 0 0 42\n" + plan, false},
		{"00 1 0 0 0 0 0 23\nsequence_1 = payload(0)", false},
		{"00 1 0 0 0 0 0 19\noutput = sequence_1", false},
		{"00 1 0 0 0 0 0 49\nsequence_1 = repeat_num(3, 5)\noutput = sequence_1", false},
		{"00 0 0 0 0 0 0 0\n" + plan, false},
		{"00 0 0 0 0 0 0 0\nsequence_1 = signed(2, 3, 0)\noutput = sequence_1", false},
		{"00 0 0 0 0 0 0 0\nsequence_1 = signed(-2, 3000000, 0)\nsequence_2 = code(sequence_1, 0, 0, 80)\noutput = sequence_2", false},
	} {
		var f Finding
		if err := f.UnmarshalText([]byte(c.text)); (err == nil) != c.ok {
			t.Errorf("%q: %v", c.text, err)
		}
	}
	long := Finding{plan: chained(t, onePayload, dsl.MaxNodes, "zigzag(S, 1)", ""), size: 1}
	b, err := long.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	if err := new(Finding).UnmarshalText(b); err == nil {
		t.Error("a plan that is too long is taken")
	}
}

// FuzzFinding codes segments after findings of any kind: that ends with segments that restore.
func FuzzFinding(plain *testing.F) {
	f := mutate.Of(plain)
	cfg := WriterConfig{Level: 1, Threads: 1, Plans: []*dsl.Program{parsePlan(f, channelPlan)}} // and verifies
	coder, err := NewCoder(&cfg)
	if err != nil {
		f.Fatal(err)
	}
	for _, p := range hostilePlans {
		if p.steps > 0 {
			b, err := Finding{plan: chained(f, p.first, p.n, p.call, p.last), size: int64(p.size)}.MarshalText()
			if err != nil {
				f.Fatal(err)
			}
			f.Add(b)
		}
	}
	if hasPredictors {
		b, err := Finding{whole: predictorsOf(f, mixtureTexts[0])[0], memory: 1 << 20}.MarshalText()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	segments := [][]byte{samples16(3000, 3), motley(5000), {1}}
	f.Fuzz(func(t *testing.T, text []byte) {
		var lead Finding
		if lead.UnmarshalText(text) != nil {
			return
		}
		if again := sent(t, lead); !bytes.Equal(marshal(t, again), marshal(t, lead)) {
			t.Errorf("%s comes back as %s", marshal(t, lead), marshal(t, again))
		}
		for _, src := range segments {
			if _, _, err := coder.Code(t.Context(), nil, src, Cut{Size: len(src), Follows: true}, lead); err != nil {
				t.Error(err)
			}
		}
	})
}

func marshal(t testing.TB, f Finding) []byte {
	t.Helper()
	b, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
