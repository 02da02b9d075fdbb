package plan

import (
	"cmp"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// What the records of Columns, Kinds, Records, Fields and Transpose are, for people.

const (
	maxSchemaKinds  = 256 // that a Schema describes. Arbitrary
	shownRecords    = 8   // of each kind, whose values a Schema shows. Arbitrary
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
	Starts  [][2]int  // start and end of the first records, at most shownRecords
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
		if size := int64(n.Nums[0]) * int64(n.Nums[1]); size <= dsl.FullPlanned {
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
	for i := range min(r.count, shownRecords) {
		k.Starts = append(k.Starts, [2]int{i * size, (i + 1) * size})
	}
	if x.Costs != nil {
		k.Cost = total(x.Costs[:k.Bytes])
		k.Rest = k.Cost
	}
	k.add(fields, &r, x)
	words := "records of " + plural(size, "byte")
	return &Schema{Words: words, Records: k.Records, Bytes: k.Bytes, Cost: k.Cost, Total: 1, Kinds: []KindOf{k}}
}

// add adds those of fields that records of r have. It drops the records from r that lack the last one.
func (k *KindOf) add(fields []field, r *rowSet, x *Made) {
	for i := range fields {
		if f := &fields[i]; f.predictor == FieldBytes {
			k.addBytes(f, r, x)
		} else if r.keep(f.offset + f.width); r.count > 0 {
			k.addField(f, r.count, r.cost(f.offset, f.width, x.Costs))
		}
	}
}

// addField adds a field that so many records have.
func (k *KindOf) addField(f *field, records int, cost uint64) {
	if len(k.Fields) == maxSchemaFields {
		return
	}
	k.Fields = append(k.Fields, FieldOf{
		Offset: f.offset, Width: f.width, Type: f.typeName(), Predictor: f.lessWords(),
		Records: records, Cost: cost, field: *f,
	})
	k.Rest -= min(k.Rest, cost)
}

// What a run of columns of bytes has.
const (
	runConstant = iota // the same in all records
	runText            // characters of ASCII
	runBinary
)

const (
	minConstantRun = 4 // bytes: a shorter one is part of a number or a text. Arbitrary
	minTextRun     = 3 // bytes: a shorter one may be chance. Arbitrary
	minRunRecords  = 8 // that tell what a column has. Arbitrary
)

// A byteRun is consecutive columns of bytes.
type byteRun struct {
	nature, width, records int
	cost                   uint64
}

// addBytes adds the field of bytes f as runs of columns that have constants, text or other bytes.
func (k *KindOf) addBytes(f *field, r *rowSet, x *Made) {
	var runs []byteRun
	for i := range f.width {
		off := f.offset + i
		if r.keep(off + 1); r.count == 0 {
			break
		}
		b := byteRun{nature: r.nature(off, x.List), width: 1, records: r.count, cost: r.cost(off, 1, x.Costs)}
		if n := len(runs); n > 0 && (runs[n-1].nature == b.nature || n == maxSchemaFields) {
			runs[n-1].join(&b)
		} else {
			runs = append(runs, b)
		}
	}
	part := field{offset: f.offset}
	for _, b := range joinRuns(runs) {
		part.width, part.constant, part.predictor = b.width, b.nature == runConstant, FieldBytes
		if b.nature == runText {
			part.predictor = FieldText
		}
		k.addField(&part, b.records, b.cost)
		part.offset += b.width
	}
}

// join appends the columns of o to r.
func (r *byteRun) join(o *byteRun) {
	r.width, r.records, r.cost = r.width+o.width, max(r.records, o.records), r.cost+o.cost
}

// joinRuns joins runs that are too short to tell what they have with those before or after them.
func joinRuns(runs []byteRun) (joined []byteRun) {
	for i := range runs {
		if b := &runs[i]; b.nature == runText && b.width < minTextRun {
			b.nature = runBinary
		}
	}
	for i := range runs {
		b := runs[i]
		short := b.nature == runConstant && b.width < minConstantRun
		switch n := len(joined); {
		case n > 0 && (short && joined[n-1].nature != runConstant || b.nature == joined[n-1].nature):
			joined[n-1].join(&b)
		case n > 0 && joined[n-1].nature == runConstant && joined[n-1].width < minConstantRun: // the first one
			joined[n-1].join(&b)
			joined[n-1].nature = b.nature
		default:
			joined = append(joined, b)
		}
	}
	return joined
}

// nature says what the byte at offset is in the records of r.
func (r *rowSet) nature(offset int, list []byte) int {
	if r.count < minRunRecords {
		return runBinary
	}
	first, nature := list[r.at(0)+offset], runConstant
	for i := range r.count {
		switch c := list[r.at(i)+offset]; {
		case c < ' ' || c > '~':
			if c != first || nature == runText {
				return runBinary
			}
		case c != first:
			if nature = runText; first < ' ' || first > '~' {
				return runBinary
			}
		}
	}
	return nature
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
	l := lists{x.List, x.Args}
	m := Machine{stack: make([]byte, kindsBytes*(len(l.args[0])/f.headBytes)), direction: joining}
	var sizes []int
	err = m.eachKind(n, l, func(k *kindRows) {
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
	err = m.eachKind(n, l, func(k *kindRows) {
		kind := k.describe(x)
		s.Records, s.Bytes, s.Cost = s.Records+kind.Records, s.Bytes+kind.Bytes, s.Cost+kind.Cost
		if shown[number] {
			kind.Name = f.kindName(k.key)
			kind.add(heads, &k.rowSet, x)
			kind.add(k.fields, &k.rowSet, x)
			s.Kinds = append(s.Kinds, kind)
		}
		number++
	})
	return s, err
}

// largest says which of sizes are the largest, at most so many.
func largest(sizes []int, most int) (are []bool) {
	order := make([]int, len(sizes))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(sizes[b], sizes[a]) })
	are = make([]bool, len(sizes))
	for _, i := range order[:min(most, len(order))] {
		are[i] = true
	}
	return are
}

// describe returns the kind of the records of k, without its fields.
func (k *kindRows) describe(x *Made) KindOf {
	kind := KindOf{Records: k.count}
	k.least = math.MaxInt
	for i := range k.count {
		start, end := k.span(i)
		kind.Bytes += end - start
		k.least = min(k.least, end-start)
		if i < shownRecords {
			kind.Starts = append(kind.Starts, [2]int{start, end})
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
		return fmt.Sprintf("kind %0*x", 2*len(f.keys), key)
	}
	name, k := "", int(key)
	for i := 0; i < len(f.types); i += typeNumbers {
		if i != k*typeNumbers && f.types[i] == f.types[k*typeNumbers] {
			name = fmt.Sprintf(" from record %d on", f.types[k*typeNumbers+2])
		}
	}
	return fmt.Sprintf("type %d%s", f.types[k*typeNumbers], name)
}

// recordsSchema is SchemaOf for Records, whose kinds have no fields: records with the same head.
func recordsSchema(n *dsl.Node, heads []field, x *Made) (*Schema, error) {
	f, err := frameOf(n)
	if err != nil {
		return nil, err
	}
	s := &Schema{}
	numbers := map[string]int{}
	var kinds [][]byte // spans of the records of each
	var names []string
	start := 0
	for all := x.Args[0]; len(all) >= f.headBytes; all = all[f.headBytes:] {
		head := all[:f.headBytes]
		k, ok := numbers[string(head)]
		if !ok {
			k = len(kinds)
			numbers[string(head)] = k
			kinds, names = append(kinds, nil), append(names, "head "+hex.EncodeToString(head))
		}
		_, length := f.of(head)
		kinds[k] = binary.LittleEndian.AppendUint64(kinds[k], uint64(start+length)<<32|uint64(start))
		start += length
	}
	var all []KindOf
	var sizes []int
	for _, spans := range kinds {
		k := kindRows{rowSet: rowSet{count: len(spans) / spanBytes, spans: spans}}
		kind := k.describe(x)
		s.Records, s.Bytes, s.Cost = s.Records+kind.Records, s.Bytes+kind.Bytes, s.Cost+kind.Cost
		all, sizes = append(all, kind), append(sizes, kind.Bytes)
	}
	s.Total, s.Words = len(all), fmt.Sprintf("records of %s, told apart by their first %s", plural(len(all), "kind"), plural(f.headBytes, "byte"))
	for k, is := range largest(sizes, maxSchemaKinds) {
		if is {
			kind := &all[k]
			kind.Name = names[k]
			r := rowSet{count: kind.Records, spans: kinds[k], least: kind.Bytes / kind.Records}
			kind.add(heads, &r, x)
			kind.add([]field{{offset: f.headBytes, width: r.least - f.headBytes}}, &r, x)
			s.Kinds = append(s.Kinds, *kind)
		}
	}
	return s, nil
}

// Constant reports whether the field is the same in all records.
func (x *FieldOf) Constant() bool { return x.field.constant }

// Values returns what the field is in the records of list that start and end as its kind says, as text; those
// that lack it are left out.
func (x *FieldOf) Values(list []byte, records [][2]int) (values []string) {
	for _, r := range records {
		from, end := r[0]+x.Offset, min(r[0]+x.Offset+x.Width, r[1])
		if from < end && (end-from == x.Width || !x.field.isNumber()) {
			values = append(values, x.field.value(list[from:end]))
		}
	}
	return values
}
