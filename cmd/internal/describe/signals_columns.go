package describe

import (
	"fmt"
	"math"
	"strings"

	"github.com/ktzip/ktzip/dsl"
)

// Fields of records that Columns predicts are signals: those of one type together, each a channel.

const (
	minRecords    = 64 // fewer show nothing. Arbitrary
	maxNamed      = 8  // fields that words name. Arbitrary
	predictorsOf  = 16 // a field's predictor is this less than that of the next nature of numbers (FORMAT.md, section 9)
	floatFields   = 16
	decimalFields = 32
	encodedFields = 192
	scaledFields  = 272
	multipleField = 288
	xorField      = 3 // predictors of numbers are 1 to 6
	alikeField    = 6
)

// A fieldOf is a field of records that is a channel.
type fieldOf struct {
	offset int // in the record
	column int // bytes of the record that have their columns before this one
	xor    bool
}

// A fieldType is what fields have in common that are channels of one signal.
type fieldType struct {
	w     int32
	form  form
	scale [2]int32 // of Scaled; 0 if it makes none of the numbers
}

// columnSignals returns the signals of the fields of n, the node i, a Columns.
func (v *views) columnSignals(i int, n *dsl.Node) (found []*sampled) {
	byType := map[fieldType]*sampled{}
	offset := 0
	var scale [2]int32
	for list := n.List; len(list) >= 3; list = list[3:] {
		if list[0] == 0 {
			scale = [2]int32{list[1], list[2]}
			continue
		}
		width := int(max(list[0], -list[0]))
		if t, ok := typeOfField(list, scale); ok {
			s := byType[t]
			if s == nil {
				s = &sampled{node: i, number: elements(t.w, t.form), records: true}
				if t.form == floating {
					s.turned = &dsl.Node{Op: dsl.Floats}
				}
				if t.scale[1] > 0 {
					s.turned = &dsl.Node{Op: dsl.Scaled, Nums: [3]int32{t.w, t.scale[0], t.scale[1]}}
				}
				byType[t], found = s, append(found, s)
			}
			s.offsets = append(s.offsets, offset)
			s.fields = append(s.fields, fieldOf{offset, offset, list[1]%predictorsOf == xorField})
		}
		offset, scale = offset+width, [2]int32{}
	}
	rows := v.layout.Size(i) / max(offset, 1)
	if rows < minRecords {
		return nil
	}
	for _, s := range found {
		s.stride, s.shape.channels = offset, len(s.offsets)
		s.count = rows * s.shape.channels
	}
	return found
}

// typeOfField returns the type of the field that list begins with; false unless it is a number that is
// predicted and that can be shown.
func typeOfField(list []int32, scale [2]int32) (t fieldType, ok bool) {
	w, p := list[0], list[1]
	base, nature := p%predictorsOf, p-p%predictorsOf
	if base < 1 || base > alikeField || w > 8 || w < -8 {
		return t, false
	}
	t = fieldType{w: w}
	isFloat := w == 4 || w == 8 || w == -4 || w == -8
	switch {
	case nature == 0, nature == multipleField:
		return t, true
	case nature == floatFields:
		t.form = floating
	case nature < encodedFields:
		t.form, t.scale = floating, [2]int32{1, int32(math.Pow10(int(nature-decimalFields) / predictorsOf))}
	case nature < scaledFields:
		return t, false
	default:
		t.form, t.scale = floating, scale
	}
	return t, isFloat
}

// wishField wishes to see what is left of value k of s, which stands in the record at off.
func (v *views) wishField(s *sampled, k, off int) {
	f := s.fields[k/s.frames]
	rows, node := s.count/len(s.fields), v.plan.Nodes[s.node].Refs[0]
	left := number{width: s.number.width, form: signed, plane: rows, zigzag: !f.xor}
	v.wishes[node] = append(v.wishes[node], wish{f.column*rows + (off-f.offset)/s.stride, left, &s.rest[k]})
}

// fieldWords names the fields of records that s shows.
func (s *sampled) fieldWords() string {
	var at []string
	for _, f := range s.fields[:min(len(s.fields), maxNamed)] {
		at = append(at, fmt.Sprint(f.offset))
	}
	if len(s.fields) > maxNamed {
		at = append(at, "…")
	}
	words := fmt.Sprintf("%d fields %s of records of %d bytes, at %s", len(s.fields), s.number.name(), s.stride, strings.Join(at, ", "))
	if len(s.fields) == 1 {
		words = fmt.Sprintf("the field %s at %d of records of %d bytes", s.number.name(), s.fields[0].offset, s.stride)
	}
	return words
}
