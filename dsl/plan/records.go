package plan

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/bits"
	"math/rand/v2"

	"github.com/ktzip/ktzip/dsl"
)

// Records of several kinds: each begins with a head, which says how long the record is.
// Records with the same head are of a kind. The bodies of a kind, all of one length, are
// transposed.

// A frame says how long the records of several kinds are, which have a head each.
type frame struct {
	headBytes int
	pos       int // of the length, or of the type, within the head
	element   int // width of the length, negative for big endian; 0 if there is a type
	added     int // bytes that a record has in addition to its stated length
	lengths   [256]int32
}

// frameOf returns the frame that n states.
func frameOf(n *dsl.Node) (f frame, err error) {
	if len(n.List) < 3 {
		return f, invalid("%d numbers in the list of records, want at least 3", len(n.List))
	}
	f = frame{headBytes: int(n.Nums[0]), pos: int(n.List[0]), element: int(n.List[1]), added: int(n.List[2])}
	size := 1 // of the length or type
	switch f.element {
	case 0, 1:
	case 2, 4, -2, -4:
		size = max(f.element, -f.element)
	default:
		return f, invalid("lengths of %d bytes, want 1, 2 or 4, or negative for big endian", f.element)
	}
	switch {
	case f.headBytes < 1 || f.headBytes > maxHead || f.pos < 0 || f.pos > f.headBytes-size:
		return f, invalid("lengths at byte %d of heads of %d bytes, want them within heads of at most %d", f.pos, f.headBytes, maxHead)
	case f.added < 0 || f.added > maxAdded:
		return f, invalid("%d bytes in addition to the stated length, want 0 to %d", f.added, maxAdded)
	}
	err = f.setTypes(n.List[3:])
	return f, err
}

// setTypes sets the lengths of records by pairs of type and length, which only a frame
// without a stated length has.
func (f *frame) setTypes(pairs []int32) error {
	if len(pairs)%2 != 0 || len(pairs) > 0 && f.element != 0 {
		return invalid("%d numbers after the first 3 in the list of records, want pairs of type and length if the element is 0", len(pairs))
	}
	for k := 0; k < len(pairs); k += 2 {
		if pairs[k] < 0 || pairs[k] > 255 || pairs[k+1] < 0 {
			return invalid("records of type %d and length %d, want a byte and at least 0", pairs[k], pairs[k+1])
		}
		f.lengths[pairs[k]] = pairs[k+1]
	}
	return nil
}

// of returns the key of a head and the length of its record in bytes.
func (f *frame) of(head []byte) (key uint64, length int) {
	for i, c := range head {
		key |= uint64(c) << (8 * i)
	}
	field := head[f.pos:]
	if f.element == 0 {
		return key, int(f.lengths[field[0]]) + f.added
	}
	for i := range max(f.element, -f.element) {
		if f.element > 0 {
			length |= int(field[i]) << (8 * i)
		} else {
			length = length<<8 | int(field[i])
		}
	}
	return key, length + f.added
}

// A recordKind is all records with the same head.
type recordKind struct {
	key    uint64
	length int32 // of a record, with its head
	count  int32
	body   int32 // position, in the bodies, of the first byte of the record that is next
	next   int32 // the next kind in its chain of the table, + 1; 0 if there is none
}

// A kindTable numbers kinds of records in the order in which they first occur. It is a
// hash table with a random factor, so that no file can put many kinds into one chain.
type kindTable struct {
	kinds  []recordKind
	chains []int32 // the first kind of each chain, + 1; 0 if there is none
	shift  int     // from a hash to its chain
	factor uint64  // odd
}

// reset empties t, for at most n kinds.
func (t *kindTable) reset(n int) {
	t.kinds = t.kinds[:0]
	log := bits.Len(uint(min(n, MaxKinds)))
	t.chains, t.shift = zeros(t.chains, 1<<log), 64-log
	if t.factor == 0 {
		t.factor = rand.Uint64() | 1
	}
}

