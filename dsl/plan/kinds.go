package plan

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"github.com/ktzip/ktzip/dsl"
)

// Records of several kinds, each kind with fields of its own. A record begins with a head, which
// says how long it is and of which kind.

// A framing says how long the records are and of which kind, and what fields the kinds have.
type framing struct {
	headBytes int
	pos       int // of the length, or of the type, within the head
	element   int // width of the length, negative for big endian; varintElement; 0 if there is a type
	unit      int // bytes that the length counts in
	added     int // bytes that a record has in addition
	align     int // a record is padded to a multiple of so many bytes
	keys      []int32
	types     []int32  // type, length of its records, number of the first record
	schemas   []schema // in ascending order of their keys
}

// A schema says which fields a kind of records has.
type schema struct {
	key  int32
	list []int32 // of the fields
	// The fields are these of Machine.fields.
	first, end int
}

const (
	// varintElement is the element of a length of 7 bits a byte, the lowest ones first, each byte
	// but the last one having its highest bit set; in at most maxVarint bytes.
	varintElement, maxVarint = 16, 2

	// otherKinds is the key of the schema of kinds that have none of their own.
	otherKinds = -1

	maxKeys      = 4 // bytes of a head that tell kinds apart
	typeNumbers  = 3 // of a type
	frameNumbers = 5 // before the keys
)

// framingOf returns the framing that n states. Its schemas are appended to storage.
func framingOf(n *dsl.Node, storage []schema) (f framing, err error) {
	f.schemas = storage
	list := n.List
	if len(list) < frameNumbers+2 {
		return f, invalid("%d numbers in the list of kinds, want at least %d", len(list), frameNumbers+2)
	}
	f.headBytes, f.pos, f.element = int(n.Nums[0]), int(list[0]), int(list[1])
	f.unit, f.added, f.align = int(list[2]), int(list[3]), int(list[4])
	list = list[frameNumbers:]
	size := 1 // of the length or type
	switch f.element {
	case 0, 1:
	case 2, 3, 4, -2, -3, -4:
		size = max(f.element, -f.element)
	case varintElement:
		size = maxVarint
	default:
		return f, invalid("lengths of %d bytes, want 1 to 4, or negative for big endian", f.element)
	}
	switch {
	case f.headBytes < 1 || f.headBytes > maxKindsHead || f.pos < 0 || f.pos > f.headBytes-size:
		return f, invalid("lengths at byte %d of heads of %d bytes, want them within heads of at most %d", f.pos, f.headBytes, maxKindsHead)
	case f.unit < 1 || f.unit > maxUnit || f.align < 1 || f.align > maxUnit:
		return f, invalid("lengths in units of %d bytes, padded to multiples of %d, want 1 to %d", f.unit, f.align, maxUnit)
	case f.added < -maxAdded || f.added > maxAdded:
		return f, invalid("%d bytes in addition to the stated length, want at most %d", f.added, maxAdded)
	}
	if f.keys, list, err = counted(list, 1); err != nil {
		return f, err
	}
	if len(f.keys) > maxKeys {
		return f, invalid("%d bytes that tell kinds, want at most %d", len(f.keys), maxKeys)
	}
	for _, k := range f.keys {
		if k < 0 || int(k) >= f.headBytes {
			return f, invalid("kinds told by byte %d of heads of %d bytes", k, f.headBytes)
		}
	}
	if f.types, list, err = counted(list, typeNumbers); err != nil {
		return f, err
	}
	if err := f.checkTypes(); err != nil {
		return f, err
	}
	for len(list) > 0 {
		s := schema{key: list[0]}
		if k := len(f.schemas); k > 0 && f.schemas[k-1].key >= s.key {
			return f, invalid("the fields of kind %d after those of kind %d, want them in ascending order", s.key, f.schemas[k-1].key)
		}
		if s.list, list, err = counted(list[1:], fieldNumbers); err != nil {
			return f, err
		}
		f.schemas = append(f.schemas, s)
	}
	return f, nil
}

// counted returns the items of each numbers that list has, after their number; and what follows.
func counted(list []int32, each int) (items, more []int32, err error) {
	if len(list) == 0 || list[0] < 0 || int(list[0]) > (len(list)-1)/each {
		return nil, nil, invalid("a list of kinds that ends within its parts")
	}
	n := 1 + int(list[0])*each
	return list[1:n], list[n:], nil
}

