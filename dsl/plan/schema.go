package plan

import (
	"fmt"
	"math"
	"sort"

	"github.com/ktzip/ktzip/dsl"
)

// What the records of Columns, Kinds, Records, Fields and Transpose are, for people.

const (
	maxSchemaKinds  = 256 // that a Schema describes. Arbitrary
	shownRecords    = 8   // of each kind, whose values a Schema shows. Arbitrary
	minRowBytes     = 16  // of a Transpose: shorter ones are numbers. Arbitrary
	maxSchemaFields = 256 // of a kind that a Schema describes; the others are rest. Arbitrary
)

// A Schema says what records a list has.
type Schema struct {
	Words   string // such as "records of 18 kinds, told apart by their first byte"
	Records int
	Bytes   int      // of all records
	Cost    uint64   // of all records, in the unit of the costs of their bytes
	Total   int      // kinds
	Kinds   []KindOf // the maxSchemaKinds ones with the most bytes, in the order in which they first occur
}

// A KindOf is the records of a kind, which have the same fields.
type KindOf struct {
	Name    string
	Records int
	Bytes   int       // of all of its records
	Cost    uint64    // the same
	Rest    uint64    // what the bytes in no field cost
	Fields  []FieldOf // those of the head first
	Shown   [][2]int  // start and end of records in a row from the middle on, at most shownRecords
	number  int       // among all kinds, in the order in which they first occur
	floats  []FieldOf // floating-point numbers that the plan has as several fields, or as bytes
}

// A FieldOf is a field of a kind of records.
type FieldOf struct {
	Offset    int // in the record, with its head
	Width     int // bytes; fewer in records that end before
	Type      string
	Predictor string // what of it is coded, such as "less the one before"; empty if that is the field itself
	Records   int    // that have the field, or its first byte
	Cost      uint64 // what it costs in all of them
	field     field
	unsigned  bool // of integers
	floating  bool // no floating-point numbers in the plan, but they seem to be
	head      bool // of records of several kinds
}

// SchemaOf returns the schema of the list of x, a list of the plan p; nil if that has no records. Costs are 0 if
// x has none. The error is dsl.ErrExecution or dsl.ErrLimit.
func SchemaOf(p *dsl.Program, x *Made) (*Schema, error) {
	n := &p.Nodes[x.Node]
	if err := check(n); err != nil {
		return nil, err
	}
	switch n.Op {
	case dsl.Columns:
		fields, err := appendFields(nil, n.List, 0)
		if err != nil {
			return nil, err
		}
		return rowsSchema(fields, x), nil
	case dsl.Fields:
		var fields []field
		offset := 0
		for _, w := range n.List {
			fields = append(fields, field{width: int(w), predictor: FieldText, offset: offset})
			offset += int(w)
		}
		return rowsSchema(fields, x), nil
	case dsl.Transpose:
		if size := int64(n.Nums[0]) * int64(n.Nums[1]); size >= minRowBytes && size <= dsl.FullPlanned {
			return rowsSchema([]field{{width: int(size)}}, x), nil
		}
	case dsl.Kinds:
		return kindsSchema(n, headFields(p, n), x)
	case dsl.Records:
		return recordsSchema(n, headFields(p, n), x)
	}
	return nil, nil
}

// headFields returns the fields of the heads of n: those of the Columns that make the heads, or bytes.
func headFields(p *dsl.Program, n *dsl.Node) []field {
	h := &p.Nodes[n.Refs[0]]
	for h.Op == dsl.Between {
		h = &p.Nodes[h.Refs[0]]
	}
	if h.Op == dsl.Columns && recordBytes(h) == int(n.Nums[0]) {
		if fields, err := appendFields(nil, h.List, 0); err == nil {
			return fields
		}
	}
	return []field{{width: int(n.Nums[0])}}
}

