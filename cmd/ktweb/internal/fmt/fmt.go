// Package fmt has those functions of Go's package fmt that restoring and reporting call, and prints what they print. In
// the module of a page it takes the place of Go's, which leads to files of an operating system and to calls by
// reflection: that is 8 % of the module.
//
// It prints numbers, strings, errors and what has a method String; within slices and structs, numbers and strings. Verbs
// are %d, %o, %x, %c, %s, %q, %v, %w, %f and %g, with flags, a width and a precision.
package fmt

import (
	"io"
	"reflect"
	"strconv"
	"unicode/utf8"
)

// A Stringer is what its method says.
type Stringer interface{ String() string }

// Sprintf returns what a format says of values.
//
//go:noinline
func Sprintf(format string, values ...any) string {
	var p printer
	p.printf(format, values)
	return string(p.text)
}

// Fprintf writes what a format says of values.
//
//go:noinline
func Fprintf(w io.Writer, format string, values ...any) (int, error) {
	var p printer
	p.printf(format, values)
	return w.Write(p.text)
}

// Sprint returns values in a row, with a space between two that are no strings.
//
//go:noinline
func Sprint(values ...any) string {
	var p printer
	for k, x := range values {
		if k > 0 && !isString(values[k-1]) && !isString(x) {
			p.text = append(p.text, ' ')
		}
		p.item(&item{verb: 'v', precision: -1}, x)
	}
	return string(p.text)
}

func isString(x any) bool { return x != nil && reflect.TypeOf(x).Kind() == reflect.String }

// Errorf returns an error with what a format says of values. It wraps those of %w.
//
//go:noinline
func Errorf(format string, values ...any) error {
	var p printer
	p.printf(format, values)
	return &wrapped{string(p.text), p.errors}
}

type wrapped struct {
	text   string
	errors []error
}

func (w *wrapped) Error() string   { return w.text }
func (w *wrapped) Unwrap() []error { return w.errors }

// A printer collects what it prints.
type printer struct {
	text   []byte
	errors []error // of %w
}

// An item is what follows a % in a format.
type item struct {
	plus, minus, sharp, zero bool

	width     int
	precision int // -1 if none is stated
	verb      byte
}

// printf prints values as format says.
func (p *printer) printf(format string, values []any) {
	next := func() (x any) {
		if len(values) > 0 {
			x, values = values[0], values[1:]
		}
		return x
	}
	for k := 0; k < len(format); k++ {
		if format[k] != '%' {
			p.text = append(p.text, format[k])
			continue
		}
		var x item
		for k++; k < len(format) && x.flag(format[k]); k++ {
		}
		number := func() (n int) {
			if k < len(format) && format[k] == '*' {
				k++
				return int(reflect.ValueOf(next()).Int())
			}
			for ; k < len(format) && format[k] >= '0' && format[k] <= '9'; k++ {
				n = 10*n + int(format[k]-'0')
			}
			return n
		}
		x.width, x.precision = number(), -1
		if k < len(format) && format[k] == '.' {
			k++
			x.precision = number()
		}
		if k == len(format) {
			return
		}
		if x.verb = format[k]; x.verb == '%' {
			p.text = append(p.text, '%')
		} else {
			p.item(&x, next())
		}
	}
}

// flag notes the flag c, and reports whether it is one.
func (x *item) flag(c byte) bool {
	switch c {
	case '+':
		x.plus = true
	case '-':
		x.minus = true
	case '#':
		x.sharp = true
	case '0':
		x.zero = true
	default:
		return false
	}
	return true
}

// item prints the value a as x says.
func (p *printer) item(x *item, a any) {
	switch x.verb {
	case 's', 'q', 'v', 'w', 'x':
		switch a := a.(type) {
		case error:
			if x.verb == 'w' {
				p.errors = append(p.errors, a)
			}
			p.string(x, a.Error())
			return
		case Stringer:
			p.string(x, a.String())
			return
		}
	}
	p.value(x, reflect.ValueOf(a))
}

