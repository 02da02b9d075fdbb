package pairs

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"strconv"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/search/seqcoder"
)

// A Pair is a sequence and a program.
type Pair struct {
	Sequence []byte
	Program  *dsl.Program // nil if there is none, or it can't be parsed
	Text     string       // the program as a file gives it; "" if none does
}

// A line is a pair in the published form.
type line struct {
	Program  string  `json:"program,omitempty"`
	Sequence Values  `json:"sequence"`
	Bits     float64 `json:"uniform_bits,omitempty"`
}

// Append appends p in its written form. It appends nothing and returns false if p has more than
// o.Longest tokens, or a program that has no form in tokens.
func (o *Options) Append(dst []byte, p Pair) ([]byte, bool) {
	text, err := seqcoder.Encode(nil, p.Sequence, p.Program)
	if err != nil || len(text) > o.Longest {
		return dst, false
	}
	if !o.Packed {
		l := line{Sequence: p.Sequence}
		if p.Program != nil {
			l.Program, l.Bits = p.Program.String(), math.Round(p.Program.UniformBits()*1e6)/1e6
		}
		return AppendLine(dst, &l), true
	}
	n := len(p.Sequence)
	if o.Bare {
		text, n = text[n:], 0
	}
	for _, list := range [...][]uint16{{uint16(len(text)), uint16(n)}, text} {
		for _, v := range list {
			dst = binary.LittleEndian.AppendUint16(dst, v)
		}
	}
	return dst, true
}

// AppendLine appends v as a line of JSON. It panics if v has no JSON form.
func AppendLine(dst []byte, v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // can't be: lines have numbers and text
	}
	return append(append(dst, text...), '\n')
}

// Values are a sequence that is an array of numbers in JSON.
type Values []byte

// MarshalJSON implements json.Marshaler.
func (v Values) MarshalJSON() ([]byte, error) {
	const size = len("255,")
	text := append(make([]byte, 0, size*len(v)+size), '[')
	for i, c := range v {
		if i > 0 {
			text = append(text, ',')
		}
		text = strconv.AppendUint(text, uint64(c), 10)
	}
	return append(text, ']'), nil
}
