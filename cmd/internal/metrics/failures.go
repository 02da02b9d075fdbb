package metrics

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// A Kind says what became of a sequence whose program somebody else wrote, the worst first.
type Kind int

// The kinds.
const (
	NoAnswer  Kind = iota // there is no text
	NotParsed             // no text is a program of the language
	NotRun                // it has no output: an error, or more than its budget
	Wrong                 // an element of the output is not that of the sequence
	TooLong               // the output begins with the sequence
	TooShort              // the output is the beginning of the sequence
	HardCoded             // right, but it only states the sequence, for no fewer bits than it has
	Right
	numKinds
)

var kindNames = [numKinds]string{
	NoAnswer: "no_answer", NotParsed: "not_parsed", NotRun: "not_run", Wrong: "wrong", TooLong: "too_long",
	TooShort: "too_short", HardCoded: "hard_coded", Right: "right",
}

func (k Kind) String() string { return kindNames[k] }

// MarshalText implements encoding.TextMarshaler.
func (k Kind) MarshalText() ([]byte, error) { return []byte(kindNames[k]), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (k *Kind) UnmarshalText(text []byte) error {
	i := slices.Index(kindNames[:], string(text))
	if i < 0 {
		return fmt.Errorf("metrics: unknown kind %q", text)
	}
	*k = Kind(i)
	return nil
}

// A Verdict is what became of a sequence, by the best of the programs that were read for it.
type Verdict struct {
	Kind Kind `json:"kind"`
	// Same is the number of elements, from the first on, that the output and the sequence share.
	Same  int `json:"same,omitempty"`
	Texts int `json:"texts,omitempty"` // texts that were read
}

// Less reports whether w is a better verdict than v.
func (v Verdict) Less(w Verdict) bool {
	if v.Kind != w.Kind {
		return v.Kind < w.Kind
	}
	return v.Same < w.Same
}

// Judge returns the verdict on a program that produces out, not counting texts.
func Judge(p *dsl.Program, out []int32, sequence []byte) Verdict {
	n := min(len(out), len(sequence))
	same := 0
	for same < n && out[same] == int32(sequence[same]) {
		same++
	}
	v := Verdict{Kind: Right, Same: same}
	switch {
	case same < n:
		v.Kind = Wrong
	case len(out) > n:
		v.Kind = TooLong
	case len(sequence) > n:
		v.Kind = TooShort
	case hardCoded(p, len(sequence)):
		v.Kind = HardCoded
	}
	return v
}

// hardCoded reports whether the output of p, of n elements, is made of literals alone, and p
// costs no less than stating the elements does. Repeating a literal may pay.
func hardCoded(p *dsl.Program, n int) bool {
	needed := make([]bool, len(p.Nodes))
	if p.Out >= 0 {
		needed[p.Out] = true
	}
	for i := range slices.Backward(p.Nodes) {
		if !needed[i] {
			continue
		}
		node := &p.Nodes[i]
		if node.Op != dsl.SetList && node.Op != dsl.Concatenate {
			return false
		}
		for _, ref := range node.Refs[:node.Op.Lists()] {
			if ref >= 0 {
				needed[ref] = true
			}
		}
	}
	return Bits(p) >= 8*float64(n)
}

// Answers tell what became of sequences whose programs somebody else wrote.
type Answers struct {
	Texts    int     `json:"texts"` // texts that were read
	All      Kinds   `json:"all"`
	ByLength []Kinds `json:"by_length"`
	// Beyond is the number of right programs that have numbers which the uniform prior does not have.
	Beyond int `json:"beyond_prior"`
	// Foreign is the number of texts that are to no sequence.
	Foreign int `json:"foreign,omitempty"`
}

// Kinds count the sequences of at most AtMost elements, and more than the previous AtMost, by
// what became of them.
type Kinds struct {
	AtMost    int           `json:"at_most,omitempty"` // 0 if there is no limit
	Sequences int           `json:"sequences"`
	Count     [numKinds]int `json:"-"`
	// MedianSame is the median share, over the sequences of kind Wrong, of the elements
	// before the first wrong one.
	MedianSame *float64  `json:"wrong_right_before_median,omitempty"`
	same       []float64 // these shares
}

// MarshalJSON implements json.Marshaler: the counts are an object by kind.
func (k Kinds) MarshalJSON() ([]byte, error) {
	type plain Kinds
	counts := map[Kind]int{}
	for i, n := range k.Count {
		counts[Kind(i)] = n
	}
	return json.Marshal(struct {
		plain
		Kinds map[Kind]int `json:"kinds"`
	}{plain(k), counts})
}

// UnmarshalJSON implements json.Unmarshaler.
func (k *Kinds) UnmarshalJSON(text []byte) error {
	type plain Kinds
	var v struct {
		plain
		Kinds map[Kind]int `json:"kinds"`
	}
	if err := json.Unmarshal(text, &v); err != nil {
		return err
	}
	*k = Kinds(v.plain)
	for i, n := range v.Kinds {
		k.Count[i] = n
	}
	return nil
}

// add counts a sequence of n elements.
func (k *Kinds) add(n int, v *Verdict) {
	k.Sequences++
	k.Count[v.Kind]++
	if v.Kind == Wrong {
		k.same = append(k.same, float64(v.Same)/float64(n))
	}
}

// end computes the median.
func (k *Kinds) end() {
	if n := len(k.same); n > 0 {
		slices.Sort(k.same)
		k.MedianSame = new((k.same[(n-1)/2] + k.same[n/2]) / 2)
	}
	k.same = nil
}

// verdict counts the verdict of o, if it has one.
func (t *Tally) verdict(o *Outcome) {
	if o.Verdict == nil {
		return
	}
	if t.answers == nil {
		t.answers = &Answers{ByLength: make([]Kinds, len(lengths))}
		for k, most := range lengths {
			t.answers.ByLength[k].AtMost = most
		}
	}
	if o.Found != nil && Bits(o.Found) > o.Found.UniformBits() {
		t.answers.Beyond++
	}
	n := len(o.Sequence)
	t.answers.Texts += o.Verdict.Texts
	t.answers.All.add(n, o.Verdict)
	t.answers.ByLength[lengthOf(n)].add(n, o.Verdict)
}

// lengthOf returns which of lengths is the bound of n elements.
func lengthOf(n int) int {
	return slices.IndexFunc(lengths, func(most int) bool { return n <= most || most == 0 })
}

// end computes what needs all verdicts.
func (a *Answers) end() *Answers {
	if a == nil {
		return nil
	}
	a.All.end()
	for i := range a.ByLength {
		a.ByLength[i].end()
	}
	return a
}

// print calls line with the name and the value of each row for people: the kinds, and how many
// sequences of each length are of each kind.
func (a *Answers) print(line func(name, value string)) {
	if a == nil {
		return
	}
	line("texts read", fmt.Sprint(a.Texts))
	if a.Foreign > 0 {
		line("answers to other sequences", fmt.Sprint(a.Foreign))
	}
	if a.Beyond > 0 {
		line("right, beyond the prior", fmt.Sprint(a.Beyond))
	}
	row := func(cell func(k *Kinds) string) (text string) {
		for i := range a.ByLength {
			text += fmt.Sprintf("%9s", cell(&a.ByLength[i]))
		}
		return text + fmt.Sprintf("%9s", cell(&a.All))
	}
	line("kinds, by length", row(func(k *Kinds) string {
		switch {
		case k == &a.All:
			return "all"
		case k.AtMost == 0:
			return "longer"
		}
		return fmt.Sprintf("<= %d", k.AtMost)
	}))
	for kind := range slices.Backward(kindNames[:]) {
		line("  "+kindLabels[kind], row(func(k *Kinds) string { return fmt.Sprint(k.Count[kind]) }))
		if kind == int(Wrong) {
			line("    share before it, median", row(func(k *Kinds) string {
				if k.MedianSame == nil {
					return "-"
				}
				return fmt.Sprintf("%.3f", *k.MedianSame)
			}))
		}
	}
}

// kindLabels are the kinds for people.
var kindLabels = [numKinds]string{
	NoAnswer: "no answer", NotParsed: "does not parse", NotRun: "does not run", Wrong: "wrong at an element",
	TooLong: "too long", TooShort: "too short", HardCoded: "hard-coded list", Right: "right",
}
