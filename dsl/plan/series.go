package plan

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// The numbers of records of a kind in a row, for people.

// A Series is what fields are in records of a kind in a row.
type Series struct {
	First  int // the number of the first record among those of the kind that have all the fields
	Curves []Curve
}

// A Curve is the numbers of a field.
type Curve struct {
	Values []float64 // 0 for what is not finite
	Rest   []float64 // what the predictor leaves of each; nil if there is none
	Text   bool      // all bytes are characters of ASCII, or zeros
}

// NumberType names the type of a field that is a number.
func (x *FieldOf) NumberType() string {
	if x.field.isNumber() || x.floating {
		return x.Type
	}
	return "uint8"
}

// isNumber reports whether the field is a number that a Series can have: one that is coded as such, or a byte.
func (x *FieldOf) isNumber() bool {
	f := &x.field
	return f.isNumber() && (f.width == 4 || f.width == 8 || !f.form.isFloat()) || f.predictor == FieldBytes && f.width == 1 && !f.constant
}

// Series returns what fields, some of s.Kinds[kind].Numbers() in their order, are in at most most records in a row of
// the list of x, of which s is the schema: those next to the middle that cost about as much as any. It has none of Records, whose fields are bytes. The error is that of SchemaOf.
func (s *Schema) Series(p *dsl.Program, x *Made, kind int, fields []FieldOf, most int) (out Series, err error) {
	n := &p.Nodes[x.Node]
	switch n.Op {
	case dsl.Kinds:
	case dsl.Records:
		return out, nil
	default:
		r := rowSet{count: s.Records, stride: s.Bytes / max(s.Records, 1)}
		return seriesOf(fields, &r, &r, x, most), nil
	}
	f, err := framingOf(n, nil)
	if err != nil {
		return out, err
	}
	number, all := 0, f.allRows(x.Args[0])
	err = x.eachKind(n, &f, func(rows *kindRows) {
		if number == s.Kinds[kind].number {
			out = seriesOf(fields, &rows.rowSet, &all, x, most)
		}
		number++
	})
	return out, err
}

// seriesOf returns the Series of fields of a kind, whose records r has; all has those of all kinds. It drops the records from r
// that lack a field.
func seriesOf(fields []FieldOf, r, all *rowSet, x *Made, most int) (out Series) {
	whole := *r
	whole.spans = slices.Clone(r.spans)
	for i := range fields {
		whole.keep(fields[i].Offset + fields[i].Width)
	}
	out.First = busiest(fields, &whole, x.Costs, most)
	out.First = max(out.First, min(settling, whole.count))
	shown := make([]int, min(whole.count-out.First, most)) // where the records start
	for i := range shown {
		shown[i] = whole.at(out.First + i)
	}
	for i := range fields {
		f := &fields[i]
		if f.head {
			out.Curves = append(out.Curves, f.curve(shown, all, x.List))
			continue
		}
		r.keep(f.Offset + f.Width)
		out.Curves = append(out.Curves, f.curve(shown, r, x.List))
	}
	return out
}

// settling is how many records may pass until a predictor knows what it needs.
const settling = 2

// busiest returns the first of most records of r in a row, if there are as many: of stretches whose fields cost nearly as
// much as those of any, the one next to the middle. Of records of one length, the first and the last ones may be others.
func busiest(fields []FieldOf, r *rowSet, costs []uint16, most int) (first int) {
	sums := make([]uint64, max(r.count/most, 1))
	for i := range len(sums) * most {
		for j := range fields {
			if f := &fields[j]; i < r.count && costs != nil {
				sums[i/most] += total(costs[r.at(i)+f.Offset:][:f.Width])
			}
		}
	}
	if n := len(sums); r.spans == nil && n > 2 {
		sums[0], sums[n-1] = 0, 0
	}
	middle, enough := len(sums)/2, slices.Max(sums)/4*3
	for d := range sums {
		for _, i := range []int{middle + d, middle - d} {
			if i >= 0 && i < len(sums) && sums[i] >= enough {
				return i * most
			}
		}
	}
	return 0
}

// allRows returns all records with these heads, in their order.
func (f *framing) allRows(heads []byte) (all rowSet) {
	r, start := reckoner{framing: f}, 0
	for ; len(heads) >= f.headBytes; heads = heads[f.headBytes:] {
		_, length := r.of(heads)
		all.spans = binary.LittleEndian.AppendUint64(all.spans, uint64(start+length)<<32|uint64(start))
		all.count++
		start += length
	}
	return all
}

// curve returns what the field is in the records of r that start at shown; r has all those that its predictor knows.
func (x *FieldOf) curve(shown []int, r *rowSet, list []byte) (c Curve) {
	f, other, as := &x.field, x.field.otherField(), x.field
	if x.floating {
		as.form.number = formEncoded + IBMFloat // whose integers have the bits of floating-point numbers of IEEE 754
	}
	var numbers, others [1]uint64
	c.Text = true
	known := past{alike: new(alikeTable)}
	known.alike.begin()
	for i := 0; i < r.count && len(c.Values) < len(shown); i++ {
		f.load(numbers[:], r, i, list)
		if f.predictor >= FieldBeside && f.isNumber() {
			other.load(others[:], r, i, list)
		}
		if r.at(i) == shown[len(c.Values)] {
			c.Values = append(c.Values, as.float(numbers[0], x.unsigned))
			if f.isNumber() {
				c.Rest = append(c.Rest, as.left(numbers[0], known.expected(f, others[0])))
			}
			for _, b := range list[r.at(i)+f.offset:][:f.width] {
				c.Text = c.Text && (b == 0 || isText(b))
			}
		}
		known.add(f, numbers[0], others[0])
	}
	return c
}

