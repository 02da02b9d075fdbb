package answers

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/ktzip/ktzip/cmd/internal/pairs"
)

// An Answer is what came back for a request.
type Answer struct {
	ID    string
	Texts []string // none if the request failed
}

// Read returns the answers whose lines of JSON are in r, a file called name: the output of a batch
// in OpenAI's or Anthropic's form, or objects with the text under the key content, text,
// generation or response. It ends after an error.
func Read(r io.Reader, name string) iter.Seq2[Answer, error] {
	return pairs.Lines(r, name, parseLine)
}

// An answerLine is an answer in one of the forms.
type answerLine struct {
	ID       string   `json:"custom_id"`
	Response response `json:"response"`
	Result   struct {
		Message message `json:"message"`
	} `json:"result"`
	message
}

// A response is a message, has one as its body, or is a text.
type response struct {
	message
	Body message `json:"body"`
}

// UnmarshalJSON implements json.Unmarshaler.
func (r *response) UnmarshalJSON(data []byte) error {
	if data[0] == '"' {
		return json.Unmarshal(data, &r.Text)
	}
	type plain response
	return json.Unmarshal(data, (*plain)(r))
}

// A message has texts, in one of the forms.
type message struct {
	Content    text `json:"content"`
	Text       text `json:"text"`
	Generation text `json:"generation"`
	Choices    []struct {
		Message struct {
			Content text `json:"content"`
		} `json:"message"`
		Text text `json:"text"`
	} `json:"choices"`
	Output []struct { // of the API of responses
		Content text `json:"content"`
	} `json:"output"`
}

// texts returns the texts of m that are not empty.
func (m *message) texts() []string {
	list := []string{string(m.Content), string(m.Text), string(m.Generation)}
	for _, c := range m.Choices {
		list = append(list, string(c.Message.Content), string(c.Text))
	}
	for _, o := range m.Output {
		list = append(list, string(o.Content))
	}
	return slices.DeleteFunc(list, func(s string) bool { return strings.TrimSpace(s) == "" })
}

// A text is a string in JSON, or an array of parts of which some have a text.
type text string

// UnmarshalJSON implements json.Unmarshaler. What has no text is "".
func (t *text) UnmarshalJSON(data []byte) error {
	switch data[0] {
	case '"':
		return json.Unmarshal(data, (*string)(t))
	case '[':
		var parts []struct {
			Text string `json:"text"`
		}
		json.Unmarshal(data, &parts) // is an error if some have another form
		var b strings.Builder
		for _, p := range parts {
			b.WriteString(p.Text)
		}
		*t = text(b.String())
	}
	return nil
}

// parseLine parses a line.
func parseLine(data []byte) (Answer, error) {
	var l answerLine
	if err := json.Unmarshal(data, &l); err != nil {
		return Answer{}, err
	}
	if l.ID == "" {
		return Answer{}, errors.New("the custom_id is missing")
	}
	a := Answer{ID: l.ID}
	for _, m := range []*message{&l.message, &l.Response.message, &l.Response.Body, &l.Result.Message} {
		a.Texts = append(a.Texts, m.texts()...)
	}
	return a, nil
}

// Limits of a Set; arbitrary.
const (
	maxPerID = 1024    // texts of programs of an id, the first ones
	maxSize  = 4 << 20 // bytes of these
	maxHeld  = 4 << 30 // bytes of the texts of programs of all
)

// A Set holds the answers of a file by their request. The zero value has none. It holds the texts
// of programs and nothing of what is around them.
type Set struct {
	byID map[string]*asked
	held int64
}

// asked is what came back for one request.
type asked struct {
	programs []string // their texts
	size     int      // bytes of these
	texts    int
}

// Add adds an answer. Several may have the same ID.
func (s *Set) Add(a Answer) error {
	if s.byID == nil {
		s.byID = map[string]*asked{}
	}
	of := s.byID[a.ID]
	if of == nil {
		of = &asked{}
		s.byID[a.ID] = of
	}
	of.texts += len(a.Texts)
	for _, text := range a.Texts {
		for _, c := range Candidates(text) {
			if len(of.programs) == maxPerID || of.size+len(c) > maxSize || slices.Contains(of.programs, c) {
				continue
			}
			of.size += len(c)
			if s.held += int64(len(c)); s.held > maxHeld {
				return fmt.Errorf("answers: more than %d bytes of programs", int64(maxHeld))
			}
			of.programs = append(of.programs, strings.Clone(c))
		}
	}
	return nil
}

// Take removes what came back for a request and returns the texts of programs, and the number of
// texts that these are from. found is false if nothing did.
func (s *Set) Take(id string) (programs []string, texts int, found bool) {
	of := s.byID[id]
	if of == nil {
		return nil, 0, false
	}
	delete(s.byID, id)
	return of.programs, of.texts, true
}

// Texts returns the number of texts that were not taken.
func (s *Set) Texts() (n int) {
	for _, of := range s.byID {
		n += of.texts
	}
	return n
}