// value prints v as x says, without its methods.
func (p *printer) value(x *item, v reflect.Value) {
	switch v.Kind() {
	case reflect.Invalid:
		p.pad(x, "", "<nil>")
	case reflect.Bool:
		p.pad(x, "", strconv.FormatBool(v.Bool()))
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if n := v.Int(); n < 0 {
			p.integer(x, "-", -uint64(n))
		} else {
			p.integer(x, x.sign(), uint64(n))
		}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		p.integer(x, x.sign(), v.Uint())
	case reflect.Float32:
		p.float(x, v.Float(), 32)
	case reflect.Float64:
		p.float(x, v.Float(), 64)
	case reflect.String:
		p.string(x, v.String())
	case reflect.Slice:
		if x.verb != 'v' && x.verb != 'd' && v.Type().Elem().Kind() == reflect.Uint8 {
			p.string(x, string(v.Bytes()))
			return
		}
		p.list(x, v)
	case reflect.Array:
		p.list(x, v)
	case reflect.Struct:
		p.fields(x, v)
	default:
		p.pad(x, "", v.Type().String())
	}
}

func (p *printer) list(x *item, v reflect.Value) {
	p.text = append(p.text, '[')
	for k := range v.Len() {
		if k > 0 {
			p.text = append(p.text, ' ')
		}
		p.value(x, v.Index(k))
	}
	p.text = append(p.text, ']')
}

func (p *printer) fields(x *item, v reflect.Value) {
	p.text = append(p.text, '{')
	for k := range v.NumField() {
		if k > 0 {
			p.text = append(p.text, ' ')
		}
		each := *x
		if x.plus && x.verb == 'v' { // for names, not for signs
			p.text = append(append(p.text, v.Type().Field(k).Name...), ':')
			each.plus = false
		}
		p.value(&each, v.Field(k))
	}
	p.text = append(p.text, '}')
}

// sign returns the sign of a number that is not negative.
func (x *item) sign() string {
	if x.plus && x.verb != 'v' {
		return "+"
	}
	return ""
}

// integer prints n after its sign.
func (p *printer) integer(x *item, sign string, n uint64) {
	switch x.verb {
	case 'c':
		p.pad(x, "", string(rune(n)))
	case 'q':
		p.pad(x, "", strconv.QuoteRune(rune(n)))
	case 'o':
		p.pad(x, sign, strconv.FormatUint(n, 8))
	case 'x':
		if x.sharp {
			sign += "0x"
		}
		p.pad(x, sign, strconv.FormatUint(n, 16))
	default:
		p.pad(x, sign, strconv.FormatUint(n, 10))
	}
}

// float prints f, of so many bits.
func (p *printer) float(x *item, f float64, bits int) {
	verb, precision := x.verb, x.precision
	switch {
	case verb == 'f' && precision < 0:
		precision = 6
	case verb != 'f':
		verb = 'g'
	}
	text := strconv.FormatFloat(f, verb, precision, bits)
	sign := x.sign()
	if text[0] == '-' || text[0] == '+' {
		sign, text = text[:1], text[1:]
	}
	p.pad(x, sign, text)
}

// string prints s.
func (p *printer) string(x *item, s string) {
	if n := x.precision; n >= 0 && utf8.RuneCountInString(s) > n {
		s = string([]rune(s)[:n])
	}
	switch x.verb {
	case 'q':
		s = strconv.Quote(s)
	case 'x':
		const digits = "0123456789abcdef"
		var b []byte
		for k := range len(s) {
			b = append(b, digits[s[k]>>4], digits[s[k]&15])
		}
		s = string(b)
	}
	each := *x
	each.zero = false
	p.pad(&each, "", s)
}

// pad prints text after head, within x.width: zeros stand between them, or spaces before or behind.
func (p *printer) pad(x *item, head, text string) {
	n := x.width - utf8.RuneCountInString(head) - utf8.RuneCountInString(text)
	fill := func(c byte) {
		for ; n > 0; n-- {
			p.text = append(p.text, c)
		}
	}
	if !x.minus && !x.zero {
		fill(' ')
	}
	p.text = append(p.text, head...)
	if !x.minus {
		fill('0')
	}
	p.text = append(p.text, text...)
	fill(' ')
}
