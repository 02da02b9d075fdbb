package prompts

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"text/template"

	"github.com/spf13/pflag"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/kolmogorov"
)

// Options say how to ask. They are plain data. The zero value asks without examples, and leaves
// the number of tokens to the service.
type Options struct {
	Model       string  // the name that the service has for the model
	Shots       int     // solved examples before each sequence
	MaxTokens   int     // of an answer; 0 to leave it to the service
	Temperature float64 // negative to leave it to the service
}

const (
	maxShots  = 64   // arbitrary; more exceed the context of many models
	maxTokens = 4096 // of an answer, unless stated; a literal of 128 bytes takes about 400
)

// Flags defines the flags of o, with their defaults.
func (o *Options) Flags(f *pflag.FlagSet) {
	f.StringVar(&o.Model, "model-name", "model", "with --prompts: the `NAME` that the service has for its model")
	f.IntVar(&o.Shots, "shots", 0, "with --prompts: `N` solved examples before each sequence. They are drawn, of a\nfixed seed, and depend on no file")
	f.IntVar(&o.MaxTokens, "max-tokens", maxTokens, "with --prompts: at most `N` tokens per answer; 0 to leave it to the service")
	f.Float64Var(&o.Temperature, "temperature", 0, "with --prompts: the `T` to sample at; below 0 to leave it to the service")
}

// Check returns an error that names the flag if a value is wrong.
func (o *Options) Check() error {
	switch {
	case o.Shots < 0 || o.Shots > maxShots:
		return fmt.Errorf("--shots %d: must be 0 to %d", o.Shots, maxShots)
	case o.MaxTokens < 0:
		return errors.New("--max-tokens must be at least 0")
	case o.Temperature != o.Temperature || o.Temperature > maxTemperature:
		return fmt.Errorf("--temperature %v: must be at most %d", o.Temperature, maxTemperature)
	}
	return nil
}

const maxTemperature = 10 // arbitrary; services allow 1 or 2

// A Writer makes requests. Use New. It is safe for concurrent use.
type Writer struct {
	opt    Options
	common []message // what all requests begin with
}

// A message is a turn of a conversation.
type message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

// A request is a line of a batch.
type request struct {
	ID     string `json:"custom_id"`
	Method string `json:"method"`
	URL    string `json:"url"`
	Body   body   `json:"body"`
}

type body struct {
	Model       string    `json:"model"`
	Messages    []message `json:"messages"`
	MaxTokens   int       `json:"max_tokens,omitempty"`
	Temperature *float64  `json:"temperature,omitempty"`
}

//go:embed system.txt
var systemText string

var system = template.Must(template.New("system.txt").Parse(systemText))

// New returns a Writer.
func New(opt *Options) *Writer {
	var b strings.Builder
	err := system.Execute(&b, struct {
		Reference string
		LineBits  float64
	}{reference(), lineBits()})
	if err != nil {
		panic(err) // can't be: a test executes it
	}
	w := &Writer{opt: *opt, common: []message{{"system", b.String()}}}
	for _, s := range shots(opt.Shots) {
		w.common = append(w.common, message{"user", question(s.sequence)}, message{"assistant", "```\n" + s.program.String() + "\n```"})
	}
	return w
}

// shotsSeed is the seed of the generator that draws the solved examples; arbitrary.
const shotsSeed = 13992

// Bounds of solved examples, arbitrary: a short one costs few tokens, and one that saves little
// teaches little.
const (
	maxShotLength  = 64
	maxShotPercent = 60 // of the bits of its sequence
)

// A shot is a solved example.
type shot struct {
	sequence []byte
	program  *dsl.Program
}

// shots draws n examples of more than one line.
func shots(n int) (list []shot) {
	g := kolmogorov.NewGenerator(shotsSeed)
	for len(list) < n {
		p, sequence := g.Next()
		p = p.Canonical()
		raw := 8 * float64(len(sequence))
		if len(sequence) <= maxShotLength && len(p.Nodes) > 1 && 100*p.UniformBits() <= maxShotPercent*raw {
			list = append(list, shot{sequence, p})
		}
	}
	return list
}

// question returns what asks for the program of a sequence.
func question(sequence []byte) string {
	text := []byte("The sequence has " + strconv.Itoa(len(sequence)) + " numbers:\n[")
	for i, v := range sequence {
		if i > 0 {
			text = append(text, ", "...)
		}
		text = strconv.AppendUint(text, uint64(v), 10)
	}
	return string(append(text, ']'))
}

// ID returns the name of the request for the sequence that comes as the n-th, from 1. It has a hash
// of the sequence: answers to another file have other names. Services take letters, digits, _ and
// -, at most 64.
func ID(n int, sequence []byte) string {
	sum := sha256.Sum256(sequence)
	return fmt.Sprintf("kt-%d-%x", n, sum[:idBytes])
}

const idBytes = 8 // of the hash; arbitrary

// Append appends the request for a sequence, the n-th, as a line.
func (w *Writer) Append(dst []byte, n int, sequence []byte) ([]byte, error) {
	r := &request{ID: ID(n, sequence), Method: "POST", URL: "/v1/chat/completions"}
	r.Body.Model, r.Body.MaxTokens = w.opt.Model, w.opt.MaxTokens
	if w.opt.Temperature >= 0 {
		r.Body.Temperature = &w.opt.Temperature
	}
	r.Body.Messages = append(w.common[:len(w.common):len(w.common)], message{"user", question(sequence)})
	buf := bytes.NewBuffer(dst)
	e := json.NewEncoder(buf)
	e.SetEscapeHTML(false)
	err := e.Encode(r)
	return buf.Bytes(), err
}