// checkTypes says what is wrong with the types.
func (f *framing) checkTypes() error {
	if len(f.types) > 0 && f.element != 0 {
		return invalid("lengths of types beside lengths in heads")
	}
	first := int32(0)
	for t := f.types; len(t) > 0; t = t[typeNumbers:] {
		if t[0] < 0 || t[0] > 255 || t[1] < int32(f.headBytes) || t[1] > dsl.FullPlanned || t[2] < first {
			return invalid("records of type %d and length %d from record %d on", t[0], t[1], t[2])
		}
		first = t[2]
	}
	return nil
}

func checkKinds(n *dsl.Node) error {
	f, err := framingOf(n, nil)
	if err != nil {
		return err
	}
	var fields []field
	for _, s := range f.schemas {
		if fields, err = appendFields(fields[:0], s.list, f.headBytes); err != nil {
			return err
		}
	}
	return nil
}

// A reckoner tells the kinds and lengths of records in their order.
type reckoner struct {
	*framing
	entry   [256]int32 // the number, + 1, of the type's entry in types
	next    int        // the first entry that does not count yet
	records int32      // told so far
}

// of returns the key and the length of the next record, which starts with head.
func (r *reckoner) of(head []byte) (key uint32, length int) {
	f := r.framing
	for r.next < len(f.types) && f.types[r.next+2] <= r.records {
		r.entry[f.types[r.next]] = int32(r.next/typeNumbers) + 1
		r.next += typeNumbers
	}
	r.records++
	if f.element == 0 {
		k := r.entry[head[f.pos]]
		if k == 0 {
			return 0, 0
		}
		return uint32(k - 1), int(f.types[(k-1)*typeNumbers+1])
	}
	for _, k := range f.keys {
		key = key<<8 | uint32(head[k])
	}
	at := head[f.pos:]
	n := int64(0)
	switch e := f.element; {
	case e == varintElement:
		if n = int64(at[0]); n >= 128 {
			n = n&127 | int64(at[1])<<7
			if n >= 1<<14 {
				return key, 0
			}
			n++
		}
		n++ // its own bytes count
	case e > 0:
		for k := range e {
			n |= int64(at[k]) << (8 * k)
		}
	default:
		for _, c := range at[:-e] {
			n = n<<8 | int64(c)
		}
	}
	n = n*int64(f.unit) + int64(f.added)
	n = (n + int64(f.align) - 1) / int64(f.align) * int64(f.align)
	if n < 0 || n > dsl.FullPlanned {
		return key, 0
	}
	return key, int(n)
}

// kindsBytes is how many bytes of scratch a record takes: the number of its kind and its span.
const kindsBytes = kindBytes + spanBytes

// kinds is row.run of Kinds: it copies between records in a row and their heads and bodies. The
// bodies of a kind are together, kinds in the order in which they first occur: the columns of its
// fields, each of the records that have all of it, then what follows the last whole field in each
// record.
func kinds(m *Machine, n *dsl.Node, l lists) error {
	bodies, c := l.args[1], copier[byte]{m.column, m.direction.move}
	return m.eachKind(n, l, func(k *kindRows) { bodies = c.body(k, l.result, bodies) })
}

// A kindRows is the records of a kind.
type kindRows struct {
	*framing
	rowSet
	fields []field
	key    uint32
}

// eachKind copies between the heads of records and heads, and then calls visit for each kind in the
// order in which kinds first occur.
func (m *Machine) eachKind(n *dsl.Node, l lists, visit func(k *kindRows)) error {
	f, err := framingOf(n, m.schemas[:0])
	if err != nil {
		return err
	}
	m.schemas = f.schemas
	records, heads := l.result, l.args[0]
	count := len(heads) / f.headBytes
	if len(heads)%f.headBytes != 0 {
		return invalid("heads of %d bytes together, want a multiple of %d", len(heads), f.headBytes)
	}
	mark := m.used
	order, spans := m.take(kindBytes*count), m.take(spanBytes*count)
	m.used = mark // no other list is taken before the end
	if err := m.frame(&f, records, heads, order); err != nil {
		return err
	}
	m.setSpans(&f, order, spans, heads)
	m.fields = m.fields[:0]
	for k := range f.schemas {
		s := &f.schemas[k]
		s.first = len(m.fields)
		if m.fields, err = appendFields(m.fields, s.list, f.headBytes); err != nil {
			return err
		}
		s.end = len(m.fields)
	}
	k := kindRows{framing: &f}
	for _, kind := range m.kinds.kinds {
		s := f.schemaOf(uint32(kind.key))
		k.key, k.fields = uint32(kind.key), m.fields[s.first:s.end]
		k.rowSet = rowSet{count: int(kind.count), spans: spans[:spanBytes*kind.count]}
		spans = spans[len(k.spans):]
		visit(&k)
	}
	return nil
}

