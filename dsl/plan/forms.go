package plan

import "fmt"

// Forms of the numbers of fields: what they stand for. The predictor of a field has FieldFloat × the
// form added.

// The numbers of forms.
const (
	formInteger = 0
	formFloat   = 1                         // in the order of floating-point numbers
	formDecimal = FieldDecimal / FieldFloat // to formDecimal + MaxDecimals
	formEncoded = FieldEncoded / FieldFloat // to formEncoded + encodings - 1
	formScaled  = FieldScaled / FieldFloat
	formFactor  = FieldMultiple / FieldFloat
	forms       = formFactor + 1
)

// A Form is what the numbers of a field of a width stand for.
type Form struct {
	number     int
	scale      Scale
	conversion conversion
	multiple   multiple
	width      int // bytes
}

// NewForm returns the form with a number, of fields of width bytes, with the factor that the plan states
// before the field; both numbers are 0 if it states none.
func NewForm(number, width int, factor [2]int32) (f Form, err error) {
	f = Form{number: number, width: width}
	if stated := factor != [2]int32{}; stated != (number == formScaled || number == formFactor) {
		return f, invalid("numbers of form %d and the factor %d, %d before them", number, factor[0], factor[1])
	}
	switch {
	case number < 0 || number >= forms:
		return f, invalid("numbers of form %d, want 0 to %d", number, forms-1)
	case number == formFactor:
		f.multiple, err = newMultiple(width, factor[0], factor[1])
	case number == formScaled:
		f.scale, err = NewScale(width, factor[0], factor[1])
	case number >= formEncoded:
		f.conversion, err = newConversion(width, number-formEncoded)
	case number >= formDecimal:
		f.scale, err = NewScale(width, 1, powersOfTen[number-formDecimal])
	}
	return f, err
}

// powersOfTen are those with up to MaxDecimals zeros.
var powersOfTen = [MaxDecimals + 1]int32{
	1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000,
}

// Split makes of numbers, whose bits beyond the width may be anything if there are any, what they stand for.
func (f *Form) Split(numbers []uint64) {
	unused := 64 - 8*f.width // bits
	switch {
	case f.number == formInteger:
	case f.number == formFloat:
		f.flip(numbers)
	case f.number == formFactor:
		for i, x := range numbers {
			numbers[i] = f.multiple.split(x << unused >> unused)
		}
	case f.number < formEncoded || f.number == formScaled:
		f.swap(numbers)
	default:
		for i, x := range numbers {
			numbers[i] = f.conversion.split(x << unused >> unused)
		}
	}
}

// join undoes Split.
func (f *Form) join(numbers []uint64) {
	unused := 64 - 8*f.width // bits
	switch {
	case f.number < formEncoded || f.number == formScaled:
		f.Split(numbers)
	case f.number == formFactor:
		for i, x := range numbers {
			numbers[i] = f.multiple.join(x << unused >> unused)
		}
	default:
		for i, x := range numbers {
			numbers[i] = f.conversion.join(x << unused >> unused)
		}
	}
}

// flip inverts all bits of each number but the highest of f's width if that is 1.
func (f *Form) flip(numbers []uint64) {
	top := 8*f.width - 1 // bit
	for i, x := range numbers {
		x = x << (63 - top) >> (63 - top)
		numbers[i] = x ^ -(x>>top)>>(64-top)
	}
}

// swap makes integers of floating-point numbers, or these of integers.
func (f *Form) swap(numbers []uint64) {
	unused := 64 - 8*f.width // bits
	for i, x := range numbers {
		numbers[i] = f.scale.Swap(x << unused >> unused)
	}
}

// name names numbers of form f. Those without a sign in plans are named as if they had one.
func (f *Form) name(bigEndian bool) string {
	switch {
	case f.number == formInteger:
		return numberName("int", f.width, bigEndian)
	case f.number == formFloat:
		return numberName("float", f.width, bigEndian)
	case f.number == formFactor:
		return fmt.Sprintf("%s×%d", numberName("int", f.width, bigEndian), f.multiple.p)
	case f.number == formScaled && f.scale.p > 1:
		return fmt.Sprintf("%s×%d/%d", numberName("float", f.width, bigEndian), f.scale.p, f.scale.q)
	case f.number < formEncoded || f.number == formScaled: // integers divided by a power of ten, or another number
		return fmt.Sprintf("%s/%d", numberName("float", f.width, bigEndian), f.scale.q)
	}
	name := [encodings]string{"digits", "swapped digits", "signed digits", "digits with F", "ibm float"}[f.conversion.encoding]
	return numberName(name, f.width, bigEndian)
}