// float returns the number that x stands for, which load returned; 0 if it is not finite.
func (f *field) float(x uint64, unsigned bool) (value float64) {
	raw, unused := []uint64{x}, 64-8*f.width // bits
	if n := f.form.number; n != formInteger && (n < formEncoded || n >= formScaled) {
		f.form.join(raw)
	}
	switch x = raw[0] << unused; {
	case f.form.isFloat() && f.width == 4:
		value = float64(math.Float32frombits(uint32(x >> unused)))
	case f.form.isFloat():
		value = math.Float64frombits(x)
	case unsigned || !f.isNumber():
		value = float64(x >> unused)
	default:
		value = float64(int64(x) >> unused)
	}
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return 0
	}
	return value
}

// left returns what the predictor of f leaves of x if it expects another number.
func (f *field) left(x, expected uint64) float64 {
	unused := 64 - 8*f.width
	switch {
	case f.form.isFloat():
		if left := f.float(x, false) - f.float(expected<<unused>>unused, false); !math.IsInf(left, 0) {
			return left
		}
		return 0
	case f.predictor == FieldXor:
		return float64((x ^ expected) << unused >> unused)
	}
	pair := []uint64{x, expected << unused >> unused}
	if f.form.number == formFactor {
		f.form.join(pair)
	}
	return float64(int64((pair[0]-pair[1])<<unused) >> unused)
}

const (
	minFloats    = 32  // fewer numbers tell nothing
	maxOddFloats = 64  // one of so many floating-point numbers may be far from 1
	minExponents = 6   // that they have if none is negative
	minNegative  = 3   // that they have if all are, unlike longitudes; any if they have both signs
	largestSeen  = 1e6 // and the smallest one is as far from 1. All arbitrary
)

// floating reports whether the integers of f, of 4 bytes, may be floating-point numbers: if nearly all are 0 or have an
// exponent near 0. They surely are if these differ more than those of integers such as times.
func (r *rowSet) floating(f *field, list []byte) (maybe, surely bool) {
	like, odd, exponents, negative := 0, 0, 0, 0
	var seen [256]bool // exponents
	for i := range r.count {
		var x [1]uint64
		f.load(x[:], r, i, list)
		if v := float64(math.Float32frombits(uint32(x[0]))); math.Abs(v) < largestSeen && math.Abs(v) > 1/largestSeen {
			like++
			if v < 0 {
				negative++
			}
			if e := &seen[x[0]>>23&255]; !*e {
				*e = true
				exponents++
			}
		} else if v != 0 {
			odd++
		}
		if maxOddFloats*odd > r.count {
			return false, false
		}
	}
	maybe = like >= minFloats && 16*like > r.count
	return maybe, maybe && (exponents >= minExponents || exponents >= minNegative && negative > 0 || negative > 0 && negative < like)
}

// addFloats adds the floating-point numbers of 4 bytes that the plan has as parts, if the records of r, which have all fields
// of k, say so.
func (k *KindOf) addFloats(r *rowSet, x *Made) {
	end := k.End()
	if len(k.Fields) == 0 || r.count < minFloats || 2*r.count < k.Records || end > maxSchemaFields*maxElement {
		return
	}
	free := make([]bool, end)
	for i := range k.Fields {
		if f := &k.Fields[i]; !f.head && (!f.field.isNumber() && f.field.predictor != FieldText || f.field.isNumber() && f.Width < 4) {
			for j := range f.Width {
				free[f.Offset+j] = true
			}
		}
	}
	for off := 0; off+4 <= end; off++ {
		if slices.Contains(free[off:off+4], false) {
			continue
		}
		for _, bigEndian := range []bool{false, true} { // a number next to one that surely is one may be one
			f := field{width: 4, offset: off, bigEndian: bigEndian, form: Form{width: 4}}
			maybe, surely := r.floating(&f, x.List)
			if n := len(k.floats); surely || maybe && n > 0 && k.floats[n-1].Offset == off-4 && k.floats[n-1].field.bigEndian == bigEndian {
				k.floats = append(k.floats, FieldOf{
					Offset: off, Width: 4, Type: numberName("float", 4, bigEndian), Records: r.count,
					Cost: r.cost(off, 4, x.Costs), field: f, floating: true,
				})
				off += 3
				break
			}
		}
	}
}

// Numbers returns the fields of k that are numbers, in their order: those of the plan, and floating-point numbers that seem
// to be there in place of parts of these.
func (k *KindOf) Numbers() []FieldOf {
	numbers := slices.Clone(k.floats)
	for _, f := range k.Fields {
		part := slices.ContainsFunc(k.floats, func(o FieldOf) bool { return f.Offset < o.Offset+o.Width && o.Offset < f.Offset+f.Width })
		if f.isNumber() && !part {
			numbers = append(numbers, f)
		}
	}
	slices.SortFunc(numbers, func(a, b FieldOf) int { return cmp.Compare(a.Offset, b.Offset) })
	return numbers
}