// schemaOf returns the schema of the kind with this key; one without fields if there is none.
func (f *framing) schemaOf(key uint32) (s schema) {
	for _, k := range []int32{int32(key), otherKinds} {
		i, ok := slices.BinarySearchFunc(f.schemas, k, func(s schema, key int32) int { return cmp.Compare(s.key, key) })
		if ok {
			return f.schemas[i]
		}
	}
	return s
}

// frame copies between the heads of records and heads, and counts the kinds. It sets order to
// the number of each record's kind.
func (m *Machine) frame(f *framing, records, heads, order []byte) error {
	m.kinds.reset(len(order) / kindBytes)
	unfilled := invalid("the records do not fill their list of %d bytes", len(records))
	r := reckoner{framing: f}
	for ; len(order) > 0; order = order[kindBytes:] {
		if len(records) < f.headBytes {
			return unfilled
		}
		head := heads[:f.headBytes]
		heads = heads[f.headBytes:]
		m.direction.move(records[:f.headBytes], head)
		key, length := r.of(head)
		if length < f.headBytes || length > len(records) {
			return unfilled
		}
		k, err := m.kinds.find(uint64(key), length)
		if err != nil {
			return fmt.Errorf("kinds: %w", err)
		}
		m.kinds.kinds[k].count++
		binary.LittleEndian.PutUint16(order, uint16(k))
		records = records[length:]
	}
	if len(records) > 0 {
		return unfilled
	}
	return nil
}

// setSpans sets spans to where the records of each kind are, a kind after the other.
func (m *Machine) setSpans(f *framing, order, spans, heads []byte) {
	table := m.kinds.kinds
	next := int32(0)
	for k := range table {
		table[k].body = next
		next += table[k].count
	}
	r := reckoner{framing: f}
	off := 0
	for ; len(order) > 0; order = order[kindBytes:] {
		_, length := r.of(heads[:f.headBytes])
		heads = heads[f.headBytes:]
		kind := &table[binary.LittleEndian.Uint16(order)]
		span := uint64(off+length)<<32 | uint64(off)
		binary.LittleEndian.PutUint64(spans[spanBytes*kind.body:], span)
		kind.body++
		off += length
	}
}

// A copier copies between records and their bodies: bytes, or what these cost.
type copier[T any] struct {
	column func(f *field, r *rowSet, records, cols []T) []T // a field, and returns the remaining cols
	move   func(record, body []T)                           // what no field has
}

// body copies between the bodies of the records of k and the start of bodies. It returns the remaining
// bodies.
func (c *copier[T]) body(k *kindRows, records, bodies []T) []T {
	r := &k.rowSet
	size, inFields := 0, 0
	r.least = math.MaxInt
	length, covered := -1, 0 // of a record, and how much of it is in fields
	for i := range r.count {
		start, end := r.span(i)
		if n := end - start; n != length {
			length, covered = n, coveredBytes(k.fields, n-k.headBytes)
			r.least = min(r.least, n)
		}
		size += length - k.headBytes
		inFields += covered
	}
	cols, remains := bodies[:inFields], bodies[inFields:size]
	for i := 0; i < r.count && len(remains) > 0; i++ {
		start, end := r.span(i)
		if n := end - start; n != length {
			length, covered = n, coveredBytes(k.fields, n-k.headBytes)
		}
		part := records[start+k.headBytes+covered : end]
		c.move(part, remains[:len(part)])
		remains = remains[len(part):]
	}
	for i := 0; i < len(k.fields) && r.count > 0; i++ {
		cols = c.column(&k.fields[i], r, records, cols)
	}
	return bodies[size:]
}

// coveredBytes returns how many bytes of a body of n bytes are in fields.
func coveredBytes(fields []field, n int) (size int) {
	for k := range fields {
		f := &fields[k]
		if size+f.width > n {
			if f.predictor == FieldBytes {
				return n
			}
			break
		}
		size += f.width
	}
	return size
}
