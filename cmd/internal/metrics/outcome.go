package metrics

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/ktzip/ktzip/cmd/internal/pairs"
	"github.com/ktzip/ktzip/dsl"
)

// An Outcome is what was found for a sequence. Its programs produce it, except the given one,
// which nobody executed.
type Outcome struct {
	Sequence []byte
	Found    *dsl.Program   // under the uniform prior; nil if none produces the sequence
	Text     string         // of Found, as it was given; "" for its own, Found.String()
	Given    *dsl.Program   // with the sequence, to compare with; nil if there is none
	Coded    []*dsl.Program // under the adaptive prior, to choose from; nil if not asked for, empty if there are none
	Time     time.Duration  // of the search for Found; 0 if there was none
	Verdict  *Verdict       // on programs that somebody else wrote; nil after a search
}

// An outcomeLine is an Outcome as a line. Without Given, Coded and Time it is one of a file of
// programs that can be scored.
type outcomeLine struct {
	Sequence pairs.Values  `json:"sequence"`
	Found    string        `json:"program,omitempty"`
	Given    string        `json:"given,omitempty"`
	Coded    []string      `json:"coded,omitzero"`
	Time     time.Duration `json:"ns,omitempty"`
	Verdict  *Verdict      `json:"verdict,omitempty"`
	Text     string        `json:"text,omitempty"`
}

// AppendLine appends the line of o.
func (o *Outcome) AppendLine(dst []byte) []byte {
	l := &outcomeLine{Sequence: o.Sequence, Found: text(o.Found), Given: text(o.Given), Time: o.Time, Verdict: o.Verdict, Text: o.Text}
	if o.Coded != nil {
		l.Coded = make([]string, len(o.Coded))
	}
	for i, p := range o.Coded {
		l.Coded[i] = p.String()
	}
	return pairs.AppendLine(dst, l)
}

// text returns the text of the program found, as it was given; "" if there is none.
func (o *Outcome) text() string {
	if o.Text != "" {
		return o.Text
	}
	return text(o.Found)
}

// text returns the text of p, "" if there is none.
func text(p *dsl.Program) string {
	if p == nil {
		return ""
	}
	return p.String()
}

// Outcomes returns the outcomes whose lines are in r, a file called name. It ends after an
// error. It executes nothing: the lines must come from AppendLine.
func Outcomes(r io.Reader, name string) iter.Seq2[*Outcome, error] {
	return pairs.Lines(r, name, parse)
}

// parse parses the line of an Outcome.
func parse(line []byte) (*Outcome, error) {
	var l outcomeLine
	if err := json.Unmarshal(line, &l); err != nil {
		return nil, err
	}
	if len(l.Sequence) == 0 {
		return nil, errors.New("the sequence is missing or empty")
	}
	if l.Time < 0 {
		return nil, fmt.Errorf("%d ns", l.Time)
	}
	if v := l.Verdict; v != nil && (v.Same < 0 || v.Same > len(l.Sequence) || v.Texts < 0) {
		return nil, fmt.Errorf("a verdict on %d elements of %d texts", v.Same, v.Texts)
	}
	o, err := &Outcome{Sequence: l.Sequence, Time: l.Time, Verdict: l.Verdict, Text: l.Text}, error(nil)
	if o.Found, err = program(l.Found); err != nil {
		return nil, err
	}
	if o.Given, err = program(l.Given); err != nil {
		return nil, err
	}
	if l.Coded != nil {
		o.Coded = make([]*dsl.Program, len(l.Coded))
	}
	for i, t := range l.Coded {
		if o.Coded[i], err = dsl.Parse(t, dsl.Block); err != nil {
			return nil, err
		}
	}
	return o, nil
}

// program returns the program of a text, nil if it is "".
func program(text string) (*dsl.Program, error) {
	if text == "" {
		return nil, nil
	}
	return dsl.Parse(text, dsl.Block)
}
