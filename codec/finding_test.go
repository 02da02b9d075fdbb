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
	good := `{"plan":"sequence_1 = payload(0)\noutput = sequence_1","size":1000,"coded":10,"plain":20,"sampled":20}`
	for _, c := range []struct {
		text string
		ok   bool
	}{
		{`{}`, true}, {good, true}, {`null`, true},
		{`[]`, false}, {`{"size":-1}`, false}, {`{"size":1e300}`, false}, {`{"forecast":1073741825}`, false},
		{`{"memory":-1}`, false}, {`{"memory":134217729}`, false}, {`{"plan":"x"}`, false},
		{`{"plan":"sequence_1 = payload(0)\noutput = sequence_1"}`, false}, // of no segment
		{`{"plan":"sequence_1 = payload(0)","size":1}`, false},
		{`{"plan":"output = sequence_1","size":1}`, false},
		{`{"plan":"sequence_1 = repeat_num(3, 5)\noutput = sequence_1","size":1}`, false},
		{`{"whole":"sequence_1 = payload(0)\noutput = sequence_1"}`, false},
		{`{"whole":"sequence_1 = signed(2, 3, 0)\noutput = sequence_1"}`, false},
		{`{"whole":"sequence_1 = signed(-2, 3000000, 0)\nsequence_2 = code(sequence_1, 0, 0, 80)\noutput = sequence_2"}`, false},
	} {
		var f Finding
		if err := json.Unmarshal([]byte(c.text), &f); (err == nil) != c.ok {
			t.Errorf("%s: %v", c.text, err)
		}
	}
	long := Finding{plan: chained(t, onePayload, dsl.MaxNodes, "zigzag(S, 1)", ""), size: 1}
	b, err := json.Marshal(long)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, new(Finding)); err == nil {
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
			b, err := json.Marshal(Finding{plan: chained(f, p.first, p.n, p.call, p.last), size: int64(p.size)})
			if err != nil {
				f.Fatal(err)
			}
			f.Add(b)
		}
	}
	if hasPredictors {
		b, err := json.Marshal(Finding{whole: predictorsOf(f, mixtureTexts[0])[0], memory: 1 << 20})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	segments := [][]byte{samples16(3000, 3), motley(5000), {1}}
	f.Fuzz(func(t *testing.T, text []byte) {
		var lead Finding
		if json.Unmarshal(text, &lead) != nil {
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