// rowsSchema returns the schema of records of one kind and length.
func rowsSchema(fields []field, x *Made) *Schema {
	last := &fields[len(fields)-1]
	size := last.offset + last.width
	r := rowSet{count: len(x.List) / size, stride: size}
	k := KindOf{Name: "records", Records: r.count, Bytes: r.count * size}
	for i := firstShown(r.count); i < r.count && len(k.Shown) < shownRecords; i++ {
		k.Shown = append(k.Shown, [2]int{i * size, (i + 1) * size})
	}
	if x.Costs != nil {
		k.Cost = total(x.Costs[:k.Bytes])
		k.Rest = k.Cost
	}
	k.add(fields, &r, x)
	k.addFloats(&r, x)
	words := "records of " + plural(size, "byte")
	return &Schema{Words: words, Records: k.Records, Bytes: k.Bytes, Cost: k.Cost, Total: 1, Kinds: []KindOf{k}}
}

// firstShown returns which of so many records is shown first. Those at the start of a list may be none: rows of
// one length take in the header of a file, too.
func firstShown(count int) int { return max(0, min(count/2, count-shownRecords)) }

// add adds those of fields that records of r have. It drops the records from r that lack the last one.
func (k *KindOf) add(fields []field, r *rowSet, x *Made) {
	for i := range fields {
		if f := &fields[i]; f.predictor == FieldBytes {
			k.addBytes(f, r, x)
		} else if r.keep(f.offset + f.width); r.count > 0 {
			k.addField(f, r, r.count, r.cost(f.offset, f.width, x.Costs), x.List)
		}
	}
}

// addField adds a field that so many records have, r among them.
func (k *KindOf) addField(f *field, r *rowSet, records int, cost uint64, list []byte) {
	if len(k.Fields) == maxSchemaFields {
		return
	}
	x := FieldOf{
		Offset: f.offset, Width: f.width, Type: f.typeName(), Predictor: f.lessWords(),
		Records: records, Cost: cost, field: *f,
	}
	if x.unsigned = f.isNumber() && (f.form.number == formInteger || f.form.number == formFactor) && r.unsigned(f, list); x.unsigned {
		x.Type = "u" + x.Type
	}
	if f.isNumber() && f.form.number == formInteger && f.width == 4 {
		_, x.floating = r.floating(f, list)
	}
	if x.floating {
		x.Type, x.unsigned = numberName("float", f.width, f.bigEndian), false
	}
	k.Fields = append(k.Fields, x)
	k.Rest -= min(k.Rest, cost)
}

// unsigned reports whether the integers of f, for which a plan has no sign, seem to have none: if they are closer
// together that way. One of a byte has none.
func (r *rowSet) unsigned(f *field, list []byte) bool {
	w := f.width
	if w == 1 {
		return true
	}
	if f.bigEndian {
		w = -w
	}
	low, high, lowest, highest := uint64(math.MaxUint64), uint64(0), int64(math.MaxInt64), int64(math.MinInt64)
	for i := range r.count {
		b := list[r.at(i)+f.offset:]
		x, y := Number(b, w), loadNumber(b, w)
		low, high, lowest, highest = min(low, x), max(high, x), min(lowest, y), max(highest, y)
	}
	return high >= low && high-low < uint64(highest)-uint64(lowest)
}

// cost returns what width bytes at offset of the records of r cost.
func (r *rowSet) cost(offset, width int, costs []uint16) (sum uint64) {
	for i := 0; i < r.count && costs != nil; i++ {
		sum += total(costs[r.at(i)+offset:][:width])
	}
	return sum
}

// kindsSchema is SchemaOf for Kinds.
func kindsSchema(n *dsl.Node, heads []field, x *Made) (*Schema, error) {
	f, err := framingOf(n, nil)
	if err != nil {
		return nil, err
	}
	s := &Schema{}
	var sizes []int
	err = x.eachKind(n, &f, func(k *kindRows) {
		size := 0
		for i := range k.count {
			start, end := k.span(i)
			size += end - start
		}
		sizes = append(sizes, size)
	})
	if err != nil {
		return nil, err
	}
	s.Total, s.Words = len(sizes), f.words(len(sizes))
	shown, number := largest(sizes, maxSchemaKinds), 0
	err = x.eachKind(n, &f, func(k *kindRows) {
		kind := k.describe(x)
		s.Records, s.Bytes, s.Cost = s.Records+kind.Records, s.Bytes+kind.Bytes, s.Cost+kind.Cost
		if shown[number] {
			kind.Name, kind.number = f.kindName(k.key), number
			kind.add(heads, &k.rowSet, x)
			for i := range kind.Fields {
				kind.Fields[i].head = true
			}
			kind.add(k.fields, &k.rowSet, x)
			kind.addFloats(&k.rowSet, x)
			s.Kinds = append(s.Kinds, kind)
		}
		number++
	})
	return s, err
}

