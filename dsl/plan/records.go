package plan

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"math/rand/v2"

	"github.com/ktzip/ktzip/dsl"
)

// The operations of plans that put the bytes of records in another order.

// transpose copies between rows, n elements of w bytes each, and columns, the
// columns one after the other: to rows where forward. The last row may be shorter;
// what is no whole element stays at the end.
func transpose(rows, columns []byte, w, n int, forward bool) {
	n = min(n, max(len(rows)/w, 1)) // further columns are empty; sums with n fit into 32 bits
	if w == 1 {
		transposeBytes(rows, columns, n, forward)
		return
	}
	count := len(rows) / w
	at := 0 // in columns
	for k := 0; k < min(n, count); k++ {
		for i := k; i < count; i += n {
			if r, c := rows[i*w:i*w+w], columns[at:at+w]; forward {
				copy(r, c)
			} else {
				copy(c, r)
			}
			at += w
		}
	}
	if r, c := rows[at:], columns[at:]; forward {
		copy(r, c)
	} else {
		copy(c, r)
	}
}

// transposeBytes is transpose for elements of a byte.
func transposeBytes(rows, columns []byte, n int, forward bool) {
	for k := 0; k < min(n, len(rows)); k++ {
		column := columns[:(len(rows)-k+n-1)/n]
		columns = columns[len(column):]
		if forward {
			for i, at := 0, k; i < len(column) && at < len(rows); i, at = i+1, at+n {
				rows[at] = column[i]
			}
		} else {
			for i, at := 0, k; i < len(column) && at < len(rows); i, at = i+1, at+n {
				column[i] = rows[at]
			}
		}
	}
}

// fields copies between records and their fields: all first ones, all second ones,
// …. What is no whole record stays at the end.
func fields(records, apart []byte, widths []int32, forward bool) {
	size := 0
	for _, w := range widths {
		size += int(w)
	}
	count := len(records) / size
	at, from := 0, 0
	for _, width := range widths {
		w := int(width)
		for i := range count {
			r, c := records[i*size+from:i*size+from+w], apart[at:at+w]
			if forward {
				copy(r, c)
			} else {
				copy(c, r)
			}
			at += w
		}
		from += w
	}
	if r, c := records[at:], apart[at:]; forward {
		copy(r, c)
	} else {
		copy(c, r)
	}
}

// A frame says how records of several kinds are told apart: each has a head of
// head bytes, within it its length, of |element| bytes, at byte at; the record
// has add bytes more than that says. Where element is 0 the byte there is a type, and
// lengths has each type's length.
type frame struct {
	head, at, element, add int
	lengths                [256]int32
}

// MaxKinds is the largest number of different heads of records.
const MaxKinds = 1 << 16

func frameOf(n *dsl.Node) (f frame, err error) {
	if len(n.List) < 3 {
		return f, errShape
	}
	f = frame{head: int(n.Nums[0]), at: int(n.List[0]), element: int(n.List[1]), add: int(n.List[2])}
	size, types := max(f.element, -f.element), n.List[3:]
	if size == 0 {
		size = 1
		for k := 0; k+1 < len(types); k += 2 {
			if types[k] < 0 || types[k] > 255 || types[k+1] < 0 {
				return f, errShape
			}
			f.lengths[types[k]] = types[k+1]
		}
	} else if len(types) > 0 {
		return f, errShape
	}
	if len(types)%2 != 0 {
		return f, errShape
	}
	if size != 1 && size != 2 && size != 4 || f.element == -1 || f.head < 1 || f.head > 8 || f.at < 0 || f.at > f.head-size || f.add < 0 || f.add > 1<<16 {
		return f, errShape
	}
	return f, nil
}

