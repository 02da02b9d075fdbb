package answer

import (
	"encoding/base64"
	"math"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"
)

// JSON returns v as encoding/json prints it, which takes a tenth of the decoder's size. It knows booleans,
// numbers, strings, slices, arrays, pointers and structs, with the names and omitempty of their tags, and
// panics at others.
func JSON(v any) []byte { return appendJSON(nil, reflect.ValueOf(v)) }

func appendJSON(b []byte, v reflect.Value) []byte {
	switch v.Kind() {
	case reflect.Bool:
		return strconv.AppendBool(b, v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.AppendInt(b, v.Int(), 10)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return strconv.AppendUint(b, v.Uint(), 10)
	case reflect.Float64:
		return appendFloat(b, v.Float())
	case reflect.String:
		return appendString(b, v.String())
	case reflect.Pointer:
		if v.IsNil() {
			return append(b, "null"...)
		}
		return appendJSON(b, v.Elem())
	case reflect.Slice:
		if v.IsNil() {
			return append(b, "null"...)
		}
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return append(base64.StdEncoding.AppendEncode(append(b, '"'), v.Bytes()), '"')
		}
		return appendList(b, v)
	case reflect.Array:
		return appendList(b, v)
	case reflect.Struct:
		b = append(b, '{')
		return append(appendFields(b, v), '}')
	}
	panic("answer: no JSON of " + v.Kind().String())
}

func appendList(b []byte, v reflect.Value) []byte {
	b = append(b, '[')
	for k := range v.Len() {
		if k > 0 {
			b = append(b, ',')
		}
		b = appendJSON(b, v.Index(k))
	}
	return append(b, ']')
}

// appendFields appends the fields of a struct, and those of the structs in it without a name. After the
// brace that begins it, b has no comma.
func appendFields(b []byte, v reflect.Value) []byte {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return b
		}
		v = v.Elem()
	}
	t := v.Type()
	for k := range t.NumField() {
		f := t.Field(k)
		if f.Anonymous && f.Tag == "" {
			b = appendFields(b, v.Field(k))
			continue
		}
		name, option, _ := strings.Cut(f.Tag.Get("json"), ",")
		if !f.IsExported() || name == "-" || option == "omitempty" && empty(v.Field(k)) {
			continue
		}
		if b[len(b)-1] != '{' {
			b = append(b, ',')
		}
		b = append(appendString(b, name), ':')
		b = appendJSON(b, v.Field(k))
	}
	return b
}

func empty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Slice, reflect.Array:
		return v.Len() == 0
	case reflect.Struct:
		return false
	}
	return v.IsZero()
}

// appendFloat appends x as ECMAScript prints it; null if it is not finite, where encoding/json has an error.
func appendFloat(b []byte, x float64) []byte {
	abs := math.Abs(x)
	switch {
	case math.IsNaN(x) || math.IsInf(x, 0):
		return append(b, "null"...)
	case abs != 0 && (abs < 1e-6 || abs >= 1e21):
		text := strconv.FormatFloat(x, 'e', -1, 64)
		return append(b, strings.Replace(text, "e-0", "e-", 1)...)
	}
	return strconv.AppendFloat(b, x, 'f', -1, 64)
}

// appendString appends a string such that no part of it is markup. U+FFFD replaces what is not UTF-8.
func appendString(b []byte, s string) []byte {
	const digits = "0123456789abcdef"
	b = append(b, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r < ' ' || strings.ContainsRune("<>&\u2028\u2029", r):
			if k := strings.IndexRune("\b\f\n\r\t", r); k >= 0 {
				b = append(b, '\\', "bfnrt"[k])
			} else {
				b = append(b, '\\', 'u', digits[r>>12], digits[r>>8&15], digits[r>>4&15], digits[r&15])
			}
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return append(b, '"')
}