// find returns the number of the kind with this key. It adds a new one, of records of
// length bytes.
func (t *kindTable) find(key uint64, length int) (int32, error) {
	chain := &t.chains[key*t.factor>>t.shift]
	for k := *chain; k > 0; k = t.kinds[k-1].next {
		if t.kinds[k-1].key == key {
			return k - 1, nil
		}
	}
	if len(t.kinds) == MaxKinds {
		return 0, fmt.Errorf("%w: more than %d kinds of records", dsl.ErrLimit, MaxKinds)
	}
	if n := len(t.kinds); n == cap(t.kinds) {
		t.kinds = append(make([]recordKind, 0, max(256, 4*n)), t.kinds...) // in few steps: little garbage
	}
	t.kinds = append(t.kinds, recordKind{key: key, length: int32(length), next: *chain})
	*chain = int32(len(t.kinds))
	return *chain - 1, nil
}

// kindBytes is how many bytes of scratch the number of a record's kind takes.
const kindBytes = 2

func checkRecords(n *dsl.Node) error { _, err := frameOf(n); return err }

func recordsLengths(_ *dsl.Node, size int, stated [2]int) (wanted [2]int, err error) {
	heads := stated[0]
	if heads < 0 {
		return wanted, invalid("the plan does not state the length of the heads of records; use get_subsequence_between_indices(s, 0, n)")
	}
	if heads > size {
		return wanted, invalid("heads of %d bytes, longer than the %d bytes of records", heads, size)
	}
	return [2]int{heads, size - heads}, nil
}

// records is row.run of Records: it copies between records in a row and their heads and
// bodies. The bodies of a kind, in the order in which kinds first occur, are transposed:
// all first bytes, all second bytes, ….
func records(m *Machine, n *dsl.Node, l lists) error {
	rows, heads, bodies := l.result, l.args[0], l.args[1]
	f, err := frameOf(n)
	if err != nil {
		return err
	}
	order, err := m.copyHeads(&f, rows, heads)
	if err != nil {
		return err
	}
	kinds := m.kinds.kinds
	pos := int32(0)
	for k := range kinds {
		kinds[k].body = pos
		pos += (kinds[k].length - int32(f.headBytes)) * kinds[k].count
	}
	for ; len(order) > 0; order = order[kindBytes:] {
		kind := &kinds[binary.LittleEndian.Uint16(order)]
		body := rows[f.headBytes:kind.length]
		rows = rows[kind.length:]
		from, step := int(kind.body), int(kind.count)
		if m.direction == joining {
			for j := range body {
				body[j] = bodies[from]
				from += step
			}
		} else {
			for _, c := range body {
				bodies[from] = c
				from += step
			}
		}
		kind.body++
	}
	return nil
}

// copyHeads copies between the heads of rows and heads, and counts the kinds. It returns
// the number of each record's kind, valid until the next list is taken.
func (m *Machine) copyHeads(f *frame, rows, heads []byte) (order []byte, err error) {
	count := len(heads) / f.headBytes
	if len(heads)%f.headBytes != 0 {
		return nil, invalid("heads of %d bytes together, want a multiple of %d", len(heads), f.headBytes)
	}
	m.kinds.reset(count)
	order = m.take(kindBytes * count)
	m.used -= len(order) // no other list is taken before the end
	unfilled := invalid("the records do not fill their list of %d bytes", len(rows))
	for i := range count {
		head := heads[i*f.headBytes:][:f.headBytes]
		if len(rows) < f.headBytes {
			return nil, unfilled
		}
		m.direction.move(rows[:f.headBytes], head)
		key, length := f.of(head)
		if length < f.headBytes || length > len(rows) {
			return nil, unfilled
		}
		k, err := m.kinds.find(key, length)
		if err != nil {
			return nil, err
		}
		m.kinds.kinds[k].count++
		binary.LittleEndian.PutUint16(order[kindBytes*i:], uint16(k))
		rows = rows[length:]
	}
	if len(rows) > 0 {
		return nil, unfilled
	}
	return order, nil
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
