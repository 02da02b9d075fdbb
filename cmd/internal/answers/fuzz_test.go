package answers

import (
	"bytes"
	"testing"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/internal/mutate"
)

// FuzzAnswers: texts of any content have programs that are those of their text in the language,
// and that the interpreter executes or refuses.
func FuzzAnswers(plain *testing.F) {
	f := mutate.Of(plain)
	for _, form := range forms {
		f.Add("```\n" + base + form.python + "\n```")
	}
	f.Add("So it is\n" + code + "\n###")
	f.Add("<think>a = [1]</think>~~~py\nfor i in range(3):\n  a = a + a\n")
	var m dsl.Machine
	f.Fuzz(func(t *testing.T, text string) {
		for _, c := range Candidates(text) {
			p, err := Parse(c)
			if err != nil {
				continue
			}
			again, err := dsl.Parse(p.String(), dsl.Block)
			if err != nil || again.String() != p.String() {
				t.Errorf("%q\n%v\n%v: %v", c, p, again, err)
			}
			m.Run(p, dsl.Budget{Steps: 1 << 20, Elements: 1 << 16})
		}
	})
}

// FuzzLines: lines of any content are an error, or have answers that a Set takes and gives back.
func FuzzLines(plain *testing.F) {
	f := mutate.Of(plain)
	for _, line := range lines {
		f.Add([]byte(line.text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var s Set
		var ids []string
		total := 0
		for a, err := range Read(bytes.NewReader(text), "x") {
			if err != nil {
				return
			}
			if err := s.Add(a); err != nil {
				t.Error(err)
			}
			ids, total = append(ids, a.ID), total+len(a.Texts)
		}
		if s.Texts() != total {
			t.Errorf("%d texts, added %d", s.Texts(), total)
		}
		for _, id := range ids {
			s.Take(id)
		}
		if s.Texts() != 0 {
			t.Errorf("%d texts are left", s.Texts())
		}
	})
}