// of returns the key of a head and how long its record is.
func (f *frame) of(head []byte) (key uint64, length int) {
	for i, c := range head {
		key |= uint64(c) << (8 * i)
	}
	field := head[f.at:]
	if f.element == 0 {
		return key, int(f.lengths[field[0]]) + f.add
	}
	for i := range max(f.element, -f.element) {
		if f.element > 0 {
			length |= int(field[i]) << (8 * i)
		} else {
			length = length<<8 | int(field[i])
		}
	}
	return key, length + f.add
}

// A recordKind is a kind of record: all those with the same head.
type recordKind struct {
	key           uint64
	length, count int32
	at            int32 // of the first byte in the body of the record that is next
	next          int32 // the kind after this one in its row of the table, + 1; 0: none
}

// A kindTable numbers kinds of records in the order in which they come up. Its rows are
// chosen by a random number, so that nobody can make many heads that share one.
type kindTable struct {
	kinds  []recordKind
	rows   []int32 // the first kind of each row, + 1; 0: none
	shift  int     // of a product to its row
	factor uint64  // odd
}

// reset empties t, for at most n kinds.
func (t *kindTable) reset(n int) {
	t.kinds = t.kinds[:0]
	log := bits.Len(uint(min(n, MaxKinds)))
	t.rows, t.shift = zeros(t.rows, 1<<log), 64-log
	if t.factor == 0 {
		t.factor = rand.Uint64() | 1
	}
}

// find returns the number of the kind with this key, which is added where it is new.
func (t *kindTable) find(key uint64, length int) (int32, error) {
	row := &t.rows[key*t.factor>>t.shift]
	for k := *row; k > 0; k = t.kinds[k-1].next {
		if t.kinds[k-1].key == key {
			return k - 1, nil
		}
	}
	if len(t.kinds) == MaxKinds {
		return 0, fmt.Errorf("%w: kinds of records", dsl.ErrLimit)
	}
	if n := len(t.kinds); n == cap(t.kinds) {
		t.kinds = append(make([]recordKind, 0, max(256, 4*n)), t.kinds...) // leaves little behind
	}
	t.kinds = append(t.kinds, recordKind{key: key, length: int32(length), next: *row})
	*row = int32(len(t.kinds))
	return *row - 1, nil
}

// group copies between records in a row and their heads and bodies. The bodies are
// sorted by kinds, in the order in which these come up; those of a kind are
// transposed, all first bytes, all second bytes, ….
func (m *Machine) group(rows []byte, n *dsl.Node, heads, body []byte, forward bool) error {
	f, err := frameOf(n)
	if err != nil {
		return err
	}
	if len(heads)%f.head != 0 {
		return errGroups
	}
	count := len(heads) / f.head
	t := &m.kinds
	t.reset(count)
	mark := m.used
	order := m.take(2 * count) // the kind of each record
	m.used = mark              // nothing else is taken before the end
	at := 0
	for i := range count {
		head := heads[i*f.head:][:f.head]
		if !forward {
			if len(rows)-at < f.head {
				return errGroups
			}
			copy(head, rows[at:])
		}
		key, length := f.of(head)
		if length < f.head || length > len(rows)-at {
			return errGroups
		}
		k, err := t.find(key, length)
		if err != nil {
			return err
		}
		t.kinds[k].count++
		binary.LittleEndian.PutUint16(order[2*i:], uint16(k))
		at += length
	}
	if at != len(rows) {
		return errGroups
	}
	at = 0
	for k := range t.kinds {
		t.kinds[k].at = int32(at)
		at += (int(t.kinds[k].length) - f.head) * int(t.kinds[k].count)
	}
	at = 0
	for i := range count {
		r := &t.kinds[binary.LittleEndian.Uint16(order[2*i:])]
		row := rows[at : at+int(r.length)]
		at += int(r.length)
		if forward {
			copy(row, heads[i*f.head:][:f.head])
		}
		from := int(r.at)
		for j := f.head; j < len(row); j++ {
			if forward {
				row[j] = body[from]
			} else {
				body[from] = row[j]
			}
			from += int(r.count)
		}
		r.at++
	}
	return nil
}