// eachKind calls visit for each kind of the records of x, which n makes, a Kinds with the framing f.
func (x *Made) eachKind(n *dsl.Node, f *framing, visit func(k *kindRows)) error {
	m := Machine{stack: make([]byte, kindsBytes*(len(x.Args[0])/f.headBytes)), direction: joining}
	return m.eachKind(n, lists{x.List, x.Args}, visit)
}

// largest says which of sizes are the largest, at most so many.
func largest(sizes []int, most int) (are []bool) {
	order := make([]int, len(sizes))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(i, j int) bool { return sizes[order[i]] > sizes[order[j]] })
	are = make([]bool, len(sizes))
	for _, i := range order[:min(most, len(order))] {
		are[i] = true
	}
	return are
}

// describe returns the kind of the records of k, without its fields.
func (k *kindRows) describe(x *Made) KindOf {
	kind, first := KindOf{Records: k.count}, firstShown(k.count)
	k.least = math.MaxInt
	for i := range k.count {
		start, end := k.span(i)
		kind.Bytes += end - start
		k.least = min(k.least, end-start)
		if i >= first && len(kind.Shown) < shownRecords {
			kind.Shown = append(kind.Shown, [2]int{start, end})
		}
		if x.Costs != nil {
			kind.Cost += total(x.Costs[start:end])
		}
	}
	kind.Rest = kind.Cost
	return kind
}

// kindName names the records with a key.
func (f *framing) kindName(key uint32) string {
	if f.element != 0 {
		if len(f.keys) == 0 {
			return "records"
		}
		if len(f.keys) == 1 {
			return fmt.Sprintf("kind %d", key)
		}
		return fmt.Sprintf("kind hex %0*x", 2*len(f.keys), key)
	}
	name, k := "", int(key)
	for i := 0; i < len(f.types); i += typeNumbers {
		if i != k*typeNumbers && f.types[i] == f.types[k*typeNumbers] {
			name = fmt.Sprintf(" from record %d on", f.types[k*typeNumbers+2])
		}
	}
	return fmt.Sprintf("type %d%s", f.types[k*typeNumbers], name)
}

// Constant reports whether the field is the same in all records.
func (x *FieldOf) Constant() bool { return x.field.constant }

// Values returns what the field is in the records of the list that its kind shows, as text; those that lack it are
// left out.
func (x *FieldOf) Values(list []byte, k *KindOf) (values []string) {
	parts, f := k.parts(list, x.Offset, x.Width), x.field
	if x.floating {
		f.form.number = formFloat
	}
	if !x.field.isNumber() {
		return bytesTexts(parts, x.field.predictor == FieldText)
	}
	for _, b := range parts {
		if len(b) == x.Width {
			values = append(values, f.value(b, x.unsigned))
		}
	}
	return values
}

// End returns where the last field ends in a record.
func (k *KindOf) End() int {
	if len(k.Fields) == 0 {
		return 0
	}
	f := &k.Fields[len(k.Fields)-1]
	return f.Offset + f.Width
}

// RestValues returns what the records that k shows have after their fields, as text.
func (k *KindOf) RestValues(list []byte) []string {
	return bytesTexts(k.parts(list, k.End(), math.MaxInt), false)
}

// parts returns at most width bytes at offset of the records that k shows, if they have any there.
func (k *KindOf) parts(list []byte, offset, width int) (parts [][]byte) {
	for _, r := range k.Shown {
		if b := list[r[0]:r[1]]; offset < len(b) {
			parts = append(parts, b[offset:][:min(width, len(b)-offset)])
		}
	}
	return parts
}
